#include "tests/bench/harness.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "plugin/core/base/require.hpp"

namespace {
std::atomic<std::uint64_t> sync_count{0};
}

// The program's own definitions come before libc's, for SQLite too: they count and pass on.
extern "C" int fdatasync(int descriptor) {
  sync_count.fetch_add(1, std::memory_order_relaxed);
  return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
extern "C" int fsync(int descriptor) {
  sync_count.fetch_add(1, std::memory_order_relaxed);
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace retour::bench {
namespace {

std::size_t short_of_it = 0;

double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::strtod(text, nullptr);
}

}  // namespace

void report(const Figure& figure) {
  nlohmann::ordered_json line = {{"bench", figure.bench}, {"figure", figure.figure}};
  line["value"] = rounded(figure.value);
  line["unit"] = figure.unit;
  if (figure.yardstick) {
    line["yardstick"] = rounded(*figure.yardstick);
    line["ratio"] = rounded(figure.value / *figure.yardstick);
  }
  if (figure.must) {
    const double judged = figure.must_be_ratio ? figure.value / figure.yardstick.value() : figure.value;
    const bool reached = figure.sense == Must::at_most ? judged <= *figure.must : judged >= *figure.must;
    line["must"] = std::string(figure.must_be_ratio ? "ratio " : "value ") +
                   (figure.sense == Must::at_most ? "<= " : ">= ") + nlohmann::json(*figure.must).dump();
    line["reached"] = reached;
    if (!reached) ++short_of_it;
  }
  if (figure.instructions) line["instructions"] = *figure.instructions;
  if (figure.fdatasyncs) line["fdatasyncs"] = *figure.fdatasyncs;
  if (!figure.note.empty()) line["note"] = figure.note;
  std::cout << line.dump() << std::endl;
}

std::size_t figures_short() {
  return short_of_it;
}

InstructionCount::InstructionCount() {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  m_descriptor = static_cast<int>(::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
InstructionCount::~InstructionCount() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}
std::optional<std::uint64_t> InstructionCount::so_far() const {
  std::uint64_t count = 0;
  if (m_descriptor < 0 || ::read(m_descriptor, &count, sizeof count) != sizeof count) return std::nullopt;
  return count;
}

namespace {
double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
}  // namespace

double thread_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}
double process_seconds() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

std::uint64_t syncs_so_far() {
  return sync_count.load(std::memory_order_relaxed);
}

double value_at(std::vector<double> values, double part) {
  require(!values.empty(), "a share of no values");
  const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

Paired take_turns(std::size_t repeats, const std::function<double()>& ours,
                  const std::function<double()>& yardstick) {
  std::vector<double> our_times, yardstick_times;
  for (std::size_t i = 0; i < repeats; ++i) {
    yardstick_times.push_back(yardstick());
    our_times.push_back(ours());
  }
  return {value_at(our_times, 0.5), value_at(yardstick_times, 0.5)};
}

}  // namespace retour::bench
