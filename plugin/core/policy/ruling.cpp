#include "plugin/core/policy/ruling.hpp"

#include <algorithm>

namespace retour {

namespace {

std::string rule_path(std::string_view section, const RuleName& name) {
  return std::string(section) + "/" + name.id;
}

/// When receipt counts from, and whether that is only assumed because nobody wrote down the delivery.
struct Receipt {
  CivilDate on;
  bool assumed = false;
};

Receipt receipt_of(const Lot& lot, CountFrom from, const PolicyPack& policy) {
  if (from == CountFrom::sale) return {lot.sold_on};
  if (lot.channel == SaleChannel::store) return {lot.delivered_on.value_or(lot.sold_on)};
  if (from == CountFrom::last_parcel && lot.last_delivered_on) return {*lot.last_delivered_on};
  const Receipt assumed{{lot.sold_on.days + policy.assumed_delivery_days}, policy.assumed_delivery_days > 0};
  if (!lot.delivered_on) return assumed;
  if (from == CountFrom::delivery) return {*lot.delivered_on};
  return {std::max(*lot.delivered_on, assumed.on), assumed.assumed};  // another parcel is still on its way
}

bool has_agreed(const LineFacts& line, Role needed) {
  return line.approval && line.approval->role >= needed;
}

/// A person must agree; nothing happens when one already has.
void ask_a_person(Ruling& ruling, const LineFacts& line, Role needed, std::string rule, std::string_view why) {
  if (has_agreed(line, needed)) return ruling.applied.push_back(std::move(rule));
  if (ruling.needs && *ruling.needs >= needed) return;
  ruling.verdict = Verdict::needs_manager;
  ruling.needs = needed;
  ruling.rule = std::move(rule);
  ruling.would_change = why;
}

void refuse(Ruling& ruling, Refusal refusal, std::string rule, std::string_view would_change) {
  ruling = {.verdict = Verdict::refused, .refusal = refusal, .rule = std::move(rule), .would_change = would_change};
}

/// Whether another reason would have let the goods in: then it is worth saying so.
std::string_view what_would_help(const Match& when) {
  return when.reasons.empty() ? "nothing" : "other_reason";
}

bool exclude(Ruling& ruling, const Circumstance& what, const PolicyPack& policy) {
  for (const ExclusionRule& rule : policy.exclusions) {
    if (!matches(rule.when, what)) continue;
    refuse(ruling, Refusal::not_returnable, rule_path("exclusions", rule.name), what_would_help(rule.when));
    return true;
  }
  return false;
}

/// What comes first instead is what would change the answer: "repair". After a repair that failed, the money.
void refuse_remedy(Ruling& ruling, const WindowRule& window, Remedy wish) {
  Remedy first = window.remedies.empty() ? Remedy::refund : window.remedies.front();
  if (first == wish) first = Remedy::refund;
  refuse(ruling, Refusal::remedy_not_owed, rule_path("windows", window.name), to_string(first));
}

bool is_open(const WindowRule& window, const Receipt& receipt, BusinessDate today) {
  const bool in_days = days_between(receipt.on, today) <= window.days;
  return in_days || (window.open_until && today <= *window.open_until);
}

/// @pre the window is open.
std::int64_t days_left(const WindowRule& window, const Receipt& receipt, BusinessDate today) {
  const std::int64_t in_days = window.days - days_between(receipt.on, today);
  return window.open_until ? std::max<std::int64_t>(in_days, days_between(today, *window.open_until)) : in_days;
}

/// Whether some window would be open, had the goods come back for another reason.
bool other_reason_opens(const Lot& lot, Circumstance what, BusinessDate today, const PolicyPack& policy) {
  for (const WindowRule& window : policy.windows) {
    if (window.when.reasons.empty()) continue;
    what.reason = window.when.reasons.front();
    const bool speaks = matches_at_any_age(window.when, what);
    if (speaks && is_open(window, receipt_of(lot, window.from, policy), today)) return true;
  }
  return false;
}

/// Whether faulty goods may be made good in the way the customer wants it. What a repair gave up is owed otherwise.
bool is_owed(const WindowRule& window, const ReturnAsk& ask, const LineFacts& line) {
  if (window.remedy && line.beyond_repair > 0 && ask.quantity <= line.beyond_repair)
    return ask.remedy != Remedy::repair;
  if (window.remedies.empty()) return ask.remedy == Remedy::refund;
  return std::find(window.remedies.begin(), window.remedies.end(), ask.remedy) != window.remedies.end();
}

/// The first window that speaks of this sale, is still open and owes what is asked. Without one: another remedy, when
/// an open window owes that; else closed, or for a person when the day of receipt is only assumed.
bool outside_windows(Ruling& ruling, const Circumstance& what, const Lot& lot, const ReturnAsk& ask,
                     const DecisionFacts& facts, const PolicyPack& policy) {
  const WindowRule* closed = nullptr;
  const WindowRule* owes_other = nullptr;
  const WindowRule* assumed = nullptr;  // of those that only an assumed receipt closes, the longest
  for (const WindowRule& window : policy.windows) {
    if (!matches_at_any_age(window.when, what)) continue;
    const Receipt receipt = receipt_of(lot, window.from, policy);
    if (is_open(window, receipt, facts.business_date)) {
      if (!is_owed(window, ask, facts.line)) {
        if (owes_other == nullptr) owes_other = &window;
        continue;
      }
      const std::string path = rule_path("windows", window.name);
      ruling.terms.refund_as = window.refund_as;
      ruling.days_left = days_left(window, receipt, facts.business_date);
      if (window.needs) {
        ask_a_person(ruling, facts.line, *window.needs, path, "approval");
      } else {
        ruling.applied.push_back(path);
      }
      return false;
    }
    closed = &window;
    if (receipt.assumed && (assumed == nullptr || assumed->days < window.days)) assumed = &window;
  }
  if (policy.windows.empty() && ask.remedy == Remedy::refund) return false;
  if (policy.windows.empty()) return refuse(ruling, Refusal::remedy_not_owed, "windows", "refund"), true;
  if (owes_other != nullptr) return refuse_remedy(ruling, *owes_other, ask.remedy), true;
  if (closed == nullptr) {
    const bool other_reason = other_reason_opens(lot, what, facts.business_date, policy);
    return refuse(ruling, Refusal::not_returnable, "windows", other_reason ? "other_reason" : "nothing"), true;
  }
  if (assumed != nullptr) {
    ruling.terms.refund_as = assumed->refund_as;  // a person's yes opens that window, and nothing better
    ask_a_person(ruling, facts.line, Role::manager, rule_path("windows", assumed->name), "delivery_date");
    return false;
  }
  return refuse(ruling, Refusal::window_closed, rule_path("windows", closed->name), "within_window"), true;
}

bool condition_refuses(Ruling& ruling, const Circumstance& what, const LineFacts& line, const PolicyPack& policy) {
  for (const ConditionRule& rule : policy.conditions) {
    if (!matches(rule.when, what)) continue;
    const std::string path = rule_path("conditions", rule.name);
    if (rule.needs) return ask_a_person(ruling, line, *rule.needs, path, "approval"), false;
    refuse(ruling, Refusal::condition_not_accepted, path, what_would_help(rule.when));
    return true;
  }
  return false;
}

/// Every kind of fee at most once: the first rule of the kind that fits.
void add_fees(Ruling& ruling, const Circumstance& what, const PolicyPack& policy) {
  for (const FeeRule& rule : policy.fees) {
    const bool known = std::any_of(ruling.terms.fees.begin(), ruling.terms.fees.end(),
                                   [&](const FeeTerms& fee) { return fee.kind == rule.terms.kind; });
    if (known || !matches(rule.when, what)) continue;
    ruling.terms.fees.push_back(rule.terms);
    ruling.terms.fees.back().rule = rule_path("fees", rule.name);
    ruling.applied.push_back(rule_path("fees", rule.name));
  }
}

bool is_recalled(const LineFacts& line) {
  return std::find(line.alerts.begin(), line.alerts.end(), Alert::recalled) != line.alerts.end();
}

/// Recalled goods are taken back whatever their age and state and for the whole price: nobody is sent home with them.
/// Only a condition that speaks of alerts itself may still ask a person, about a cashier's own purchase.
Ruling rule_on_recalled(const Circumstance& what, const LineFacts& line, const PolicyPack& policy) {
  Ruling ruling;
  ruling.applied.push_back("recall");
  for (const ConditionRule& rule : policy.conditions) {
    if (rule.when.alerts.empty() || !rule.needs || !matches(rule.when, what)) continue;
    ask_a_person(ruling, line, *rule.needs, rule_path("conditions", rule.name), "approval");
    break;
  }
  return ruling;
}

}  // namespace

Circumstance circumstance_of(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts,
                             const PolicyPack& policy) {
  return {.channel = lot.channel,
          .sku = ask.sku,
          .category = facts.line.category,
          .brand = facts.line.brand,
          .seller = lot.seller,
          .tier = facts.line.tier,
          .store = facts.line.store,
          .region = facts.line.region,
          .reason = ask.reason,
          .grade = facts.line.grade,
          .unit_paid_minor = lot.bought > 0 ? lot.paid_minor / lot.bought : 0,  // down: only rules compare it
          .sold_on = lot.sold_on,
          .age_days = days_between(receipt_of(lot, CountFrom::delivery, policy).on, facts.business_date),
          .confirmed_final = lot.confirmed_final,
          .alerts = facts.line.alerts,
          .gift = ask.gift};
}

Ruling rule_on_unproven(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  const Lot unproven{.bought = 1,
                     .channel = SaleChannel::store,
                     .sold_on = facts.business_date,
                     .paid_minor = facts.line.unproven->lowest_minor};
  const Circumstance what = circumstance_of(unproven, ask, facts, policy);
  Ruling ruling;
  if (exclude(ruling, what, policy)) return ruling;
  condition_refuses(ruling, what, facts.line, policy);
  return ruling;
}

namespace {

Ruling rule_by_pack(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  Ruling ruling;
  const Circumstance what = circumstance_of(lot, ask, facts, policy);
  if (is_recalled(facts.line)) return rule_on_recalled(what, facts.line, policy);
  if (exclude(ruling, what, policy)) return ruling;
  if (outside_windows(ruling, what, lot, ask, facts, policy)) return ruling;
  if (condition_refuses(ruling, what, facts.line, policy)) return ruling;
  add_fees(ruling, what, policy);
  return ruling;
}

}  // namespace

Ruling rule_on(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  Ruling ruling = rule_by_pack(lot, ask, facts, policy);
  // Whatever a rule of the pack says: the money of a gift never goes where its buyer would see it.
  if (ask.gift && ruling.verdict != Verdict::refused) ruling.terms.refund_as = TenderKind::gift_card;
  return ruling;
}

bool is_more_helpful(const Ruling& a, const Ruling& b) {
  return a.would_change != "nothing" && b.would_change == "nothing";
}

}  // namespace retour
