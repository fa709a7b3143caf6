#pragma once
// Golden files: bytes that must never change. RETOUR_WRITE_GOLDEN=1 writes lines for what is new; it never alters one
// that is there, because stored journals already hold those bytes.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "plugin/core/base/id.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::golden {

/// "name version" -> hex, from lines `name version hex`; `#` begins a comment.
inline std::map<std::string, std::string> read(const std::filesystem::path& file) {
  std::map<std::string, std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name, version, hex;
    words >> name >> version >> hex;
    lines[name + " " + version] = hex;
  }
  return lines;
}

/// True when `bytes` are what the file holds under the key. An unknown key fails, unless the file may grow.
inline bool matches(const std::filesystem::path& file, const std::string& key, const Bytes& bytes) {
  const auto lines = read(file);
  const std::string hex = to_hex(bytes.data(), bytes.size());
  if (const auto found = lines.find(key); found != lines.end()) return found->second == hex;
  if (std::getenv("RETOUR_WRITE_GOLDEN") == nullptr) return false;
  std::ofstream(file, std::ios::app) << key << " " << hex << "\n";
  return true;
}

/// The text of the file. A file that is not there is written with `text` when RETOUR_WRITE_GOLDEN says so.
inline std::string text_of(const std::filesystem::path& file, const std::string& text) {
  if (std::getenv("RETOUR_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(file))
    std::ofstream(file, std::ios::binary) << text;
  std::ostringstream there;
  there << std::ifstream(file, std::ios::binary).rdbuf();
  return there.str();
}

inline Bytes bytes_of(const std::string& hex) {
  Bytes bytes(hex.size() / 2);
  if (!from_hex(hex, bytes.data(), bytes.size())) bytes.clear();
  return bytes;
}

}  // namespace retour::golden
