// What the hub learns from one event of a node. Each event is folded once, in the transaction that stores it.
#include <algorithm>

#include "db/codec/budget_key.hpp"
#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "plugin/core/order/value_account.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "sync/hub/counted_returns.hpp"
#include "sync/hub/hub.hpp"
#include "sync/hub/started_return.hpp"

namespace retour::hub {

namespace {

constexpr std::int64_t asked_at_ms_max = std::int64_t{1} << 47;  // the year 6429: dates of later times do not fit

}  // namespace

struct Fold {
  Hub& hub;
  const EventEnvelope& event;
  const protocol::PushRequest& request;

  HubStore& store() const { return hub.m_parts.store; }
  const NodeId& node() const { return event.node_id; }

  // ---- rights
  void operator()(const RightsReceived& received) const {
    // A grant that is not waiting was received before: nothing moves twice.
    if (!store().drop_outgoing(node(), Lane::grant, MessageId{received.transfer_id.bytes})) return;
    hub.m_news.nodes.insert(node());  // there is room for the next
    hub.m_questions.touch(occasion(received.transfer_id));
    for (const OrderUnits& part : received.items) {
      hub.move_rights(event, part, Holder::in_transfer(received.transfer_id), Holder::node(node()));
    }
  }
  void operator()(const RightsReleased& released) const {
    store().drop_outgoing(node(), Lane::recall, MessageId{released.recall_id.bytes});
    for (const OrderUnits& part : released.items) hub.move_rights(event, part, Holder::node(node()), Holder::hub());
    const std::optional<RecallRow> recall = store().take_recall(released.recall_id);
    if (!recall) return;
    if (recall->node != node()) {
      store().put_recall(*recall);
      return contradiction("answers a recall that went to another store");
    }
    hub.take_answer(event, *recall);
  }
  void operator()(const UnitsClaimed& claimed) const {
    for (const Claim& claim : claimed.claims) {
      hub.move_rights(event, {claim.order_id, claim.units}, Holder::node(node()), Holder::claimed(claimed.case_id));
      use_up_started(hub, claim.order_id, claim.units.line_no, hub.m_parts.clock.now_ms());
    }
    if (is_paid_from_budget(claimed)) count_no_receipt(hub, node(), claimed.case_id);
  }
  bool is_paid_from_budget(const UnitsClaimed& claimed) const {
    if (claimed.assurance != Assurance::provisional) return false;
    const auto is_of_budget = [&](const Claim& claim) {
      const std::optional<OrderRow> order = store().order(claim.order_id);
      return order && order->customer == codec::budget_key(node());
    };
    return std::any_of(claimed.claims.begin(), claimed.claims.end(), is_of_budget);
  }
  /// Only who holds the right may take something off an account.
  void operator()(const UnitsLowered& lowered) const {
    for (const LoweredUnits& one : lowered.lowered) {
      const std::optional<OrderRights> rights = store().rights(one.units.order_id);
      const std::vector<UnitRange> whole{one.units.units};
      if (!rights || !is_well_formed(one.units.units) ||
          rights->held_by(Holder::node(node()), one.units.units) != whole)
        return contradiction("takes money off units whose right it does not hold");
    }
    store().add_lowered(lowered.lowered);
  }
  void operator()(const SaleRecorded& sale) const { hub.take_sale(event, sale, request); }
  /// Value given on paper enters like a sale of the store; no stock moves.
  void operator()(const CreditIssued& credit) const {
    hub.take_sale(event, {.order = credit.order, .order_id = credit.order_id, .till = {}}, request);
  }

