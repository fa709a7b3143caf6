#pragma once
// The device or service that signs credit notes where the law asks for it. How a real interface maps to this:
// docs/adapters.md, "Fiscal signers".

#include <cstdint>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::ports {

/// Only whole notes are written, never changes of one: what is wrong is taken back by a further note.
enum class FiscalKind : std::uint8_t {
  credit_note = 1,  // minus: the store gives money back
  taken_back = 2,   // plus: the notes `takes_back` do not count any more, the goods went back to the customer
};

/// What was sold at one set of tax rates; amounts are not negative, the kind of the note has the direction.
struct FiscalEntry {
  Minor net_minor = 0;
  std::vector<TaxAmount> taxes;
  friend bool operator==(const FiscalEntry&, const FiscalEntry&) = default;
};
struct FiscalPayment {
  TenderKind tender = TenderKind::cash;
  Minor minor = 0;
  friend bool operator==(const FiscalPayment&, const FiscalPayment&) = default;
};

/// One note. Entries, less `kept` and `carried_minor`, plus `rounding_minor`, are the payments.
struct FiscalNote {
  std::uint64_t number = 0;  // of the node, from 1 without gap; the idempotency key
  FiscalKind kind = FiscalKind::credit_note;
  std::vector<std::uint64_t> takes_back;  // numbers; empty for a credit note
  std::string till;
  std::string cashier;  // staff code
  BusinessDate business_date;
  std::int64_t written_at_ms = 0;
  Currency currency;
  std::vector<std::string> original_orders;  // numbers, as the customer's papers have them
  std::vector<FiscalEntry> entries;          // in the order in which the rates first occur
  std::vector<KeptBack> kept;
  Minor carried_minor = 0;  // pays for goods given in exchange, which have a receipt of their own
  Minor rounding_minor = 0;
  std::vector<FiscalPayment> payments;  // in the order in which the tenders first occur
  friend bool operator==(const FiscalNote&, const FiscalNote&) = default;
};

struct FiscalAnswer {
  FiscalState state = FiscalState::unsigned_yet;
  std::string signer;     // serial number of the device
  std::string signature;  // as the receipt must show it
  std::string problem;    // in words; empty when signed
  friend bool operator==(const FiscalAnswer&, const FiscalAnswer&) = default;
};

class FiscalSigner {
 public:
  virtual ~FiscalSigner() = default;
  /// Never called inside a transaction; a customer waits, so it answers within some seconds. The same number again
  /// gives the same signature. `unsigned_yet`: it cannot be reached, and is asked again; `failed`: it will never sign
  /// this note. Error: nobody knows, which counts as `unsigned_yet`.
  virtual FiscalAnswer sign(const FiscalNote& note) = 0;
};

}  // namespace retour::ports
