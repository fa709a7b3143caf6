#pragma once
// The data directory of a node: which file is what, and store.json, which enrolment writes and both programs read.

#include <cstdint>
#include <filesystem>
#include <string>

#include "plugin/core/event/event.hpp"

namespace retour::node_files {

/// Names only; nothing is opened. Files with secrets are made with mode 0600.
struct NodeFiles {
  std::filesystem::path directory;

  std::filesystem::path config() const { return directory / "store.json"; }
  std::filesystem::path journal() const { return directory / "journal.db"; }  // precious
  std::filesystem::path orders() const { return directory / "orders.db"; }    // the replica, can be fetched again
  std::filesystem::path key() const { return directory / "node.key.pem"; }    // secret; TLS and journal signatures
  std::filesystem::path certificate() const { return directory / "node.cert.pem"; }
  std::filesystem::path ca() const { return directory / "hub-ca.pem"; }        // whom this node trusts
  std::filesystem::path hub_key() const { return directory / "hub-key.pem"; }  // verifies the hub's signatures
  std::filesystem::path lookup_secret() const { return directory / "lookup.secret"; }  // secret; makes look-up keys
  std::filesystem::path policy() const { return directory / "policy.json"; }
  std::filesystem::path policies() const { return directory / "policies"; }  // folder: packs that the hub published
  std::filesystem::path catalogue() const { return directory / "catalogue.json"; }         // articles; may be missing
  std::filesystem::path recalls() const { return directory / "recalls.json"; }             // may be missing
  std::filesystem::path staff() const { return directory / "staff.json"; }                 // secret; may be missing
  std::filesystem::path staff_pepper() const { return directory / "staff.pepper"; }        // secret; in no backup
  std::filesystem::path approval_secret() const { return directory / "approval.secret"; }  // secret; in no backup
  std::filesystem::path documents() const { return directory / "documents"; }  // folder: refused ones, to look at
  std::filesystem::path documents_state() const { return directory / "documents.json"; }  // the lane's cursor
  std::filesystem::path photos() const { return directory / "photos"; }                   // of inspections, by hash
  std::filesystem::path sync_lock() const { return directory / "sync.lock"; }  // held by a running retour-sync
  std::filesystem::path sync_state() const {
    return directory / "sync.json";
  }  // what retour-sync last saw, for the status page
};

/// store.json
struct NodeConfig {
  NodeId node;
  std::uint64_t epoch = 0;      // of this journal: random, new after a restore
  std::string name;             // "anna"
  std::uint16_t catchment = 0;  // the group of orders whose home this node is
  std::string hub_host;
  std::uint16_t hub_port = 0;
  std::string region;  // of the store, for rules; written by hand, may be missing
  friend bool operator==(const NodeConfig&, const NodeConfig&) = default;
};

/// Throws Error: not enrolled (no file) says what to do; a damaged file is named with the field.
NodeConfig read_config(const NodeFiles& files);
void write_config(const NodeFiles& files, const NodeConfig& config);

Bytes read_bytes(const std::filesystem::path& path);
/// Replaces the file in one step (write beside, fsync, rename); after a crash the old or the new content is there.
void write_bytes(const std::filesystem::path& path, const Bytes& content, bool secret);
void write_text(const std::filesystem::path& path, const std::string& content, bool secret);
std::string read_text(const std::filesystem::path& path);

}  // namespace retour::node_files
