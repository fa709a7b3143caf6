// A till at work: the commits of a return beside bare commits of as many bytes.

#include "plugin/core/base/require.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/till.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t returns_measured = 1'000;
constexpr std::size_t returns_before = 200;  // so that files and caches are those of a working day
constexpr std::size_t commits_a_return = 2;

double micros_of(const std::function<void()>& work) {
  const Stopwatch watch;
  work();
  return watch.seconds() * 1e6;
}

// ---- one till, its commits alone, and bare commits --------------------------------------------------------------
/// Three ways to do a cash return, in one folder: whole, its two commits alone, two bare commits of as many bytes.
struct Counter {
  Till till;
  StepTaker alone;
  BareCommits bare;
  std::vector<OrderId> sold;
  std::size_t next = 0;  // of the sold orders
  std::uint64_t taken_seq = 0;

  Counter(const Options& options, std::size_t returns)
      : till(options.folder), alone(options.folder, till.journal().identity()), bare(options.folder / "bare.db") {
    Workload workload(options.seed);
    while (sold.size() < returns) sold.push_back(till.sell(workload.next().order));
    alone.catch_up(new_steps());
  }

  /// The steps that the till has made since the last call.
  std::vector<Step> new_steps() {
    std::vector<Step> steps = steps_of(till.journal(), taken_seq + 1);
    taken_seq = till.journal().head().seq;
    return steps;
  }

  struct Times {
    std::vector<double> whole, alone, bare;  // microseconds a commit
    std::size_t bytes = 0;                   // of events in all
    std::uint64_t syncs = 0;                 // of the whole returns
    std::optional<std::uint64_t> instructions = 0;
  };
  void take_one(Times& times) {
    const std::uint64_t before = syncs_so_far();
    const InstructionCount counter;
    times.whole.push_back(micros_of([&] { till.take_back(sold[next++]); }) / commits_a_return);
    const auto counted = counter.so_far();
    times.instructions = times.instructions && counted ? std::optional(*times.instructions + *counted) : std::nullopt;
    times.syncs += syncs_so_far() - before;
    const std::vector<Step> steps = new_steps();
    require(steps.size() == commits_a_return, "a cash return is two commits");
    for (const Step& step : steps) {
      times.bytes += step.bytes;
      times.alone.push_back(micros_of([&] { alone.take(step); }));
      times.bare.push_back(micros_of([&] { bare.commit(step.bytes); }));
    }
  }
  /// Off the commit path, for all three alike.
  void checkpoint() {
    till.checkpoint();
    alone.checkpoint();
    bare.checkpoint_when_grown();
  }
};

Counter::Times measure(Counter& counter, std::size_t returns) {
  Counter::Times times;
  for (std::size_t i = 0; i < returns; ++i) {
    counter.take_one(times);
    counter.checkpoint();
  }
  return times;
}

struct LogBytes {
  double whole = 0, bare = 0;  // a commit
};
/// On empty logs that nobody moves: what every commit appends.
LogBytes log_bytes(Counter& counter, std::size_t returns) {
  counter.till.empty_log();
  counter.bare.empty_log();
  Counter::Times times;
  for (std::size_t i = 0; i < returns; ++i) counter.take_one(times);
  const auto commits = static_cast<double>(returns * commits_a_return);
  return {static_cast<double>(counter.till.log_bytes()) / commits,
          static_cast<double>(counter.bare.log_bytes()) / commits};
}

