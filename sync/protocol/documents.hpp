#pragma once
// The lane of documents: files that the hub publishes for every store (policy packs, the article catalogue, staff).
// It has one cursor, the number of the last document taken. The cursor travels in the pull, as a feed cursor under
// `documents_lane`: a program that does not know the lane names no such cursor and is told of none. What lies behind
// the cursor is fetched with POST /sync/v1/documents. Description: docs/protocol.md, "Documents".

#include <optional>
#include <string>
#include <vector>

#include "sync/protocol/message_codec.hpp"

namespace retour::protocol {

inline constexpr std::uint16_t documents_lane = 65'535;              // among catchments: no store gets this one
inline constexpr std::size_t document_bytes_max = 64'000'000;        // whole: a catalogue of half a million articles
inline constexpr std::size_t document_packed_bytes_max = 6'000'000;  // one reply carries one document
inline constexpr std::size_t documents_refused_max = 100;            // told to the hub: the newest
inline constexpr std::size_t document_reason_bytes_max = 2'000;

/// One published document. The kind is a word, so that a later kind passes an older program by.
struct Document {
  std::uint64_t seq = 0;  // rises with each publication; the later one prevails
  std::string kind;       // "policy", "catalogue", "staff"
  std::string name;       // a policy's id and version; empty: there is one of this kind
  Hash256 hash;           // of the whole
  Bytes packed;           // db/codec/packed_document.hpp
  friend bool operator==(const Document&, const Document&) = default;
};

/// A document that a store did not take over, and why. The one before stays.
struct RefusedDocument {
  std::uint64_t seq = 0;
  std::string kind;
  std::string name;
  std::string reason;  // with path, for people
  friend bool operator==(const RefusedDocument&, const RefusedDocument&) = default;
};

/// POST /sync/v1/documents
struct DocumentsRequest {
  std::uint32_t version = protocol_version;
  NodeId node;
  std::uint64_t after = 0;               // the cursor
  std::vector<RefusedDocument> refused;  // all that are refused still, not only new ones
};
struct DocumentsReply {
  std::uint64_t hub_epoch = 0;
  std::uint64_t head = 0;            // number of the last document; below `after`: the hub lost its tail, start over
  std::optional<Document> document;  // the first behind `after`; empty: there is none
};

Bytes encode(const DocumentsRequest& message);
Bytes encode(const DocumentsReply& message);
template <>
DocumentsRequest decode<DocumentsRequest>(std::span<const std::uint8_t> bytes);
template <>
DocumentsReply decode<DocumentsReply>(std::span<const std::uint8_t> bytes);

}  // namespace retour::protocol
