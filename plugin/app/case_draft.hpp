#pragma once
// The events that one step adds to a case: each is held against the law of the sequence before it is written.

#include <vector>

#include "plugin/app/store_context.hpp"
#include "plugin/core/return_case/return_case.hpp"

namespace retour::app {

class CaseDraft {
 public:
  explicit CaseDraft(ReturnCase state = {}) : m_state(std::move(state)) {}

  /// @pre the event may follow: what people and devices say was judged before.
  void add(EventBody event) {
    m_state = retour::apply(std::move(m_state), event);  // qualified: std::apply would fit too
    m_events.push_back(std::move(event));
  }
  const ReturnCase& state() const { return m_state; }
  const std::vector<EventBody>& events() const { return m_events; }

 private:
  ReturnCase m_state;
  std::vector<EventBody> m_events;
};

/// The case as the journal tells it now; empty when there is none. Throws Error when its events contradict each
/// other.
std::optional<ReturnCase> read_case(journal::Journal& journal, const ReturnCaseId& case_id);

}  // namespace retour::app
