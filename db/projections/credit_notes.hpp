#pragma once
// The credit notes of a node: numbers from 1 without gap, folded from the plans, voids and reversals of its journal.
// Readers see the state of the transaction they are called in.

#include <optional>
#include <vector>

#include "db/journal/projection.hpp"
#include "db/sqlite/database.hpp"

namespace retour::projections {

/// plan_no of the note that takes back all notes of a case that was voided or reversed.
inline constexpr std::uint32_t taking_back = 0;

struct CreditNote {
  std::uint64_t number = 0;
  ReturnCaseId case_id;
  std::uint32_t plan_no = 0;
  friend bool operator==(const CreditNote&, const CreditNote&) = default;
};

/// 0: none was written yet.
std::uint64_t last_credit_note(sqlite::Database& database);
std::optional<std::uint64_t> credit_note_of(sqlite::Database& database, const ReturnCaseId& case_id,
                                            std::uint32_t plan_no);
/// Notes that wait for the fiscal signer and of which no payment may still go another way, lowest number first.
std::vector<CreditNote> unsigned_credit_notes(sqlite::Database& database, std::size_t max);

/// A plan whose number is not the next one is refused: no number is ever given twice or left out. Outlives everybody.
journal::Projection& credit_note_projection();

}  // namespace retour::projections
