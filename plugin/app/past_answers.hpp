#pragma once
// Every line that a journal has answered, with all that the answer rested on: to explain it, and to ask what another
// pack would have said.

#include <optional>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::sqlite {
class Database;
}

namespace retour::app {

/// The last answer to a line. A line that still waits for the hub has none.
struct PastAnswer {
  ReturnCaseId case_id;
  std::uint64_t seq = 0;  // of the event
  ReturnAsk ask;
  Decision decision;
  bool by_hub = false;
  std::int64_t asked_at_ms = 0;
  BusinessDate business_date;
  std::optional<Currency>
      currency;  // of the purchase; empty: this journal has no evidence of it, so nothing was paid
};

/// In the order in which the lines were asked. Reads the whole journal; kinds that are not known are passed over.
std::vector<PastAnswer> past_answers(sqlite::Database& journal);

/// What the decision gives back, by the lots it was chosen from: the units' even share of what their line cost, down
/// to whole minor units. Exact unit accounts need the evidence; for comparing two answers this is enough.
struct DecisionMoney {
  Minor refunded_minor = 0;   // before fees
  Minor kept_minor = 0;       // fees
  Minor as_credit_minor = 0;  // of what is paid: not money, but store credit, gift card or voucher
  friend bool operator==(const DecisionMoney&, const DecisionMoney&) = default;
};
DecisionMoney money_of(const Decision& decision);

}  // namespace retour::app
