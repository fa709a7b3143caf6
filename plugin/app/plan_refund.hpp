#pragma once
// What goes back, leg by leg: the claims of one step become one plan of the case.

#include <span>

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/core/refund/refund_plan.hpp"

namespace retour::app {

/// The claims of an answered line on the terms of its decision; no claims unless it was approved.
LineClaims claims_on_terms(const AnsweredLine& line);

/// What all claims were paid in; empty when there are none, or when they were paid in several.
std::optional<Currency> currency_of(Evidence& evidence, std::span<const Claim> claims);

/// What a plan rests on besides the claims.
struct PlanBasis {
  Currency currency;
  std::vector<OrderTenders> tenders;  // of every order that a claim names
};
/// Empty when nothing is claimed. @pre all claims in one currency
std::optional<PlanBasis> basis_of(Evidence& evidence, std::span<const LineClaims> lines);
/// Whether there is a network, as far as is known.
bool is_online(const StoreContext& store);
/// Some rule knows this tender as one that only works with network.
bool needs_network(const PayoutRules& rules, TenderKind tender);
/// The store's payout rules as they hold now: without network the ways that need it are not there.
PayoutRules payout_now(const StoreContext& store);

/// The plan both quote and return are made by; empty when nothing is claimed. @pre all claims in one currency
std::optional<RefundPlan> plan_for(StoreContext& store, Evidence& evidence, std::span<const LineClaims> lines);

/// `refund_planned` with fresh leg ids. Does nothing when the claims cost nothing and the case has a plan already.
/// @pre `lines` are all claims of the case that no plan covers yet, in one currency.
void plan_refund_of_case(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence,
                         std::span<const LineClaims> lines);

/// The plan as the next one of the case, with fresh leg ids.
RefundPlanned planned_event(StoreContext& store, const CaseDraft& draft, const ReturnCaseId& case_id,
                            RefundPlan plan);
/// The plan with the credit note that it is, whose signature is waited for from then on.
void add_plan(StoreContext& store, CaseDraft& draft, RefundPlanned planned);

}  // namespace retour::app
