#include "plugin/cli/hidden_line.hpp"

#include <iostream>

#ifndef _WIN32
#include <termios.h>
#include <unistd.h>
#endif

namespace retour::cli {

namespace {

#ifdef _WIN32
struct NoEcho {};  // a console of Windows shows it
#else
/// Puts the terminal back as it was, whatever happens.
class NoEcho {
 public:
  NoEcho() : m_is_terminal(::tcgetattr(STDIN_FILENO, &m_before) == 0) {
    if (!m_is_terminal) return;
    termios silent = m_before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (!m_is_terminal) return;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    std::cerr << '\n';
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios m_before{};
  bool m_is_terminal;
};
#endif

}  // namespace

std::string read_hidden_line(const std::string& prompt) {
  std::cerr << prompt << std::flush;
  const NoEcho no_echo;
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace retour::cli
