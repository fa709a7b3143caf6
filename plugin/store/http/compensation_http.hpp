#pragma once
// Bodies of the local API: money for goods that the customer keeps, and a line that she does not wait for any longer.

#include <string>

#include "plugin/app/compensate.hpp"
#include "plugin/app/withdraw_line.hpp"

namespace retour::store {

/// POST /api/v1/compensations
app::Compensate read_compensation(const std::string& body);

/// POST /api/v1/return-cases/{case}/lines/{line}/withdrawal
app::WithdrawLine read_withdrawal(const std::string& body, const ReturnCaseId& case_id, std::uint32_t line_no);

}  // namespace retour::store
