#pragma once
// What happened, in the words of a golden case: events, screens and papers without what differs by chance.

#include <map>
#include <string>
#include <vector>

#include "plugin/app/quote_return.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::testing {

/// Numbers of the orders that a case knows, so that events name them as people do.
using OrderNumbers = std::map<OrderId, std::string>;

/// "line_answered line 1: approved by matching, 2 of W-1"
std::string words_of_event(const EventBody& event, const OrderNumbers& orders);

std::vector<std::string> screen_of(const app::ReturnOutcome& outcome);
std::vector<std::string> screen_of(const app::Quote& quote);
std::vector<std::string> screen_of(const app::CommandRefusal& refusal);

/// The paper, with the code of the return and the head of the journal made unrecognisable.
std::vector<std::string> lines_of_paper(std::string paper);

}  // namespace retour::testing