  // ---- questions
  void operator()(const LineReferred& asked) const {
    if (store().referral(asked.referral_id))
      return contradiction("a question under an id that is in use; the first stays");
    ReferralRow row{.referral_id = asked.referral_id,
                    .node = node(),
                    .asked_at_ms = std::clamp<std::int64_t>(asked.asked_at_ms, 0, asked_at_ms_max),
                    .asked = asked};
    if (asked.subject) row.customer = store().customer_of(*asked.subject).value_or(LookupKey{});
    hub.take_question(row);
  }
  void operator()(const ReferralAnswered& answered) const {
    store().drop_outgoing(node(), Lane::decision, MessageId{answered.referral_id.bytes});
  }
  void operator()(const LineSettled& settled) const {
    const std::optional<ReferralRow> referral = store().referral(settled.referral_id);
    if (!referral) return;
    if (referral->node != node()) return contradiction("settles a question of another store");
    store().drop_outgoing(node(), Lane::decision, MessageId{settled.referral_id.bytes});
    hub.end_question(*referral);
  }

  /// The customer does not wait any longer. Rights that were granted meanwhile stay at the node.
  void operator()(const LineWithdrawn& withdrawn) const {
    const std::optional<ReferralRow> referral = store().referral_of(withdrawn.case_id, withdrawn.line_no);
    if (!referral) return;  // the line waited for a person
    if (referral->node != node()) return contradiction("withdraws a question of another store");
    store().drop_outgoing(node(), Lane::decision, MessageId{referral->referral_id.bytes});
    hub.end_question(*referral);
  }

  // ---- goods and money
  void operator()(const GoodsReceived& goods) const { move_goods(goods.sku, goods.bucket, goods.quantity, 1); }
  void operator()(const GoodsHandedBack& goods) const { move_goods(goods.sku, goods.bucket, goods.quantity, -1); }
  void operator()(const StockMoved& moved) const { move_goods(moved.sku, moved.bucket, moved.quantity, 1); }
  /// A number that no line can have would spoil the level for ever.
  void move_goods(const std::string& sku, Bucket bucket, std::int64_t quantity, std::int64_t sign) const {
    if (quantity < -quantity_max || quantity > quantity_max) return contradiction("a quantity that is out of range");
    store().move_stock(node(), sku, bucket, sign * quantity);
  }
  void operator()(const RefundPlanned& plan) const {
    if (plan.total_minor > 0) store().add_refunded(node(), plan.currency.name(), plan.total_minor);
    count_given(hub, node(), plan.case_id, plan.total_minor);
  }

  void operator()(const LegRerouted& rerouted) const {
    if (rerouted.rounding_minor != 0 &&
        !store().add_refunded(node(), rerouted.currency.name(), rerouted.rounding_minor))
      contradiction("takes back more money than this store has given");
    count_given(hub, node(), rerouted.case_id, rerouted.rounding_minor);
  }

  void operator()(const CaseVoided& voided) const { undo(voided); }
  void operator()(const RefundReversed& reversed) const { undo(reversed); }
  template <class Undone>
  void undo(const Undone& undone) const {
    for (const OrderUnits& part : undone.items) {
      hub.move_rights(event, part, Holder::claimed(undone.case_id), Holder::node(node()));
    }
    if (undone.total_minor > 0 && !store().add_refunded(node(), undone.currency.name(), -undone.total_minor))
      contradiction("takes back more money than this store has given");
    count_undone(hub, node(), undone.case_id, undone.total_minor);
  }
  void operator()(const CaseOpened& opened) const {
    count_visit(hub, node(), opened, CivilDate::of_ms(hub.m_parts.clock.now_ms()));
  }

  // ---- kept in the journal, nothing to fold
  void operator()(const OrderAttached&) const {}
  void operator()(const LineAnswered&) const {}
  void operator()(const LineDeferred&) const {}
  void operator()(const RefundLegStarted&) const {}
  void operator()(const RefundLegEnded&) const {}
  void operator()(const CaseClosed&) const {}
  void operator()(const ItemInspected&) const {}
  void operator()(const OverrideGiven&) const {}
  void operator()(const PolicyAdopted&) const {}
  void operator()(const TradeInTaken&) const {}
  void operator()(const FiscalSigned&) const {}
  void operator()(const RepairStarted&) const {}
  void operator()(const RepairEnded&) const {}

