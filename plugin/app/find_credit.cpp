#include "plugin/app/find_credit.hpp"

#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/credits.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/app/issue_credit.hpp"
#include "plugin/core/order/value_account.hpp"

namespace retour::app {

namespace {

Credit credit_of(StoreContext& store, Order order, bool issued_here) {
  sqlite::Database& database = store.journal.database();
  Credit credit{.order = std::move(order), .issued_here = issued_here};
  credit.issued_minor = credit.order.lines.front().quantity;
  const HeldRanges held = projections::held_ranges(database, credit.order.id);
  for (const UnitRange& units : held.ranges()) credit.left_here_minor += units.count;
  credit.spent_here_minor = projections::claimed_here(database, credit.order.id);
  credit.elsewhere_minor = credit.issued_minor - credit.left_here_minor - credit.spent_here_minor;
  return credit;
}

}  // namespace

std::optional<Credit> find_credit(StoreContext& store, std::string_view text) {
  const auto number = parse_credit_number(text);
  if (!number) return std::nullopt;
  for (const OrderId& id : projections::sales_of_number(store.journal.database(), *number)) {
    const auto packed = packed_sale(store, id);
    if (!packed) continue;
    Order order = codec::unpack_order(*packed);
    if (is_value_account(order)) return credit_of(store, std::move(order), true);
  }
  for (orders::StoredOrder& stored : store.orders.by_number(*number)) {
    if (is_value_account(stored.order)) return credit_of(store, std::move(stored.order), false);
  }
  return std::nullopt;
}

}  // namespace retour::app
