#pragma once
// What a store keeps of the hub's documents. Each is written beside, read strictly, and only then put in the place of
// the one before, in one step; one that will not do stays in the folder `documents` and is told by path and reason.
// The programs of the store read the files again when they change. Used by one thread of retour-sync.

#include <filesystem>
#include <optional>
#include <vector>

#include "db/node_files/node_files.hpp"
#include "sync/protocol/documents.hpp"

namespace retour::documents {

inline constexpr std::size_t policies_kept_max = 32;  // the newest packs of the lane, in force, waiting or over

/// documents.json: how far the store has come, and what it refused.
struct ShelfState {
  std::uint64_t after = 0;
  std::vector<protocol::RefusedDocument> refused;  // until a later one of its kind (and name) is taken over
  friend bool operator==(const ShelfState&, const ShelfState&) = default;
};
/// No file, or one that cannot be read: everything is taken over anew, which changes nothing that is there already.
ShelfState read_state(const std::filesystem::path& file);

/// The packs of the lane, the latest first.
std::vector<std::filesystem::path> published_policies(const node_files::NodeFiles& files);

class DocumentShelf {
 public:
  explicit DocumentShelf(node_files::NodeFiles files);

  std::uint64_t after() const { return m_state.after; }
  const std::vector<protocol::RefusedDocument>& refused() const { return m_state.refused; }

  /// Taken over, or refused; either way the cursor stands behind it, durably. False: refused. Throws Error when this
  /// machine's disk fails; then nothing has moved.
  bool take(const protocol::Document& document);
  /// The hub knows documents up to `head` only, fewer than this store: it lost its tail. Packs behind that number go,
  /// as it does not decide by them either, and everything is taken over again.
  void start_over(std::uint64_t head);

 private:
  std::optional<std::string> fault_in(const protocol::Document& document);
  void put_in_place(const protocol::Document& document, const std::filesystem::path& arrived);
  void keep_newest_policies();
  void write_state() const;

  node_files::NodeFiles m_files;
  ShelfState m_state;
};

}  // namespace retour::documents
