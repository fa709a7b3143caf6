#include "sync/protocol/batch_codec.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace retour::protocol {

namespace {

// Kinds by number; a new kind goes to the end, a kind without number travels by name. The numbers are on the wire and
// in the hub's table, and so are names that programs wrote before there was a number.
constexpr std::array<std::string_view, 22> kind_names{
    "case_opened",      "order_attached",    "line_answered",  "line_referred",  "line_deferred",
    "line_settled",     "units_claimed",     "goods_received", "refund_planned", "refund_leg_started",
    "refund_leg_ended", "case_closed",       "stock_moved",    "sale_recorded",  "rights_received",
    "rights_released",  "referral_answered", "node_enrolled",  "rights_granted", "recall_issued",
    "referral_decided", "goods_handed_back"};
constexpr std::uint8_t kind_by_name = 0;  // kind_names[n] travels as n + 1

constexpr std::uint64_t seq_max = (std::uint64_t{1} << 63) - 1;  // SQLite's integers are signed
constexpr std::size_t kind_bytes_max = 64;

enum EventFlag : std::uint8_t {
  has_case = 1,
  same_case = 2,     // as the event before
  same_command = 4,  // as the event before, part + 1
  later_version = 8,
  event_flags_all = 15
};

std::uint8_t kind_number(std::string_view kind) {
  const auto* found = std::find(kind_names.begin(), kind_names.end(), kind);
  return found == kind_names.end() ? kind_by_name : static_cast<std::uint8_t>(found - kind_names.begin() + 1);
}

void write_kind(codec::ByteWriter& out, const std::string& kind) {
  const std::uint8_t number = kind_number(kind);
  out.byte(number);
  if (number == kind_by_name) out.text(kind);
}

std::string read_kind(codec::ByteReader& in) {
  const std::uint8_t number = in.byte();
  if (number > kind_names.size()) in.fail("an unknown number of a kind before");
  if (number != kind_by_name) return std::string(kind_names[number - 1U]);
  const std::string_view kind = in.text();
  if (kind.empty() || kind.size() > kind_bytes_max) in.fail("not a name of a kind before");
  return std::string(kind);
}

bool continues_command(const EventEnvelope& event, const EventEnvelope* before) {
  return before != nullptr && event.command_id == before->command_id &&
         event.command_part == before->command_part + 1;
}

void write_event(codec::ByteWriter& out, const EventEnvelope& event, const EventEnvelope* before) {
  const bool with_case = event.case_id.has_value();
  const bool case_known = with_case && before != nullptr && event.case_id == before->case_id;
  const bool command_known = continues_command(event, before);
  out.byte(static_cast<std::uint8_t>((with_case ? has_case : 0) | (case_known ? same_case : 0) |
                                     (command_known ? same_command : 0) |
                                     (event.kind_version != 1 ? later_version : 0)));
  out.varint(event.hlc.packed - (before == nullptr ? 0 : before->hlc.packed));  // modulo 2^64: any order comes back
  if (with_case && !case_known) out.raw(event.case_id->bytes.data(), event.case_id->bytes.size());
  if (!command_known) {
    out.raw(event.command_id.bytes.data(), event.command_id.bytes.size());
    out.varint(event.command_part);
  }
  write_kind(out, event.kind);
  if (event.kind_version != 1) out.varint(event.kind_version);
  out.blob(event.body);
}

template <class AnyId>
void read_id(codec::ByteReader& in, AnyId& id) {
  std::memcpy(id.bytes.data(), in.raw(id.bytes.size()).data(), id.bytes.size());
}

void read_event(codec::ByteReader& in, EventEnvelope& event, const EventEnvelope* before) {
  const std::uint8_t flags = in.byte();
  const bool refers_back = (flags & (same_case | same_command)) != 0;
  if (flags > event_flags_all || (refers_back && before == nullptr)) in.fail("unknown flags of an event before");
  event.hlc.packed = in.varint() + (before == nullptr ? 0 : before->hlc.packed);
  if (event.hlc.packed > seq_max) in.fail("a time is out of range before");
  if (flags & same_case) {
    if (!(flags & has_case) || !before->case_id) in.fail("no case to repeat before");
    event.case_id = before->case_id;
  } else if (flags & has_case) {
    read_id(in, event.case_id.emplace());
  }
  if (flags & same_command) {
    event.command_id = before->command_id;
    event.command_part = before->command_part + 1;
  } else {
    read_id(in, event.command_id);
    event.command_part = static_cast<std::uint32_t>(in.varint_to(0x7fff'ffff));
  }
  event.kind = read_kind(in);
  event.kind_version = flags & later_version ? static_cast<std::uint32_t>(in.varint_to(0x7fff'ffff)) : 1;
  const auto body = in.blob();
  event.body.assign(body.begin(), body.end());
}

}  // namespace

void write_batch(codec::ByteWriter& out, std::span<const EventEnvelope> events) {
  out.varint(events.size());
  if (events.empty()) return;
  out.varint(events.front().seq);
  out.raw(events.front().prev_hash.bytes.data(), events.front().prev_hash.bytes.size());
  const EventEnvelope* before = nullptr;
  for (const EventEnvelope& event : events) {
    write_event(out, event, before);
    before = &event;
  }
  out.raw(events.back().hash.bytes.data(), events.back().hash.bytes.size());
}

std::vector<EventEnvelope> read_batch(codec::ByteReader& in, const NodeId& node, std::uint64_t epoch) {
  std::vector<EventEnvelope> events;
  const std::size_t count = in.count();
  if (count == 0) return events;
  const std::uint64_t first_seq = in.varint_to(seq_max - count);
  events.reserve(std::min<std::size_t>(count, 64));  // a lying count costs no memory before its events are there
  Hash256 before_first;
  read_id(in, before_first);
  for (std::size_t i = 0; i < count; ++i) {
    EventEnvelope event{.node_id = node, .epoch = epoch, .seq = first_seq + i};
    read_event(in, event, events.empty() ? nullptr : &events.back());
    events.push_back(std::move(event));
  }
  events.front().prev_hash = before_first;
  read_id(in, events.back().hash);
  return events;
}

}  // namespace retour::protocol
