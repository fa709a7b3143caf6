#pragma once
// Faulty goods go to be repaired instead of being refunded: docs/policy.md, "Faulty goods".

#include "plugin/app/case_draft.hpp"

namespace retour::app {

/// What a customer is promised: "within a reasonable period of time" (Directive (EU) 2019/771, Article 14(1)(b)).
inline constexpr std::int32_t repair_promised_days = 30;

/// `repair_started` of an approved line whose customer wants a repair. Nothing is claimed: the customer keeps her
/// purchase, and this node the rights. The goods are taken in on hold. @pre the line is approved with these units.
void start_repair(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no);

}  // namespace retour::app
