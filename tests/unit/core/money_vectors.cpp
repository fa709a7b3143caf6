#include "tests/unit/core/money_vectors.hpp"

#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace retour::testing {
namespace {

[[noreturn]] void not_understood(std::string_view text) {
  throw std::runtime_error("docs/money.md: not understood: " + std::string(text));
}

template <class T>
T value_of(std::optional<T> parsed, std::string_view text) {
  if (!parsed) not_understood(text);
  return *parsed;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" `") - first + 1));
}

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  for (std::size_t start = 1; start < row.size();) {
    const auto end = row.find('|', start);
    if (end == std::string_view::npos) not_understood(row);
    cells.push_back(trimmed(row.substr(start, end - start)));
    start = end + 1;
  }
  return cells;
}

TenderKind tender_kind_of(std::string_view name) {
  if (name == "cash") return TenderKind::cash;
  if (name == "card") return TenderKind::card;
  if (name == "gift_card") return TenderKind::gift_card;
  if (name == "store_credit") return TenderKind::store_credit;
  if (name == "voucher") return TenderKind::voucher;
  if (name == "wallet") return TenderKind::wallet;
  if (name == "bank_transfer") return TenderKind::bank_transfer;
  not_understood(name);
}

/// The words of one line of an order block, taken one by one.
class Words {
 public:
  explicit Words(const std::string& line) : m_line(line), m_stream(line) {}

  bool next(std::string& word) { return static_cast<bool>(m_stream >> word); }
  std::string next() {
    std::string word;
    if (!next(word)) not_understood(m_line);
    return word;
  }
  std::uint32_t number() { return static_cast<std::uint32_t>(std::stoul(next())); }

 private:
  std::string m_line;
  std::istringstream m_stream;
};

/// "net 10.00 tax 19 1.90 tax 7 0.70 discount 0.50", in any order.
template <class Part>
void read_amounts(Words& words, Part& part, const Currency& currency) {
  std::string word;
  while (words.next(word)) {
    if (word == "net") {
      part.net_minor = amount_of(words.next(), currency);
    } else if (word == "tax") {
      const std::string rate = words.next();
      part.taxes.push_back({value_of(Decimal::parse(rate), rate), amount_of(words.next(), currency)});
    } else if constexpr (requires { part.discount_minor; }) {
      if (word != "discount") not_understood(word);
      part.discount_minor = amount_of(words.next(), currency);
    } else {
      not_understood(word);
    }
  }
}

void read_line(Words& words, Order& order) {
  OrderLine& line = order.lines.emplace_back();
  line.line_no = words.number();
  if (words.next() != "quantity") not_understood("line without quantity");
  line.quantity = words.number();
  read_amounts(words, line, order.currency);
}

void read_adjustment(Words& words, Order& order) {
  OrderAdjustment& adjustment = order.adjustments.emplace_back();
  const std::string kind = words.next();
  const std::string direction = words.next();
  if (kind != "discount" && kind != "source_rounding") not_understood(kind);
  if (direction != "lowers" && direction != "raises") not_understood(direction);
  adjustment.kind = kind == "discount" ? AdjustmentKind::discount : AdjustmentKind::source_rounding;
  adjustment.lowers = direction == "lowers";
  read_amounts(words, adjustment, order.currency);
}

