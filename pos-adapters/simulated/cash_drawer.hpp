#pragma once
// A drawer that opens when told and cannot be asked afterwards what became of it.

#include <filesystem>
#include <fstream>
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

  /// `tally_file`: one line a payout, for whoever counts the drawer; empty: in memory only.
  explicit CashDrawer(std::filesystem::path tally_file = {});

  ports::DeviceAnswer pay_out(const ports::RefundRequest& request) override;

  /// The next opening jams: `failed`, nothing left the drawer.
  void jam_next();
  std::vector<Payout> payouts() const;

 private:
  mutable std::mutex m_mutex;
  bool m_jammed = false;
  std::vector<Payout> m_payouts;  // of this run of the program
  std::ofstream m_file;
};

}  // namespace retour::simulated