  // ---- the hub's own kinds mean nothing in a node's journal
  void operator()(const NodeEnrolled&) const { foreign(); }
  void operator()(const RightsGranted&) const { foreign(); }
  void operator()(const RecallIssued&) const { foreign(); }
  void operator()(const ReferralDecided&) const { foreign(); }
  void operator()(const BudgetCreated&) const { foreign(); }
  void operator()(const ReturnStarted&) const { foreign(); }
  void operator()(const ReturnStartedEnded&) const { foreign(); }
  void foreign() const { contradiction("an event of the hub's kind " + event.kind + " in a store's journal"); }
  void contradiction(const std::string& what) const {
    store().put_anomaly({node(), event.epoch, event.seq, what + "; not folded"});
  }
};

void Hub::fold(const EventEnvelope& event, const protocol::PushRequest& request) {
  try {
    // A kind that this hub does not know is kept and forwarded untouched.
    if (const auto body = codec::decode(event.kind, event.kind_version, event.body))
      std::visit(Fold{*this, event, request}, *body);
  } catch (const codec::MalformedBody& error) {
    m_parts.store.put_anomaly(
        {event.node_id, event.epoch, event.seq, std::string("cannot be read and was not folded: ") + error.what()});
  }
}

/// Moves what really has the holder; the rest contradicts the hub's knowledge and is shown to people.
void Hub::move_rights(const EventEnvelope& event, const OrderUnits& part, const Holder& from, const Holder& to) {
  HubStore& store = m_parts.store;
  std::optional<OrderRights> rights = store.rights(part.order_id);
  if (rights && rights->move(part.units, from, to).ok()) {
    store.put_rights(part.order_id, *rights);
    return;
  }
  store.put_anomaly({event.node_id, event.epoch, event.seq,
                     event.kind + " names units " + std::to_string(part.units.first) + " to " +
                         std::to_string(part.units.end() - 1) + " of order " + part.order_id.to_string() + " line " +
                         std::to_string(part.units.line_no) +
                         (rights ? ", which another holder has" : ", an order that is not here")});
}

void Hub::take_sale(const EventEnvelope& event, const SaleRecorded& sale, const protocol::PushRequest& request) {
  HubStore& store = m_parts.store;
  const Order order = codec::unpack_order(sale.order);
  const auto divided = OrderAccounts::divide(order);
  if (order.id != sale.order_id || order.version == 0 || !divided.ok()) {
    store.put_anomaly({event.node_id, event.epoch, event.seq,
                       "a sale that is not folded: " +
                           (divided.ok() ? std::string("its order has another id or no version")
                                         : "its money does not divide: " + std::string(to_string(divided.error())))});
    return;
  }
  if (const auto cause = too_large(order, sale.order)) {
    store.put_anomaly({event.node_id, event.epoch, event.seq, "a sale that is not folded: " + *cause});
    return;
  }
  const bool of_value = event.kind == "credit_issued";
  if (of_value ? !is_value_account(order) : order.channel == SaleChannel::value) {
    store.put_anomaly({event.node_id, event.epoch, event.seq,
                       event.kind + " that is not folded: goods and value on paper are told apart by their event"});
    return;
  }
  for (const OrderLine& line : order.lines) {
    if (!of_value) store.move_stock(event.node_id, line.sku, Bucket::sellable, -line.quantity);
  }
  OrderRow row{.order_id = sale.order_id,
               .version = order.version,
               .number = order.number,
               .day = order.sold_on,
               .evidence = sale.order};
  for (const protocol::SaleKeys& keys : request.sale_keys) {
    if (keys.order_id == sale.order_id) std::tie(row.customer, row.card) = std::pair(keys.customer, keys.card);
  }
  if (store.order(sale.order_id)) {
    store.put_anomaly({event.node_id, event.epoch, event.seq,
                       "a sale under an order number that is here already; the first stays"});
    store.quarantine_order(row, codec::sha256(row.evidence), "sold at a till under a number that was used");
    return;
  }
  row.catchment = store.node(event.node_id)->catchment;
  admit_order(std::move(row), order, Holder::node(event.node_id));
  m_news.orders = true;
}

}  // namespace retour::hub