void report_times(const Counter::Times& times) {
  const double commits = static_cast<double>(times.alone.size());
  const std::string bytes = std::to_string(static_cast<std::size_t>(static_cast<double>(times.bytes) / commits));
  report({.bench = "store_commit",
          .figure = "commit of a return's step (claims, leg, stock, chain), durable, p50",
          .value = value_at(times.alone, 0.5),
          .unit = "us",
          .yardstick = value_at(times.bare, 0.5),
          .must_be_ratio = true,
          .must = 1.3,
          .note = "both commits of a cash return; " + bytes + " bytes of events a commit; yardstick: as many bytes"});
  report({.bench = "store_commit",
          .figure = "the whole return divided by its two commits: look-up, rules, devices included, p50",
          .value = value_at(times.whole, 0.5),
          .unit = "us",
          .yardstick = value_at(times.bare, 0.5),
          .must_be_ratio = true,
          .must = 1.3,
          .instructions = times.instructions,
          .fdatasyncs = times.syncs});
  report({.bench = "store_commit",
          .figure = "commit of a return's step, durable, p99",
          .value = value_at(times.alone, 0.99),
          .unit = "us",
          .yardstick = value_at(times.bare, 0.99)});
  report({.bench = "store_commit",
          .figure = "fdatasync a commit",
          .value = static_cast<double>(times.syncs) / commits,
          .unit = "calls",
          .must = 1.05});
}

/// How often a return of one unit and of two tenders commits, by its calls of fdatasync.
void report_commits(const Options& options) {
  std::filesystem::create_directories(options.folder / "legs");
  Till till(options.folder / "legs");
  Workload workload(options.seed);
  const auto commits_of = [&](bool half_by_card) {
    Order order = workload.next().order;
    const std::int64_t units = order.lines[0].quantity;
    order.lines.resize(1);  // all of it comes back: every tender gives its share
    const OrderId sold = till.sell(std::move(order), half_by_card);
    const std::uint64_t before = syncs_so_far();
    const auto outcome = till.take_back(sold, units);
    require(outcome.state.legs.size() == (half_by_card ? 2U : 1U), "a leg a tender");
    return static_cast<double>(syncs_so_far() - before);
  };
  const double one = commits_of(false);
  report(
      {.bench = "store_commit", .figure = "commits of a cash return", .value = one, .unit = "commits", .must = 2.0});
  report({.bench = "store_commit",
          .figure = "commits that a further leg adds",
          .value = commits_of(true) - one,
          .unit = "commits",
          .must = 2.0});
}

void store_commit(const Options& options) {
  Counter counter(options, 2 * returns_before + returns_measured);
  const LogBytes logged = log_bytes(counter, returns_before);
  measure(counter, returns_before);
  report_times(measure(counter, returns_measured));
  report({.bench = "store_commit",
          .figure = "bytes that a commit writes into the log",
          .value = logged.whole,
          .unit = "bytes",
          .yardstick = logged.bare,
          .note = "whole pages, each with its frame's head"});
  report_commits(options);
}

/// Instructions of the same three.
void count_store_commit(const Options& options) {
  constexpr std::size_t returns = 100;
  Counter counter(options, 2 * returns);
  Counter::Times unused;
  for (std::size_t i = 0; i < returns; ++i) counter.take_one(unused);  // warm: statements, pages
  const std::uint64_t whole = instructions_of([&] {
    for (std::size_t i = 0; i < returns; ++i) counter.till.take_back(counter.sold[counter.next++]);
  });
  const std::vector<Step> steps = counter.new_steps();
  const auto commits = static_cast<double>(steps.size());
  const double bare = static_cast<double>(instructions_of([&] {
                        for (const Step& step : steps) counter.bare.commit(step.bytes);
                      })) /
                      commits;
  const double alone = static_cast<double>(instructions_of([&] {
                         for (const Step& step : steps) counter.alone.take(step);
                       })) /
                       commits;
  report({.bench = "store_commit",
          .figure = "commit of a return's step",
          .value = alone,
          .unit = "instructions",
          .yardstick = bare});
  report({.bench = "store_commit",
          .figure = "the whole return divided by its two commits",
          .value = static_cast<double>(whole) / commits,
          .unit = "instructions",
          .yardstick = bare});
}

const Registration commit_bench("store_commit", store_commit, {25, 25});
const CountRegistration commit_count("store_commit", count_store_commit, 30);

}  // namespace
}  // namespace retour::bench
