// Referrals: lines that a store could not answer by itself. The hub recalls what the rule would take, waits until the
// homes' journals are folded up to their answers, and then says yes or no for good. One customer's lines go one after
// another, in the order in which they were asked.
#include <algorithm>

#include "db/codec/order_codec.hpp"
#include "sync/hub/hub.hpp"

namespace retour::hub {

/// What the hub knows about the goods of one referral.
struct Hub::Knowledge {
  std::optional<NodeRow> home;  // the store whose journal has the last word on this customer's units
  std::vector<Lot> lots;        // `free`: units that nobody has claimed, wherever their right is
  std::map<OrderId, OrderRights> rights;
  std::map<OrderId, std::uint64_t> feed_seqs;  // of the orders of the home's catchment
};

namespace {

bool can_be_used(const Holder& holder) {
  return holder.kind == HolderKind::hub || holder.kind == HolderKind::node || holder.kind == HolderKind::in_transfer;
}

/// What of the line nobody has claimed and no earlier answer has promised, whoever holds it.
std::vector<UnitRange> usable(const OrderRights& rights, std::uint32_t line_no, const HeldRanges& promised) {
  HeldRanges free;
  for (const HeldRange& range : rights.ranges()) {
    if (range.units.line_no == line_no && can_be_used(range.holder)) free.add(range.units);
  }
  for (const UnitRange& range : promised.of_line(line_no)) {
    for (const UnitRange& part : free.parts_of(range)) free.remove(part);
  }
  return free.ranges();
}

void add_lots(codec::OrderLots found, const OrderRights& rights, const HeldRanges& promised, std::vector<Lot>& lots) {
  for (Lot& lot : found.lots) {
    lot.free = usable(rights, lot.line_no, promised);
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

/// Referrals with one key wait for one another.
MessageId queue_of(const ReferralRow& referral) {
  if (!referral.customer.is_zero()) return MessageId{referral.customer.bytes};
  if (referral.asked.ask.order_id) return MessageId{referral.asked.ask.order_id->bytes};
  return MessageId{referral.referral_id.bytes};
}

}  // namespace

bool Hub::settle() {
  m_settle_due = true;  // also when a transaction that had looked was rolled back
  Work work(m_parts.store, m_parts.clock.now_ms());
  const bool changed = settle_open();
  if (changed) work.commit();
  return changed;
}

bool Hub::settle_open() {
  if (!m_settle_due) return false;
  bool changed = false;
  std::set<MessageId> waiting;
  const std::vector<ReferralRow> referrals = m_parts.store.referrals();
  m_promised.clear();
  for (const ReferralRow& referral : referrals) promise(referral.decided);
  for (const ReferralRow& referral : referrals) {
    if (referral.decided || waiting.contains(queue_of(referral))) continue;
    changed |= settle_one(referral);
    const auto now = m_parts.store.referral(referral.referral_id);
    promise(now->decided);
    if (!now->decided) waiting.insert(queue_of(referral));
  }
  m_settle_due = changed;
  return changed;
}

/// Units of a yes that the asking node has not claimed yet are no longer anybody else's.
void Hub::promise(const std::optional<ReferralDecided>& decided) {
  if (!decided || decided->answer.decision.verdict != Verdict::approved) return;
  for (const OrderUnits& part : decided->answer.decision.taken) m_promised[part.order_id].add(part.units);
}

bool Hub::settle_one(ReferralRow referral) {
  if (is_known_to_wait(referral)) return tell_pending(referral), false;
  if (referral.recalls_out > 0) return false;
  const Knowledge knowledge = knowledge_of(referral);
  if (knowledge.home && !reachable(knowledge.home->node)) {
    m_waits_for[referral.referral_id] = knowledge.home->node;
    return tell_pending(referral), false;
  }

  const Decision decision = decide(referral, knowledge);
  std::map<NodeId, std::vector<OrderUnits>> wanted;
  // Asked once at least, maybe for nothing: the answer stands behind all that the home did before.
  if (knowledge.home && referral.recalls_in == 0) wanted[knowledge.home->node];
  for (auto& [holder, parts] : by_holder(decision.taken, knowledge.rights)) {
    if (holder.kind == HolderKind::in_transfer)
      return false;  // its node will say that it arrived; then it can be asked
    if (holder.kind == HolderKind::node) wanted[NodeId{holder.id}] = std::move(parts);
  }
  for (const auto& [node, parts] : wanted) {
    if (!reachable(node)) return tell_pending(referral), false;
  }
  if (!wanted.empty()) return ask(referral, wanted);
  conclude(referral, knowledge, decision);
  return true;
}

/// Without reading the customer's orders: her home was away when they were read, and still is, or a store that was
/// asked for units went away before it answered.
bool Hub::is_known_to_wait(const ReferralRow& referral) {
  const auto away = [this](const NodeId& node) { return !reachable(node); };
  if (const auto home = m_waits_for.find(referral.referral_id); home != m_waits_for.end()) {
    if (away(home->second)) return true;
    m_waits_for.erase(home);
  }
  const auto asked = m_asked.find(referral.referral_id);
  return referral.recalls_out > 0 && asked != m_asked.end() &&
         std::any_of(asked->second.begin(), asked->second.end(), away);
}

Hub::Knowledge Hub::knowledge_of(const ReferralRow& referral) {
  HubStore& store = m_parts.store;
  const ReturnAsk& asked = referral.asked.ask;
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
    codec::OrderLots found = codec::unpack_lots(order.evidence, asked.sku);
    if (asked.order_id) std::erase_if(found.lots, [&](const Lot& lot) { return lot.line_no != asked.order_line_no; });
    if (found.lots.empty()) continue;
    add_lots(std::move(found), *rights, m_promised[order.order_id], knowledge.lots);
    knowledge.rights.emplace(order.order_id, *rights);
    if (knowledge.home && order.catchment == knowledge.home->catchment)
      knowledge.feed_seqs[order.order_id] = order.feed_seq;
  }
  return knowledge;
}

Decision Hub::decide(const ReferralRow& referral, const Knowledge& knowledge) {
  Decision decision = decide_line(referral.asked.ask,
                                  {.has_customer = referral.asked.subject.has_value(),
                                   .lots = knowledge.lots,
                                   .final_word = true,
                                   .feed_position = m_parts.store.order_count(),
                                   .asked_at_ms = referral.asked_at_ms,
                                   .business_date = referral.asked.business_date,
                                   .line = referral.asked.local.trace.facts},
                                  m_parts.policy);
  if (decision.verdict == Verdict::approved) decision.assurance = Assurance::confirmed;
  return decision;
}

bool Hub::ask(ReferralRow& referral, const std::map<NodeId, std::vector<OrderUnits>>& wanted) {
  for (const auto& [node, items] : wanted) {
    const RecallIssued recall{m_parts.ids.make<TransferId>(), node, items};
    m_parts.store.record(CommandId{recall.recall_id.bytes}, recall);
    m_parts.store.put_recall({recall.recall_id, referral.referral_id, node});
    m_parts.store.put_outgoing(node, {Lane::recall, MessageId{recall.recall_id.bytes}, recall});
    m_news.nodes.insert(node);
    m_asked[referral.referral_id].insert(node);
    ++referral.recalls_out;
  }
  m_parts.store.put_referral(referral);
  return true;
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
  m_told_pending.erase(referral.referral_id);
  m_asked.erase(referral.referral_id);
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

std::vector<OpenReferral> Hub::open_referrals() {
  Work work(m_parts.store, m_parts.clock.now_ms());
  std::vector<OpenReferral> open;
  for (ReferralRow& row : m_parts.store.referrals()) {
    if (row.decided) continue;
    const Knowledge knowledge = knowledge_of(row);
    std::optional<NodeId> waits_for;
    if (knowledge.home && !reachable(knowledge.home->node)) waits_for = knowledge.home->node;
    open.push_back({std::move(row), waits_for});
  }
  return open;
}

}  // namespace retour::hub
