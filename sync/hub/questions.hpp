#pragma once
// Which of the questions that wait has to be looked at. A hub may have a hundred thousand of them, because one store
// is away for days; a commit looks only at those for which something has happened. In memory: read from the store at
// the start and after a transaction that was rolled back.

#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "sync/hub/hub_store.hpp"

namespace retour::hub {

/// What a question can wait for: a node that comes or goes, or a transfer that arrives.
using Occasion = Id<struct OccasionTag>;
inline Occasion occasion(const NodeId& node) {
  return {node.bytes};
}
inline Occasion occasion(const TransferId& transfer) {
  return {transfer.bytes};
}

class Questions {
 public:
  /// False until begin(), and again after forget(): then nothing that is told here is kept.
  bool is_known() const { return m_known; }
  /// All questions of the store, of which those that are decided wait for nothing. All are due.
  void begin(std::span<const ReferralRow> rows);
  void forget() { *this = Questions(); }

  /// A new one; due when it is the first of its queue.
  void add(const ReferralRow& row);
  /// It was decided, or its store has ended it: the next of its queue is due.
  void remove(const ReferralId& id);
  /// Something happened to it.
  void touch(const ReferralId& id);
  /// Something happened for which questions may wait.
  void touch(const Occasion& occasion);

  bool due() const { return !m_due.empty(); }
  /// Takes the next one that has to be looked at; those of one queue, one after another in the order of asking. It is
  /// due again when something happens to it or to what it waits for. New questions and answered ones go before the
  /// many that a store leaves behind which comes or goes.
  std::optional<ReferralId> next();
  void wait(const ReferralId& id, const Occasion& occasion);

 private:
  using Queue = Id<struct QueueTag>;
  /// The order of asking; within one case the order of its lines.
  using Place = std::tuple<std::int64_t, NodeId, ReturnCaseId, std::uint32_t, ReferralId>;
  struct Waiting {
    std::set<Place> questions;
    std::set<Occasion> occasions;  // of the first
    bool due = false;
  };
  struct Known {
    Queue queue;
    Place place;
  };
  static Queue queue_of(const ReferralRow& row);
  enum class Turn : std::uint8_t { soon, later };
  void add(const ReferralRow& row, Turn turn);
  void make_due(const Queue& queue, Waiting& waiting, Turn turn);

  bool m_known = false;
  std::unordered_map<ReferralId, Known> m_questions;
  std::unordered_map<Queue, Waiting> m_queues;
  std::map<Occasion, std::set<Queue>> m_occasions;
  std::set<std::tuple<Turn, Place, Queue>> m_due;  // queues by the question that was their first when they became due
};

}  // namespace retour::hub
