#include "plugin/app/answer_lines.hpp"

#include <set>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/repairs.hpp"
#include "plugin/app/alerts.hpp"
#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/claim_units.hpp"
#include "plugin/app/line_facts.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/started_return.hpp"
#include "plugin/app/unproven_sale.hpp"
#include "plugin/core/policy/decide_value.hpp"

namespace retour::app {

namespace {

/// The rights of this node as the lines of one visit use them up.
class RightsLeft {
 public:
  explicit RightsLeft(StoreContext& store) : m_store(store) {}

  std::vector<UnitRange> of_line(const OrderId& order, std::uint32_t line_no) { return held(order).of_line(line_no); }

  void use(const std::vector<OrderUnits>& taken) {
    for (const OrderUnits& part : taken) {
      require(held(part.order_id).remove(part.units), "a decision took units whose right this node does not hold");
    }
  }

 private:
  HeldRanges& held(const OrderId& order) {
    const auto known = m_held.find(order);
    if (known != m_held.end()) return known->second;
    return m_held.emplace(order, projections::held_ranges(m_store.journal.database(), order)).first->second;
  }

  StoreContext& m_store;
  std::map<OrderId, HeldRanges> m_held;
};

class Answerer {
 public:
  Answerer(StoreContext& store, Evidence& evidence, const Visit& visit, const FactsOf& facts_of)
      : m_store(store),
        m_evidence(evidence),
        m_visit(visit),
        m_facts_of(facts_of),
        m_rights(store),
        m_customer(customer_key(store, visit)),
        m_feed_position(store.orders.feed_position()) {}

  Result<AnsweredLine, CommandRefusal> answer(ReturnAsk ask) {
    note_barcode(m_visit, ask);
    if (const auto refused = complete(ask)) return failure(*refused);
    auto facts = m_facts_of(ask);
    if (!facts.ok()) return failure(facts.error());
    AnsweredLine line{ask, decide(ask, facts_for(ask, std::move(facts).value())), {}};
    if (line.decision.verdict == Verdict::approved && waits_behind_earlier(ask)) wait_behind_earlier(line.decision);
    if (line.decision.verdict == Verdict::approved) {
      line.decision.assurance = line.decision.trace.facts.unproven ? Assurance::provisional : Assurance::held;
      m_rights.use(line.decision.taken);
      if (const auto otherwise = refusal_of_replacement(ask)) return failure(*otherwise);
      auto claims = claims_of(m_evidence, line.decision.taken);
      require(claims.has_value(), "a lot came from evidence that is not here");
      if (ask.remedy != Remedy::repair) line.claims = std::move(*claims);  // a repair leaves her the purchase
    }
    if (line.decision.verdict == Verdict::deferred && !ask.order_id) m_waiting.insert(ask.sku);
    return line;
  }

 private:
  /// Value on paper is spent on goods, never paid out.
  Decision decide(const ReturnAsk& ask, const DecisionFacts& facts) const {
    if (m_visit.pays_for_goods && asks_for_value(ask, facts.lots)) {
      return decide_value(ask, facts, m_store.policy);
    }
    return decide_line(ask, facts, m_store.policy);
  }

  /// The old goods pay for the new ones: that is an exchange, and no line of a return.
  std::optional<CommandRefusal> refusal_of_replacement(const ReturnAsk& ask) const {
    if (ask.remedy != Remedy::replacement || m_visit.pays_for_goods) return std::nullopt;
    return CommandRefusal{"replacement_by_exchange",
                          "Line " + std::to_string(ask.line_no) + ": a replacement is owed; make it as an exchange."};
  }

  /// Fills in the SKU that a barcode or an order line stands for.
  std::optional<CommandRefusal> complete(ReturnAsk& ask) {
    if (ask.order_id) return complete_from_order(ask);
    const auto scanned = m_visit.scanned.find(ask.line_no);
    if (!ask.sku.empty() || scanned == m_visit.scanned.end()) return std::nullopt;
    for (const std::string& sku : skus_of(scanned->second)) {
      if (ask.sku.empty() || !lots_of_customer(sku, ask.serial).empty()) ask.sku = sku;
    }
    if (!ask.sku.empty()) return std::nullopt;
    return CommandRefusal{"article_unknown", "Line " + std::to_string(ask.line_no) +
                                                 ": no order in this store has the barcode " + scanned->second +
                                                 "; type the article number instead."};
  }

  std::vector<std::string> skus_of(const std::string& gtin) {
    std::vector<std::string> skus = m_store.orders.skus_of(gtin);
    for (const EvidenceOrder* order : sales_of_customer()) {
      for (const OrderLine& line : order->order.lines) {
        if (line.gtin == gtin) skus.push_back(line.sku);
      }
    }
    return skus;
  }

