#pragma once
#include <string>

namespace retour::replay {

/// The whole file as text, decompressed when its name ends in .gz. Throws Error when it cannot be read.
std::string read_text(const std::string& path);

}  // namespace retour::replay
