// Which benches run, in which order, and how long it will take.

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>

#include "tests/bench/callgrind.hpp"
#include "tests/bench/harness.hpp"

namespace retour::bench {
namespace {

constexpr const char* usage = R"(retour-bench [--full] [--instructions] [--seed N] [--folder DIR] [--list] [NAME...]
  NAME            runs the benches whose name begins with it; without one, all
  --full          the long forms too: a million orders, the whole year
  --instructions  counts instructions instead of time; only under valgrind, as ./dev bench --instructions runs it
  --folder        where files are written (a real disk; default: the working directory)
)";

struct Bench {
  std::string_view name;
  Run run;
  Seconds takes;
};
std::vector<Bench>& benches() {
  static std::vector<Bench> all;
  return all;
}
std::vector<Bench>& counts() {
  static std::vector<Bench> all;
  return all;
}
std::vector<ChildMain>& children() {
  static std::vector<ChildMain> all;
  return all;
}

struct Command {
  Options options;
  std::filesystem::path base = std::filesystem::current_path();
  std::vector<std::string> names;
  bool instructions = false;
  bool list = false;

  double seconds_of(const Bench& bench) const { return options.full ? bench.takes.full : bench.takes.usual; }
  bool wants(std::string_view name) const {
    return names.empty() ||
           std::any_of(names.begin(), names.end(), [name](const std::string& n) { return name.starts_with(n); });
  }
};

/// Empty: the words are not understood.
std::optional<Command> parse(int argc, char** argv) {
  Command command;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--full") {
      command.options.full = true;
    } else if (word == "--instructions") {
      command.instructions = true;
    } else if (word == "--list") {
      command.list = true;
    } else if (word == "--seed" && i + 1 < argc) {
      command.options.seed = std::stoull(argv[++i]);
    } else if (word == "--folder" && i + 1 < argc) {
      command.base = argv[++i];
    } else if (word.starts_with("-")) {
      return std::nullopt;
    } else {
      command.names.emplace_back(word);
    }
  }
  return command;
}

std::vector<Bench> chosen(const Command& command) {
  std::vector<Bench> all = command.instructions ? counts() : benches();
  std::erase_if(all, [&](const Bench& bench) {
    return !command.wants(bench.name) || (!command.list && command.seconds_of(bench) == 0);
  });
  std::sort(all.begin(), all.end(), [](const Bench& a, const Bench& b) { return a.name < b.name; });
  return all;
}

bool run_one(const Bench& bench, const Command& command) {
  Options options = command.options;
  options.folder = command.base / ("retour-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(options.folder);
  bool done = true;
  try {
    bench.run(options);
  } catch (const std::exception& error) {
    std::cerr << "bench " << bench.name << " failed: " << error.what() << "\n";
    done = false;
  }
  std::filesystem::remove_all(options.folder);
  return done;
}

void tell(const Bench& bench, std::size_t number, std::size_t count, double seconds_left) {
  std::fprintf(stderr, "bench %zu of %zu: %s; about %.0f s left on a quiet machine\n", number, count,
               std::string(bench.name).c_str(), seconds_left);
}

bool run_all(const std::vector<Bench>& all, const Command& command) {
  double left = 0;
  for (const Bench& bench : all) left += command.seconds_of(bench);
  const Stopwatch watch;
  bool failed = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    tell(all[i], i + 1, all.size(), left);
    failed |= !run_one(all[i], command);
    left -= command.seconds_of(all[i]);
  }
  std::fprintf(stderr, "%zu benches in %.0f s\n", all.size(), watch.seconds());
  if (figures_short() > 0) std::cerr << figures_short() << " figures fall short of what they must reach\n";
  return !failed;
}

}  // namespace

Registration::Registration(std::string_view name, Run run, Seconds takes) {
  benches().push_back({name, run, takes});
}
CountRegistration::CountRegistration(std::string_view name, Run run, double seconds) {
  counts().push_back({name, run, {seconds, seconds}});
}
ChildRegistration::ChildRegistration(ChildMain child) {
  children().push_back(child);
}

int run_benches(int argc, char** argv) {
  for (const ChildMain child : children()) {
    if (const auto code = child(argc, argv)) return *code;
  }
  const std::optional<Command> command = parse(argc, argv);
  if (!command) {
    std::cerr << usage;
    return 2;
  }
  const std::vector<Bench> all = chosen(*command);
  if (command->list) {
    for (const Bench& bench : all) std::cout << bench.name << "\n";
    return 0;
  }
  if (command->instructions && !runs_under_callgrind()) {
    std::cerr << "instructions are counted by valgrind: run ./dev bench --instructions\n";
    return 2;
  }
  return run_all(all, *command) ? 0 : 1;
}

}  // namespace retour::bench
