#pragma once
// What the retailer knows about an article besides its price: rules look at category and brand, an exchange at style,
// size and colour.

#include <optional>
#include <string>
#include <string_view>

namespace retour::ports {

struct Article {
  std::string sku;
  std::string category;  // path from coarse to fine: "apparel/shirts"; may be empty
  std::string brand;     // these four may be empty
  std::string style;     // articles of one style differ in size and colour only
  std::string size;
  std::string colour;
  friend bool operator==(const Article&, const Article&) = default;
};

class ArticleLookup {
 public:
  virtual ~ArticleLookup() = default;
  /// Empty: no such article is known. Safe from any thread.
  virtual std::optional<Article> find(std::string_view sku) = 0;
};

}  // namespace retour::ports
