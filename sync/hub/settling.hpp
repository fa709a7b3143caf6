#pragma once
// Included by the .cpp files of the hub only.

#include "sync/hub/hub.hpp"

namespace retour::hub {

/// A transaction in which questions may change. When it is rolled back unforeseen, what is known of them is read
/// anew.
struct Hub::Settling {
  explicit Settling(Hub& of) : hub(of), work(of.m_parts.store, of.m_parts.clock.now_ms()) {}
  ~Settling() {
    if (!ended) hub.m_questions.forget();
  }
  void end(bool keep) {
    if (keep) work.commit();
    ended = true;
  }

  Hub& hub;
  Work work;
  bool ended = false;
};

}  // namespace retour::hub