  std::optional<CommandRefusal> complete_from_order(ReturnAsk& ask) {
    const std::string line_name = "Line " + std::to_string(ask.line_no) + ": ";
    const EvidenceOrder* order = m_evidence.find(*ask.order_id);
    if (order == nullptr) {
      if (!ask.sku.empty() && ask.order_line_no != 0) return std::nullopt;  // the hub may know it
      return CommandRefusal{"order_unknown", line_name + "order " + ask.order_id->to_string() +
                                                 " is not known in this store; name the article to ask the hub."};
    }
    if (ask.order_line_no == 0) {
      if (const auto refused = find_by_serial(order->order, ask)) return refused;
    }
    const OrderLine* line = find_line(order->order, ask.order_line_no);
    if (line == nullptr) {
      return CommandRefusal{"order_line_unknown", line_name + "order " + order->order.number + " has no line " +
                                                      std::to_string(ask.order_line_no) + "."};
    }
    if (!ask.sku.empty() && ask.sku != line->sku) {
      return CommandRefusal{"sku_differs", line_name + "line " + std::to_string(ask.order_line_no) + " of order " +
                                               order->order.number + " is article " + line->sku + ", not " + ask.sku +
                                               "."};
    }
    ask.sku = line->sku;
    return std::nullopt;
  }

  /// The serial number alone says which line of the order it is.
  static std::optional<CommandRefusal> find_by_serial(const Order& order, ReturnAsk& ask) {
    for (const OrderLine& line : order.lines) {
      if (unit_of_serial(line, ask.serial)) return ask.order_line_no = line.line_no, std::nullopt;
    }
    return CommandRefusal{"serial_not_sold", "Line " + std::to_string(ask.line_no) + ": order " + order.number +
                                                 " has no article with the serial number " + ask.serial +
                                                 "; name its line instead."};
  }

  DecisionFacts facts_for(const ReturnAsk& ask, LineFacts line) {
    DecisionFacts facts;
    facts.line = std::move(line);
    facts.has_customer = !m_customer.is_zero() || m_visit.subject.has_value();
    facts.lots = ask.order_id ? lots_of_order(ask) : lots_of_customer(ask.sku, ask.serial);
    if (!facts.line.unproven && ask.no_receipt && !ask.order_id && facts.lots.empty()) {
      facts.line.unproven = unproven_sale(m_store, ask.sku, m_visit.business_date);
    }
    if (facts.line.unproven) facts.lots = lots_of_budget(facts.line.unproven->currency);
    facts.line.beyond_repair = beyond_repair(facts.lots);
    if (ask.remedy == Remedy::repair) leave_repairs(facts.lots);
    facts.feed_position = m_feed_position;
    facts.asked_at_ms = m_visit.asked_at_ms;
    facts.business_date = m_visit.business_date;
    return facts;
  }

  /// Units of these purchases that a repair gave up; where a serial number was shown, only the unit that has it.
  std::int64_t beyond_repair(const std::vector<Lot>& lots) {
    std::int64_t units = 0;
    for (const Lot& lot : lots) {
      for (const UnitRange& range :
           projections::units_beyond_repair(m_store.journal.database(), lot.order_id, lot.line_no)) {
        if (!lot.serial_unit) units += range.count;
        if (lot.serial_unit && range.first <= *lot.serial_unit && *lot.serial_unit < range.end()) ++units;
      }
    }
    return units;
  }

  /// What is being repaired, or cannot be, is not taken in for another repair: a further one is of another unit.
  void leave_repairs(std::vector<Lot>& lots) {
    sqlite::Database& database = m_store.journal.database();
    for (Lot& lot : lots) {
      HeldRanges free;
      for (const UnitRange& range : lot.free) free.add(range);
      for (const auto& units : {projections::units_in_repair(database, lot.order_id, lot.line_no),
                                projections::units_beyond_repair(database, lot.order_id, lot.line_no)}) {
        for (const UnitRange& range : units) {
          for (const UnitRange& part : free.parts_of(range)) free.remove(part);
        }
      }
      lot.free = free.ranges();
    }
  }

  std::vector<Lot> lots_of_order(const ReturnAsk& ask) {
    const EvidenceOrder* order = m_evidence.find(*ask.order_id);
    if (order == nullptr) return {};
    const OrderLine* line = find_line(order->order, ask.order_line_no);
    Lot lot = lot_of(order->order, *line, ask.serial);
    lot.free = m_rights.of_line(lot.order_id, lot.line_no);
    return {std::move(lot)};
  }

  std::vector<Lot> lots_of_budget(const Currency& currency) {
    std::vector<Lot> lots = budget_lots(m_store, currency);
    for (Lot& lot : lots) lot.free = m_rights.of_line(lot.order_id, lot.line_no);
    return lots;
  }

  std::vector<Lot> lots_of_customer(const std::string& sku, const std::string& serial) {
    std::vector<Lot> lots;
    if (m_customer.is_zero()) return lots;
    std::set<OrderId> seen;
    for (const orders::StoredLots& stored : m_store.orders.lots_of(m_customer, sku, serial)) {
      seen.insert(stored.found.order_id);
      add_lots(lots, stored.found);
    }
    for (const EvidenceOrder* sale : sales_of_customer()) {
      if (!seen.contains(sale->order.id)) add_lots(lots, codec::unpack_lots(sale->packed, sku, nullptr, serial));
    }
    return lots;
  }

