#pragma once
// Bodies of the local API to commands. Every field is checked and named when it is wrong; nothing unknown is let
// through.

#include "plugin/app/confirm_leg.hpp"
#include "plugin/app/end_repair.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/gift_receipt.hpp"
#include "plugin/app/give_override.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/app/undo_case.hpp"
#include "plugin/store/http/json_reader.hpp"

namespace retour::store {

struct ReturnBody {
  app::ReturnCommand command;
  std::int64_t wait_ms = app::referral_wait_ms_max;  // how long the customer waits for the hub
};

ReturnBody read_return_command(const std::string& body);
struct QuoteBody {
  app::Visit visit;
  std::optional<app::ExchangeAsk> exchange;
};
QuoteBody read_quote(const std::string& body);
struct SaleBody {
  app::SaleCommand command;
  std::vector<app::GiftLine> gift;  // on a gift receipt; empty: none is wanted
};
SaleBody read_sale(const std::string& body);
std::vector<app::GiftLine> read_gift_receipt(const std::string& body);
/// Commands without content: an empty body or {}.
void read_nothing(const std::string& body);

struct OverrideBody {
  app::GiveOverride command;
  std::int64_t wait_ms = app::referral_wait_ms_max;
};
/// `line_no` empty: every line of the return that waits for a person.
OverrideBody read_override(const std::string& body, const ReturnCaseId& case_id,
                           std::optional<std::uint32_t> line_no);
/// Of a void or a reversal.
app::UndoCase read_undoing(const std::string& body, const ReturnCaseId& case_id);
app::EndRepair read_end_of_repair(const std::string& body, const ReturnCaseId& case_id, std::uint32_t line_no);
app::ConfirmLeg read_confirmation(const std::string& body, const ReturnCaseId& case_id, const LegId& leg_id);

}  // namespace retour::store
