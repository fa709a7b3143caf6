#pragma once
// Counts of the chain: which stores are told of which returns. A store is told of a customer's returns at other
// stores when it is the home of one of her orders, or has served her in the last year. Within the transaction of the
// caller.

#include "plugin/core/event/event.hpp"
#include "sync/hub/hub.hpp"

namespace retour::hub {

/// A store opened a case for her: from here on it is told of her returns elsewhere.
void count_visit(Hub& hub, const NodeId& node, const CaseOpened& opened, CivilDate today);
/// `given_minor` went back, or came back when negative. Cases of nobody, or of another store, are not counted.
void count_given(Hub& hub, const NodeId& node, const ReturnCaseId& case_id, Minor given_minor);
void count_no_receipt(Hub& hub, const NodeId& node, const ReturnCaseId& case_id);
/// The case was undone: `given_minor` came back, and it counts no more as one without receipt.
void count_undone(Hub& hub, const NodeId& node, const ReturnCaseId& case_id, Minor given_minor);
/// An order came whose home is in this catchment: the home is told of what the customer returned before.
void tell_home(Hub& hub, const LookupKey& customer, std::uint16_t catchment, CivilDate today);

}  // namespace retour::hub
