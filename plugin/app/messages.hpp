#pragma once
// Every word the store says to a person, keyed by a stable code: one table a language. Codes are stored, words are
// not.

#include <string>
#include <string_view>

#include "plugin/core/event/event.hpp"

namespace retour::app {

/// English words for a code; a code without words is shown as it is, so that nothing is ever hidden.
std::string words(std::string_view code);

std::string words_of(Refusal refusal);     // "refusal.already_returned"
std::string words_of(LegOutcome outcome);  // "leg.settled"
std::string words_of(TenderKind tender);   // "tender.cash"
/// What became of a payment: "leg.settled". Of cash whose end nobody knows: "leg.unknown.cash", for no device tells.
std::string words_of_payment(TenderKind tender, std::string_view state);

}  // namespace retour::app
