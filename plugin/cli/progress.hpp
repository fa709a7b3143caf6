#pragma once
// A progress line with an estimate, for anything that takes more than a few seconds. Silent when nobody watches.

#include <chrono>
#include <cstdint>
#include <ostream>
#include <string>

namespace retour::cli {

class Progress {
 public:
  /// `what` is counted: "rows". Writes to `out` only when standard error is a terminal, at most four times a second.
  Progress(std::string what, std::ostream& out);
  ~Progress() { done(); }  // so that an error stands in a line of its own
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void at(std::uint64_t done, std::uint64_t all);
  /// Ends the line.
  void done();

 private:
  std::string m_what;
  std::ostream& m_out;
  bool m_terminal;
  bool m_written = false;
  std::chrono::steady_clock::time_point m_began;
  std::chrono::steady_clock::time_point m_last;
};

}  // namespace retour::cli
