#include "plugin/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>

namespace retour::cli {

namespace {
constexpr std::size_t bar_columns = 30;
constexpr auto between = std::chrono::milliseconds(250);
}  // namespace

Progress::Progress(std::string what, std::ostream& out)
    : m_what(std::move(what)),
      m_out(out),
      m_terminal(::isatty(STDERR_FILENO) == 1),
      m_began(std::chrono::steady_clock::now()),
      m_last(m_began) {}

void Progress::at(std::uint64_t done, std::uint64_t all) {
  const auto now = std::chrono::steady_clock::now();
  if (!m_terminal || all == 0 || now - m_last < between) return;
  m_last = now;
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
  const double passed = std::chrono::duration<double>(now - m_began).count();
  const auto filled = static_cast<std::size_t>(share * bar_columns);
  m_out << "\r[" << std::string(filled, '#') << std::string(bar_columns - filled, '.') << "] "
        << static_cast<int>(share * 100) << " %, " << done << " of " << all << " " << m_what;
  if (share > 0.01) m_out << ", " << static_cast<int>(passed / share - passed) << " s left";
  m_out << "   " << std::flush;
  m_written = true;
}

void Progress::done() {
  if (m_written) m_out << "\r" << std::string(100, ' ') << "\r" << std::flush;
  m_written = false;
}

}  // namespace retour::cli
