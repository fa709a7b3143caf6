#pragma once
// A customer stands at the till with goods: the case begins, and the person becomes a random subject id.

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/case_draft.hpp"

namespace retour::app {

struct CaseHead {
  std::string till;
  std::string cashier;
  std::string reference;
};

/// Finds the subject of a customer, or makes one, in the open transaction of the journal. Empty: no customer was
/// given.
std::optional<SubjectId> subject_of(StoreContext& store, const std::string& customer_ref);

void open_case(CaseDraft& draft, const ReturnCaseId& case_id, const CaseHead& head, const Visit& visit,
               const std::optional<SubjectId>& subject);

}  // namespace retour::app
