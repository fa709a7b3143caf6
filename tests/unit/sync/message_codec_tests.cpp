#include "sync/protocol/documents.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/support/sample_orders.hpp"

using namespace retour;
using namespace retour::protocol;

namespace {

const std::filesystem::path golden_file = RETOUR_SOURCE_DIR "/tests/golden/messages/messages.hex";

std::vector<EventEnvelope> sample_batch() {
  std::vector<EventEnvelope> events;
  std::uint64_t seq = 41;
  for (const EventBody& body : samples::every_event()) {
    codec::EncodedBody encoded = codec::encode(body);
    EventEnvelope& event = events.emplace_back();
    event.node_id = samples::id<NodeId>(0x20);
    event.epoch = 77;
    event.seq = seq++;
    event.hlc = HlcTime::of(1291190760000 + static_cast<std::int64_t>(seq) * 3, seq % 2 ? 1 : 0);
    event.case_id = case_of(body);
    event.command_id = samples::id<CommandId>(static_cast<std::uint8_t>(seq / 3));
    event.command_part = static_cast<std::uint32_t>(seq % 3);
    event.kind = encoded.kind;
    event.body = std::move(encoded.bytes);
  }
  events.back().kind = "kind_of_a_later_program";
  events.back().kind_version = 3;
  events.front().prev_hash = samples::hash(0x30);
  events.back().hash = samples::hash(0x50);
  return events;
}

PushRequest sample_push() {
  return {.node = samples::id<NodeId>(0x20),
          .epoch = 77,
          .events = sample_batch(),
          .subjects = {{samples::id<SubjectId>(1), samples::id<LookupKey>(2)}},
          .sale_keys = {{samples::id<OrderId>(3), samples::id<LookupKey>(4), samples::id<LookupKey>(5)}},
          .signature = {1, 2, 3},
          .clock_ms = 1291190760007};
}

codec::FeedItem sample_item() {
  return {.feed_seq = 20'000,
          .catchment = 7,
          .order_id = samples::id<OrderId>(0x10),
          .evidence = codec::pack_order(samples::plain_order()),
          .customer = samples::id<LookupKey>(0x61),
          .card = {}};
}

PullRequest sample_pull() {
  return {.node = samples::id<NodeId>(0x20),
          .hub_epoch = 99,
          .cursors = {{0, 4}, {1, 300'000}},
          .today = {14944},
          .journalled = {samples::id<TransferId>(9)},
          .wait_ms = pull_wait_ms_max,
          .journal_seq = 1234,
          .clock_ms = 1291190760007,
          .wanted = {samples::id<OrderId>(0x10)}};
}

PullReply sample_pull_reply() {
  return {.hub_epoch = 99,
          .grants = {{samples::id<TransferId>(1), samples::id<NodeId>(0x20), samples::items()}},
          .recalls = {{samples::id<TransferId>(2), samples::id<NodeId>(0x20), {}}},
          .decisions = {samples::answer()},
          .pending = {samples::id<ReferralId>(3)},
          .orders = {sample_item()},
          .cursors = {{7, 20'000}},
          .more = true};
}

Manifest sample_manifest() {
  return {.hub_epoch = 99, .cursors = {{1, 5}}, .chunks = {{samples::hash(1), 400'000, 5'000}}, .signature = {7, 8}};
}

PushReply sample_push_reply() {
  return {.hub_epoch = 99,
          .code = PushCode::gap,
          .head_seq = 40,
          .head_hash = samples::hash(2),
          .countersignature = {4, 5},
          .detail = "send from 41"};
}

EnrolReply sample_enrol_reply() {
  return {.node = samples::id<NodeId>(0x20),
          .name = "anna",
          .certificate_pem = "certificate",
          .ca_pem = "ca",
          .hub_key_pem = "key",
          .catchment = 1,
          .hub_epoch = 99,
          .lookup_secret = {1, 2, 3},
          .policy_json = "{}"};
}

DocumentsReply sample_documents_reply() {
  return {
      .hub_epoch = 99,
      .head = 7,
      .document = Document{.seq = 6, .kind = "policy", .name = "uk-2", .hash = samples::hash(3), .packed = {1, 2}}};
}

template <class Visit>
void for_every_message(Visit visit) {
  visit("push_request", sample_push());
  visit("push_reply", sample_push_reply());
  visit("pull_request", sample_pull());
  visit("pull_reply", sample_pull_reply());
  visit("documents_request", DocumentsRequest{.node = samples::id<NodeId>(0x20),
                                              .after = 5,
                                              .refused = {{4, "staff", "", "documents/4.json: it is not JSON"}}});
  visit("documents_reply", sample_documents_reply());
  visit("enrol_request", EnrolRequest{.token = "secret", .csr_pem = "csr"});
  visit("enrol_reply", sample_enrol_reply());
  visit("manifest", sample_manifest());
  visit("error_reply", ErrorReply{.code = "certificate_revoked", .detail = "call the office"});
}

template <class Message>
bool decodes(const Bytes& bytes) {
  try {
    decode<Message>(bytes);
    return true;
  } catch (const codec::MalformedBody&) {
    return false;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(message_codec_tests)

BOOST_AUTO_TEST_CASE(every_message_encodes_to_its_golden_bytes_and_comes_back) {
  for_every_message([](const char* name, const auto& message) {
    using Message = std::decay_t<decltype(message)>;
    const Bytes bytes = encode(message);
    BOOST_TEST(golden::matches(golden_file, std::string(name) + " 1", bytes), name << " changed its bytes");
    BOOST_TEST((encode(decode<Message>(bytes)) == bytes), name << " does not come back");
  });
}

BOOST_AUTO_TEST_CASE(a_batch_gives_back_every_envelope_but_the_hashes_in_its_middle) {
  const PushRequest sent = sample_push();
  const PushRequest got = decode<PushRequest>(encode(sent));
  BOOST_TEST((got.events == sent.events));  // the middle hashes of the sample are zero
  BOOST_TEST((got.subjects == sent.subjects));
  BOOST_TEST((got.sale_keys == sent.sale_keys));
}

BOOST_AUTO_TEST_CASE(the_hashes_in_the_middle_of_a_batch_do_not_travel) {
  PushRequest sent = sample_push();
  const std::size_t bytes = encode(sent).size();
  for (std::size_t i = 0; i + 1 < sent.events.size(); ++i) sent.events[i].hash = samples::hash(9);
  BOOST_TEST(encode(sent).size() == bytes);
}

// A program that did not know the number yet wrote the name: a store before it was upgraded, the hub's own table.
BOOST_AUTO_TEST_CASE(a_kind_that_has_a_number_is_read_by_its_name_too) {
  PushRequest sent = sample_push();
  sent.events = {sent.events.front()};
  sent.events.front().kind = "case_closed";
  PushRequest stand_in = sent;
  stand_in.events.front().kind = "case_closeX";  // has no number, so that it is written by name
  Bytes bytes = encode(stand_in);
  const std::string_view name = "case_closeX";
  const auto at = std::ranges::search(bytes, name).begin();
  BOOST_REQUIRE(at != bytes.end());
  at[10] = 'd';
  BOOST_TEST((decode<PushRequest>(bytes).events == sent.events));
}

BOOST_AUTO_TEST_CASE(no_cut_off_message_is_read) {
  for_every_message([](const char* name, const auto& message) {
    using Message = std::decay_t<decltype(message)>;
    const Bytes whole = encode(message);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      BOOST_TEST(!decodes<Message>(part), name << " cut at " << length);
    }
    Bytes longer = whole;
    longer.push_back(0);
    BOOST_TEST(!decodes<Message>(longer), name << " with a byte more");
  });
}

BOOST_AUTO_TEST_CASE(damaged_messages_are_read_or_refused_and_nothing_else) {
  std::mt19937_64 random(20101201);
  std::size_t refused = 0;
  for_every_message([&](const char*, const auto& message) {
    using Message = std::decay_t<decltype(message)>;
    const Bytes whole = encode(message);
    for (int i = 0; i < 2'000; ++i) {
      Bytes damaged = whole;
      for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
      if (!decodes<Message>(damaged)) ++refused;
    }
  });
  BOOST_TEST(refused > 1'000u);
}

BOOST_AUTO_TEST_CASE(a_lying_count_of_events_is_refused_at_its_place) {
  Bytes bytes = encode(PushRequest{.node = samples::id<NodeId>(1), .epoch = 1});
  // version, node, epoch, then the count of events
  bytes[18] = 0x7f;
  BOOST_CHECK_EXCEPTION(decode<PushRequest>(bytes), codec::MalformedBody,
                        [](const codec::MalformedBody& error) { return error.offset() == 18; });
}

BOOST_AUTO_TEST_CASE(one_change_and_its_acknowledgement_stay_under_600_bytes) {
  PullReply reply{.hub_epoch = std::uint64_t{1} << 60, .orders = {sample_item()}, .cursors = {{7, 20'000}}};
  PullRequest next = sample_pull();
  next.hub_epoch = reply.hub_epoch;
  next.journalled.clear();
  const std::size_t bytes = encode(reply).size() + encode(next).size();
  BOOST_TEST(bytes < 600u, "takes " << bytes);
}

BOOST_AUTO_TEST_CASE(a_page_of_a_proxy_is_an_unreadable_error_and_not_an_exception) {
  const std::string page = "<html>502</html>";
  BOOST_TEST(decode_error(Bytes(page.begin(), page.end())).code == "unreadable");
  BOOST_TEST(decode_error(encode(ErrorReply{.code = "gone", .detail = "d"})).code == "gone");
}

BOOST_AUTO_TEST_CASE(the_signed_part_of_a_manifest_covers_everything_but_the_signature) {
  Manifest manifest = sample_manifest();
  const Bytes before = signed_part(manifest);
  manifest.signature = {9};
  BOOST_TEST((signed_part(manifest) == before));
  manifest.chunks[0].orders = 4'999;
  BOOST_TEST((signed_part(manifest) != before));
}

BOOST_AUTO_TEST_SUITE_END()
