#pragma once
// What the program says while it runs: one line on standard error a sentence, for the journal of the machine.

#include <chrono>
#include <mutex>
#include <string>

namespace retour::hub_program {

/// From any thread.
void log(const std::string& sentence);

/// For what strangers can cause as often as they like: so many lines a minute, then a number.
class SparseLog {
 public:
  void tell(const std::string& sentence);

 private:
  static constexpr int lines_a_minute_max = 20;

  std::mutex m_mutex;
  std::chrono::steady_clock::time_point m_minute{};
  int m_told = 0;
  std::uint64_t m_untold = 0;
};

}  // namespace retour::hub_program
