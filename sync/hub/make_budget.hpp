#pragma once
// Exposure budgets are born here: docs/policy.md, "Without a receipt".

#include <string>

#include "plugin/ports/ids.hpp"
#include "sync/hub/hub_store.hpp"
#include "sync/protocol/messages.hpp"

namespace retour::hub {

struct NewBudget {
  std::string store;  // its name
  Currency currency;
  Minor minor = 0;
  std::string by;  // staff code of who decided it
};

struct MadeBudget {
  OrderId order_id;
  std::string number;
};

/// What the store may pay out on claims that nobody can prove grows by this amount: an order of minor units among the
/// orders of the store's own, so that its right goes there like any. One transaction, `budget_created` included; also
/// beside a running hub. @pre minor in 1 .. budget_minor_max
Result<MadeBudget, protocol::ErrorReply> make_budget(HubStore& store, ports::Ids& ids, const NewBudget& wanted,
                                                     std::int64_t now_ms);

}  // namespace retour::hub
