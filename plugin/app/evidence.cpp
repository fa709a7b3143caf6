#include "plugin/app/evidence.hpp"

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/event_table.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/lowered.hpp"
#include "db/projections/readers.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::app {

namespace {

std::unique_ptr<EvidenceOrder> divided(Order order, Bytes packed, bool sold_here) {
  auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) {
    throw Error({.operation = "divide the money of order",
                 .object = order.number,
                 .cause = std::string(to_string(accounts.error())),
                 .consequence = "nothing of it can be refunded here; the source has to correct the order"});
  }
  const Hash256 hash = codec::sha256(packed);
  return std::make_unique<EvidenceOrder>(
      EvidenceOrder{std::move(order), std::move(accounts).value(), std::move(packed), hash, sold_here});
}

std::unique_ptr<EvidenceOrder> look_up(StoreContext& store, const OrderId& id) {
  // A sale of this store first: its evidence and its rights were born in one transaction.
  if (auto packed = packed_sale(store, id)) {
    Order order = codec::unpack_order(*packed);
    return divided(std::move(order), std::move(*packed), true);
  }
  if (auto stored = store.orders.get(id))
    return divided(std::move(stored->order), std::move(stored->evidence), false);
  return nullptr;
}

}  // namespace

std::optional<Bytes> packed_sale(StoreContext& store, const OrderId& id) {
  const auto seq = projections::seq_of_sale(store.journal.database(), id);
  if (!seq) return std::nullopt;
  const auto event = journal::read_event(store.journal.database(), store.journal.identity(), *seq);
  if (!event) return std::nullopt;
  auto body = codec::decode(event->kind, event->kind_version, event->body);
  if (!body) return std::nullopt;
  if (auto* sale = std::get_if<SaleRecorded>(&*body)) return std::move(sale->order);
  if (auto* credit = std::get_if<CreditIssued>(&*body)) return std::move(credit->order);
  return std::nullopt;
}

const EvidenceOrder* Evidence::find(const OrderId& id) {
  const auto known = m_orders.find(id);
  if (known != m_orders.end()) return known->second.get();
  auto found = look_up(m_store, id);
  if (found) found->lowered = projections::lowered_of(m_store.journal.database(), id);
  return m_orders.emplace(id, std::move(found)).first->second.get();
}

}  // namespace retour::app
