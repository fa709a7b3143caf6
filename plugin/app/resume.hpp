#pragma once
// After a crash, and now and then: finds out what became of legs whose end is not known.

#include "plugin/app/move_legs.hpp"

namespace retour::app {

struct Resumed {
  std::size_t asked = 0;           // card legs the terminal was asked about
  std::size_t needs_a_person = 0;  // drawer legs that became or stay `unknown`: `confirm_leg`
};

/// Card legs: the terminal is asked; a leg it never heard of is asked for again under the same id. Drawer legs that
/// were started become `unknown`. Then the cases go on with what may be paid unattended.
/// Safe at any time: legs that another thread is moving are left alone.
Resumed resume(StoreContext& store);

}  // namespace retour::app
