#include "sync/protocol/documents.hpp"

#include "db/codec/core_fields.hpp"

// Fields in the order in which they travel; none is ever removed or moved.
namespace retour::protocol {

namespace {

constexpr std::int64_t seq_max = std::numeric_limits<std::int64_t>::max();  // SQLite's integers are signed

struct SeqField {
  std::uint64_t& value;
};
void save(codec::VarintOutput& archive, const SeqField& field) {
  archive.writer().varint(field.value);
}
void load(codec::VarintInput& archive, SeqField& field) {
  field.value = archive.reader().varint_to(static_cast<std::uint64_t>(seq_max));
}

}  // namespace

template <class A>
void serialize(A& archive, Document& v) {
  archive(SeqField{v.seq}, v.kind, v.name, v.hash, v.packed);
}
template <class A>
void serialize(A& archive, RefusedDocument& v) {
  archive(SeqField{v.seq}, v.kind, v.name, v.reason);
}
template <class A>
void serialize(A& archive, DocumentsRequest& v) {
  archive(codec::within(v.version, 1, protocol_version), v.node, SeqField{v.after}, v.refused);
}
template <class A>
void serialize(A& archive, DocumentsReply& v) {
  archive(SeqField{v.hub_epoch}, SeqField{v.head}, v.document);
}

Bytes encode(const DocumentsRequest& message) {
  return codec::to_bytes(message);
}
Bytes encode(const DocumentsReply& message) {
  return codec::to_bytes(message);
}
template <>
DocumentsRequest decode<DocumentsRequest>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<DocumentsRequest>(bytes);
}
template <>
DocumentsReply decode<DocumentsReply>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<DocumentsReply>(bytes);
}

}  // namespace retour::protocol
