#include <boost/test/unit_test.hpp>

#include "db/codec/core_fields.hpp"
#include "db/codec/digest.hpp"
#include "db/journal/chain.hpp"
#include "db/journal/inspect.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_journal.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::journal;
using samples::sample_journal;

namespace {

const std::filesystem::path golden_file = RETOUR_SOURCE_DIR "/tests/golden/journal/journal.hex";
const std::filesystem::path golden_dump = RETOUR_SOURCE_DIR "/tests/golden/journal/dump.jsonl";

void put_number(Bytes& bytes, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
template <class Container>
void put(Bytes& bytes, const Container& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

/// docs/journal.md, "Hash", written down a second time.
Bytes hashed_bytes(const EventEnvelope& event) {
  Bytes bytes{1};
  put(bytes, event.node_id.bytes);
  put_number(bytes, event.epoch);
  put_number(bytes, event.seq);
  put_number(bytes, event.hlc.packed);
  bytes.push_back(event.case_id ? 1 : 0);
  put(bytes, event.case_id.value_or(ReturnCaseId{}).bytes);
  put(bytes, event.command_id.bytes);
  put_number(bytes, event.command_part);
  put_number(bytes, event.kind_version);
  put(bytes, event.prev_hash.bytes);
  put_number(bytes, event.kind.size());
  put_number(bytes, event.body.size());
  put(bytes, event.kind);
  put(bytes, event.body);
  return bytes;
}

ChainFault fault_of(const std::vector<EventEnvelope>& events) {
  const auto found = verify_chain(events, Head{.identity = {events[1].node_id, events[1].epoch}});
  BOOST_REQUIRE(found);
  return found->fault;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_chain_tests)

BOOST_AUTO_TEST_CASE(every_event_of_the_sample_journal_has_its_golden_bytes_and_hash) {
  for (const EventEnvelope& event : sample_journal()) {
    const Bytes bytes = codec::to_bytes(event);
    const std::string key = event.kind + " " + std::to_string(event.seq);
    BOOST_TEST(golden::matches(golden_file, key, bytes), key << " is " << to_hex(bytes.data(), bytes.size()));
  }
}

BOOST_AUTO_TEST_CASE(golden_journals_read_back_whole_and_their_chain_holds) {
  const auto lines = golden::read(golden_file);
  std::vector<EventEnvelope> events(lines.size());
  for (const auto& [key, hex] : lines) {
    const auto event = codec::from_bytes<EventEnvelope>(golden::bytes_of(hex));
    events.at(event.seq - 1) = event;
  }
  BOOST_TEST((events == sample_journal()));
  BOOST_TEST(!verify_chain(events, Head{.identity = {events[0].node_id, 3}}));
}

BOOST_AUTO_TEST_CASE(a_hash_covers_exactly_the_bytes_the_document_names) {
  EventHasher hash;
  for (const EventEnvelope& event : sample_journal()) {
    const Bytes bytes = hashed_bytes(event);
    BOOST_TEST((hash(event) == codec::sha256(bytes)), event.kind);
  }
}

BOOST_AUTO_TEST_CASE(every_field_of_an_event_is_under_its_hash) {
  EventHasher hash;
  const EventEnvelope event = sample_journal()[5];
  std::vector<EventEnvelope> others(12, event);
  others[0].node_id.bytes[15] ^= 1;
  others[1].epoch ^= 1;
  others[2].seq ^= 1;
  others[3].hlc.packed ^= 1;
  others[4].case_id->bytes[0] ^= 1;
  others[5].case_id.reset();
  others[6].command_id.bytes[7] ^= 1;
  others[7].command_part ^= 1;
  others[8].kind += "s";
  others[9].kind_version ^= 1;
  others[10].body.back() ^= 1;
  others[11].prev_hash.bytes[31] ^= 1;
  for (const EventEnvelope& other : others) BOOST_TEST((hash(other) != event.hash));
}

BOOST_AUTO_TEST_CASE(a_byte_moved_from_the_kind_to_the_body_is_another_event) {
  EventHasher hash;
  EventEnvelope event = sample_journal()[3];
  event.body.insert(event.body.begin(), static_cast<std::uint8_t>(event.kind.back()));
  event.kind.pop_back();
  BOOST_TEST((hash(event) != event.hash));
}

BOOST_AUTO_TEST_CASE(each_way_in_which_events_do_not_follow_is_told_apart) {
  const std::vector<EventEnvelope> sound = sample_journal();
  EventHasher hash;
  auto events = sound;
  events[0].epoch = 4;
  BOOST_TEST((fault_of(events) == ChainFault::foreign));
  events = sound;
  events.erase(events.begin() + 2);
  BOOST_TEST((fault_of(events) == ChainFault::gap));
  events = sound;
  events[4].prev_hash.bytes[0] ^= 1;
  events[4].hash = hash(events[4]);
  BOOST_TEST((fault_of(events) == ChainFault::broken));
  events = sound;
  events[4].body[0] ^= 1;
  BOOST_TEST((fault_of(events) == ChainFault::changed));
  events = sound;
  events[4].hlc = events[3].hlc;
  events[4].hash = hash(events[4]);
  BOOST_TEST((fault_of(events) == ChainFault::time_backwards));
}

BOOST_AUTO_TEST_CASE(the_golden_dump_shows_every_field_of_every_kind_of_event) {
  std::string text;
  for (const EventEnvelope& event : sample_journal()) text += to_json_line(event) + "\n";
  BOOST_TEST(text == golden::text_of(golden_dump, text));
}

BOOST_AUTO_TEST_CASE(kinds_of_a_newer_program_and_damaged_bodies_are_dumped_as_their_bytes) {
  EventEnvelope event = sample_journal()[11];
  event.kind = "parcel_weighed";
  event.body = {0x0f, 0xff};
  BOOST_TEST(to_json_line(event).find(R"("body":{"hex":"0fff"})") != std::string::npos);
  event.kind = "case_closed";
  const std::string line = to_json_line(event);
  BOOST_TEST(line.find(R"("hex":"0fff"})") != std::string::npos);
  BOOST_TEST(line.find(R"("malformed":)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
