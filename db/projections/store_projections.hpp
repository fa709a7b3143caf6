#pragma once
// What a node's journal adds up to: rights held, claims, cases, open legs and referrals, stock, own sales.
// Folded event by event in the transaction that appends; `retour journal rebuild` folds everything anew.

#include <vector>

#include "db/journal/projection.hpp"

namespace retour::projections {

/// Every projection of a store's journal. They live as long as the program and have no state of their own.
const std::vector<journal::Projection*>& store_projections();

}  // namespace retour::projections
