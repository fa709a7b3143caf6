#pragma once
// Each decision of a return case in words: the rule and its version, the facts and how old they were, what would have
// changed the answer, and the answer given again from the journal alone.

#include <string>

#include "plugin/app/past_answers.hpp"

namespace retour::app {

/// The decision given again by the pack that its trace names, as this journal holds it. `pack_known` is false when no
/// such pack came into force here (another node decided, or an older program did).
struct GivenAgain {
  bool pack_known = false;
  bool same = false;
  Decision decision;  // without assurance
};
GivenAgain give_again(const PastAnswer& answer, const std::vector<PolicyAdopted>& adopted);

/// Lines of text for a person; empty when the case has no answered line.
std::string explain_case(sqlite::Database& journal, const ReturnCaseId& case_id);

}  // namespace retour::app
