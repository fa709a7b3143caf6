#pragma once
// The frame of the benchmarks: a figure is one JSON line, with its yardstick measured in the same run. A bench is a
// function that registers itself; `retour-bench [name...]` runs those whose name begins with one of the names
// (runner.cpp).

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retour::bench {

struct Options {
  std::filesystem::path folder;  // for files; empty at the start of each bench, both sources of a ratio write here
  std::uint64_t seed = 1;
  bool full = false;  // the long forms: a million orders
};

enum class Must : std::uint8_t { at_most, at_least };

struct Figure {
  std::string bench;
  std::string figure;
  double value = 0;
  std::string unit;
  std::optional<double> yardstick = {};  // in the same unit, the same work done plainly
  bool must_be_ratio = false;            // `must` limits value / yardstick, not the value
  std::optional<double> must = {};
  Must sense = Must::at_most;
  std::optional<std::uint64_t> instructions =
      {};  // in user mode, of the whole measurement; absent where not permitted
  std::optional<std::uint64_t> fdatasyncs = {};
  std::string note = {};  // what to know when reading the value
};

/// Prints the figure on standard output and remembers whether it reached what it must.
void report(const Figure& figure);
std::size_t figures_short();  // of what they must reach, so far

using Run = void (*)(const Options&);
/// What a bench takes on two cores that do nothing else: for the estimate of what is left.
struct Seconds {
  double usual = 0;
  double full = 0;
};
struct Registration {
  Registration(std::string_view name, Run run, Seconds takes);
};
/// A bench of `--instructions`: small fixed workloads, under valgrind (callgrind.hpp).
struct CountRegistration {
  CountRegistration(std::string_view name, Run run, double seconds);
};

/// A child's part of this program: returns the exit code when the arguments name it. Asked before anything else.
using ChildMain = std::optional<int> (*)(int argc, char** argv);
struct ChildRegistration {
  explicit ChildRegistration(ChildMain child);
};

class Stopwatch {
 public:
  Stopwatch() : m_start(std::chrono::steady_clock::now()) {}
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

 private:
  std::chrono::steady_clock::time_point m_start;
};

/// Adds up several stretches of time.
class Account {
 public:
  template <class Work>
  auto measure(Work&& work) {
    struct Stop {
      Account& account;
      Stopwatch watch = {};
      ~Stop() { account.m_seconds += watch.seconds(); }
    } const stop{*this};
    return work();
  }
  double seconds() const { return m_seconds; }

 private:
  double m_seconds = 0;
};

/// Instructions of this thread in user mode; empty where the kernel or the machine does not count them (then:
/// `./dev bench --instructions`).
class InstructionCount {
 public:
  InstructionCount();
  ~InstructionCount();
  InstructionCount(const InstructionCount&) = delete;
  InstructionCount& operator=(const InstructionCount&) = delete;
  std::optional<std::uint64_t> so_far() const;

 private:
  int m_descriptor;
};

/// Calls of fdatasync and fsync by this process so far, SQLite's included.
std::uint64_t syncs_so_far();

/// Processor time of this thread so far: what neighbours on the machine take does not count.
double thread_seconds();
/// Of all threads of this process, user and kernel.
double process_seconds();

/// @pre not empty. `part` of them are at or below the result.
double value_at(std::vector<double> values, double part);

/// Runs both `repeats` times, taking turns, and gives the median seconds of each: what neighbours on the machine do
/// meets both alike.
struct Paired {
  double ours = 0;
  double yardstick = 0;
};
Paired take_turns(std::size_t repeats, const std::function<double()>& ours, const std::function<double()>& yardstick);

int run_benches(int argc, char** argv);

}  // namespace retour::bench
