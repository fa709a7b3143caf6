#pragma once
// The article catalogue as a file: docs/adapters.md, "The article catalogue".

#include <filesystem>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "plugin/ports/article_lookup.hpp"

namespace retour::catalogue_file {

inline constexpr std::uintmax_t catalogue_bytes_max = 500'000'000;  // the whole file is read into memory
inline constexpr std::size_t articles_max = 2'000'000;              // about 400 MB
inline constexpr std::size_t article_field_bytes_max = 200;

class CatalogueFile final : public ports::ArticleLookup {
 public:
  /// Reads nothing yet: `refresh` does.
  explicit CatalogueFile(std::filesystem::path file) : m_file(std::move(file)) {}

  std::optional<ports::Article> find(std::string_view sku) override;

  /// Reads the file when it has changed since the last time; one that went away leaves no articles. Throws Error
  /// naming the line; then the articles of before stay, and the same content is not tried again.
  void refresh();

  std::size_t size();

 private:
  using Articles = std::unordered_map<std::string, ports::Article>;
  struct Seen {
    std::filesystem::file_time_type written;
    std::uintmax_t bytes = 0;
    friend bool operator==(const Seen&, const Seen&) = default;
  };
  std::shared_ptr<const Articles> articles();

  std::filesystem::path m_file;
  std::mutex m_mutex;  // guards the pointer; readers keep their own copy of it
  std::shared_ptr<const Articles> m_articles = std::make_shared<Articles>();
  std::optional<Seen> m_seen;  // by `refresh` alone
};

}  // namespace retour::catalogue_file
