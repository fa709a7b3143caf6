#pragma once
// Events as JSON, for people and their tools. One way only: nothing reads it back.

#include <string>

#include "plugin/core/event/event.hpp"

namespace retour::journal {

/// Stands for an event of which a column cannot be read.
std::string unreadable_json_line(std::uint64_t seq, const std::string& column);

}  // namespace retour::journal
