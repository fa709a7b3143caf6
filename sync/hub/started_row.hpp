#pragma once
// A return that a customer started, as the hub keeps it: what she announced, how far it is, where it may come to.

#include "plugin/core/event/event.hpp"

namespace retour::hub {

enum class StartedState : std::uint8_t {
  waiting = 1,     // for a person: a rule leaves it to one, or the goods are not declared resalable
  approved = 2,    // by the rules or by a person: the goods may come
  refused = 3,     // by a person
  used = 4,        // goods of it were taken back
  called_off = 5,  // by the customer
};
std::string_view to_string(StartedState);

/// Waiting and approved ones stand under their order; the others are over.
inline bool is_open(StartedState state) {
  return state == StartedState::waiting || state == StartedState::approved;
}

struct StartedRow {
  ReturnStarted started;
  StartedState state = StartedState::waiting;
  bool vip = false;                // stands before others in the queue
  std::int64_t decided_at_ms = 0;  // 0: it waits
  std::string decided_by;          // staff code; empty: the rules, or nobody yet
  friend bool operator==(const StartedRow&, const StartedRow&) = default;
};

}  // namespace retour::hub
