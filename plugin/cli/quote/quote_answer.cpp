#include "plugin/cli/quote/quote_answer.hpp"

#include <limits>

#include "plugin/core/base/error.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::cli {

namespace {

[[noreturn]] void refuse(const Order& order, const std::string& cause) {
  throw Error({.operation = "quote a return of order",
               .object = order.number,
               .cause = cause,
               .consequence = "nothing of it can be refunded by this document"});
}

OrderAccounts divided(const Order& order) {
  auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) {
    refuse(order, "its money does not divide over its units: " + std::string(to_string(accounts.error())));
  }
  return std::move(accounts).value();
}

class Quoter {
 public:
  explicit Quoter(const QuoteDocument& document) : m_document(document), m_accounts(divided(document.order)) {
    for (const OrderLine& line : document.order.lines) must(m_left.add({line.line_no, 0, line.quantity}));
    for (const Shipment& one : document.order.shipments) must(m_left.add({line_of_shipment(one.shipment_no), 0, 1}));
    for (const UnitRange& units : document.before) {
      if (!m_left.remove(units)) refuse(document.order, "refunded_before names units twice");
    }
  }

  QuoteAnswer answer() {
    QuoteAnswer answer;
    for (const ReturnedItem& item : m_document.items) answer.items.push_back(decide(item));
    authorise_all(answer.items);
    for (const Shipment& shipment : m_document.order.shipments) add_shipment(shipment, answer);
    answer.plan = plan_of(answer);
    return answer;
  }

 private:
  static void must(bool done) { require(done, "quote: the units of an order overlap"); }

  AnsweredItem decide(const ReturnedItem& item) {
    const OrderLine* line = find_line(m_document.order, item.ask.order_line_no);
    Lot lot = lot_of(m_document.order, *line, item.ask.serial);
    lot.free = m_left.of_line(line->line_no);
    const DecisionFacts facts{.has_customer = true,
                              .lots = {std::move(lot)},
                              .final_word = true,
                              .feed_position = 0,
                              .asked_at_ms = std::numeric_limits<std::int64_t>::max(),
                              .business_date = m_document.today,
                              .line = item.facts};
    AnsweredItem answered{item.ask, decide_line(item.ask, facts, m_document.policy), {}};
    for (const OrderUnits& part : answered.decision.taken) {
      must(m_left.remove(part.units));
      answered.claims.push_back({part.order_id, part.units, m_accounts.paid_for(part.units), {}});
    }
    return answered;
  }

  /// Authority looks at the whole visit.
  void authorise_all(std::vector<AnsweredItem>& items) {
    Minor total = 0;
    for (const AnsweredItem& item : items) {
      for (const Claim& claim : item.claims) total += claim.paid.total_minor();
    }
    for (AnsweredItem& item : items) {
      item.decision =
          authorise(std::move(item.decision), item.ask, total, m_document.order.currency, m_document.policy);
      if (item.decision.verdict == Verdict::approved) continue;
      for (const Claim& claim : item.claims) must(m_left.add(claim.units));
      item.claims.clear();
    }
  }

  void add_shipment(const Shipment& shipment, QuoteAnswer& answer) {
    const UnitRange units{line_of_shipment(shipment.shipment_no), 0, 1};
    if (!m_left.contains(units)) return;
    AnsweredShipment answered{
        .shipment_no = shipment.shipment_no,
        .line_no = static_cast<std::uint32_t>(answer.items.size() + answer.shipments.size() + 1),
        .ruling = {},
        .claims = {}};
    const PaidAmounts paid = m_accounts.paid_for(units);
    ShippingFacts facts{.channel = m_document.order.channel,
                        .currency = m_document.order.currency,
                        .paid_minor = paid.total_minor(),
                        .whole_order = true,
                        .reasons = {}};
    for (const OrderLine& line : m_document.order.lines) facts.whole_order &= m_left.of_line(line.line_no).empty();
    for (const AnsweredItem& item : answer.items) {
      if (!item.claims.empty()) facts.reasons.push_back(item.ask.reason);
    }
    answered.ruling = rule_on_shipment(facts, m_document.policy);
    if (answered.ruling) answered.claims.push_back({m_document.order.id, units, paid, {}});
    answer.shipments.push_back(std::move(answered));
  }

  RefundPlan plan_of(const QuoteAnswer& answer) const {
    std::vector<LineClaims> lines;
    for (const AnsweredItem& item : answer.items) {
      if (!item.claims.empty()) lines.push_back({item.ask.line_no, item.claims, item.decision.terms});
    }
    for (const AnsweredShipment& shipment : answer.shipments) {
      if (shipment.ruling) lines.push_back({shipment.line_no, shipment.claims, {shipment.ruling->terms}});
    }
    const OrderTenders tenders{m_document.order.id, m_document.order.tenders};
    return plan_refund(lines, {&tenders, 1}, m_document.order.currency, m_document.policy.payout);
  }

  const QuoteDocument& m_document;
  OrderAccounts m_accounts;
  HeldRanges m_left;  // units and shipments that have not come back
};

}  // namespace

QuoteAnswer answer_quote(const QuoteDocument& document) {
  return Quoter(document).answer();
}

}  // namespace retour::cli
