#pragma once
// The devices of a till. Never called inside a transaction.

#include <string>

#include "plugin/core/event/event.hpp"

namespace retour::ports {

struct RefundRequest {
  LegId leg_id;  // idempotency key: the same leg again never moves money twice
  Minor minor = 0;
  Currency currency;
  std::string reference;  // of the original payment
  TenderKind tender = TenderKind::card;
};
struct DeviceAnswer {
  LegOutcome outcome = LegOutcome::unknown;
  std::string device_reference;
  LegProblem problem = LegProblem::none;  // why it failed
};

class CardTerminal {
 public:
  virtual ~CardTerminal() = default;
  virtual DeviceAnswer refund(const RefundRequest& request) = 0;  // Error: nobody knows, the leg is `unknown`
  /// What became of a leg that was asked before. `unknown`: the terminal cannot be reached; `failed`: it never moved
  /// money for it.
  virtual DeviceAnswer status_of(const LegId& leg) = 0;
};

/// A drawer opens and cannot be asked afterwards: a crash in between needs a person's word.
class CashDrawer {
 public:
  virtual ~CashDrawer() = default;
  virtual DeviceAnswer pay_out(const RefundRequest& request) = 0;
};

class Printer {
 public:
  virtual ~Printer() = default;
  virtual void print(const std::string& text) = 0;  // UTF-8, lines of at most 48 columns; never blocks a refund
};

}  // namespace retour::ports
