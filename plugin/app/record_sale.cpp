#include "plugin/app/record_sale.hpp"

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/app/issue_credit.hpp"
#include "plugin/app/open_case.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

/// The same sale again, the till's open fields aside: its time was filled in when it was recorded.
bool same_sale(Order asked, const Order& recorded) {
  if (asked.sold_at_ms == 0) asked.sold_at_ms = recorded.sold_at_ms;
  return codec::pack_order(asked) == codec::pack_order(recorded);
}

std::optional<OrderId> order_of_command(const std::vector<EventEnvelope>& events) {
  if (events.empty()) return std::nullopt;
  const auto body = codec::decode(events.front().kind, events.front().kind_version, events.front().body);
  if (!body || !std::holds_alternative<SaleRecorded>(*body)) return std::nullopt;
  return std::get<SaleRecorded>(*body).order_id;
}

/// A credit of ours is spent by an exchange, which uses its right up; a mere tender would leave it to be spent again.
std::optional<CommandRefusal> pays_by_credit(StoreContext& store, const Order& order) {
  for (const Tender& tender : order.tenders) {
    if (!parse_credit_number(tender.reference) || !find_credit(store, tender.reference)) continue;
    return CommandRefusal{"tender_is_credit", "Payment " + std::to_string(tender.tender_no) +
                                                  " names a credit of ours (" + tender.reference +
                                                  "); spend it with `credits` and `new_goods`."};
  }
  return std::nullopt;
}

}  // namespace

Result<SaleOutcome, CommandRefusal> record_sale(StoreContext& store, const SaleCommand& command) {
  Order order = command.order;
  order.authority = store.authority;
  order.id = codec::derive_order_id(order.authority, order.number);
  journal::Write write = store.journal.begin(store.clock.now_ms());
  order.subject = subject_of(store, command.customer_ref);

  if (write.recorded(command.command_id) && order_of_command(write.events_of(command.command_id)) != order.id) {
    return failure(CommandRefusal{"command_reused", "The command id was used before for something else."});
  }
  Evidence evidence(store);
  if (const EvidenceOrder* known = evidence.find(order.id)) {
    if (same_sale(order, known->order)) return SaleOutcome{order.id, true};
    const char* code = write.recorded(command.command_id) ? "command_reused" : "sale_number_reused";
    return failure(CommandRefusal{code, "Sale " + order.number + " was recorded before with other content."});
  }

  if (order.sold_at_ms == 0) order.sold_at_ms = store.clock.now_ms();
  const auto divided = OrderAccounts::divide(order);
  if (!divided.ok()) {
    return failure(CommandRefusal{
        "order_invalid", "The money of sale " + order.number +
                             " does not divide over its units: " + std::string(to_string(divided.error())) + "."});
  }
  if (const auto refused = pays_by_credit(store, order)) return failure(*refused);
  projections::insert_sale_key(store.journal.database(),
                               {.order_id = order.id,
                                .customer = codec::hmac_key(store.lookup_secret, command.customer_ref),
                                .card = codec::hmac_key(store.lookup_secret, command.card_ref)});
  const EventBody sold = SaleRecorded{codec::pack_order(order), order.id, command.till};
  record(write, command.command_id, std::span(&sold, 1));
  return SaleOutcome{order.id, false};
}

}  // namespace retour::app
