#include "pos-adapters/simulated/cash_drawer.hpp"

#include "plugin/core/base/error.hpp"

namespace retour::simulated {

CashDrawer::CashDrawer(std::filesystem::path tally_file, std::filesystem::path holds_file)
    : m_holds_file(std::move(holds_file)) {
  if (tally_file.empty()) return;
  m_file.open(tally_file, std::ios::app);
  if (!m_file) {
    throw Error({.operation = "open the tally of the simulated cash drawer",
                 .object = tally_file.string(),
                 .cause = "cannot be written",
                 .consequence = "no cash can be paid out"});
  }
}

CashDrawer::Holds CashDrawer::holds_now() const {
  std::ifstream file(m_holds_file);
  if (m_holds_file.empty() || !file) return m_holds;
  Holds holds;
  std::string currency;
  for (Minor minor = 0; file >> currency >> minor;) holds[currency] = minor;
  return holds;
}

LegProblem CashDrawer::problem_of(const Holds& holds, const ports::RefundRequest& request) {
  if (holds.empty()) return LegProblem::none;
  const auto held = holds.find(request.currency.name());
  if (held == holds.end()) return LegProblem::other_currency;
  return held->second < request.minor ? LegProblem::not_enough_cash : LegProblem::none;
}

void CashDrawer::hold_only(const Currency& currency, Minor minor) {
  const std::lock_guard lock(m_mutex);
  m_holds = {{std::string(currency.name()), minor}};
}

ports::DeviceAnswer CashDrawer::pay_out(const ports::RefundRequest& request) {
  const std::lock_guard lock(m_mutex);
  if (m_jammed) {
    m_jammed = false;
    return {LegOutcome::failed, "DRAWER-JAMMED"};
  }
  const LegProblem problem = problem_of(holds_now(), request);
  if (problem != LegProblem::none) return {LegOutcome::failed, "DRAWER", problem};
  if (const auto held = m_holds.find(request.currency.name()); held != m_holds.end()) held->second -= request.minor;
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
