#include "sync/protocol/started_returns.hpp"

#include "db/codec/core_fields.hpp"

// Fields in the order in which they travel; none is ever removed or moved.
namespace retour::protocol {

namespace {

constexpr std::int64_t number_max = std::numeric_limits<std::int64_t>::max();  // SQLite's integers are signed

struct NumberField {
  std::uint64_t& value;
};
void save(codec::VarintOutput& archive, const NumberField& field) {
  archive.writer().varint(field.value);
}
void load(codec::VarintInput& archive, NumberField& field) {
  field.value = archive.reader().varint_to(static_cast<std::uint64_t>(number_max));
}

}  // namespace

template <class A>
void serialize(A& archive, StartedItem& v) {
  archive(NumberField{v.seq}, v.open, v.approved, v.approved_by, v.version, v.body);
}
template <class A>
void serialize(A& archive, StartedRequest& v) {
  archive(codec::within(v.version, 1, protocol_version), v.node, NumberField{v.after});
}
template <class A>
void serialize(A& archive, StartedReply& v) {
  archive(NumberField{v.hub_epoch}, NumberField{v.head}, v.items);
}

Bytes encode(const StartedRequest& message) {
  return codec::to_bytes(message);
}
Bytes encode(const StartedReply& message) {
  return codec::to_bytes(message);
}
template <>
StartedRequest decode<StartedRequest>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<StartedRequest>(bytes);
}
template <>
StartedReply decode<StartedReply>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<StartedReply>(bytes);
}

}  // namespace retour::protocol