  void add_lots(std::vector<Lot>& lots, codec::OrderLots found) {
    for (Lot& lot : found.lots) {
      lot.free = m_rights.of_line(lot.order_id, lot.line_no);
      lots.push_back(std::move(lot));
    }
  }

  /// Sales of this store that the replica may not have yet.
  const std::vector<const EvidenceOrder*>& sales_of_customer() {
    if (m_sales) return *m_sales;
    m_sales.emplace();
    if (m_customer.is_zero()) return *m_sales;
    for (const OrderId& id : projections::sales_of_customer(m_store.journal.database(), m_customer)) {
      if (const EvidenceOrder* sale = m_evidence.find(id)) m_sales->push_back(sale);
    }
    return *m_sales;
  }

  bool waits_behind_earlier(const ReturnAsk& ask) {
    if (ask.order_id || ask.no_receipt || m_customer.is_zero()) return false;
    return m_waiting.contains(ask.sku) ||
           projections::has_open_referral(m_store.journal.database(), m_customer, ask.sku);
  }

  static void wait_behind_earlier(Decision& decision) {
    decision.verdict = Verdict::deferred;
    decision.taken.clear();
    decision.trace.rule = "earlier_line";
    decision.trace.would_change = "earlier_line";
  }

  StoreContext& m_store;
  Evidence& m_evidence;
  const Visit& m_visit;
  const FactsOf& m_facts_of;
  RightsLeft m_rights;
  LookupKey m_customer;
  std::uint64_t m_feed_position;
  std::optional<std::vector<const EvidenceOrder*>> m_sales;
  std::set<std::string> m_waiting;  // SKUs of this visit that wait for the hub
};

}  // namespace

void note_barcode(const Visit& visit, ReturnAsk& ask) {
  const auto scanned = visit.scanned.find(ask.line_no);
  if (scanned != visit.scanned.end() && ask.source_ref.empty()) ask.source_ref = "gtin " + scanned->second;
}

LookupKey customer_key(StoreContext& store, const Visit& visit) {
  if (!visit.customer_ref.empty()) return codec::hmac_key(store.lookup_secret, visit.customer_ref);
  if (!visit.subject) return {};
  return projections::customer_of_subject(store.journal.database(), *visit.subject).value_or(LookupKey{});
}

Result<std::vector<AnsweredLine>, CommandRefusal> decide_lines(StoreContext& store, Evidence& evidence,
                                                               const Visit& visit, const FactsOf& facts_of) {
  Answerer answerer(store, evidence, visit, facts_of);
  std::vector<AnsweredLine> lines;
  for (const ReturnAsk& ask : visit.lines) {
    auto line = answerer.answer(ask);
    if (!line.ok()) return failure(line.error());
    lines.push_back(std::move(line).value());
  }
  return lines;
}

namespace {

/// The goods stay where they are, whatever the checklist says: what is recalled is neither sold again nor thrown
/// away.
void hold_recalled(Looked& seen) {
  if (seen.inspection) seen.inspection->disposition = Disposition::hold;
}

}  // namespace

Result<std::vector<AnsweredLine>, CommandRefusal> answer_lines(StoreContext& store, Evidence& evidence,
                                                               const Visit& visit) {
  if (visit.export_stamped) {
    return failure(
        CommandRefusal{"export_stamped", words("problem.export_stamped") + " " + words("help.export_stamped")});
  }
  const LineFacts common = visit_facts(store, visit);
  const LookupKey customer = customer_key(store, visit);
  std::map<std::uint32_t, Looked> looked;
  std::map<std::uint32_t, ports::Recall> recalls;
  const FactsOf facts_of = [&](const ReturnAsk& ask) -> Result<LineFacts, CommandRefusal> {
    LineFacts facts = common;
    add_article(store, ask.sku, facts);
    auto seen = look_at(store.policy, visit, ask, facts.category);
    if (!seen.ok()) return failure(seen.error());
    if (seen->inspection) facts.grade = seen->inspection->grade;
    looked[ask.line_no] = std::move(seen).value();
    Noticed noticed = notice(store, {visit.cashier, ask.order_id, customer, ask.sku, ask.serial, ask.order_line_no});
    if (noticed.recall) {
      hold_recalled(looked[ask.line_no]);
      recalls[ask.line_no] = std::move(*noticed.recall);
    }
    facts.alerts = std::move(noticed.alerts);
    add_started(store, visit, ask, facts);
    return facts;
  };
  auto lines = decide_lines(store, evidence, visit, facts_of);
  if (!lines.ok()) return lines;
  for (AnsweredLine& line : *lines) {
    line.checklist = looked[line.ask.line_no].checklist;
    line.inspection = looked[line.ask.line_no].inspection;
    if (const auto recall = recalls.find(line.ask.line_no); recall != recalls.end()) line.recall = recall->second;
  }
  if (!in_one_currency(evidence, *lines)) {
    return failure(
        CommandRefusal{"currencies_differ", "The goods were paid in two currencies; make two returns of them."});
  }
  authorise_lines(evidence, store.policy, *lines, claims_total(*lines));
  return lines;
}

}  // namespace retour::app
