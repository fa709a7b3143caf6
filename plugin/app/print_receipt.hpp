#pragma once
// The customer's papers, made from the journal: the same text now and in ten years.

#include "plugin/app/receipt_text.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::app {

std::string receipt_of(const StoreContext& store, const ReturnOutcome& outcome);
/// What was taken in and waits for the hub. @pre some line was deferred.
std::string slip_of(const StoreContext& store, const ReturnOutcome& outcome);

/// What was refused and why; reprinted from the journal like the others. @pre some line was refused.
std::string refusal_slip_of(const StoreContext& store, const ReturnOutcome& outcome);
bool has_refused_line(const ReturnCase& state);

/// The receipt, and a paper for each credit that was given.
void print_papers(StoreContext& store, const ReturnOutcome& outcome);

/// A printer that fails never stops a return: the paper can be printed again from the journal.
void print_paper(StoreContext& store, const std::string& text);

}  // namespace retour::app
