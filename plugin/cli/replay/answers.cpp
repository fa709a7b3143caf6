#include "plugin/cli/replay/answers.hpp"

#include <array>
#include <charconv>
#include <fstream>

#include "plugin/core/base/error.hpp"
#include "pos-adapters/csv/csv_reader.hpp"

namespace retour::replay {

namespace {

struct OutcomeOfVerdict {
  std::string_view verdict;
  std::string_view outcome;
};
// docs/replay.md, "Names".
constexpr std::array<OutcomeOfVerdict, 6> outcomes{{
    {"MATCHED", "approved"},
    {"OVER_RETURN", "refused/quantity_exceeds_returnable"},
    {"EXHAUSTED", "refused/already_returned"},
    {"NEVER_BOUGHT", "refused/no_purchase_found"},
    {"NON_MERCH", "refused/not_merchandise"},
    {"NO_CUSTOMER", "refused/no_customer"},
}};

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

const std::vector<std::string> expectation_columns{"Row",       "InvoiceNo",   "StockCode", "CustomerID", "Quantity",
                                                   "UnitPrice", "InvoiceDate", "Verdict",   "Allocation"};
namespace at {
constexpr std::size_t row = 0, document = 1, sku = 2, customer = 3, quantity = 4, verdict = 7, allocation = 8;
}

[[noreturn]] void refuse_expectation(const std::string& path, const csv::CsvRow& row, const std::string& cause) {
  throw Error({.operation = "read expectation",
               .object = path + " line " + std::to_string(row.line),
               .cause = cause,
               .consequence = "nothing was compared"});
}

Expected expected_of(const std::string& path, const csv::CsvRow& line) {
  if (!line.fault.empty()) refuse_expectation(path, line, line.fault);
  const auto& fields = line.fields;
  Expected expected{
      .row = 0,
      .asked = asked_text(fields[at::document], fields[at::sku], fields[at::customer], fields[at::quantity]),
      .outcome = {},
      .allocation = std::string(fields[at::allocation])};
  const std::string_view number = fields[at::row];
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), expected.row);
  if (error != std::errc{} || end != number.data() + number.size())
    refuse_expectation(path, line, "column Row: \"" + std::string(number) + "\" is no number of a row");
  for (const OutcomeOfVerdict& known : outcomes) {
    if (fields[at::verdict] == known.verdict) expected.outcome = known.outcome;
  }
  if (expected.outcome.empty())
    refuse_expectation(path, line, "column Verdict: \"" + std::string(fields[at::verdict]) + "\" is no verdict");
  return expected;
}

}  // namespace

std::string to_string(const RowUnits& units) {
  return units.document + "#" + std::to_string(units.row) + ":" + std::to_string(units.units);
}

std::string to_string(const std::vector<RowUnits>& all) {
  std::string text;
  for (const RowUnits& units : all) {
    if (!text.empty()) text += ' ';
    text += to_string(units);
  }
  return text;
}

std::string outcome_name(const Decision& decision) {
  std::string name(to_string(decision.verdict));
  if (decision.verdict == Verdict::refused) name += "/" + std::string(to_string(decision.refusal));
  return name;
}

std::string asked_text(std::string_view document, std::string_view sku, std::string_view customer,
                       std::string_view quantity) {
  return std::string(document) + ", " + std::string(sku) + ", customer " +
         (customer.empty() ? "none" : std::string(customer)) + ", " + std::string(quantity) + " units";
}

std::vector<Expected> read_expected(const std::string& path) {
  csv::CsvReader reader(path);
  csv::CsvRow line{.line = 1};
  if (reader.header() != expectation_columns)
    refuse_expectation(path, line, "its columns are not Row,InvoiceNo,...,Verdict,Allocation");
  std::vector<Expected> expected;
  while (reader.next(line)) expected.push_back(expected_of(path, line));
  return expected;
}

std::optional<std::string> first_difference(const std::vector<Answer>& answers, const std::vector<Expected>& expected,
                                            bool with_allocations) {
  for (std::size_t i = 0; i < std::max(answers.size(), expected.size()); ++i) {
    if (i >= answers.size())
      return "row " + std::to_string(expected[i].row) + ": expected " + expected[i].outcome + ", not answered";
    const Answer& answer = answers[i];
    const std::string asked =
        asked_text(answer.document, answer.sku, answer.customer, std::to_string(answer.quantity));
    const std::string where = "row " + std::to_string(answer.row) + " (" + asked + "): ";
    if (i >= expected.size() || expected[i].row != answer.row) return where + "answered, but not expected here";
    if (expected[i].asked != asked) return where + "the expectation is about " + expected[i].asked;
    const std::string outcome = outcome_name(answer.decision);
    if (outcome != expected[i].outcome) return where + "expected " + expected[i].outcome + ", answered " + outcome;
    const std::string allocation = to_string(answer.allocation);
    if (with_allocations && allocation != expected[i].allocation) {
      return where + "expected units " + expected[i].allocation + ", took " + allocation;
    }
  }
  return std::nullopt;
}

void write_answers(const std::string& path, const std::vector<Answer>& answers) {
  std::ofstream out(path);
  out << "row,document,sku,customer,quantity,asked_price,verdict,refusal,assurance,store,home_store,offline,waited,"
         "settled_no,allocation,lots\n";
  for (const Answer& a : answers) {
    out << a.row << ',' << a.document << ',' << quoted(a.sku) << ',' << quoted(a.customer) << ',' << a.quantity << ','
        << a.asked_price.to_string() << ',' << to_string(a.decision.verdict) << ',' << to_string(a.decision.refusal)
        << ',' << to_string(a.decision.assurance) << ',' << a.store << ',';
    if (a.home_store) out << *a.home_store;
    out << ',' << (a.store_offline ? 1 : 0) << ',' << (a.waited || a.deferred ? 1 : 0) << ',' << a.settled_no << ','
        << to_string(a.allocation) << ',';
    for (std::size_t i = 0; i < a.lots.size(); ++i) {
      out << (i ? " " : "") << to_string(a.lots[i].free) << '@' << a.lots[i].price.to_string();
    }
    out << '\n';
  }
  if (!out.flush()) {
    throw Error({.operation = "write answers to",
                 .object = path,
                 .cause = "the file system refused",
                 .consequence = "the replay itself is done"});
  }
}

}  // namespace retour::replay
