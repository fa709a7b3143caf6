#include "db/policy_pack/match_sets.hpp"

#include <algorithm>
#include <string_view>

namespace retour::policy_pack {

namespace {

/// Every value of `narrow` is covered by one of `wide`; an empty list is every value.
template <class T, class Covers>
bool list_contains(const std::vector<T>& wide, const std::vector<T>& narrow, Covers covers) {
  if (wide.empty()) return true;
  return !narrow.empty() && std::all_of(narrow.begin(), narrow.end(), [&](const T& value) {
    return std::any_of(wide.begin(), wide.end(), [&](const T& one) { return covers(one, value); });
  });
}

template <class T>
bool list_contains(const std::vector<T>& wide, const std::vector<T>& narrow) {
  return list_contains(wide, narrow, [](const T& one, const T& value) { return one == value; });
}

/// "12*" covers "12", "123" and "123*".
bool sku_covers(const std::string& one, const std::string& value) {
  if (!one.ends_with('*')) return one == value;
  return value.starts_with(std::string_view(one).substr(0, one.size() - 1));
}

bool category_covers(const std::string& one, const std::string& value) {
  return value == one || value.starts_with(one + "/");
}

bool seller_covers(const std::string& one, const std::string& value) {
  return one == "*" || one == value;
}

template <class T>
bool starts_before(const std::optional<T>& wide, const std::optional<T>& narrow) {
  return !wide || (narrow && *wide <= *narrow);
}
template <class T>
bool ends_after(const std::optional<T>& wide, const std::optional<T>& narrow) {
  return !wide || (narrow && *narrow <= *wide);
}

template <class T>
bool is_empty(const std::optional<T>& from, const std::optional<T>& to) {
  return from && to && *to < *from;
}

}  // namespace

Faults empty_ranges(const Match& match, const std::string& path) {
  Faults faults;
  const auto check = [&](const auto& from, const auto& to, const char* low, const char* high) {
    if (!is_empty(from, to)) return;
    faults.push_back({path + ".when." + low, std::string("lies above ") + high + ": this rule can never match"});
  };
  check(match.paid_from_minor, match.paid_to_minor, "paid_from_minor", "paid_to_minor");
  check(match.sold_from, match.sold_until, "sold_from", "sold_until");
  check(match.age_from_days, match.age_to_days, "age_from_days", "age_to_days");
  return faults;
}

bool contains(const Match& wide, const Match& narrow) {
  return list_contains(wide.channels, narrow.channels) && list_contains(wide.skus, narrow.skus, sku_covers) &&
         list_contains(wide.categories, narrow.categories, category_covers) &&
         list_contains(wide.brands, narrow.brands) && list_contains(wide.sellers, narrow.sellers, seller_covers) &&
         list_contains(wide.tiers, narrow.tiers) && list_contains(wide.stores, narrow.stores) &&
         list_contains(wide.regions, narrow.regions) && list_contains(wide.reasons, narrow.reasons) &&
         list_contains(wide.grades, narrow.grades) && list_contains(wide.alerts, narrow.alerts) &&
         starts_before(wide.paid_from_minor, narrow.paid_from_minor) &&
         ends_after(wide.paid_to_minor, narrow.paid_to_minor) && starts_before(wide.sold_from, narrow.sold_from) &&
         ends_after(wide.sold_until, narrow.sold_until) && starts_before(wide.age_from_days, narrow.age_from_days) &&
         ends_after(wide.age_to_days, narrow.age_to_days) &&
         (!wide.confirmed_final || wide.confirmed_final == narrow.confirmed_final) &&
         (!wide.gift || wide.gift == narrow.gift);
}

}  // namespace retour::policy_pack
