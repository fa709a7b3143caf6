#pragma once
// A payment that failed, or was never asked for, goes another way: docs/policy.md, "Payments that fail".

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

/// Documents by which a customer may show who she is. Only this code is kept, no number and no name.
inline constexpr std::string_view identity_documents[] = {"id_card", "passport", "driving_licence",
                                                          "residence_permit"};

struct LegWay {
  TenderKind tender = TenderKind::cash;
  Minor pays_minor = 0;         // by this tender, in coins there are
  Minor rest_minor = 0;         // goes on by the ways behind it
  bool identity_first = false;  // somebody has to see a document before
  friend bool operator==(const LegWay&, const LegWay&) = default;
};
struct LegWays {
  CaseLeg leg;
  Currency currency;
  std::vector<LegWay>
      ways;  // in the order of the policy; empty: it can only be tried again, or the return called off
};
Result<LegWays, CommandRefusal> ways_of_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id);

struct RerouteLeg {
  CommandId command_id;
  ReturnCaseId case_id;
  LegId leg_id;
  TenderKind tender = TenderKind::cash;  // one of its ways
  std::string staff_code;
  std::string identity;  // the document that was shown; empty: none
};

/// New payments take the place of the leg, which is never asked again; then they are paid at the counter. The same
/// command again gives the same outcome and writes nothing.
Result<ReturnOutcome, CommandRefusal> reroute_leg(StoreContext& store, const RerouteLeg& command);

}  // namespace retour::app
