#pragma once
// The words of a decision: stable codes, the same in the journal, in SQL, in JSON and on screen. Numbers are stored
// and never re-used; a new word gets the next one.

#include <cstdint>
#include <optional>
#include <string_view>

namespace retour {

enum class Verdict : std::uint8_t { approved = 1, needs_manager = 2, deferred = 3, refused = 4 };
enum class Assurance : std::uint8_t { none = 0, held = 1, confirmed = 2, token = 3, provisional = 4 };

/// Why policy says no.
enum class Refusal : std::uint8_t {
  none = 0,
  quantity_invalid = 1,
  no_customer = 2,      // item named without order, and no customer given: nothing to match against
  not_merchandise = 3,  // fee, postage, voucher: never comes back over the counter
  no_purchase_found = 4,
  already_returned = 5,
  quantity_exceeds_returnable = 6,
  window_closed = 7,
  not_returnable = 8,          // custom-made, final sale, unsealed: an exclusion of the pack
  condition_not_accepted = 9,  // what inspection found
  serial_not_sold = 10,        // the serial number is none of this purchase
  declined_by_manager = 11,    // a person with authority said no
  serial_missing = 12,         // units of this purchase are told apart by serial number, and none was given
  withdrawn = 13,              // the customer changed her mind while she waited for the answer
  no_receipt_not_taken = 14,   // without a receipt nothing is taken back, or not so much
  remedy_not_owed = 15,        // another remedy for faulty goods comes first: repair before refund
  delivery_stays_paid = 16,    // no rule gives back what the delivery cost
};
inline constexpr Refusal refusal_last = Refusal::delivery_stays_paid;

/// Why the customer returns.
enum class ReturnReason : std::uint8_t {
  unspecified = 0,
  size = 1,
  quality = 2,
  not_as_described = 3,
  damaged_in_transit = 4,
  wrong_item = 5,
  late = 6,
  changed_mind = 7,
  gift = 8,
  recall = 9,
  other = 10
};

/// Who may say yes, in rising order.
enum class Role : std::uint8_t { cashier = 1, supervisor = 2, manager = 3, regional_manager = 4 };

/// What should make a cashier look up at the scan; rules of the pack say what follows.
enum class Alert : std::uint8_t {
  own_purchase = 1,    // of the one who serves, or of her family
  recalled = 2,        // the article, or this unit of it, is recalled
  return_started = 3,  // an item of this order is under a return that was started elsewhere
  under_repair = 4,    // the unit with this serial number is being repaired
};
inline constexpr Alert alert_last = Alert::under_repair;

/// What makes faulty goods good.
enum class Remedy : std::uint8_t { refund = 1, replacement = 2, repair = 3 };

std::string_view to_string(Alert);
std::string_view to_string(Remedy);
std::optional<Alert> parse_alert(std::string_view);
std::optional<Remedy> parse_remedy(std::string_view);
std::string_view to_string(Verdict);    // "approved", "needs_manager", ...
std::string_view to_string(Assurance);  // "held", ...; "none" for none
std::string_view to_string(Refusal);
std::string_view to_string(ReturnReason);
std::string_view to_string(Role);
std::optional<ReturnReason> parse_return_reason(std::string_view);
std::optional<Role> parse_role(std::string_view);

}  // namespace retour
