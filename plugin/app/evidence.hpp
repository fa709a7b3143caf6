#pragma once
// The orders a visit rests on, each read and divided once: from the replica, else from the sales of this store.

#include <map>
#include <memory>

#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour::app {

struct EvidenceOrder {
  Order order;
  OrderAccounts accounts;
  Bytes packed;
  Hash256 hash;                            // SHA-256 of `packed`: claims name it
  bool sold_here = false;                  // a sale of this store
  std::vector<LoweredUnits> lowered = {};  // what was taken off its units, as far as this node knows
};

/// The packed evidence of a sale of this store, or of value given here on paper, as its event keeps it; empty for any
/// other order.
std::optional<Bytes> packed_sale(StoreContext& store, const OrderId& id);

class Evidence {
 public:
  explicit Evidence(StoreContext& store) : m_store(store) {}

  /// Null when this store has no evidence of the order. The pointer lives as long as this object.
  const EvidenceOrder* find(const OrderId& id);

 private:
  StoreContext& m_store;
  std::map<OrderId, std::unique_ptr<EvidenceOrder>> m_orders;  // null: looked for and not found
};

}  // namespace retour::app
