#pragma once
// The recall list as a file: docs/adapters.md, "The recall list".

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include "plugin/ports/recall_list.hpp"

namespace retour::recall_file {

inline constexpr std::uintmax_t recalls_bytes_max = 20'000'000;  // the whole file is read into memory
inline constexpr std::size_t recalls_max = 10'000;            // notices; the EU's Safety Gate has some 4,000 a year
inline constexpr std::size_t recall_serials_max = 200'000;    // of one notice: about 10 MB
inline constexpr std::size_t recall_words_bytes_max = 1'000;  // a cashier reads two sentences, not a page
inline constexpr std::size_t recall_code_bytes_max = 64;      // of an id, an SKU, a serial number

class RecallFile final : public ports::RecallList {
 public:
  /// Reads nothing yet: `refresh` does.
  explicit RecallFile(std::filesystem::path file) : m_file(std::move(file)) {}

  std::optional<ports::Recall> find(std::string_view sku, std::string_view serial) override;

  /// Reads the file when it has changed since the last time; one that went away leaves no recalls. Throws Error
  /// naming the entry; then the recalls of before stay, and the same content is not tried again.
  void refresh();

 private:
  struct Notice {
    ports::Recall recall;
    std::set<std::string, std::less<>> serials;  // empty: every unit of the article
  };
  using Notices = std::unordered_map<std::string, std::vector<Notice>>;  // by SKU
  class Reader;

  std::shared_ptr<const Notices> notices();

  std::filesystem::path m_file;
  std::mutex m_mutex;  // guards the pointer; readers keep their own copy of it
  std::shared_ptr<const Notices> m_notices = std::make_shared<Notices>();
  std::string m_seen;  // the file's text; by `refresh` alone
};

}  // namespace retour::recall_file
