#include "tests/unit/app/golden/order_words.hpp"

#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

namespace {

/// "with 19.00 tax of 19 percent and 0.70 tax of 7 percent"; nothing when it does not stand there.
std::vector<TaxAmount> taxes_in(Words& words) {
  std::vector<TaxAmount> taxes;
  if (!words.skip("with")) return taxes;
  do {
    const Minor minor = words.amount();
    words.expect("tax");
    words.expect("of");
    const auto rate = Decimal::parse(words.next());
    if (!rate) words.fail("no rate of a tax");
    words.expect("percent");
    taxes.push_back({*rate, minor});
  } while (words.skip("and"));
  return taxes;
}

Minor sum_of(const std::vector<TaxAmount>& taxes) {
  Minor sum = 0;
  for (const TaxAmount& tax : taxes) sum += tax.minor;
  return sum;
}

void tax_line(Order& order, Words& words) {
  OrderLine& line = order.lines.at(static_cast<std::size_t>(words.number() - 1));
  line.taxes = taxes_in(words);
  line.net_minor -= sum_of(line.taxes);
}

void send(Order& order, Words& words) {
  words.expect("for");
  Shipment shipment{.shipment_no = static_cast<std::uint32_t>(order.shipments.size() + 1), .label = "delivery"};
  shipment.net_minor = words.amount();
  shipment.taxes = taxes_in(words);
  shipment.net_minor -= sum_of(shipment.taxes);
  order.shipments.push_back(std::move(shipment));
}

void adjust(Order& order, Words& words, AdjustmentKind kind, bool lowers, Minor minor) {
  OrderAdjustment adjustment{.kind = kind, .lowers = lowers, .label = "of the till", .net_minor = minor};
  if (words.skip("lines")) {
    do {
      adjustment.line_nos.push_back(static_cast<std::uint32_t>(words.number()));
    } while (words.skip("and"));
  }
  adjustment.taxes = taxes_in(words);
  adjustment.net_minor -= sum_of(adjustment.taxes);
  order.adjustments.push_back(std::move(adjustment));
}

void add_part(Order& order, Words& words) {
  if (words.skip("line")) return tax_line(order, words);
  if (words.skip("sent")) return send(order, words);
  if (words.skip("in")) {
    const auto currency = Currency::parse(words.next());
    if (!currency) words.fail("no currency");
    order.currency = *currency;
    return;
  }
  if (words.skip("rounded")) {
    const bool lowers = words.skip("down");
    if (!lowers) words.expect("up");
    words.expect("by");
    const Minor minor = words.amount();
    return adjust(order, words, AdjustmentKind::source_rounding, lowers, minor);
  }
  const Minor minor = words.amount();
  words.expect("off");
  adjust(order, words, AdjustmentKind::discount, true, minor);
}

/// "100 points earned", "50 points spent"
bool add_points(Order& order, Words& words, const std::string& part) {
  if (part.find(" points ") == std::string::npos) return false;
  const std::int64_t points = words.number();
  words.expect("points");
  if (words.skip("earned")) {
    order.loyalty.points_earned = points;
  } else {
    words.expect("spent");
    order.loyalty.points_spent = points;
  }
  return true;
}

}  // namespace

bool is_money_part(const std::string& part) {
  return part.starts_with("sent ") || part.starts_with("rounded ") || part.starts_with("in ") ||
         part.find(" points ") != std::string::npos || part.find(".") + 3 == part.find(" off");
}

std::string tax_part(std::size_t line_no, const std::string& text) {
  return "line " + std::to_string(line_no) + " " + text;
}

void add_money(Order& order, const std::vector<std::string>& parts, bool tenders_named) {
  for (const std::string& part : parts) {
    Words words(part);
    if (!add_points(order, words, part)) add_part(order, words);
    if (!words.empty()) words.fail("nothing is known");
  }
  if (!tenders_named) order.tenders.front().paid_minor = order_total(order);
}

}  // namespace retour::testing
