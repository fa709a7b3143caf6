#include "plugin/app/past_answers.hpp"

#include <algorithm>
#include <map>

#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/event_table.hpp"

namespace retour::app {

namespace {

constexpr std::size_t read_events_max = 1'000;  // at once
constexpr std::size_t read_bytes_max = 4'000'000;

/// A line as its events tell it so far.
struct Line {
  PastAnswer answer;
  bool is_answered = false;
};

class Collector {
 public:
  void operator()(const CaseOpened& e) { m_opened[e.case_id] = {e.opened_at_ms, e.business_date}; }
  void operator()(const OrderAttached& e) { learn(e.order_id, e.evidence); }
  void operator()(const SaleRecorded& e) { learn(e.order_id, e.order); }
  void operator()(const LineAnswered& e) {
    Line& line = line_of(e.case_id, e.ask);
    line.answer.asked_at_ms = m_opened[e.case_id].asked_at_ms;
    line.answer.business_date = m_opened[e.case_id].business_date;
    answer(line, e.decision, false);
  }
  void operator()(const LineReferred& e) {
    Line& line = line_of(e.case_id, e.ask);
    line.answer.asked_at_ms = e.asked_at_ms;
    line.answer.business_date = e.business_date;
  }
  void operator()(const LineSettled& e) {
    const auto line = m_lines.find({e.case_id, e.line_no});
    if (line != m_lines.end()) answer(line->second, e.decision, true);
  }
  /// Money for goods that stay with the customer was no return: its rules are others.
  void operator()(const UnitsLowered& e) {
    const auto line = m_lines.find({e.case_id, e.line_no});
    if (line != m_lines.end()) line->second.is_answered = false;
  }
  void operator()(const auto&) {}

  void at(std::uint64_t seq) { m_seq = seq; }

  std::vector<PastAnswer> finish() {
    std::vector<PastAnswer> answers;
    for (const auto& key : m_order) {
      Line& line = m_lines.at(key);
      if (!line.is_answered) continue;
      line.answer.currency = currency_of(line.answer.decision);
      answers.push_back(std::move(line.answer));
    }
    return answers;
  }

 private:
  using Key = std::pair<ReturnCaseId, std::uint32_t>;
  struct Opened {
    std::int64_t asked_at_ms = 0;
    BusinessDate business_date;
  };

  Line& line_of(const ReturnCaseId& case_id, const ReturnAsk& ask) {
    const Key key{case_id, ask.line_no};
    if (!m_lines.contains(key)) m_order.push_back(key);
    Line& line = m_lines[key];
    line.answer.case_id = case_id;
    line.answer.ask = ask;
    return line;
  }
  void learn(const OrderId& order, const Bytes& evidence) {
    m_currencies.emplace(order, codec::unpack_order(evidence).currency);
  }
  /// Of the first purchase that this journal knows: a visit is paid in one currency.
  std::optional<Currency> currency_of(const Decision& decision) const {
    for (const Lot& lot : decision.trace.lots) {
      const auto known = m_currencies.find(lot.order_id);
      if (known != m_currencies.end()) return known->second;
    }
    return std::nullopt;
  }
  void answer(Line& line, const Decision& decision, bool by_hub) {
    line.is_answered = true;
    line.answer.decision = decision;
    line.answer.by_hub = by_hub;
    line.answer.seq = m_seq;
  }

  std::uint64_t m_seq = 0;
  std::map<ReturnCaseId, Opened> m_opened;
  std::map<OrderId, Currency> m_currencies;  // of orders attached to a case, and of sales of this store
  std::map<Key, Line> m_lines;
  std::vector<Key> m_order;
};

Minor cost_of(const Lot& lot, std::int64_t units) {
  // Whole units first, so that the product stays in range: a line costs at most 10^15, and has at most 10^9 units.
  if (lot.bought <= 0) return 0;
  return lot.paid_minor / lot.bought * units + lot.paid_minor % lot.bought * units / lot.bought;
}

/// At most what the units cost.
Minor fee_of(const FeeTerms& fee, Minor cost, std::int64_t units) {
  if (fee.each_minor == 0) return percent_of(cost, fee.share, fee.rounding);
  return fee.each_minor > cost / units ? cost : fee.each_minor * units;
}

bool is_credit(const UnitTerms& terms) {
  return terms.refund_as == TenderKind::store_credit || terms.refund_as == TenderKind::gift_card ||
         terms.refund_as == TenderKind::voucher;
}

}  // namespace

std::vector<PastAnswer> past_answers(sqlite::Database& journal) {
  Collector collector;
  for (std::uint64_t next = 1;;) {
    const auto events = journal::read_events(journal, {}, next, read_events_max, read_bytes_max);
    if (events.empty()) return collector.finish();
    for (const EventEnvelope& event : events) {
      const auto body = codec::decode(event.kind, event.kind_version, event.body);
      collector.at(event.seq);
      if (body) std::visit(collector, *body);
    }
    next = events.back().seq + 1;
  }
}

DecisionMoney money_of(const Decision& decision) {
  DecisionMoney money;
  for (std::size_t i = 0; i < decision.taken.size(); ++i) {
    const OrderUnits& part = decision.taken[i];
    const auto lot = std::find_if(decision.trace.lots.begin(), decision.trace.lots.end(), [&](const Lot& one) {
      return one.order_id == part.order_id && one.line_no == part.units.line_no;
    });
    const std::int64_t units = part.units.count;
    if (lot == decision.trace.lots.end() || units <= 0) continue;
    const Minor cost = cost_of(*lot, units);
    const UnitTerms terms = i < decision.terms.size() ? decision.terms[i] : UnitTerms{};
    Minor kept = 0;
    for (const FeeTerms& fee : terms.fees) kept += fee_of(fee, cost, units);
    kept = std::min(kept, cost);
    money.refunded_minor += cost;
    money.kept_minor += kept;
    if (is_credit(terms)) money.as_credit_minor += cost - kept;
  }
  return money;
}

}  // namespace retour::app
