// Referrals: lines that a store could not answer by itself. The hub recalls what the rule would take, waits until the
// homes' journals are folded up to their answers, and then says yes or no for good. One customer's lines go one after
// another, in the order in which they were asked.
#include <algorithm>

#include "db/codec/order_codec.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/policy/decide_value.hpp"
#include "sync/hub/settling.hpp"

namespace retour::hub {

/// What the hub knows about the goods of one referral.
struct Hub::Knowledge {
  std::optional<NodeRow> home;  // the store whose journal has the last word on this customer's units
  std::vector<Lot> lots;        // `free`: units that nobody has claimed, wherever their right is
  std::map<OrderId, OrderRights> rights;
  std::map<OrderId, std::uint64_t> feed_seqs;  // of the orders of the home's catchment
  std::optional<DeliveryFacts> delivery;       // of a question about what a delivery cost
};

namespace {

bool can_be_used(const Holder& holder) {
  return holder.kind == HolderKind::hub || holder.kind == HolderKind::node || holder.kind == HolderKind::in_transfer;
}

void take_away(HeldRanges& free, const std::vector<UnitRange>& ranges) {
  for (const UnitRange& range : ranges) {
    for (const UnitRange& part : free.parts_of(range)) free.remove(part);
  }
}

/// Units that are not to be had, whoever holds them.
struct NotFree {
  const HeldRanges& promised;  // by an earlier answer
  const HeldRanges& missing;   // at the store that should have them
};

/// What of the line nobody has claimed and is to be had, whoever holds it.
std::vector<UnitRange> usable(const OrderRights& rights, std::uint32_t line_no, const NotFree& not_free) {
  HeldRanges free;
  for (const HeldRange& range : rights.ranges()) {
    if (range.units.line_no == line_no && can_be_used(range.holder)) free.add(range.units);
  }
  take_away(free, not_free.promised.of_line(line_no));
  take_away(free, not_free.missing.of_line(line_no));
  return free.ranges();
}

void add_lots(codec::OrderLots found, const OrderRights& rights, const NotFree& not_free, std::vector<Lot>& lots) {
  for (Lot& lot : found.lots) {
    lot.free = usable(rights, lot.line_no, not_free);
    lots.push_back(std::move(lot));
  }
}

/// The part of `taken` that each holder has.
std::map<Holder, std::vector<OrderUnits>> by_holder(const std::vector<OrderUnits>& taken,
                                                    const std::map<OrderId, OrderRights>& rights) {
  std::map<Holder, std::vector<OrderUnits>> parts;
  for (const OrderUnits& wanted : taken) {
    for (const HeldRange& range : rights.at(wanted.order_id).ranges()) {
      if (range.units.line_no != wanted.units.line_no) continue;
      const std::int64_t first = std::max(range.units.first, wanted.units.first);
      const std::int64_t end = std::min(range.units.end(), wanted.units.end());
      if (first < end) parts[range.holder].push_back({wanted.order_id, {wanted.units.line_no, first, end - first}});
    }
  }
  return parts;
}

const HeldRanges& ranges_of(const std::map<OrderId, HeldRanges>& orders, const OrderId& order) {
  static const HeldRanges none;
  const auto found = orders.find(order);
  return found == orders.end() ? none : found->second;
}

/// What came back of the order, as far as journals are folded: units that a store holds were not returned there, and
/// one that returned them without network asks itself when its journal comes.
DeliveryFacts delivery_facts(const Order& order, const OrderRights& rights, const ReturnCaseId& asking) {
  DeliveryFacts facts{.currency = order.currency, .goods_claimed = false, .whole_order = true};
  for (const HeldRange& range : rights.ranges()) {
    if (is_shipment_line(range.units.line_no)) continue;
    facts.goods_claimed |= range.holder == Holder::claimed(asking);
    facts.whole_order &= range.holder.kind == HolderKind::claimed || range.holder.kind == HolderKind::cancelled;
  }
  return facts;
}

/// A no that rests on units which a store should have and has not says so: nobody knows that they were returned.
void say_records_differ(Decision& decision) {
  if (decision.refusal != Refusal::already_returned && decision.refusal != Refusal::quantity_exceeds_returnable)
    return;
  decision.refusal = Refusal::quantity_exceeds_returnable;
  decision.trace.rule = "records";
  decision.trace.would_change = "records_agree";
}

}  // namespace

bool Hub::settle() {
  if (m_questions.is_known() && !m_questions.due()) return false;
  Settling settling(*this);
  const bool changed = settle_open();
  settling.end(changed);
  return changed || m_questions.due();
}

bool Hub::settle_open() {
  know_questions();
  bool changed = false;
  for (std::size_t looks = 0; looks < settle_looks_max; ++looks) {
    const std::optional<ReferralId> next = m_questions.next();
    if (!next) break;
    if (const auto referral = m_parts.store.referral(*next)) changed |= settle_one(*referral);
  }
  return changed;
}

void Hub::know_questions() {
  if (m_questions.is_known()) return;
  const std::vector<ReferralRow> referrals = m_parts.store.referrals();
  m_questions.begin(referrals);
  m_promised.clear();
  for (const ReferralRow& referral : referrals) promise(referral);
}

void Hub::take_question(const ReferralRow& referral) {
  m_parts.store.put_referral(referral);
  m_questions.add(referral);
}

/// A node has answered a recall: its journal is folded up to there.
void Hub::take_answer(const EventEnvelope& answer, const RecallRow& recall) {
  std::optional<ReferralRow> referral = m_parts.store.referral(recall.referral_id);
  if (!referral || referral->recalls_out == 0) return;
  note_missing(answer, recall);
  --referral->recalls_out;
  ++referral->recalls_in;
  m_parts.store.put_referral(*referral);
  m_questions.touch(recall.referral_id);
}

/// The store that asked has the answer in its case, or wants none any more.
void Hub::end_question(const ReferralRow& referral) {
  m_parts.store.drop_referral(referral.referral_id);
  release_promise(referral);
  m_questions.remove(referral.referral_id);
  m_asked.erase(referral.referral_id);
  m_missing.erase(referral.referral_id);
  m_told_pending.erase(referral.referral_id);
}

/// Units of a yes that the asking node has not claimed yet are no longer anybody else's.
void Hub::promise(const ReferralRow& decided) {
  if (!decided.decided || decided.decided->answer.decision.verdict != Verdict::approved) return;
  for (const OrderUnits& part : decided.decided->answer.decision.taken) m_promised[part.order_id].add(part.units);
}

void Hub::release_promise(const ReferralRow& decided) {
  if (!decided.decided || decided.decided->answer.decision.verdict != Verdict::approved) return;
  for (const OrderUnits& part : decided.decided->answer.decision.taken) {
    const auto promised = m_promised.find(part.order_id);
    if (promised == m_promised.end()) continue;
    take_away(promised->second, {part.units});
    if (promised->second.empty()) m_promised.erase(promised);
  }
}

bool Hub::settle_one(const ReferralRow& referral) {
  if (referral.recalls_out > 0) return await_answers(referral), false;
  const Knowledge knowledge = knowledge_of(referral);
  if (knowledge.home && !reachable(knowledge.home->node)) return wait_for(referral, knowledge.home->node), false;

  const Decision decision = decide(referral, knowledge);
  std::map<NodeId, std::vector<OrderUnits>> wanted;
  // Asked once at least, maybe for nothing: the answer stands behind all that the home did before.
  if (knowledge.home && referral.recalls_in == 0) wanted[knowledge.home->node];
  for (auto& [holder, parts] : by_holder(decision.taken, knowledge.rights)) {
    if (holder.kind == HolderKind::in_transfer) {
      // Its node will say that it arrived; then it can be asked.
      m_questions.wait(referral.referral_id, occasion(TransferId{holder.id}));
      return false;
    }
    if (holder.kind == HolderKind::node) wanted[NodeId{holder.id}] = std::move(parts);
  }
  for (const auto& [node, parts] : wanted) {
    if (!reachable(node)) return wait_for(referral, node), false;
  }
  wanted.empty() ? conclude(referral, knowledge, decision) : ask(referral, wanted);
  return true;
}

void Hub::wait_for(const ReferralRow& referral, const NodeId& away) {
  m_questions.wait(referral.referral_id, occasion(away));
  tell_pending(referral);
}

/// A store that was asked for units may go away before it answers.
void Hub::await_answers(const ReferralRow& referral) {
  const auto asked = m_asked.find(referral.referral_id);
  if (asked == m_asked.end()) return;
  for (const auto& [node, items] : asked->second) {
    m_questions.wait(referral.referral_id, occasion(node));
    if (!reachable(node)) tell_pending(referral);
  }
}

Hub::Knowledge Hub::knowledge_of(const ReferralRow& referral) {
  HubStore& store = m_parts.store;
  const ReturnAsk& asked = referral.asked.ask;
  if (asks_for_delivery(asked)) return knowledge_of_delivery(referral);
  std::vector<OrderRow> orders;
  if (asked.order_id) {
    if (auto order = store.order(*asked.order_id)) orders.push_back(*std::move(order));
  } else if (!referral.customer.is_zero()) {
    orders = store.orders_of_customer(referral.customer);
  }
  Knowledge knowledge;
  for (const OrderRow& order : orders) {
    if (!knowledge.home && order.catchment != 0) {
      knowledge.home = store.node_of_catchment(order.catchment);
      // A place that no store has taken yet holds nothing and has done nothing: there is nobody to wait for.
      if (knowledge.home && knowledge.home->certificate_pem.empty()) knowledge.home.reset();
    }
    const std::optional<OrderRights> rights = store.rights(order.order_id);
    if (!rights) continue;
    codec::OrderLots found = codec::unpack_lots(order.evidence, asked.sku, nullptr, asked.serial);
    if (asked.order_id) std::erase_if(found.lots, [&](const Lot& lot) { return lot.line_no != asked.order_line_no; });
    if (found.lots.empty()) continue;
    add_lots(std::move(found), *rights,
             {ranges_of(m_promised, order.order_id), missing_of(referral.referral_id, order.order_id)},
             knowledge.lots);
    knowledge.rights.emplace(order.order_id, *rights);
    if (knowledge.home && order.catchment == knowledge.home->catchment)
      knowledge.feed_seqs[order.order_id] = order.feed_seq;
  }
  return knowledge;
}

/// Nobody's journal has to be waited for. The right is here, unless a reversal left it with a store.
Hub::Knowledge Hub::knowledge_of_delivery(const ReferralRow& referral) {
  const ReturnAsk& asked = referral.asked.ask;
  const std::optional<OrderRow> row = m_parts.store.order(*asked.order_id);
  const std::optional<OrderRights> rights = m_parts.store.rights(*asked.order_id);
  Knowledge knowledge{.home = {}, .lots = {}, .rights = {}, .feed_seqs = {}, .delivery = DeliveryFacts{}};
  if (!row || !rights) return knowledge;
  const Order order = codec::unpack_order(row->evidence);
  for (const Shipment& shipment : order.shipments) {
    if (line_of_shipment(shipment.shipment_no) != asked.order_line_no) continue;
    Lot lot = lot_of_shipment(order, shipment);
    lot.free =
        usable(*rights, lot.line_no, {ranges_of(m_promised, order.id), missing_of(referral.referral_id, order.id)});
    knowledge.lots.push_back(std::move(lot));
  }
  knowledge.delivery = delivery_facts(order, *rights, referral.asked.case_id);
  knowledge.rights.emplace(order.id, *rights);
  return knowledge;
}

Decision Hub::decide(const ReferralRow& referral, const Knowledge& knowledge) {
  const ReturnAsk& asked = referral.asked.ask;
  DecisionFacts facts{.has_customer = referral.asked.subject.has_value(),
                      .lots = knowledge.lots,
                      .final_word = true,
                      .feed_position = m_parts.store.order_count(),
                      .asked_at_ms = referral.asked_at_ms,
                      .business_date = referral.asked.business_date,
                      .line = referral.asked.local.trace.facts};
  facts.line.delivery = knowledge.delivery;
  // A store refers value on paper only to spend it on goods: to any other ask it says no itself.
  Decision decision = knowledge.delivery                  ? decide_delivery(asked, facts, m_parts.policy)
                      : asks_for_value(asked, facts.lots) ? decide_value(asked, facts, m_parts.policy)
                                                          : decide_line(asked, facts, m_parts.policy);
  if (decision.verdict == Verdict::approved) decision.assurance = Assurance::confirmed;
  if (m_missing.contains(referral.referral_id)) say_records_differ(decision);
  return decision;
}

/// A store gave back less than the ledger has at it. It may have paid for the rest and lost the event: those units
/// stay where they are, this question is answered without them, and people see it.
void Hub::note_missing(const EventEnvelope& answer, const RecallRow& recall) {
  const auto asked = m_asked.find(recall.referral_id);
  if (asked == m_asked.end()) return;
  const auto items = asked->second.extract(recall.node);
  if (items.empty()) return;
  for (const OrderUnits& part : items.mapped()) {
    const std::optional<OrderRights> rights = m_parts.store.rights(part.order_id);
    if (!rights) continue;
    for (const UnitRange& units : rights->held_by(Holder::node(recall.node), part.units)) {
      m_missing[recall.referral_id][part.order_id].add(units);
      m_parts.store.put_anomaly({answer.node_id, answer.epoch, answer.seq,
                                 "was asked to give back units " + std::to_string(units.first) + " to " +
                                     std::to_string(units.end() - 1) + " of order " + part.order_id.to_string() +
                                     " line " + std::to_string(units.line_no) +
                                     ", which it should hold, and did not; nobody else is paid for them"});
    }
  }
}

const HeldRanges& Hub::missing_of(const ReferralId& referral, const OrderId& order) const {
  static const std::map<OrderId, HeldRanges> none;
  const auto missing = m_missing.find(referral);
  return ranges_of(missing == m_missing.end() ? none : missing->second, order);
}

void Hub::ask(const ReferralRow& referral, const std::map<NodeId, std::vector<OrderUnits>>& wanted) {
  ReferralRow asked = referral;
  for (const auto& [node, items] : wanted) {
    const RecallIssued recall{m_parts.ids.make<TransferId>(), node, items};
    m_parts.store.record(CommandId{recall.recall_id.bytes}, recall);
    m_parts.store.put_recall({recall.recall_id, referral.referral_id, node});
    m_parts.store.put_outgoing(node, {Lane::recall, MessageId{recall.recall_id.bytes}, recall});
    m_news.nodes.insert(node);
    m_asked[referral.referral_id][node] = items;
    ++asked.recalls_out;
  }
  m_parts.store.put_referral(asked);
  await_answers(asked);
}

void Hub::conclude(const ReferralRow& referral, const Knowledge& knowledge, Decision decision) {
  HubStore& store = m_parts.store;
  ReferralDecided decided{.node = referral.node,
                          .answer = {.referral_id = referral.referral_id,
                                     .case_id = referral.asked.case_id,
                                     .line_no = referral.asked.ask.line_no,
                                     .decision = std::move(decision)},
                          .settled_no = store.next_decision_no()};
  if (decided.answer.decision.verdict == Verdict::approved) {
    decided.answer.transfer_id = grant(referral.node, decided.answer.decision.taken);
  }
  store.record(m_parts.ids.make<CommandId>(), decided);
  store.put_outgoing(referral.node, {Lane::decision, MessageId{referral.referral_id.bytes}, decided.answer});
  ReferralRow row = referral;
  row.decided = decided;
  store.put_referral(row);
  promise(row);
  m_questions.remove(referral.referral_id);
  m_told_pending.erase(referral.referral_id);
  m_asked.erase(referral.referral_id);
  m_missing.erase(referral.referral_id);
  m_news.nodes.insert(referral.node);
  place_leftovers(knowledge);
}

// Units that were recalled and not needed in the end go home again.
void Hub::place_leftovers(const Knowledge& knowledge) {
  if (!knowledge.home) return;
  std::vector<OrderUnits> items;
  for (const auto& [order_id, feed_seq] : knowledge.feed_seqs) {
    if (feed_seq > knowledge.home->granted_seq) continue;  // was never placed: comes with its own turn
    for (const UnitRange& units : m_parts.store.rights(order_id)->held_by(Holder::hub())) {
      if (!is_shipment_line(units.line_no)) items.push_back({order_id, units});
    }
  }
  if (!items.empty()) grant(knowledge.home->node, std::move(items));
}

void Hub::tell_pending(const ReferralRow& referral) {
  if (!m_told_pending.insert(referral.referral_id).second) return;
  m_pending[referral.node].push_back(referral.referral_id);
  m_news.nodes.insert(referral.node);
}

OpenReferrals Hub::open_referrals(std::size_t max) {
  const View view(m_parts.store);
  OpenReferrals open{.count = m_parts.store.open_referral_count()};
  for (ReferralRow& row : m_parts.store.open_referrals(max)) {
    const Knowledge knowledge = knowledge_of(row);
    std::optional<NodeId> waits_for;
    if (knowledge.home && !reachable(knowledge.home->node)) waits_for = knowledge.home->node;
    open.oldest.push_back({std::move(row), waits_for});
  }
  return open;
}

}  // namespace retour::hub
