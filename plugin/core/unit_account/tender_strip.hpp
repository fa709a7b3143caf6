#pragma once
// The tenders lie end to end along the cumulated total of an order; a stretch of it was paid by those it overlaps.

#include <span>
#include <vector>

#include "plugin/core/unit_account/unit_account.hpp"

namespace retour {

/// Shares of the stretch [from, to), none of zero. Cost: a binary search and the tenders it overlaps.
std::vector<TenderShare> tenders_between(std::span<const TenderEnd> tenders, Minor from, Minor to);

}  // namespace retour
