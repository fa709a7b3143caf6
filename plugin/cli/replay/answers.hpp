#pragma once
// What a replay answered, line by line, and the comparison with what the file expects.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin/core/policy/policy.hpp"

namespace retour::replay {

/// Units of one row of the file: "536365#12:6".
struct RowUnits {
  std::string document;
  std::uint64_t row = 0;
  std::int64_t units = 0;
  friend bool operator==(const RowUnits&, const RowUnits&) = default;
};
std::string to_string(const RowUnits& units);
std::string to_string(const std::vector<RowUnits>& all);  // joined by blanks, "" when empty

struct RowLot {
  RowUnits free;  // units that could still be used when the line was answered
  Decimal price;
};

/// The final answer to one return line of the file.
struct Answer {
  std::uint64_t row = 0;
  std::string document;
  std::string sku;
  std::string customer;
  std::int64_t quantity = 0;
  Decimal asked_price;
  Decision decision;
  std::size_t store = 0;
  std::optional<std::size_t> home_store;  // empty: no customer
  bool store_offline = false;             // when the line was presented
  bool deferred = false;                  // the customer was told to wait
  bool waited = false;                    // came later because an earlier line of the customer was deferred
  std::uint64_t settled_no = 0;           // order in which final answers were given
  std::vector<RowUnits> allocation;
  std::vector<RowLot> lots;
  Minor paid_minor = 0;
};

struct Expected {
  std::uint64_t row = 0;
  std::string asked;    // as `asked_text` gives it
  std::string outcome;  // as `outcome_name` gives it
  std::string allocation;
};

/// "approved", or "refused/" and the refusal.
std::string outcome_name(const Decision& decision);

/// What a line asked for: "C536379, 22423, customer 17850, 2 units".
std::string asked_text(std::string_view document, std::string_view sku, std::string_view customer,
                       std::string_view quantity);

/// Reads the expectation (columns Row, InvoiceNo, ..., Verdict, Allocation; plain or .gz). Throws Error naming file,
/// line and column.
std::vector<Expected> read_expected(const std::string& path);

/// Compares answers (in order of rows) with the expectation; empty when they agree, else the first difference in
/// words.
std::optional<std::string> first_difference(const std::vector<Answer>& answers, const std::vector<Expected>& expected,
                                            bool with_allocations);

/// One CSV row an answer; docs/replay.md describes the columns.
void write_answers(const std::string& path, const std::vector<Answer>& answers);

}  // namespace retour::replay
