#pragma once
// A payment that cannot go its way: which ways the policy permits behind it, and what each of them pays.
// Rules with worked numbers: docs/policy.md, "Payments that fail".

#include <map>
#include <vector>

#include "plugin/core/refund/refund.hpp"
#include "plugin/core/refund/tender_policy.hpp"

namespace retour {

struct StuckPayment {
  PlannedLeg planned;
  Minor rounding_minor = 0;  // what coins had added to it: what is due is `pays_minor` less this
  Tender original;  // whose money it is: kind and reference; the leg's own kind when several tenders had paid
  Currency currency;
  std::map<TenderKind, Minor> paid_by;  // what goes by each tender in this case already, this leg left out
};

/// One way on, and how much it may take.
struct WayOn {
  TenderKind tender = TenderKind::cash;
  Minor room_minor = 0;  // minor_max: no cap
  friend bool operator==(const WayOn&, const WayOn&) = default;
};

/// The ways that the matrix names for the original tender behind the one that failed, as far as their caps leave
/// room; then the original tender, as when the plan was made; at the end store credit, which has no cap: there is no
/// dead end. Money that the terms of a decision had sent by another tender goes on as store credit alone. Empty only
/// for store credit that cannot be given: that is tried again.
std::vector<WayOn> ways_on(const StuckPayment& stuck, const PayoutRules& rules);

struct Rerouted {
  std::vector<PlannedLeg> legs;  // leg_no counts on from `last_leg_no`; none of nothing
  Minor rounding_minor = 0;      // what they pay more or less than the leg they stand for
  friend bool operator==(const Rerouted&, const Rerouted&) = default;
};

/// What is due, by the first of `ways` as far as its room goes and by those behind it for the rest.
/// @pre the last way has no cap.
Rerouted reroute(const StuckPayment& stuck, const std::vector<WayOn>& ways, std::uint32_t last_leg_no,
                 const PayoutRules& rules);

/// Whether so much cash is paid only to somebody who shows who she is.
bool asks_identity(const PlannedLeg& leg, const Currency& currency, const PayoutRules& rules);

/// The reference of a cash payment before which identity was shown: the kind of document and nothing else of it.
std::string identity_reference(const std::string& document);

}  // namespace retour
