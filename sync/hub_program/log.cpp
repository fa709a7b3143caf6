#include "sync/hub_program/log.hpp"

#include <iostream>

namespace retour::hub_program {

void log(const std::string& sentence) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cerr << "retour-hub: " << sentence << std::endl;
}

void SparseLog::tell(const std::string& sentence) {
  const std::lock_guard lock(m_mutex);
  const auto now = std::chrono::steady_clock::now();
  if (now - m_minute > std::chrono::minutes(1)) {
    if (m_untold > 0) log(std::to_string(m_untold) + " more refused connections were not told one by one");
    m_minute = now;
    m_told = 0;
    m_untold = 0;
  }
  if (m_told++ < lines_a_minute_max) {
    log(sentence);
  } else {
    ++m_untold;
  }
}

}  // namespace retour::hub_program
