#include "tests/bench/callgrind.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "plugin/core/base/require.hpp"

#ifdef RETOUR_HAS_CALLGRIND
#include <valgrind/callgrind.h>
#endif

namespace retour::bench {
namespace {

/// Where valgrind was told to write: its --callgrind-out-file is this and ".%p".
std::string dump_file(pid_t process, int dump) {
  const char* prefix = std::getenv("RETOUR_CALLGRIND");
  require(prefix != nullptr, "RETOUR_CALLGRIND says where valgrind writes");
  return std::string(prefix) + "." + std::to_string(process) + (dump > 0 ? "." + std::to_string(dump) : "");
}

std::uint64_t total_in(const std::string& file) {
  std::ifstream dump(file);
  for (std::string word; dump >> word;) {
    std::uint64_t total = 0;
    if (word == "totals:" && dump >> total) return total;
  }
  require(false, ("valgrind wrote no total into " + file).c_str());
  return 0;
}

}  // namespace

#ifdef RETOUR_HAS_CALLGRIND
bool runs_under_callgrind() {
  return RUNNING_ON_VALGRIND != 0;
}
void count_instructions_from_here() {
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
}
std::uint64_t instructions_of(const std::function<void()>& work) {
  static int dumps = 0;
  count_instructions_from_here();
  work();
  CALLGRIND_STOP_INSTRUMENTATION;
  CALLGRIND_DUMP_STATS;
  return total_in(dump_file(::getpid(), ++dumps));
}
#else
bool runs_under_callgrind() {
  return false;
}
void count_instructions_from_here() {}
std::uint64_t instructions_of(const std::function<void()>&) {
  require(false, "built without valgrind's header");
  return 0;
}
#endif

std::uint64_t instructions_of_ended(pid_t child) {
  return total_in(dump_file(child, 0));
}

}  // namespace retour::bench
