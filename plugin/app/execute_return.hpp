#pragma once
// One return, from the goods on the counter to the money: docs/architecture.md, "One return, step by step".

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/exchange_goods.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::app {

struct ReturnCommand {
  CommandId command_id;  // made by the caller before the first try
  std::string till;
  std::string cashier;                       // staff code
  std::string reference;                     // number of the document the customer brought; may be empty
  Visit visit;                               // asked_at_ms 0: now
  std::optional<ExchangeAsk> exchange = {};  // what comes back pays for other goods
};

/// Answers every line, claims what this node holds, plans the refund and pays it leg by leg. Lines that only the hub
/// can answer are `referred`; `wait_for_hub` or `settle_arrived` and `defer_waiting` go on with them. The same
/// With an exchange all lines are approved now or nothing is recorded (`value_elsewhere`, `value_not_available`), and
/// the new sale is part of the same commit; only what it leaves is paid out. The same
/// command again gives the same outcome and writes nothing; other content under the id is `command_reused`. Throws
/// Error when the journal cannot be written: then either nothing happened, or a leg is left for `resume`.
Result<ReturnOutcome, CommandRefusal> execute_return(StoreContext& store, const ReturnCommand& command);

}  // namespace retour::app
