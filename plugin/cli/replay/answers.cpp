#include "plugin/cli/replay/answers.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "plugin/cli/replay/gzip_text.hpp"
#include "plugin/core/base/error.hpp"

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

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, separator);) fields.push_back(field);
  if (!line.empty() && line.back() == separator) fields.emplace_back();
  return fields;
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

[[noreturn]] void refuse_expectation(const std::string& path, std::size_t line, const std::string& cause) {
  throw Error({.operation = "read expectation",
               .object = path + " line " + std::to_string(line),
               .cause = cause,
               .consequence = "nothing was compared"});
}

Expected expected_of(const std::string& path, std::size_t line_no, const std::string& line) {
  const std::vector<std::string> fields = split(line, ',');
  if (fields.size() != 9)
    refuse_expectation(path, line_no, "9 columns wanted, " + std::to_string(fields.size()) + " found");
  for (const OutcomeOfVerdict& known : outcomes) {
    if (fields[7] == known.verdict) {
      return {std::stoull(fields[0]), fields[1], std::string(known.outcome), fields[8]};
    }
  }
  refuse_expectation(path, line_no, "unknown verdict \"" + fields[7] + "\"");
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

std::vector<Expected> read_expected(const std::string& path) {
  std::istringstream text(read_text(path));
  std::vector<Expected> expected;
  std::string line;
  std::getline(text, line);
  if (line.rfind("Row,InvoiceNo,", 0) != 0)
    refuse_expectation(path, 1, "the header does not begin with Row,InvoiceNo");
  for (std::size_t line_no = 2; std::getline(text, line); ++line_no) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    expected.push_back(expected_of(path, line_no, line));
  }
  return expected;
}

std::optional<std::string> first_difference(const std::vector<Answer>& answers, const std::vector<Expected>& expected,
                                            bool with_allocations) {
  for (std::size_t i = 0; i < std::max(answers.size(), expected.size()); ++i) {
    if (i >= answers.size())
      return "row " + std::to_string(expected[i].row) + ": expected " + expected[i].outcome + ", not answered";
    const Answer& answer = answers[i];
    const std::string where =
        "row " + std::to_string(answer.row) + " (" + answer.document + ", " + answer.sku + "): ";
    if (i >= expected.size() || expected[i].row != answer.row) return where + "answered, but not expected here";
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
