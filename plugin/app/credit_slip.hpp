#pragma once
// The paper of a credit: number, amount, and a text for a QR code with a seal that any store of the chain can check
// without network. The seal shows that the paper was not changed; what is left of the credit, and whether it may be
// spent here, say the rights alone. Form: docs/money.md, "Value accounts".

#include <optional>
#include <string>
#include <string_view>

#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::app {

/// What a slip says of itself, once its seal was found whole.
struct CreditSlip {
  std::string number;
  OrderId order_id;
  Currency currency;
  Minor minor = 0;
  NodeId node;  // whose journal issued it
  CivilDate given_on;
};

inline constexpr std::size_t slip_text_bytes_max =
    200;  // the longest has 150; a QR of version 8 at level M holds 221

/// "RC1.4F7K29QXM3RT.2500.EUR....": characters of a QR's alphanumeric mode only. @pre is_value_account(account)
std::string slip_qr_text(const StoreContext& store, const Order& account, const NodeId& issued_by);

enum class SlipFault : std::uint8_t {
  none = 0,
  unreadable = 1,  // no slip of ours, or cut off
  changed = 2,     // the seal is of other words
};
/// Whether the text begins like one of a slip.
bool looks_like_slip(std::string_view text);
/// Empty with the reason in `fault`.
std::optional<CreditSlip> read_slip(const StoreContext& store, std::string_view text, SlipFault& fault);

/// The paper to print for one credit. @pre is_value_account(account)
std::string credit_paper(const StoreContext& store, const Order& account, std::string qr_text);

}  // namespace retour::app
