#include "plugin/app/line_facts.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/projections/counts.hpp"
#include "plugin/app/unproven_sale.hpp"

namespace retour::app {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int32_t month_days = 30, year_days = 365;

Role role_of(StoreContext& store, const std::string& cashier) {
  if (store.staff == nullptr) return Role::cashier;
  return store.staff->role_of(cashier).value_or(Role::cashier);
}

/// A clock that went back since the last contact makes the knowledge new, not of the future.
std::optional<std::int64_t> data_age_minutes(StoreContext& store, std::int64_t now_ms) {
  const std::int64_t contact_ms = store.last_contact_ms ? store.last_contact_ms() : 0;
  if (contact_ms == 0) return std::nullopt;
  return std::max<std::int64_t>(0, now_ms - contact_ms) / minute_ms;
}

bool asks_for_no_receipt_count(const PolicyPack& policy) {
  return (policy.no_receipt && policy.no_receipt->visits_365_max > 0) ||
         std::any_of(policy.risk.begin(), policy.risk.end(),
                     [](const RiskRule& rule) { return rule.signal == RiskSignal::no_receipt_365_days; });
}

projections::Counted counted(const Visit& visit, const LookupKey& customer, std::int32_t days) {
  return {.customer = customer,
          .after = {visit.business_date.days - days},
          .but = visit.case_id.value_or(ReturnCaseId{})};
}

/// Counted only when some rule asks for it.
void add_no_receipt_count(StoreContext& store, const Visit& visit, LineFacts& facts) {
  const LookupKey customer = customer_key(store, visit);
  if (customer.is_zero() || !asks_for_no_receipt_count(store.policy)) return;
  facts.risk.push_back(
      {RiskSignal::no_receipt_365_days, no_receipt_visits(store, counted(visit, customer, year_days))});
}

/// Counted only when some rule asks for it.
void add_risk(StoreContext& store, const Visit& visit, LineFacts& facts) {
  if (store.policy.risk.empty()) return;
  sqlite::Database& database = store.journal.database();
  if (const LookupKey customer = customer_key(store, visit); !customer.is_zero()) {
    const projections::Counted month = counted(visit, customer, month_days);
    facts.risk.push_back({RiskSignal::returns_30_days, projections::returns_since(database, month)});
    facts.risk.push_back(
        {RiskSignal::returns_365_days, projections::returns_since(database, counted(visit, customer, year_days))});
    facts.risk.push_back({RiskSignal::stores_30_days, projections::stores_since(database, month)});
  }
  if (visit.cashier.empty()) return;
  facts.risk.push_back(
      {RiskSignal::overrides_30_days,
       projections::overrides_since(database, visit.cashier, {visit.business_date.days - month_days})});
}

std::string line_name(const ReturnAsk& ask) {
  return "Line " + std::to_string(ask.line_no) + ": ";
}

CommandRefusal refusal_of(const InspectionRefusal& refused, const Checklist& checklist, const ReturnAsk& ask) {
  const std::string question = "question \"" + refused.question + "\" of checklist " + checklist.id;
  switch (refused.fault) {
    case InspectionFault::question_unknown:
      return {"check_question_unknown",
              line_name(ask) + "checklist " + checklist.id + " has no question \"" + refused.question + "\"."};
    case InspectionFault::answer_unknown:
      return {"check_answer_unknown", line_name(ask) + question + " has no answer \"" + refused.answer + "\"."};
    case InspectionFault::answered_twice:
      return {"check_answered_twice", line_name(ask) + question + " is answered twice."};
    case InspectionFault::not_answered:
      return {"check_not_answered", line_name(ask) + question + " is not answered."};
  }
  return {};
}

}  // namespace

LineFacts visit_facts(StoreContext& store, const Visit& visit) {
  LineFacts facts;
  facts.store = store.store_name;
  facts.region = store.region;
  facts.role = role_of(store, visit.cashier);
  facts.data_age_minutes = data_age_minutes(store, visit.asked_at_ms);
  add_risk(store, visit, facts);
  add_no_receipt_count(store, visit, facts);
  return facts;
}

bool is_counted(RiskSignal signal) {
  switch (signal) {
    case RiskSignal::returns_30_days:
    case RiskSignal::returns_365_days:
    case RiskSignal::no_receipt_365_days:
    case RiskSignal::stores_30_days:
    case RiskSignal::overrides_30_days:
      return true;
    case RiskSignal::value_minor:
    case RiskSignal::days_left_in_window:
      return false;
  }
  return false;
}

void count_again(StoreContext& store, const CaseOpened& opened, LineFacts& facts) {
  std::erase_if(facts.risk, [](const RiskCount& seen) { return is_counted(seen.signal); });
  Visit visit{.subject = opened.subject, .business_date = opened.business_date, .cashier = opened.cashier};
  visit.case_id = opened.case_id;
  LineFacts now;
  add_risk(store, visit, now);
  add_no_receipt_count(store, visit, now);
  facts.risk.insert(facts.risk.begin(), now.risk.begin(), now.risk.end());
}

void add_article(StoreContext& store, const std::string& sku, LineFacts& facts) {
  if (store.articles == nullptr) return;
  const auto article = store.articles->find(sku);
  if (!article) return;
  facts.category = article->category;
  facts.brand = article->brand;
}

Result<Looked, CommandRefusal> look_at(const PolicyPack& policy, const Visit& visit, const ReturnAsk& ask,
                                       std::string_view category) {
  Looked looked{checklist_for(policy.checklists, category), {}};
  const auto check = visit.checks.find(ask.line_no);
  if (check == visit.checks.end() || check->second.answers.empty()) return looked;
  if (looked.checklist == nullptr) {
    return failure(CommandRefusal{"check_not_asked", line_name(ask) + "no checklist speaks of article " + ask.sku +
                                                         ", so nothing can be answered."});
  }
  const auto seen = inspect(*looked.checklist, check->second.answers);
  if (!seen.ok()) return failure(refusal_of(seen.error(), *looked.checklist, ask));
  looked.inspection = *seen;
  return looked;
}

}  // namespace retour::app
