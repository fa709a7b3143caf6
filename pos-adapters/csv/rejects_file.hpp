#pragma once
// The rejects of a file as a CSV file of their own, for the person who repairs them: file, line, row, column, reason,
// and the raw row.

#include <filesystem>
#include <fstream>

#include "plugin/ports/order_source.hpp"

namespace retour::csv {

class RejectsFile {
 public:
  /// Nothing is written before the first reject; then a file of that name is replaced.
  explicit RejectsFile(std::filesystem::path path) : m_path(std::move(path)) {}

  void add(const ports::SourceReject& reject);
  /// Throws retour::Error when what was added did not reach the file, as a full disk makes happen.
  void close();

  std::uint64_t count() const { return m_count; }
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
  std::ofstream m_file;
  int m_open_errno = 0;
  std::uint64_t m_count = 0;
};

}  // namespace retour::csv
