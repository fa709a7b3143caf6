#include "tests/bench/harness.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <exception>
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

struct Bench {
  std::string_view name;
  Run run;
};
std::vector<Bench>& benches() {
  static std::vector<Bench> all;
  return all;
}
std::vector<ChildMain>& children() {
  static std::vector<ChildMain> all;
  return all;
}
std::size_t figures_short = 0;

constexpr const char* usage = R"(retour-bench [--full] [--seed N] [--folder DIR] [--list] [NAME...]
  NAME      runs the benches whose name begins with it; without one, all
  --full    the long forms too: a million orders
  --folder  where files are written (a real disk; default: the working directory)
)";

bool wanted(std::string_view name, const std::vector<std::string>& names) {
  return names.empty() ||
         std::any_of(names.begin(), names.end(), [name](const std::string& n) { return name.starts_with(n); });
}

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
    if (!reached) ++figures_short;
  }
  if (figure.instructions) line["instructions"] = *figure.instructions;
  if (figure.fdatasyncs) line["fdatasyncs"] = *figure.fdatasyncs;
  if (!figure.note.empty()) line["note"] = figure.note;
  std::cout << line.dump() << std::endl;
}

Registration::Registration(std::string_view name, Run run) {
  benches().push_back({name, run});
}
ChildRegistration::ChildRegistration(ChildMain child) {
  children().push_back(child);
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

int run_benches(int argc, char** argv) {
  for (const ChildMain child : children()) {
    if (const auto code = child(argc, argv)) return *code;
  }
  Options options;
  std::filesystem::path base = std::filesystem::current_path();
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--full") {
      options.full = true;
    } else if (word == "--seed" && i + 1 < argc) {
      options.seed = std::stoull(argv[++i]);
    } else if (word == "--folder" && i + 1 < argc) {
      base = argv[++i];
    } else if (word == "--list") {
      for (const Bench& bench : benches()) std::cout << bench.name << "\n";
      return 0;
    } else if (word.starts_with("-")) {
      std::cerr << usage;
      return 2;
    } else {
      names.emplace_back(word);
    }
  }
  std::sort(benches().begin(), benches().end(), [](const Bench& a, const Bench& b) { return a.name < b.name; });
  bool failed = false;
  for (const Bench& bench : benches()) {
    if (!wanted(bench.name, names)) continue;
    options.folder = base / ("retour-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(options.folder);
    std::cerr << "bench " << bench.name << "\n";
    try {
      bench.run(options);
    } catch (const std::exception& error) {
      std::cerr << "bench " << bench.name << " failed: " << error.what() << "\n";
      failed = true;
    }
    std::filesystem::remove_all(options.folder);
  }
  if (figures_short > 0) std::cerr << figures_short << " figures fall short of what they must reach\n";
  return failed ? 1 : 0;
}

}  // namespace retour::bench
