#pragma once
// The figures of a replay: one table for people, one JSON object for programs.

#include <map>
#include <ostream>
#include <string>

#include "plugin/cli/replay/answers.hpp"
#include "plugin/cli/replay/outages.hpp"

namespace retour::replay {

/// Sums of prices keep the file's three decimals, in thousandths of the currency's unit.
using Milli = std::int64_t;

struct OutcomeSum {
  std::uint64_t lines = 0;
  std::int64_t units = 0;
  Milli asked_milli = 0;
  friend bool operator==(const OutcomeSum&, const OutcomeSum&) = default;
};

struct OrderSums {
  std::uint64_t orders = 0;
  std::uint64_t lines = 0;
  std::int64_t units = 0;
  Milli asked_milli = 0;       // quantity x price as written
  Minor total_minor = 0;       // what the accounts hold
  Minor corrections = 0;       // lines whose sub-minor part was cut, named one by one at import
  Milli correction_milli = 0;  // what these corrections come to
  std::uint64_t stock_moves = 0;
  std::int64_t stock_units = 0;
  std::uint64_t notes = 0;
  std::uint64_t rejects = 0;
};

/// The ledger after the last row, read from the hub's rights: keys are (customer, SKU) of merchandise.
struct LedgerSums {
  std::uint64_t keys = 0;
  std::uint64_t lots = 0;
  std::int64_t open_units = 0;
  std::uint64_t fully_returned_lots = 0;
};

struct Summary {
  Profile profile = Profile::none;
  std::size_t stores = 0;
  std::uint64_t seed = 0;
  std::string transport;
  OrderSums orders;
  std::map<std::string, OutcomeSum> outcomes;  // by outcome_name
  std::uint64_t cases = 0;
  Minor paid_minor = 0;                 // by the units' accounts
  std::uint64_t asked_above_lines = 0;  // approved lines whose file asks more than the units cost
  Milli asked_above_milli = 0;
  std::uint64_t asked_below_lines = 0;
  Milli asked_below_milli = 0;
  std::uint64_t matched_by_one = 0;
  std::uint64_t matched_by_several = 0;
  std::map<std::string, std::uint64_t> assurances;  // of approved lines
  std::uint64_t deferred_lines = 0;
  std::uint64_t waited_lines = 0;
  std::uint64_t home_offline_matched = 0;  // matched lines presented at their home store while it was offline
  std::uint64_t home_offline_at_once = 0;  // of these, answered at once
  LedgerSums ledger;
  std::map<std::string, std::string>
      agreement;  // what was compared with what, and how it came out; empty text: agrees
  std::uint64_t journal_events = 0;
  std::uint64_t kills = 0;
  std::uint64_t bytes_up = 0;
  std::uint64_t bytes_down = 0;
  double seconds = 0;  // wall time of the run, for people
};

/// Counts the answers into the summary.
void add_answers(Summary& summary, const std::vector<Answer>& answers);

void print_table(std::ostream& out, const Summary& summary);
std::string to_json(const Summary& summary);

/// "449,491.49": thousands by comma, `decimals` places.
std::string amount_text(std::int64_t value, int decimals);

/// price x quantity in thousandths. @pre the price has at most three decimals.
Milli milli_of(const Decimal& price, std::int64_t quantity);

}  // namespace retour::replay
