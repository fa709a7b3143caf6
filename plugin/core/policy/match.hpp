#pragma once
// When a rule applies: a `Match` is a conjunction of conditions over one sale and one return of it (`Circumstance`).
// An empty condition holds always. Fields and their meaning: docs/policy.md, "When a rule applies".

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/inspection/grade.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/policy/verdict.hpp"

namespace retour {

/// One sold line and one return of it, as rules see them. Views into the caller's values; lives as long as they do.
struct Circumstance {
  SaleChannel channel = SaleChannel::online;  // of the sale; where the goods come back never matters
  std::string_view sku;
  std::string_view category;  // path from coarse to fine: "apparel/shirts"; empty: not known
  std::string_view brand;
  std::string_view seller;  // of a marketplace; empty: the retailer
  std::string_view tier;    // of the customer: "vip"
  std::string_view store;   // where the goods come back
  std::string_view region;  // of that store
  ReturnReason reason = ReturnReason::unspecified;
  Grade grade = Grade::ungraded;
  Minor unit_paid_minor = 0;  // what the line cost by its units, cut off to whole minor units
  CivilDate sold_on;
  std::int32_t age_days = 0;     // the day after receipt is day 1
  bool confirmed_final = false;  // the buyer confirmed at purchase that this line does not come back
  std::span<const Alert> alerts;
  bool gift = false;  // brought on a gift receipt
};

struct Match {
  std::vector<SaleChannel> channels;
  std::vector<std::string> skus;        // whole; with a final * the beginning of one
  std::vector<std::string> categories;  // with all that lies below them
  std::vector<std::string> brands;
  std::vector<std::string> sellers;  // "*": any seller but the retailer
  std::vector<std::string> tiers;
  std::vector<std::string> stores;
  std::vector<std::string> regions;
  std::vector<ReturnReason> reasons;
  std::vector<Grade> grades;
  std::optional<Minor> paid_from_minor;       // of a unit, inclusive
  std::optional<Minor> paid_to_minor;         // inclusive
  std::optional<CivilDate> sold_from;         // inclusive
  std::optional<CivilDate> sold_until;        // inclusive
  std::optional<std::int32_t> age_from_days;  // inclusive
  std::optional<std::int32_t> age_to_days;    // inclusive
  std::optional<bool> confirmed_final;
  std::vector<Alert> alerts;  // one of these was raised
  std::optional<bool> gift;   // brought on a gift receipt, or not
  friend bool operator==(const Match&, const Match&) = default;
};

bool matches(const Match& match, const Circumstance& what);

/// Everything but the age: which rules speak of this sale at all.
bool matches_at_any_age(const Match& match, const Circumstance& what);

}  // namespace retour
