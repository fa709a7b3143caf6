#include "pos-adapters/catalogue_file/catalogue_file.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "plugin/core/base/error.hpp"

namespace retour::catalogue_file {

namespace {

using nlohmann::json;
using Articles = std::unordered_map<std::string, ports::Article>;

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : m_file(file) {}

  Articles read() {
    std::ifstream in(m_file);
    if (!in) fail("it cannot be opened");
    if ((in >> std::ws).peek() == '[') {
      take_list(json::parse(in, nullptr, false));
    } else {
      take_lines(in);
    }
    return std::move(m_articles);
  }

 private:
  void take_list(const json& list) {
    if (!list.is_array()) fail("it is not a JSON list");
    for (const json& one : list) ++m_number, take(one);
  }

  void take_lines(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) {
      ++m_number;
      if (line.find_first_not_of(" \t\r") != std::string::npos) take(json::parse(line, nullptr, false));
    }
  }

  void take(const json& object) {
    if (!object.is_object()) fail("is not a JSON object");
    ports::Article article;
    for (const auto& [name, value] : object.items()) text_field(article, name) = text(name, value);
    if (article.sku.empty()) fail("has no \"sku\"");
    if (m_articles.size() == articles_max)
      fail("is one too many: " + std::to_string(articles_max) + " are the limit");
    const std::string sku = article.sku;
    if (!m_articles.emplace(sku, std::move(article)).second) fail("has the SKU \"" + sku + "\" for the second time");
  }

  std::string& text_field(ports::Article& article, const std::string& name) {
    if (name == "sku") return article.sku;
    if (name == "category") return article.category;
    if (name == "brand") return article.brand;
    if (name == "style") return article.style;
    if (name == "size") return article.size;
    if (name == "colour") return article.colour;
    fail("has the unknown field \"" + name + "\"");
  }

  std::string text(const std::string& name, const json& value) {
    if (value.is_string() && value.get_ref<const std::string&>().size() <= article_field_bytes_max) {
      return value.get<std::string>();
    }
    fail("has no text of at most " + std::to_string(article_field_bytes_max) + " bytes in \"" + name + "\"");
  }

  [[noreturn]] void fail(const std::string& what) {
    const std::string where = m_number == 0 ? "" : "article " + std::to_string(m_number) + " ";
    throw Error({.operation = "read the article catalogue",
                 .object = m_file.string(),
                 .cause = where + what,
                 .consequence = "the articles of before stay; correct the file, it is read again when it changes"});
  }

  const std::filesystem::path& m_file;
  std::size_t m_number = 0;
  Articles m_articles;
};

}  // namespace

std::shared_ptr<const CatalogueFile::Articles> CatalogueFile::articles() {
  const std::lock_guard lock(m_mutex);
  return m_articles;
}

std::optional<ports::Article> CatalogueFile::find(std::string_view sku) {
  const auto articles = this->articles();
  const auto found = articles->find(std::string(sku));
  return found == articles->end() ? std::nullopt : std::optional(found->second);
}

std::size_t CatalogueFile::size() {
  return articles()->size();
}

void CatalogueFile::refresh() {
  std::error_code none;
  std::optional<Seen> now;
  if (const auto bytes = std::filesystem::file_size(m_file, none); !none) {
    now = Seen{std::filesystem::last_write_time(m_file, none), bytes};
  }
  if (now == m_seen) return;
  m_seen = now;
  if (now && now->bytes > catalogue_bytes_max) {
    throw Error({.operation = "read the article catalogue",
                 .object = m_file.string(),
                 .cause = "it is larger than " + std::to_string(catalogue_bytes_max) + " bytes",
                 .consequence = "the articles of before stay"});
  }
  auto read = std::make_shared<const Articles>(now ? Reader(m_file).read() : Articles{});
  const std::lock_guard lock(m_mutex);
  m_articles = std::move(read);
}

}  // namespace retour::catalogue_file
