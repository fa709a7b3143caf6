#include "sync/protocol/message_codec.hpp"

#include "db/codec/core_fields.hpp"
#include "sync/protocol/batch_codec.hpp"

// Fields in the order in which they travel. A field is never removed and never moves; a change is a new version.
namespace retour::protocol {

namespace {

constexpr std::int64_t epoch_max = std::numeric_limits<std::int64_t>::max();  // SQLite's integers are signed

template <class T>
codec::NumberField<T> version_field(T& version) {
  return codec::within(version, 1, protocol_version);
}

struct EpochField {
  std::uint64_t& value;
};
void save(codec::VarintOutput& archive, const EpochField& field) {
  archive.writer().varint(field.value);
}
void load(codec::VarintInput& archive, EpochField& field) {
  field.value = archive.reader().varint_to(static_cast<std::uint64_t>(epoch_max));
}

struct EventsField {
  PushRequest& request;
};
void save(codec::VarintOutput& archive, const EventsField& field) {
  write_batch(archive.writer(), field.request.events);
}
void load(codec::VarintInput& archive, EventsField& field) {
  field.request.events = read_batch(archive.reader(), field.request.node, field.request.epoch);
}

}  // namespace

template <class A>
void serialize(A& archive, SubjectEntry& v) {
  archive(v.subject, v.customer_key);
}
template <class A>
void serialize(A& archive, SaleKeys& v) {
  archive(v.order_id, v.customer, v.card);
}
template <class A>
void serialize(A& archive, ChunkRef& v) {
  archive(v.hash, v.bytes, v.orders);
}
template <class A>
void serialize(A& archive, PushRequest& v) {
  archive(version_field(v.version), v.node, EpochField{v.epoch}, EventsField{v}, v.subjects, v.sale_keys, v.signature,
          v.clock_ms);
}
template <class A>
void serialize(A& archive, PushReply& v) {
  archive(EpochField{v.hub_epoch}, codec::in_range(v.code, PushCode::accepted, PushCode::unknown_node),
          EpochField{v.head_seq}, v.head_hash, v.countersignature, v.detail);
}
template <class A>
void serialize(A& archive, PullRequest& v) {
  archive(version_field(v.version), v.node, EpochField{v.hub_epoch}, v.cursors, v.today, v.journalled, v.wait_ms,
          EpochField{v.journal_seq}, v.clock_ms, v.wanted);
}
template <class A>
void serialize(A& archive, PullReply& v) {
  archive(EpochField{v.hub_epoch}, v.grants, v.recalls, v.decisions, v.pending, v.orders, v.cursors, v.more);
}
template <class A>
void serialize(A& archive, EnrolRequest& v) {
  archive(version_field(v.version), v.token, v.csr_pem);
}
template <class A>
void serialize(A& archive, EnrolReply& v) {
  archive(v.node, v.name, v.certificate_pem, v.ca_pem, v.hub_key_pem, v.catchment, EpochField{v.hub_epoch},
          v.lookup_secret, v.policy_json);
}
template <class A>
void serialize(A& archive, ErrorReply& v) {
  archive(v.code, v.detail);
}

namespace {

template <class A>
void manifest_head(A& archive, Manifest& v) {
  archive(EpochField{v.hub_epoch}, v.cursors, v.chunks);
}

/// cereal hands values to `serialize` without const, although writing changes nothing.
template <class Message>
Bytes bytes_of(const Message& message) {
  return codec::to_bytes(message);
}

}  // namespace

template <class A>
void serialize(A& archive, Manifest& v) {
  manifest_head(archive, v);
  archive(v.signature);
}

Bytes encode(const PushRequest& message) {
  return bytes_of(message);
}
Bytes encode(const PushReply& message) {
  return bytes_of(message);
}
Bytes encode(const PullRequest& message) {
  return bytes_of(message);
}
Bytes encode(const PullReply& message) {
  return bytes_of(message);
}
Bytes encode(const EnrolRequest& message) {
  return bytes_of(message);
}
Bytes encode(const EnrolReply& message) {
  return bytes_of(message);
}
Bytes encode(const Manifest& message) {
  return bytes_of(message);
}
Bytes encode(const ErrorReply& message) {
  return bytes_of(message);
}

template <class Message>
Message decode(std::span<const std::uint8_t> bytes) {
  return codec::from_bytes<Message>(bytes);
}
template PushRequest decode<PushRequest>(std::span<const std::uint8_t>);
template PushReply decode<PushReply>(std::span<const std::uint8_t>);
template PullRequest decode<PullRequest>(std::span<const std::uint8_t>);
template PullReply decode<PullReply>(std::span<const std::uint8_t>);
template EnrolRequest decode<EnrolRequest>(std::span<const std::uint8_t>);
template EnrolReply decode<EnrolReply>(std::span<const std::uint8_t>);
template Manifest decode<Manifest>(std::span<const std::uint8_t>);
template ErrorReply decode<ErrorReply>(std::span<const std::uint8_t>);

ErrorReply decode_error(std::span<const std::uint8_t> bytes) {
  try {
    return decode<ErrorReply>(bytes);
  } catch (const codec::MalformedBody&) {
    return {.code = "unreadable", .detail = "what answered does not speak the hub's protocol"};
  }
}

Bytes signed_part(const Manifest& manifest) {
  codec::VarintOutput archive;
  Manifest copy = manifest;
  manifest_head(archive, copy);
  return archive.take();
}

std::string_view to_string(PushCode code) {
  switch (code) {
    case PushCode::accepted:
      return "accepted";
    case PushCode::gap:
      return "gap";
    case PushCode::chain_broken:
      return "chain_broken";
    case PushCode::forked:
      return "forked";
    case PushCode::signature_wrong:
      return "signature_wrong";
    case PushCode::unknown_node:
      return "unknown_node";
  }
  return "unknown";
}

}  // namespace retour::protocol
