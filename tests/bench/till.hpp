#pragma once
// One store on real files, synchronous=FULL, with devices that answer at once.

#include <filesystem>
#include <vector>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "plugin/app/return_outcome.hpp"
#include "plugin/app/store_context.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"

namespace retour::bench {

class Till {
 public:
  explicit Till(const std::filesystem::path& folder);

  /// The tenders are made anew: all in cash, or the first half of the money by card.
  OrderId sell(Order order, bool half_by_card = false);
  /// So many units of the first line come back; every leg is paid.
  app::ReturnOutcome take_back(const OrderId& order, std::int64_t units = 1);

  /// The log, as the programs move it off the commit path.
  void checkpoint() { journal::checkpoint_when_grown(m_own.database()); }
  /// Everything is in the database file and the log is empty.
  void empty_log() { m_own.database().checkpoint_truncate(); }
  std::int64_t log_bytes() const { return sqlite::wal_bytes(m_file); }
  journal::Journal& journal() { return m_journal; }

 private:
  simulated::ManualClock m_clock{1'795'348'800'000};
  simulated::SeededIds m_ids{1};
  simulated::Shop m_shop;
  app::LegsInMotion m_legs;
  std::filesystem::path m_file;
  journal::Journal m_journal;
  journal::Journal m_own;  // the connection that moves the log
  orders::OrderReplica m_orders;
  app::StoreContext m_context;
};

/// One transaction of a journal: what came under one command.
struct Step {
  CommandId command;
  std::vector<EventBody> events;
  std::size_t bytes = 0;  // that these events take
};
/// Of the events from `from_seq` on.
std::vector<Step> steps_of(journal::Journal& journal, std::uint64_t from_seq);

/// A journal that takes the steps of another: the commit alone, without what led to it.
class StepTaker {
 public:
  StepTaker(const std::filesystem::path& folder, const journal::Identity& identity);
  /// All in one transaction: what was before.
  void catch_up(const std::vector<Step>& steps);
  /// Begin, append, chain, fold, commit.
  void take(const Step& step);
  void checkpoint() { journal::checkpoint_when_grown(m_own.database()); }
  void empty_log() { m_own.database().checkpoint_truncate(); }
  std::int64_t log_bytes() const { return sqlite::wal_bytes(m_file); }

 private:
  std::filesystem::path m_file;
  journal::Journal m_journal;
  journal::Journal m_own;
};

}  // namespace retour::bench
