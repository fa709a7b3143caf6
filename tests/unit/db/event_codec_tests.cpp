#include "db/codec/event_codec.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "db/codec/core_fields.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_events.hpp"

using namespace retour;
using namespace retour::codec;

namespace {
const std::filesystem::path golden_file = RETOUR_SOURCE_DIR "/tests/golden/events/events.hex";

// Decodes or is refused; anything else ends the test program.
bool decodes(std::string_view kind, const Bytes& bytes) {
  try {
    return decode(kind, 1, bytes).has_value();
  } catch (const MalformedBody&) {
    return false;
  }
}

void mutate(Bytes& bytes, std::mt19937_64& random) {
  const auto at = random() % bytes.size();
  switch (random() % 4) {
    case 0:
      bytes[at] = static_cast<std::uint8_t>(random());
      break;
    case 1:
      bytes[at] = 0xff;
      break;
    case 2:
      bytes.resize(at + 1);
      break;
    case 3:
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(random()));
      break;
  }
}
}  // namespace

BOOST_AUTO_TEST_SUITE(event_codec_tests)

BOOST_AUTO_TEST_CASE(samples_hold_one_event_of_every_kind) {
  std::vector<bool> seen(std::variant_size_v<EventBody>);
  for (const EventBody& event : samples::every_event()) seen[event.index()] = true;
  BOOST_TEST(std::count(seen.begin(), seen.end(), false) == 0);
}

BOOST_AUTO_TEST_CASE(every_kind_encodes_to_its_golden_bytes) {
  for (const EventBody& event : samples::every_event()) {
    const EncodedBody body = encode(event);
    const std::string key = std::string(body.kind) + " " + std::to_string(body.kind_version);
    BOOST_TEST(golden::matches(golden_file, key, body.bytes),
               key << " encodes to " << to_hex(body.bytes.data(), body.bytes.size()));
  }
}

BOOST_AUTO_TEST_CASE(golden_bytes_decode_to_the_event_they_were_made_of) {
  const auto golden_lines = golden::read(golden_file);
  BOOST_TEST(golden_lines.size() >= std::variant_size_v<EventBody>);
  for (const EventBody& event : samples::every_event()) {
    const std::string kind(kind_of(event));
    const auto decoded = decode(kind, 1, golden::bytes_of(golden_lines.at(kind + " 1")));
    BOOST_TEST((decoded && *decoded == event), kind);
  }
}

BOOST_AUTO_TEST_CASE(unknown_kinds_and_newer_versions_are_left_alone) {
  const Bytes anything = {0xff, 0xff};
  BOOST_TEST(!decode("parcel_weighed", 1, anything).has_value());
  BOOST_TEST(!decode("case_closed", 2, anything).has_value());
  BOOST_TEST(!decode("case_closed", 0, anything).has_value());
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_trailing_byte_is_refused_with_its_place) {
  for (const EventBody& event : samples::every_event()) {
    const EncodedBody body = encode(event);
    for (std::size_t size = 0; size < body.bytes.size(); ++size) {
      BOOST_CHECK_THROW(decode(body.kind, 1, std::span(body.bytes).first(size)), MalformedBody);
    }
    Bytes longer = body.bytes;
    longer.push_back(0);
    try {
      decode(body.kind, 1, longer);
      BOOST_ERROR(body.kind << " accepts a byte behind its end");
    } catch (const MalformedBody& error) {
      BOOST_TEST(error.offset() == body.bytes.size());
    }
  }
}

BOOST_AUTO_TEST_CASE(random_damage_never_does_more_than_be_refused) {
  std::mt19937_64 random(20260101);
  std::size_t refused = 0;
  for (const EventBody& event : samples::every_event()) {
    const EncodedBody body = encode(event);
    for (int round = 0; round < 2000; ++round) {
      Bytes damaged = body.bytes;
      for (auto times = 1 + random() % 3; times > 0; --times) mutate(damaged, random);
      if (!decodes(body.kind, damaged)) ++refused;
    }
  }
  BOOST_TEST(refused > 0U);
}

BOOST_AUTO_TEST_CASE(a_lying_count_is_refused_before_memory_is_taken) {
  ByteWriter writer;
  writer.raw(samples::id<TransferId>(1).bytes.data(), 16);
  writer.varint(0x7fffffffffffffff);
  BOOST_CHECK_THROW(decode("rights_received", 1, writer.bytes()), MalformedBody);
}

BOOST_AUTO_TEST_CASE(an_enum_outside_its_range_is_refused) {
  EncodedBody body = encode(StockMoved{.sku = "1", .bucket = Bucket::scrap, .quantity = 1, .cause = ""});
  body.bytes[2] = 8;
  BOOST_CHECK_THROW(decode(body.kind, 1, body.bytes), MalformedBody);
  body.bytes[2] = 0;
  BOOST_CHECK_THROW(decode(body.kind, 1, body.bytes), MalformedBody);
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_value_at_every_length) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value : {std::uint64_t{1} << bit, (std::uint64_t{1} << bit) - 1}) {
      BOOST_TEST(from_bytes<std::uint64_t>(to_bytes(value)) == value);
      const auto as_signed = static_cast<std::int64_t>(value);
      BOOST_TEST(from_bytes<std::int64_t>(to_bytes(as_signed)) == as_signed);
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_their_type_or_written_too_long_are_refused) {
  BOOST_CHECK_THROW(from_bytes<std::uint8_t>(to_bytes(std::uint64_t{256})), MalformedBody);
  BOOST_CHECK_THROW(from_bytes<std::int32_t>(to_bytes(std::int64_t{1} << 31)), MalformedBody);
  BOOST_CHECK_THROW(from_bytes<std::uint64_t>(Bytes{0x80, 0x00}), MalformedBody);
  BOOST_CHECK_THROW(from_bytes<std::uint64_t>(Bytes(10, 0xff)), MalformedBody);
  BOOST_CHECK_THROW(from_bytes<bool>(Bytes{2}), MalformedBody);
}

BOOST_AUTO_TEST_SUITE_END()
