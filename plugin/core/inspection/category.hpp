#pragma once
// A category is a path from coarse to fine: "apparel/shirts". Where one is named, all below it is meant.

#include <string_view>

namespace retour {

/// "apparel" holds "apparel" and "apparel/shirts", not "apparels".
inline bool category_fits(std::string_view wanted, std::string_view category) {
  if (!category.starts_with(wanted)) return false;
  return category.size() == wanted.size() || category[wanted.size()] == '/';
}

}  // namespace retour
