#include "pos-adapters/recall_file/recall_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "plugin/core/base/error.hpp"

namespace retour::recall_file {

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& cause) {
  throw Error({.operation = "read the recall list",
               .object = file.string(),
               .cause = cause,
               .consequence = "the recalls of before stay; correct the file, it is read again when it changes"});
}

std::string text_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto bytes = std::filesystem::file_size(file, none);
  if (none) return {};
  if (bytes > recalls_bytes_max) fail(file, "it is larger than " + std::to_string(recalls_bytes_max) + " bytes");
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "it cannot be opened");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

/// One notice after the other; every field is known by name, and what nobody knows is told.
class RecallFile::Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : m_file(file) {}

  Notices read(const std::string& text) {
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object() || document.size() != 1 || !document.contains("recalls") ||
        !document["recalls"].is_array()) {
      fail(m_file, "it is not an object with the one list \"recalls\"");
    }
    const json& list = document["recalls"];
    if (list.size() > recalls_max) fail(m_file, "it has more than " + std::to_string(recalls_max) + " entries");
    for (std::size_t i = 0; i < list.size(); ++i) {
      m_where = "recalls[" + std::to_string(i) + "]";
      take(list[i]);
    }
    return std::move(m_notices);
  }

 private:
  [[noreturn]] void wrong(const std::string& name) {
    fail(m_file, m_where + " has a wrong or unknown field \"" + name + "\"");
  }

  void take(const json& object) {
    if (!object.is_object()) fail(m_file, m_where + " is not an object");
    Notice notice;
    std::vector<std::string> skus;
    for (const auto& [name, value] : object.items()) {
      if (name == "id") {
        notice.recall.id = text(name, value, recall_code_bytes_max);
      } else if (name == "skus") {
        skus = texts(name, value);
      } else if (name == "serials") {
        for (std::string& serial : texts(name, value)) notice.serials.insert(std::move(serial));
      } else if (name == "what_to_do") {
        words(name, value, notice.recall);
      } else {
        wrong(name);
      }
    }
    if (notice.recall.id.empty() || skus.empty() || notice.recall.en.empty()) {
      fail(m_file, m_where + " needs \"id\", \"skus\" and \"what_to_do\"");
    }
    for (const std::string& sku : skus) m_notices[sku].push_back(notice);
  }

  void words(const std::string& name, const json& value, ports::Recall& recall) {
    if (!value.is_object() || value.size() != 2 || !value.contains("en") || !value.contains("zh")) wrong(name);
    recall.en = text(name, value["en"], recall_words_bytes_max);
    recall.zh = text(name, value["zh"], recall_words_bytes_max);
  }

  std::string text(const std::string& name, const json& value, std::size_t bytes_max) {
    const std::string read = value.is_string() ? value.get<std::string>() : "";
    if (read.empty() || read.size() > bytes_max) wrong(name);
    return read;
  }

  /// A list that is there and empty would recall nothing, or everything: neither can have been meant.
  std::vector<std::string> texts(const std::string& name, const json& value) {
    if (!value.is_array() || value.empty() || value.size() > recall_serials_max) wrong(name);
    std::vector<std::string> read;
    for (const json& one : value) read.push_back(text(name, one, recall_code_bytes_max));
    return read;
  }

  const std::filesystem::path& m_file;
  std::string m_where;
  Notices m_notices;
};

std::shared_ptr<const RecallFile::Notices> RecallFile::notices() {
  const std::lock_guard lock(m_mutex);
  return m_notices;
}

std::optional<ports::Recall> RecallFile::find(std::string_view sku, std::string_view serial) {
  const auto notices = this->notices();
  const auto of_sku = notices->find(std::string(sku));
  if (of_sku == notices->end()) return std::nullopt;
  for (const Notice& notice : of_sku->second) {
    if (notice.serials.empty() || serial.empty() || notice.serials.contains(serial)) return notice.recall;
  }
  return std::nullopt;
}

void RecallFile::refresh() {
  std::string text = text_of(m_file);
  if (text == m_seen) return;
  m_seen = text;  // the same wrong file is told once
  auto read = std::make_shared<const Notices>(text.empty() ? Notices{} : Reader(m_file).read(text));
  const std::lock_guard lock(m_mutex);
  m_notices = std::move(read);
}

}  // namespace retour::recall_file
