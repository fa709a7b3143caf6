#pragma once
// What the hub sent down, taken into the journal: rights that arrive, rights that the hub wants back, answers to
// referred lines.

#include <span>

#include "plugin/app/store_context.hpp"

namespace retour::app {

/// What one pull brought, most urgent first.
struct Lanes {
  std::span<const RightsGranted> grants;
  std::span<const RecallIssued> recalls;
  std::span<const ReferralAnswered> decisions;
  std::span<const ReferralId> pending;  // questions that take longer: the customer need not wait
};

/// One commit for all of it, in the order rights, recalls, decisions; nothing is written when all of it is known
/// already. Each message is taken at most once, by its own id, however often it comes.
/// A recall is always answered, with what this node still holds of it: maybe nothing. The answer stands behind
/// everything this node did before, which is what the hub wants to know. Returns how many messages were new.
std::size_t take_lanes(journal::Journal& journal, const Lanes& lanes, std::int64_t now_ms);

/// Orders that the hub's answers name and this node has no evidence of: of another home and older than what it keeps.
/// Until they are here the lines wait.
std::vector<OrderId> orders_wanted(journal::Journal& journal, orders::OrderReplica& orders);

/// Ids of messages whose event the hub has not acknowledged yet (`acked_seq`): it need not send them again.
std::vector<TransferId> taken_since(journal::Journal& journal, std::uint64_t acked_seq);

}  // namespace retour::app
