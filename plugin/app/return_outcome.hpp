#pragma once
// A return case as people and callers see it, read from the journal and nothing else.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/app/store_context.hpp"
#include "plugin/core/return_case/return_case.hpp"

namespace retour::app {

/// What the case's evidence says about an order, for screens and papers.
struct EvidenceNote {
  OrderId order_id;
  std::string number;
  std::vector<std::pair<std::uint32_t, std::string>> descriptions;  // by line number
  std::vector<std::uint32_t> offer_lines = {};                      // that a promotion over some lines names
};

/// Value that the case gave on paper.
struct GivenCredit {
  Order account;        // its number is on the paper
  std::string qr_text;  // credit_slip.hpp
};

/// The credit note that takes back all others of a case that was called off or reversed.
struct TakenBack {
  std::uint64_t number = 0;
  std::optional<FiscalSigned> fiscal;  // the latest
};

struct ReturnOutcome {
  ReturnCaseId case_id;
  std::string code;               // case_code
  bool already_recorded = false;  // this very command had been carried out before
  ReturnCase state;
  std::vector<EvidenceNote> evidence;
  std::vector<Order> exchanged;  // sales that a part of it paid for, in order of the plans
  std::vector<GivenCredit> credits;
  std::map<std::uint32_t, ports::Recall> recalls;  // by number of a line of recalled goods, as the list says it now
  std::optional<TakenBack> taken_back;
  std::uint64_t journal_seq = 0;  // of the last event of the case
  std::string journal_head;       // eight characters of its hash
};

/// Empty when this journal has no such case.
std::optional<ReturnOutcome> read_outcome(StoreContext& store, const ReturnCaseId& case_id);

/// The case a code names; empty when the code is wrong or of another store.
std::optional<ReturnCaseId> case_of_code(StoreContext& store, std::string_view code);

bool has_waiting_line(const ReturnCase& state);   // referred, and neither answered nor deferred yet
bool has_deferred_line(const ReturnCase& state);  // deferred and not settled
bool has_answered_line(const ReturnCase& state);  // approved or refused, at once or settled later

}  // namespace retour::app
