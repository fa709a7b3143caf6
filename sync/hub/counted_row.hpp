#pragma once
// What the hub keeps of a visit of a known customer, for the counts of the chain.

#include "plugin/core/base/id.hpp"
#include "plugin/core/money/money.hpp"
#include "plugin/core/time/time.hpp"

namespace retour::hub {

struct CountedRow {
  ReturnCaseId case_id;
  NodeId node;
  LookupKey customer;
  BusinessDate day;
  Minor given_minor = 0;  // above 0: it gave something back
  bool no_receipt = false;
  bool counts() const { return given_minor > 0 || no_receipt; }
  friend bool operator==(const CountedRow&, const CountedRow&) = default;
};

}  // namespace retour::hub
