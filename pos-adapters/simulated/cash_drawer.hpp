#pragma once
// A drawer that opens when told and cannot be asked afterwards what became of it.

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <vector>

#include "plugin/ports/devices.hpp"

namespace retour::simulated {

class CashDrawer final : public ports::CashDrawer {
 public:
  struct Payout {
    LegId leg_id;
    Minor minor = 0;
    friend bool operator==(const Payout&, const Payout&) = default;
  };

  /// `tally_file`: one line a payout, for whoever counts the drawer; empty: in memory only. `holds_file`: while it
  /// exists it says what the drawer holds, one line a currency ("EUR 5000", minor units).
  explicit CashDrawer(std::filesystem::path tally_file = {}, std::filesystem::path holds_file = {});

  ports::DeviceAnswer pay_out(const ports::RefundRequest& request) override;

  /// From now on the drawer holds so much and nothing else: more is `not_enough_cash`, another currency
  /// `other_currency`. Before, it never runs out.
  void hold_only(const Currency& currency, Minor minor);
  /// The next opening jams: `failed`, nothing left the drawer.
  void jam_next();
  std::vector<Payout> payouts() const;

 private:
  using Holds = std::map<std::string, Minor, std::less<>>;  // by currency; empty: never runs out
  Holds holds_now() const;
  static LegProblem problem_of(const Holds& holds, const ports::RefundRequest& request);

  std::filesystem::path m_holds_file;
  mutable std::mutex m_mutex;
  Holds m_holds;
  bool m_jammed = false;
  std::vector<Payout> m_payouts;  // of this run of the program
  std::ofstream m_file;
};

}  // namespace retour::simulated
