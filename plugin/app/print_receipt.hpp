#pragma once
// The customer's papers, made from the journal: the same text now and in ten years.

#include "plugin/app/receipt_text.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::app {

std::string receipt_of(const StoreContext& store, const ReturnOutcome& outcome);
std::string slip_of(const StoreContext& store, const ReturnOutcome& outcome);

/// Prints the receipt. A printer that fails never stops a return: the paper can be printed again.
void print_receipt(StoreContext& store, const ReturnCaseId& case_id);

}  // namespace retour::app
