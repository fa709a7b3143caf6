#include "sync/documents/document_shelf.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "db/codec/digest.hpp"
#include "db/codec/packed_document.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "sync/documents/check_document.hpp"

namespace retour::documents {

namespace {

constexpr std::size_t number_digits = 12;  // so that names sort as numbers do

std::string numbered(std::uint64_t seq) {
  const std::string digits = std::to_string(seq);
  return std::string(number_digits - std::min(number_digits, digits.size()), '0') + digits;
}

/// The kind comes from outside and becomes part of a path: letters only.
std::string safe(const std::string& kind) {
  const bool letters = std::all_of(kind.begin(), kind.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return letters && kind.size() <= 32 ? kind : "unknown";
}

std::filesystem::path arrival_of(const node_files::NodeFiles& files, std::uint64_t seq, const std::string& kind) {
  return files.documents() / (numbered(seq) + "-" + safe(kind) + ".json");
}

bool stands_for(const protocol::RefusedDocument& refused, const protocol::Document& document) {
  return refused.kind == document.kind && (refused.name == document.name || refused.name.empty());
}

/// Who is who comes from the hub; a person's PIN stays the one that was set here, and so does her household, unless
/// the hub names one.
std::vector<staff_file::Member> with_pins_of(const std::vector<staff_file::Member>& here,
                                             std::vector<staff_file::Member> members) {
  for (staff_file::Member& member : members) {
    const auto known =
        std::find_if(here.begin(), here.end(), [&](const auto& other) { return other.code == member.code; });
    if (known == here.end()) continue;
    member.pin = known->pin;
    if (member.household.empty()) member.household = known->household;
  }
  return members;
}

}  // namespace

ShelfState read_state(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  const nlohmann::json json = nlohmann::json::parse(node_files::read_text(file), nullptr, false);
  try {
    ShelfState state{.after = json.at("after").get<std::uint64_t>()};
    for (const auto& one : json.at("refused")) {
      state.refused.push_back({one.at("seq").get<std::uint64_t>(), one.at("kind").get<std::string>(),
                               one.at("name").get<std::string>(), one.at("reason").get<std::string>()});
    }
    return state;
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

std::vector<std::filesystem::path> published_policies(const node_files::NodeFiles& files) {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(files.policies(), none)) {
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

DocumentShelf::DocumentShelf(node_files::NodeFiles files)
    : m_files(std::move(files)), m_state(read_state(m_files.documents_state())) {}

bool DocumentShelf::take(const protocol::Document& document) {
  std::optional<std::string> fault = fault_in(document);
  std::erase_if(m_state.refused, [&](const auto& refused) {
    if (!stands_for(refused, document)) return false;
    std::filesystem::remove(arrival_of(m_files, refused.seq, refused.kind));
    return true;
  });
  if (fault) {
    if (fault->size() > protocol::document_reason_bytes_max) fault->resize(protocol::document_reason_bytes_max);
    m_state.refused.push_back({document.seq, document.kind, document.name, *std::move(fault)});
    if (m_state.refused.size() > protocol::documents_refused_max) m_state.refused.erase(m_state.refused.begin());
  }
  m_state.after = document.seq;
  write_state();
  return !fault;
}

void DocumentShelf::start_over(std::uint64_t head) {
  for (const std::filesystem::path& file : published_policies(m_files)) {
    if (file.stem().string() > numbered(head)) std::filesystem::remove(file);
  }
  m_state = {};
  write_state();
}

/// Empty: the document is in its place.
std::optional<std::string> DocumentShelf::fault_in(const protocol::Document& document) {
  const std::filesystem::path arrived = arrival_of(m_files, document.seq, document.kind);
  std::filesystem::create_directories(m_files.documents());
  try {
    const Bytes whole = codec::unpack_document(document.packed, protocol::document_bytes_max);
    if (codec::sha256(whole) != document.hash) return arrived.string() + ": its bytes have another hash";
    node_files::write_bytes(arrived, whole, document.kind == kind_staff);
  } catch (const codec::MalformedBody& error) {
    return arrived.string() + ": " + error.what();
  }
  try {
    check_document(document.kind, arrived);
    if (document.kind == kind_staff) staff_file::read_staff(m_files.staff());  // its PINs are needed
  } catch (const Error& error) {
    return error.what();
  }
  put_in_place(document, arrived);
  return std::nullopt;
}

void DocumentShelf::put_in_place(const protocol::Document& document, const std::filesystem::path& arrived) {
  if (document.kind == kind_policy) {
    std::filesystem::create_directories(m_files.policies());
    std::filesystem::rename(arrived, m_files.policies() / (numbered(document.seq) + ".json"));
    return keep_newest_policies();
  }
  if (document.kind == kind_catalogue) return std::filesystem::rename(arrived, m_files.catalogue());
  if (document.kind == kind_recalls) return std::filesystem::rename(arrived, m_files.recalls());
  const auto here = staff_file::read_staff(m_files.staff());
  staff_file::write_staff(m_files.staff(), with_pins_of(here, staff_file::read_staff(arrived)));
  std::filesystem::remove(arrived);
}

void DocumentShelf::keep_newest_policies() {
  const std::vector<std::filesystem::path> all = published_policies(m_files);
  for (std::size_t i = policies_kept_max; i < all.size(); ++i) std::filesystem::remove(all[i]);
}

void DocumentShelf::write_state() const {
  nlohmann::ordered_json refused = nlohmann::ordered_json::array();
  for (const protocol::RefusedDocument& one : m_state.refused)
    refused.push_back({{"seq", one.seq}, {"kind", one.kind}, {"name", one.name}, {"reason", one.reason}});
  const nlohmann::ordered_json json{{"after", m_state.after}, {"refused", std::move(refused)}};
  node_files::write_text(m_files.documents_state(),
                         json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", false);
}

}  // namespace retour::documents
