#pragma once
#include <string>

namespace retour::cli {

/// One line of standard input; a terminal does not show what is typed. `prompt` goes to standard error.
std::string read_hidden_line(const std::string& prompt);

}  // namespace retour::cli
