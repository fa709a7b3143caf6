#pragma once
// A policy pack: what the retailer permits, as data. Each section is a list; in a list the first rule that fits is
// the one. The evaluation and its order: policy.hpp; the JSON form, field by field: docs/policy.md, "The pack".
// Values here are whole: db/policy_pack refuses a pack that could not be meant.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/core/inspection/checklist.hpp"
#include "plugin/core/policy/match.hpp"
#include "plugin/core/refund/tender_policy.hpp"

namespace retour {

/// From which receipt the days of a window count.
enum class CountFrom : std::uint8_t {
  delivery = 1,     // of the parcel that brought the unit; of goods bought in a store: the sale
  last_parcel = 2,  // of the order's last parcel (Directive 2011/83/EU, Article 9(2)(b)(i))
  sale = 3,
};
std::string_view to_string(CountFrom);

/// What a rule's people-facing name is; `source` names the law or the retailer's own decision.
struct RuleName {
  std::string id;      // unique in its section; in the trace: "windows/holiday"
  std::string source;  // "Directive 2011/83/EU, Article 16(c)"; may be empty
  friend bool operator==(const RuleName&, const RuleName&) = default;
};

/// Goods that never come back, whatever their age.
struct ExclusionRule {
  RuleName name;
  Match when;
  friend bool operator==(const ExclusionRule&, const ExclusionRule&) = default;
};

/// How long goods may come back, and as what. A sale may have several: the first that is still open counts.
struct WindowRule {
  RuleName name;
  Match when;
  std::int32_t days = 0;  // the day after receipt is day 1; the last day is `days`
  CountFrom from = CountFrom::delivery;
  std::optional<CivilDate> open_until;  // open at least through this date: a holiday extension
  std::optional<Role> needs;            // who must agree; empty: nobody
  std::optional<TenderKind> refund_as;  // instead of the original tender: "afterwards only store credit"
  bool remedy = false;                  // a claim for faulty goods: repair, replacement or refund (docs/policy.md)
  std::vector<Remedy> remedies;         // that may be had, the one that comes first in front; empty: refund
  friend bool operator==(const WindowRule&, const WindowRule&) = default;
};

/// What follows from what inspection saw, and from any other circumstance.
struct ConditionRule {
  RuleName name;
  Match when;
  std::optional<Role> needs;  // who must agree; empty: refused, `condition_not_accepted`
  friend bool operator==(const ConditionRule&, const ConditionRule&) = default;
};

enum class FeeKind : std::uint8_t {
  restocking = 1,
  return_shipping = 2,
  diminished_value = 3,
  faster_delivery = 4,  // of a shipment: what it cost above standard delivery
};
std::string_view to_string(FeeKind);

/// What is kept back from a refund: a share of what the units cost, or an amount a unit.
struct FeeTerms {
  std::string rule;  // "fees/opened"
  FeeKind kind = FeeKind::restocking;
  BasisPoints share;                   // of what the units cost
  Minor each_minor = 0;                // a unit, in the order's currency
  Rounding rounding = Rounding::down;  // of the share; down: in the customer's favour
  friend bool operator==(const FeeTerms& a, const FeeTerms& b) {
    return a.rule == b.rule && a.kind == b.kind && a.share.value == b.share.value && a.each_minor == b.each_minor &&
           a.rounding == b.rounding;
  }
};

struct FeeRule {
  RuleName name;
  Match when;
  FeeTerms terms;
  friend bool operator==(const FeeRule&, const FeeRule&) = default;
};

/// When what the delivery of an order cost goes back. The first rule that fits counts; without one nothing goes back.
struct ShippingRule {
  RuleName name;
  std::vector<SaleChannel> channels;  // of the sale; empty: every channel
  std::vector<ReturnReason> reasons;  // some unit came back for one of these; empty: whatever the reasons
  bool whole_order = false;           // only once every unit of the order is claimed
  std::vector<CurrencyAmount> up_to;  // a shipment: what standard delivery costs; empty: all of it
  friend bool operator==(const ShippingRule&, const ShippingRule&) = default;
};

/// Who may say yes to how much. One that fits the role suffices.
struct AuthorityRule {
  RuleName name;
  Role role = Role::cashier;
  std::vector<ReturnReason> reasons;                 // empty: every reason
  std::optional<std::int64_t> data_age_minutes_max;  // of the node's knowledge; empty: any
  std::uint8_t up_to_level = 0;                      // 1 .. amount levels + 1; the last is without limit
  friend bool operator==(const AuthorityRule&, const AuthorityRule&) = default;
};

/// Upper ends of the amount levels in one currency, rising; what lies above the last is the last level.
struct AmountLevels {
  Currency currency;
  std::vector<Minor> up_to_minor;
  friend bool operator==(const AmountLevels&, const AmountLevels&) = default;
};
inline constexpr std::size_t amount_levels = 6;  // five upper ends and what lies above

/// What speaks for caution, counted by the node from its journal and from what the hub tells of other stores.
enum class RiskSignal : std::uint8_t {
  returns_30_days = 1,  // of this customer, anywhere in the chain
  returns_365_days = 2,
  no_receipt_365_days = 3,
  stores_30_days = 4,       // different stores of this customer's returns
  value_minor = 5,          // of this visit
  days_left_in_window = 6,  // fires when at most so many
  overrides_30_days = 7,    // exceptions that this cashier asked for
};
std::string_view to_string(RiskSignal);

struct RiskRule {
  RuleName name;
  RiskSignal signal = RiskSignal::returns_30_days;
  std::int64_t at_least = 1;  // for days_left_in_window: at most
  std::int32_t points = 0;
  friend bool operator==(const RiskRule&, const RiskRule&) = default;
};

/// Goods that come back without any proof of purchase: always `provisional`, paid from the node's exposure budget.
struct NoReceiptRule {
  std::int32_t lookback_days = 90;    // the lowest price of so many days is what a unit is worth
  std::vector<CurrencyAmount> up_to;  // a visit, in these currencies only
  TenderKind refund_as = TenderKind::store_credit;
  std::optional<Role> needs;        // who must agree; empty: nobody
  std::int32_t visits_365_max = 0;  // of one person; more ask a manager
  friend bool operator==(const NoReceiptRule&, const NoReceiptRule&) = default;
};

/// Money for goods that the customer keeps. The first rule that fits is the limit.
struct CompensationRule {
  RuleName name;
  Match when;
  BasisPoints share_max;              // of what the units cost and still have in their accounts
  std::vector<CurrencyAmount> up_to;  // a case; empty: the share alone
  std::optional<Role> needs;          // who must agree; empty: nobody
  friend bool operator==(const CompensationRule& a, const CompensationRule& b) {
    return a.name == b.name && a.when == b.when && a.share_max.value == b.share_max.value && a.up_to == b.up_to &&
           a.needs == b.needs;
  }
};

/// What an old article is worth against a new one. The first rule that fits its category, brand, SKU and grade.
struct TradeInRule {
  RuleName name;
  Match when;
  std::vector<CurrencyAmount> credit;  // a unit
  friend bool operator==(const TradeInRule&, const TradeInRule&) = default;
};

/// What customers are promised, in hours, and what they get when it is missed. 0: nothing is promised.
struct Promises {
  std::int32_t decide_hours = 0;            // a disputed return is looked at by a person
  std::vector<CurrencyAmount> when_missed;  // store credit, once a return
  friend bool operator==(const Promises&, const Promises&) = default;
};

/// Who owns a reason in this retailer's house, where that differs from the catalogue (reason_catalogue.hpp).
struct ReasonRule {
  ReturnReason reason = ReturnReason::other;
  std::string department;
  std::optional<bool> merchant_at_fault;  // empty: as in the catalogue
  friend bool operator==(const ReasonRule&, const ReasonRule&) = default;
};

struct PolicyPack {
  std::string id = "default";
  std::uint32_t version = 1;
  std::optional<CivilDate> valid_from;  // business dates, inclusive; empty: since ever, for ever
  std::optional<CivilDate> valid_until;
  /// An SKU is merchandise when it starts with this many digits; 0: every SKU is.
  std::uint8_t merchandise_sku_leading_digits = 0;
  /// Without a delivery date of an order that was sent: so many days after the sale, and then a person decides.
  std::int32_t assumed_delivery_days = 0;
  std::vector<ExclusionRule> exclusions;
  std::vector<WindowRule> windows;  // empty: no time limit
  std::vector<ConditionRule> conditions;
  std::vector<FeeRule> fees;
  std::vector<ShippingRule> shipping;
  PayoutRules payout;  // sections `tenders` and `cash_rounding`
  std::vector<AmountLevels> levels;
  std::vector<AuthorityRule> authority;  // empty: no limit for anybody
  std::vector<RiskRule> risk;
  std::int32_t risk_points_max = 0;            // above: a manager looks at it; 0 with no rules: never
  std::vector<Checklist> checklists;           // the first that speaks of an article's category is the one
  std::optional<NoReceiptRule> no_receipt;     // empty: without proof of purchase nothing is taken back
  std::vector<CompensationRule> compensation;  // empty: none is given
  std::vector<TradeInRule> trade_in;
  Promises promises;
  std::vector<ReasonRule> reasons;  // each reason once; those not named are as in the catalogue
  friend bool operator==(const PolicyPack&, const PolicyPack&) = default;
};

}  // namespace retour
