#include "plugin/app/case_draft.hpp"

#include "db/journal/journal.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::app {

std::optional<ReturnCase> read_case(journal::Journal& journal, const ReturnCaseId& case_id) {
  const std::vector<EventBody> events = journal.events_of_case(case_id);
  if (events.empty()) return std::nullopt;
  auto folded = fold_case(events);
  if (!folded.ok()) {
    throw Error({.operation = "read return case",
                 .object = case_id.to_string(),
                 .cause = "its events contradict each other: " + std::string(to_string(folded.error())),
                 .consequence = "the case is left as it is, no money was moved; run `retour journal verify`"});
  }
  return std::move(folded).value();
}

}  // namespace retour::app
