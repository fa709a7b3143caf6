#pragma once
// Two orders that stand for many: a plain one of a shop, and one that uses every field.

#include "plugin/core/order/order.hpp"
#include "tests/support/sample_events.hpp"

namespace retour::samples {

/// `id` is derive_order_id("web", "536365"); spelled out, because samples know no digests.
inline Order plain_order() {
  Order order{.id = *OrderId::parse("1b7b7c2aa5ef5b8b0000000000000000"), .authority = "web", .number = "536365"};
  order.currency = {"GBP", 2};
  order.sold_at_ms = 1291191960000;
  order.sold_on = {14944};
  order.lines = {{.line_no = 1,
                  .sku = "85123A",
                  .description = "WHITE HANGING HEART T-LIGHT HOLDER",
                  .quantity = 6,
                  .unit_price = {255, 2},
                  .net_minor = 1530},
                 {.line_no = 2,
                  .sku = "71053",
                  .description = "WHITE METAL LANTERN",
                  .quantity = 1,
                  .unit_price = {339, 2},
                  .net_minor = 339}};
  order.tenders = {{.tender_no = 1, .kind = TenderKind::card, .reference = "psp-1", .paid_minor = 1869}};
  return order;
}

inline Order full_order() {
  Order order{.id = id<OrderId>(0x10), .authority = "store-7", .number = "S07-000451"};
  order.version = 3;
  order.division = 1;
  order.channel = SaleChannel::store;
  order.tax_mode = TaxMode::added;
  order.currency = {"EUR", 2};
  order.sold_at_ms = 1291191960123;
  order.sold_on = {14945};
  order.delivered_on = CivilDate{14950};
  order.subject = id<SubjectId>(0x70);
  order.lines = {{.line_no = 2,
                  .sku = "shirt",
                  .gtin = "04006381333931",
                  .description = "Shirt, blue",
                  .quantity = 3,
                  .unit_price = {19999, 3},
                  .net_minor = 5800,
                  .taxes = {{{19, 0}, 1102}, {{55, 1}, 1}},
                  .discount_minor = 200},
                 {.line_no = 5,
                  .sku = "book",
                  .gtin = "978",
                  .quantity = 80995,
                  .unit_price = {104, 2},
                  .net_minor = 8423480,
                  .taxes = {{{7, 0}, 589644}}}};
  order.adjustments = {{.kind = AdjustmentKind::discount,
                        .lowers = true,
                        .label = "WELCOME10",
                        .net_minor = 100,
                        .taxes = {{{19, 0}, 19}}},
                       {.kind = AdjustmentKind::source_rounding, .lowers = false, .label = "", .net_minor = 1}};
  order.shipments = {{.shipment_no = 1,
                      .label = "Parcel",
                      .net_minor = 495,
                      .taxes = {{{19, 0}, 94}},
                      .delivered_on = CivilDate{14950}}};
  order.tenders = {{.tender_no = 1, .kind = TenderKind::gift_card, .reference = "", .paid_minor = 2500},
                   {.tender_no = 4, .kind = TenderKind::card, .reference = "psp-2", .paid_minor = 9017998}};
  return order;
}

}  // namespace retour::samples
