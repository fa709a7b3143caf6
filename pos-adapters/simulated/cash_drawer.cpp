#include "pos-adapters/simulated/cash_drawer.hpp"

#include "plugin/core/base/error.hpp"

namespace retour::simulated {

CashDrawer::CashDrawer(std::filesystem::path tally_file) {
  if (tally_file.empty()) return;
  m_file.open(tally_file, std::ios::app);
  if (!m_file) {
    throw Error({.operation = "open the tally of the simulated cash drawer",
                 .object = tally_file.string(),
                 .cause = "cannot be written",
                 .consequence = "no cash can be paid out"});
  }
}

ports::DeviceAnswer CashDrawer::pay_out(const ports::RefundRequest& request) {
  const std::lock_guard lock(m_mutex);
  if (m_jammed) {
    m_jammed = false;
    return {LegOutcome::failed, "DRAWER-JAMMED"};
  }
  m_payouts.push_back({request.leg_id, request.minor});
  if (m_file.is_open()) {
    m_file << "paid " << request.leg_id.to_string() << ' ' << request.minor << ' ' << request.currency.name() << '\n'
           << std::flush;
  }
  return {LegOutcome::settled, "DRAWER"};
}

void CashDrawer::jam_next() {
  const std::lock_guard lock(m_mutex);
  m_jammed = true;
}

std::vector<CashDrawer::Payout> CashDrawer::payouts() const {
  const std::lock_guard lock(m_mutex);
  return m_payouts;
}

}  // namespace retour::simulated
