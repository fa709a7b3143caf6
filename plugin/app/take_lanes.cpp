#include "plugin/app/take_lanes.hpp"

#include <set>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::app {

namespace {

/// A message is taken under its own id: the second time it is recorded already.
template <class AnyId>
CommandId command_of(const AnyId& id) {
  return CommandId{id.bytes};
}

bool take(journal::Write& write, const CommandId& command, const EventBody& body) {
  if (write.recorded(command)) return false;
  return write.append(command, body) == journal::Appended::recorded;
}

RightsReleased answer_to(journal::Write& write, const RecallIssued& recall) {
  RightsReleased answer{.transfer_id = recall.recall_id, .recall_id = recall.recall_id};
  for (const OrderUnits& wanted : recall.items) {
    const HeldRanges held = projections::held_ranges(write.database(), wanted.order_id);
    for (const UnitRange& part : held.parts_of(wanted.units)) answer.items.push_back({wanted.order_id, part});
  }
  return answer;
}

bool answer_recall(journal::Write& write, const RecallIssued& recall) {
  const CommandId command = command_of(recall.recall_id);
  return !write.recorded(command) && take(write, command, answer_to(write, recall));
}

}  // namespace

std::size_t take_lanes(journal::Journal& journal, const Lanes& lanes, std::int64_t now_ms) {
  if (lanes.grants.empty() && lanes.recalls.empty() && lanes.decisions.empty() && lanes.pending.empty()) return 0;
  journal::Write write = journal.begin(now_ms);
  std::size_t taken = 0;
  for (const RightsGranted& grant : lanes.grants) {
    taken +=
        take(write, command_of(grant.transfer_id), RightsReceived{grant.transfer_id, grant.items, grant.lowered});
  }
  for (const RecallIssued& recall : lanes.recalls) taken += answer_recall(write, recall);
  for (const ReferralAnswered& decision : lanes.decisions)
    taken += take(write, command_of(decision.referral_id), decision);
  for (const ReferralId& referral : lanes.pending) taken += projections::insert_pending(write.database(), referral);
  if (taken > 0) write.commit();
  return taken;
}

std::vector<OrderId> orders_wanted(journal::Journal& journal, orders::OrderReplica& orders) {
  std::set<OrderId> wanted;
  for (const ReferralAnswered& answer : projections::answers_to_open_referrals(journal.database())) {
    for (const OrderUnits& part : answer.decision.taken) {
      if (projections::seq_of_sale(journal.database(), part.order_id) || orders.get(part.order_id)) continue;
      wanted.insert(part.order_id);
    }
  }
  return {wanted.begin(), wanted.end()};
}

std::vector<TransferId> taken_since(journal::Journal& journal, std::uint64_t acked_seq) {
  return projections::transfers_since(journal.database(), acked_seq);
}

}  // namespace retour::app
