#include "sync/protocol/counted_returns.hpp"

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
void serialize(A& archive, CountedItem& v) {
  archive(NumberField{v.seq}, v.case_id, v.node, v.customer, v.day, v.given_back, v.no_receipt);
}
template <class A>
void serialize(A& archive, CountedRequest& v) {
  archive(codec::within(v.version, 1, protocol_version), v.node, NumberField{v.after});
}
template <class A>
void serialize(A& archive, CountedReply& v) {
  archive(NumberField{v.hub_epoch}, NumberField{v.head}, v.items);
}

Bytes encode(const CountedRequest& message) {
  return codec::to_bytes(message);
}
Bytes encode(const CountedReply& message) {
  return codec::to_bytes(message);
}
template <>
CountedRequest decode<CountedRequest>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<CountedRequest>(bytes);
}
template <>
CountedReply decode<CountedReply>(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<CountedReply>(bytes);
}

}  // namespace retour::protocol
