#pragma once
// An Order is what a source system says was sold: evidence, read whole, never edited by us.
// Personal data never stands here: `subject` points at it (docs/architecture.md, "People").

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "plugin/core/money/money.hpp"
#include "plugin/core/time/time.hpp"

namespace retour {

enum class SaleChannel : std::uint8_t {
  online = 1,
  store = 2,
  phone = 3,
  marketplace = 4,
  value = 5,  // no goods: a store credit or a budget, whose units are minor units (docs/money.md, "Value accounts")
};
enum class TaxMode : std::uint8_t {
  included = 1,
  added = 2
};  // how the source shows prices; amounts below are split
enum class TenderKind : std::uint8_t {
  cash = 1,
  card = 2,
  gift_card = 3,
  store_credit = 4,
  voucher = 5,
  wallet = 6,
  bank_transfer = 7
};

std::string_view to_string(SaleChannel);  // "online", ...: stable codes, the same in JSON
std::string_view to_string(TenderKind);
std::optional<SaleChannel> parse_channel(std::string_view);  // of goods: never `value`
std::optional<TenderKind> parse_tender_kind(std::string_view);

struct TaxAmount {
  Decimal rate_percent;  // "19", "5.5"; normalized
  Minor minor = 0;
  friend bool operator==(const TaxAmount&, const TaxAmount&) = default;
};

struct OrderLine {
  std::uint32_t line_no = 0;  // from 1, never re-used in later versions of the order
  std::string sku;            // the retailer's own code, byte for byte
  std::string gtin;           // 14 digits with valid check digit, or empty
  std::string description;
  std::int64_t quantity = 0;     // units, 1 .. quantity_max
  Decimal unit_price;            // as the source shows it; evidence only, money begins at the line total
  Minor net_minor = 0;           // after the line's own discounts, without tax
  std::vector<TaxAmount> taxes;  // one entry a rate, rates distinct, in the source's order
  Minor discount_minor = 0;      // already taken off the amounts above; told to people, never subtracted again
  // Most lines have none of the following.
  std::string seller;                // on a marketplace; empty: the retailer
  bool confirmed_final = false;      // the buyer confirmed at purchase that these goods do not come back
  std::uint32_t shipment_no = 0;     // parcel that brought the line; 0: not known
  std::vector<std::string> serials;  // of unit 0, 1, ...; empty: goods without, else one a unit, all different
  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};
inline constexpr std::int64_t quantity_max = 1'000'000'000;  // units on a line
inline constexpr std::size_t serials_max = 1'000;            // on a line; more are not told apart by hand
inline constexpr std::size_t tax_rates_max = 16;  // rates on one line: state, county, city and district taxes fit

enum class AdjustmentKind : std::uint8_t {
  discount = 1,         // lowers: what is left at order level after the lines' own discounts
  source_rounding = 2,  // raises or lowers: the parts of the source do not sum; named, never silent
};

/// An amount at order level that the division spreads over the lines.
struct OrderAdjustment {
  AdjustmentKind kind = AdjustmentKind::discount;
  bool lowers = true;
  std::string label;
  Minor net_minor = 0;
  std::vector<TaxAmount> taxes;
  std::vector<std::uint32_t> line_nos;  // divided over these lines only, ascending: a bundle; empty: over all
  friend bool operator==(const OrderAdjustment&, const OrderAdjustment&) = default;
};

struct Shipment {
  std::uint32_t shipment_no = 0;  // from 1
  std::string label;
  Minor net_minor = 0;
  std::vector<TaxAmount> taxes;
  std::optional<CivilDate> delivered_on;
  friend bool operator==(const Shipment&, const Shipment&) = default;
};

struct Tender {
  std::uint32_t tender_no = 0;  // from 1; the order of use for refunds unless the retailer configures another
  TenderKind kind = TenderKind::card;
  std::string reference;  // the provider's reference of the payment; never a card number
  Minor paid_minor = 0;
  friend bool operator==(const Tender&, const Tender&) = default;
};

/// Points of a loyalty scheme. They follow the money: a unit's share of them is divided like what was paid for it.
struct Loyalty {
  std::int64_t points_earned = 0;  // by buying; taken back with the goods
  std::int64_t points_spent = 0;   // on a discount; given back with the goods
  friend bool operator==(const Loyalty&, const Loyalty&) = default;
};
inline constexpr std::int64_t points_max = 1'000'000'000;  // of either, an order

struct Order {
  OrderId id;
  std::string authority;  // who numbers these orders: "web", or a store's node for its own sales
  std::string number;     // as printed on the receipt
  std::uint32_t version = 1;
  std::uint8_t division = 1;  // number of the rule that divides this order over its units; kept for ever
  SaleChannel channel = SaleChannel::online;
  TaxMode tax_mode = TaxMode::included;
  Currency currency;
  std::int64_t sold_at_ms = 0;  // since 1970, as the source says
  CivilDate sold_on;
  std::optional<CivilDate> delivered_on;
  std::optional<SubjectId> subject;
  std::vector<OrderLine> lines;
  std::vector<OrderAdjustment> adjustments;
  std::vector<Shipment> shipments;
  std::vector<Tender> tenders;
  Loyalty loyalty;
  friend bool operator==(const Order&, const Order&) = default;
};

/// Net and tax of the line together: what the customer paid for it before order-level adjustments.
Minor line_total(const OrderLine& line);
/// Lines and shipments, raised and lowered by the adjustments: what the tenders must sum to.
/// Both totals take an order that nobody has checked yet: what does not fit is cut off at the ends of int64, outside
/// [0, minor_max], so that the division refuses it.
Minor order_total(const Order& order);

/// When the parcel that brought the line arrived; empty when that is not known.
std::optional<CivilDate> delivered_on(const Order& order, const OrderLine& line);

/// The unit of the line that has this serial number; empty when none has.
std::optional<std::int64_t> unit_of_serial(const OrderLine& line, std::string_view serial);

/// When the last parcel of the order arrived; empty while that of one parcel is not known.
std::optional<CivilDate> last_delivered_on(const Order& order);

/// Null when the order has no such line.
const OrderLine* find_line(const Order& order, std::uint32_t line_no);

}  // namespace retour
