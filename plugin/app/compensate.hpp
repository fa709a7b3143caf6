#pragma once
// Money for goods that the customer keeps: taken off the accounts of her units by this store, which holds their right
// and keeps it. A later return, anywhere, gives back exactly the rest. Rules: docs/policy.md, "Compensation".

#include "plugin/app/return_outcome.hpp"
#include "plugin/app/verify_approver.hpp"

namespace retour::app {

/// Who agrees to an amount that the cashier may not give alone.
struct CompensationApproval {
  Credential by;
  std::string reason;  // a code or short words
};

struct Compensate {
  CommandId command_id;  // made by the caller before the first try
  std::string till;
  std::string cashier;       // staff code
  std::string reference;     // of the document the customer brought; may be empty
  std::string customer_ref;  // may be empty: the order says whose units they are
  BusinessDate business_date;
  OrderId order_id;
  std::uint32_t order_line_no = 0;
  std::int64_t quantity = 1;  // units that it is for
  ReturnReason reason = ReturnReason::unspecified;
  std::optional<Minor> amount_minor;    // for all of them together; this one or `share`
  std::optional<BasisPoints> share;     // of what they cost, cut off to whole minor units
  std::optional<TenderKind> refund_as;  // empty: the tenders that paid, as for a return
  std::optional<CompensationApproval> approval;
};

/// A case of its own: `line_answered`, approved with the units, `units_lowered`, the refund and its legs. Refused by
/// name: `order_unknown`, `order_line_unknown`, `quantity_invalid`, `rights_elsewhere` (this store does not hold the
/// right of so many units), `amount_invalid`, `compensation_not_given`, `compensation_too_high`, `approval_needed`
/// (which says of whom), and what verify_approver refuses. Of alike units those come first of which nothing was taken
/// yet. The same command again gives the same outcome.
Result<ReturnOutcome, CommandRefusal> compensate(StoreContext& store, const Compensate& command);

}  // namespace retour::app
