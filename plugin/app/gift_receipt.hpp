#pragma once
// A gift receipt: a paper without prices that names lines of an order. Whoever bears it may return the gift for its
// value as a gift card, or exchange it, and the buyer is told nothing. It is made from the order alone, so a store
// makes and takes one without network, and it claims nothing. Rule: docs/policy.md, "Gifts".

#include <string>
#include <vector>

#include "plugin/app/answer_lines.hpp"

namespace retour::app {

/// Units of an order line that were given away.
struct GiftLine {
  std::uint32_t order_line_no = 0;
  std::int64_t quantity = 0;
  friend bool operator==(const GiftLine&, const GiftLine&) = default;
};
inline constexpr std::size_t gift_lines_max = 10;        // of one paper: its QR stays below version 11
inline constexpr std::size_t gift_text_bytes_max = 311;  // what a QR of version 10 at level M holds

struct GiftReceipt {
  std::string qr_text;  // "RG1.<order id>.1X2-3X1.<seal>"
  std::string paper;
};

/// Why no gift receipt can name these units: `order_line_unknown`, `gift_quantity_invalid` (none, more than was sold,
/// a line twice, no line, or too many).
std::optional<CommandRefusal> not_to_give(const Order& order, const std::vector<GiftLine>& lines);

/// Refused by name: `order_unknown` (not in this store), and as `not_to_give`.
Result<GiftReceipt, CommandRefusal> make_gift_receipt(StoreContext& store, const OrderId& order_id,
                                                      const std::vector<GiftLine>& lines);

/// The visit of whoever bears the paper in `visit.gift_receipt`, which may be empty: its lines are of the order on
/// it, marked as gifts, the reason is `gift` unless another was said. Refused by name: `gift_receipt_unreadable`,
/// `gift_receipt_changed`, `gift_line_not_named` (not on this paper, or on one of several and not said which),
/// `gift_quantity_exceeded`.
Result<Visit, CommandRefusal> with_gift(const StoreContext& store, Visit visit);

}  // namespace retour::app
