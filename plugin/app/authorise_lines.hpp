#pragma once
// Whether the one who serves may say yes to what a visit gives back, or whether a person has to agree.

#include <span>

#include "plugin/app/answer_lines.hpp"

namespace retour::app {

Minor total_of(std::span<const Claim> claims);

/// What the claims of all lines give back together.
Minor claims_total(std::span<const AnsweredLine> lines);

/// Money of two currencies makes no amount that anybody could have authority over.
bool in_one_currency(Evidence& evidence, std::span<const AnsweredLine> lines);

/// Asks authority and risk about every approved line. One that needs a person gives up its claims.
/// `total_minor`: what the whole visit gives back, so that splitting it changes nothing.
void authorise_lines(Evidence& evidence, const PolicyPack& policy, std::span<AnsweredLine> lines, Minor total_minor);

/// One decision, be it of this node or of the hub. The visit's amount becomes one of its facts.
Decision authorised(Decision decision, const ReturnAsk& ask, Minor total_minor, const Currency& currency,
                    const PolicyPack& policy);

}  // namespace retour::app
