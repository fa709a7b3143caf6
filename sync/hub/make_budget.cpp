#include "sync/hub/make_budget.hpp"

#include "db/codec/budget_key.hpp"
#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "plugin/core/order/exposure_budget.hpp"

namespace retour::hub {

namespace {

Order order_of(const NewBudget& wanted, const std::string& number, std::int64_t now_ms) {
  return budget_order({.id = codec::derive_order_id(std::string(budget_authority), number),
                       .number = number,
                       .currency = wanted.currency,
                       .minor = wanted.minor,
                       .made_at_ms = now_ms,
                       .made_on = CivilDate::of_ms(now_ms)});
}

}  // namespace

Result<MadeBudget, protocol::ErrorReply> make_budget(HubStore& store, ports::Ids& ids, const NewBudget& wanted,
                                                     std::int64_t now_ms) {
  Work work(store, now_ms);
  const std::optional<NodeRow> node = store.node_named(wanted.store);
  if (!node || node->revoked) {
    return failure(
        protocol::ErrorReply{"store_unknown", "no store \"" + wanted.store + "\" is here that may have one"});
  }
  const LookupKey holder = codec::budget_key(node->node);
  const std::size_t made_before = store.orders_of_customer(holder).size();
  const Order order =
      order_of(wanted, "budget-" + node->node.to_string() + "-" + std::to_string(made_before + 1), now_ms);
  const OrderRow row{.order_id = order.id,
                     .version = order.version,
                     .number = order.number,
                     .catchment = node->catchment,
                     .feed_seq = store.feed_head(node->catchment) + 1,
                     .day = order.sold_on,
                     .customer = holder,
                     .evidence = codec::pack_order(order)};
  store.record(ids.make<CommandId>(), BudgetCreated{node->node, order.id, row.evidence, wanted.by});
  store.insert_order(row);
  const OrderRights::Line line{1, wanted.minor};
  store.put_rights(order.id, OrderRights::mint({&line, 1}, Holder::hub()));
  work.commit();
  return MadeBudget{order.id, order.number};
}

}  // namespace retour::hub