void read_order_line(const std::string& text, Order& order) {
  Words words(text);
  const std::string what = words.next();
  if (what == "currency") {
    const std::string code = words.next();
    order.currency = value_of(Currency::parse(code), code);
  } else if (what == "tax") {
    order.tax_mode = words.next() == "added" ? TaxMode::added : TaxMode::included;
  } else if (what == "line") {
    read_line(words, order);
  } else if (what == "adjustment") {
    read_adjustment(words, order);
  } else if (what == "shipment") {
    Shipment& shipment = order.shipments.emplace_back();
    shipment.shipment_no = words.number();
    read_amounts(words, shipment, order.currency);
  } else if (what == "tender") {
    Tender& tender = order.tenders.emplace_back();
    tender.tender_no = words.number();
    tender.kind = tender_kind_of(words.next());
    tender.paid_minor = amount_of(words.next(), order.currency);
  } else {
    not_understood(text);
  }
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

DocTable read_table(const std::vector<std::string>& lines, std::size_t& at, const std::string& heading) {
  DocTable table{heading, cells_of(lines[at]), {}};
  for (at += 2; at < lines.size() && lines[at].starts_with("|"); ++at) {
    table.rows.push_back(cells_of(lines[at]));
    if (table.rows.back().size() != table.header.size()) not_understood(lines[at]);
  }
  return table;
}

void put_table(DocTable table, MoneyDoc& doc) {
  if (table.header.front() == "account") {
    doc.examples.back().accounts = std::move(table.rows);
  } else if (table.header.front() == "claim") {
    doc.examples.back().claims = std::move(table.rows);
  } else {
    doc.tables.push_back(std::move(table));
  }
}

}  // namespace

MoneyDoc read_money_doc(const std::string& path) {
  const std::vector<std::string> lines = lines_of(path);
  MoneyDoc doc;
  std::string heading;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].starts_with("#")) {
      heading = lines[at].substr(lines[at].find(' ') + 1);
    } else if (lines[at] == "```order") {
      DocExample& example = doc.examples.emplace_back();
      example.title = heading;
      for (++at; lines.at(at) != "```"; ++at) read_order_line(lines[at], example.order);
    } else if (lines[at].starts_with("|")) {
      put_table(read_table(lines, at, heading), doc);
    }
  }
  return doc;
}

const DocTable& table_under(const MoneyDoc& doc, std::string_view heading) {
  for (const DocTable& table : doc.tables) {
    if (table.heading == heading) return table;
  }
  not_understood(heading);
}

Minor amount_of(std::string_view text, const Currency& currency) {
  const Decimal amount = value_of(Decimal::parse(text), text);
  if (amount.scale != currency.decimals) not_understood(text);
  return amount.mantissa;
}

std::vector<Minor> amounts_of(const std::string& text, const Currency& currency) {
  std::vector<Minor> amounts;
  Words words(text);
  for (std::string word; words.next(word);) amounts.push_back(amount_of(word, currency));
  return amounts;
}

std::vector<TaxAmount> taxes_of(const std::string& text, const Currency& currency) {
  std::vector<TaxAmount> taxes;
  Words words(text);
  for (std::string rate; words.next(rate);) {
    if (rate.back() != ':') not_understood(text);
    rate.pop_back();
    taxes.push_back({value_of(Decimal::parse(rate), rate), amount_of(words.next(), currency)});
  }
  return taxes;
}

std::vector<TenderShare> tenders_of(const std::string& text, const Currency& currency) {
  std::vector<TenderShare> shares;
  Words words(text);
  for (std::string number; words.next(number);) {
    if (number.back() != ':') not_understood(text);
    shares.push_back({static_cast<std::uint32_t>(std::stoul(number)), amount_of(words.next(), currency)});
  }
  return shares;
}

UnitRange units_of(const std::string& text) {
  Words words(text);
  if (words.next() != "line") not_understood(text);
  UnitRange range;
  range.line_no = words.number();
  if (words.next() != "units") not_understood(text);
  const std::string both = words.next();
  const auto dash = both.find('-');
  if (dash == std::string::npos) not_understood(text);
  range.first = std::stoll(both.substr(0, dash));
  range.count = std::stoll(both.substr(dash + 1)) - range.first + 1;
  return range;
}

Rounding rounding_of(std::string_view name) {
  if (name == "down") return Rounding::down;
  if (name == "half_up") return Rounding::half_up;
  if (name == "half_even") return Rounding::half_even;
  not_understood(name);
}

}  // namespace retour::testing
