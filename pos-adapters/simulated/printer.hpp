#pragma once
// A printer whose paper is a vector, and numbered text files when it has a folder.

#include <filesystem>
#include <mutex>
#include <vector>

#include "plugin/ports/devices.hpp"

namespace retour::simulated {

class Printer final : public ports::Printer {
 public:
  static constexpr std::size_t papers_kept_max = 1'000;  // in memory; about 2 MB of receipts

  explicit Printer(std::filesystem::path folder = {});

  /// A full disk loses the paper, never the refund: the journal has what the paper says.
  void print(const std::string& text) override;

  std::vector<std::string> papers() const;

 private:
  mutable std::mutex m_mutex;
  std::filesystem::path m_folder;
  std::uint64_t m_next = 1;
  std::vector<std::string> m_papers;
};

}  // namespace retour::simulated
