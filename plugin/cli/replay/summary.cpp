#include "plugin/cli/replay/summary.hpp"

#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>

namespace retour::replay {

namespace {

void add_price_difference(Summary& summary, Milli asked, Minor paid_minor) {
  const Milli paid = paid_minor * 10;
  if (asked > paid) {
    ++summary.asked_above_lines;
    summary.asked_above_milli += asked - paid;
  } else if (asked < paid) {
    ++summary.asked_below_lines;
    summary.asked_below_milli += paid - asked;
  }
}

void add_approved(Summary& summary, const Answer& answer) {
  summary.paid_minor += answer.paid_minor;
  ++summary.assurances[std::string(to_string(answer.decision.assurance))];
  ++(answer.allocation.size() == 1 ? summary.matched_by_one : summary.matched_by_several);
  add_price_difference(summary, milli_of(answer.asked_price, answer.quantity), answer.paid_minor);
  if (answer.store_offline && answer.home_store == answer.store) {
    ++summary.home_offline_matched;
    if (!answer.deferred && !answer.waited) ++summary.home_offline_at_once;
  }
}

void row(std::ostream& out, const std::string& label, const std::string& value) {
  out << "  " << std::left << std::setw(46) << label << std::right << std::setw(20) << value << '\n';
}

std::string count(std::uint64_t value) {
  return amount_text(static_cast<std::int64_t>(value), 0);
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const std::uint64_t permille = part * 1000 / whole;
  return std::to_string(permille / 10) + "." + std::to_string(permille % 10) + " %";
}

void print_outcomes(std::ostream& out, const Summary& s) {
  out << "\n  " << std::left << std::setw(40) << "answer" << std::right << std::setw(8) << "lines" << std::setw(12)
      << "units" << std::setw(16) << "asked" << '\n';
  for (const auto& [name, sum] : s.outcomes) {
    out << "  " << std::left << std::setw(40) << name << std::right << std::setw(8) << count(sum.lines)
        << std::setw(12) << amount_text(sum.units, 0) << std::setw(16) << amount_text(sum.asked_milli, 3) << '\n';
  }
  out << '\n';
}

}  // namespace

void add_answers(Summary& summary, const std::vector<Answer>& answers) {
  for (const Answer& answer : answers) {
    OutcomeSum& sum = summary.outcomes[outcome_name(answer.decision)];
    ++sum.lines;
    sum.units += answer.quantity;
    sum.asked_milli += milli_of(answer.asked_price, answer.quantity);
    summary.deferred_lines += answer.deferred;
    summary.waited_lines += answer.waited;
    if (answer.decision.verdict == Verdict::approved) add_approved(summary, answer);
  }
}

Milli milli_of(const Decimal& price, std::int64_t quantity) {
  Milli milli = price.mantissa * quantity;
  for (int scale = price.scale; scale < 3; ++scale) milli *= 10;
  return milli;
}

std::string amount_text(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() <= static_cast<std::size_t>(decimals)) {
    digits.insert(0, static_cast<std::size_t>(decimals) + 1 - digits.size(), '0');
  }
  const std::size_t whole = digits.size() - static_cast<std::size_t>(decimals);
  std::string text = value < 0 ? "-" : "";
  for (std::size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return decimals == 0 ? text : text + "." + digits.substr(whole);
}

void print_table(std::ostream& out, const Summary& s) {
  out << "Replay over " << s.stores << " stores, profile " << to_string(s.profile) << ", seed " << s.seed
      << ", transport " << s.transport << "\n\n";
  row(out, "orders", count(s.orders.orders));
  row(out, "order lines", count(s.orders.lines));
  row(out, "units sold", amount_text(s.orders.units, 0));
  row(out, "sold for", amount_text(s.orders.total_minor, 2));
  row(out, "  prices below a minor unit, cut and named",
      count(static_cast<std::uint64_t>(s.orders.corrections)) + " lines " +
          amount_text(s.orders.correction_milli, 3));
  row(out, "stock movements without a sale", count(s.orders.stock_moves));
  row(out, "rows that are no order (kept)", count(s.orders.notes));
  row(out, "rows refused", count(s.orders.rejects));
  row(out, "return cases", count(s.cases));
  print_outcomes(out, s);
  row(out, "refunded, by the units' accounts", amount_text(s.paid_minor, 2));
  row(out, "  lines whose paper asked more / by",
      count(s.asked_above_lines) + " / " + amount_text(s.asked_above_milli, 3));
  row(out, "  lines whose paper asked less / by",
      count(s.asked_below_lines) + " / " + amount_text(s.asked_below_milli, 3));
  for (const auto& [assurance, lines] : s.assurances) row(out, "approved as " + assurance, count(lines));
  row(out, "lines told to wait (deferred)", count(s.deferred_lines));
  row(out, "lines that came after a waiting one", count(s.waited_lines));
  row(out, "home store offline: matched, answered at once",
      count(s.home_offline_at_once) + " of " + count(s.home_offline_matched) + " (" +
          share(s.home_offline_at_once, s.home_offline_matched) + ")");
  row(out, "units still returnable", amount_text(s.ledger.open_units, 0));
  row(out, "events in the journals of all stores", count(s.journal_events));
  row(out, "processes killed", count(s.kills));
  row(out, "bytes up / down", count(s.bytes_up) + " / " + count(s.bytes_down));
  row(out, "seconds", amount_text(std::llround(s.seconds * 10), 1));
  out << '\n';
  for (const auto& [what, difference] : s.agreement) {
    out << "  " << what << ": " << (difference.empty() ? "agrees" : "DIFFERS, " + difference) << '\n';
  }
}

std::string to_json(const Summary& s) {
  nlohmann::ordered_json json;
  json["profile"] = to_string(s.profile);
  json["stores"] = s.stores;
  json["seed"] = s.seed;
  json["transport"] = s.transport;
  json["orders"] = {{"orders", s.orders.orders},
                    {"lines", s.orders.lines},
                    {"units", s.orders.units},
                    {"asked_milli", s.orders.asked_milli},
                    {"total_minor", s.orders.total_minor},
                    {"corrections", s.orders.corrections},
                    {"correction_milli", s.orders.correction_milli},
                    {"stock_moves", s.orders.stock_moves},
                    {"stock_units", s.orders.stock_units},
                    {"notes", s.orders.notes},
                    {"rejects", s.orders.rejects}};
  json["return_cases"] = s.cases;
  for (const auto& [name, sum] : s.outcomes) {
    json["outcomes"][name] = {{"lines", sum.lines}, {"units", sum.units}, {"asked_milli", sum.asked_milli}};
  }
  json["paid_minor"] = s.paid_minor;
  json["asked_above"] = {{"lines", s.asked_above_lines}, {"milli", s.asked_above_milli}};
  json["asked_below"] = {{"lines", s.asked_below_lines}, {"milli", s.asked_below_milli}};
  json["matched_by_one_sale_line"] = s.matched_by_one;
  json["matched_by_several_sale_lines"] = s.matched_by_several;
  json["assurances"] = s.assurances;
  json["deferred_lines"] = s.deferred_lines;
  json["waited_lines"] = s.waited_lines;
  json["home_offline"] = {{"matched", s.home_offline_matched}, {"answered_at_once", s.home_offline_at_once}};
  json["ledger"] = {{"keys", s.ledger.keys},
                    {"lots", s.ledger.lots},
                    {"open_units", s.ledger.open_units},
                    {"fully_returned_lots", s.ledger.fully_returned_lots}};
  json["journal_events"] = s.journal_events;
  json["kills"] = s.kills;
  json["bytes_up"] = s.bytes_up;
  json["bytes_down"] = s.bytes_down;
  json["seconds"] = s.seconds;
  json["agreement"] = s.agreement;
  return json.dump(2);
}

}  // namespace retour::replay
