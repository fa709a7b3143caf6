#include "plugin/core/policy/match.hpp"

#include <algorithm>

#include "plugin/core/inspection/category.hpp"

namespace retour {

namespace {

template <class T>
bool any_or_in(const std::vector<T>& wanted, const auto& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool sku_fits(std::string_view wanted, std::string_view sku) {
  if (!wanted.ends_with('*')) return wanted == sku;
  return sku.starts_with(wanted.substr(0, wanted.size() - 1));
}

bool seller_fits(std::string_view wanted, std::string_view seller) {
  return wanted == "*" ? !seller.empty() : wanted == seller;
}

bool any_or_fits(const std::vector<std::string>& wanted, std::string_view value, auto fits) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(),
                                       [&](const std::string& one) { return fits(std::string_view(one), value); });
}

template <class T>
bool within(const std::optional<T>& low, const T& value, const std::optional<T>& high) {
  return (!low || *low <= value) && (!high || value <= *high);
}

}  // namespace

bool matches_at_any_age(const Match& match, const Circumstance& what) {
  return any_or_in(match.channels, what.channel) && any_or_in(match.reasons, what.reason) &&
         any_or_in(match.grades, what.grade) && any_or_fits(match.categories, what.category, category_fits) &&
         any_or_fits(match.skus, what.sku, sku_fits) && any_or_in(match.brands, what.brand) &&
         any_or_fits(match.sellers, what.seller, seller_fits) && any_or_in(match.tiers, what.tier) &&
         any_or_in(match.stores, what.store) && any_or_in(match.regions, what.region) &&
         within(match.paid_from_minor, what.unit_paid_minor, match.paid_to_minor) &&
         within(match.sold_from, what.sold_on, match.sold_until) &&
         (!match.confirmed_final || *match.confirmed_final == what.confirmed_final) &&
         (!match.gift || *match.gift == what.gift) &&
         (match.alerts.empty() || std::find_first_of(match.alerts.begin(), match.alerts.end(), what.alerts.begin(),
                                                     what.alerts.end()) != match.alerts.end());
}

bool matches(const Match& match, const Circumstance& what) {
  return within(match.age_from_days, what.age_days, match.age_to_days) && matches_at_any_age(match, what);
}

}  // namespace retour
