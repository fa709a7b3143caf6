#pragma once
// The credit notes of a case as the fiscal signer is told of them, made from the journal and nothing else.

#include <map>
#include <span>

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

/// By plan; projections::taking_back for the note that takes the others back. Plans without a number are left out.
/// Payments are those that stand now: legs that were rerouted are told as what they became.
std::map<std::uint32_t, ports::FiscalNote> fiscal_notes(std::span<const EventEnvelope> events,
                                                        const ReturnOutcome& outcome);

}  // namespace retour::app
