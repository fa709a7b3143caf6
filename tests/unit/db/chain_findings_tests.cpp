#include "db/journal/chain_findings.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/sample_journal.hpp"

using namespace retour;
using namespace retour::journal;
using samples::sample_journal;

namespace {

/// "5 changed, 7 removed": what rows with these events tell.
std::string found_in(const std::vector<EventEnvelope>& rows, const std::optional<Acknowledged>& acknowledged = {}) {
  ChainFindings chain(samples::sample_identity);
  for (const EventEnvelope& event : rows) chain.take({.seq = event.seq, .event = event});
  std::string text;
  for (const Finding& finding : chain.findings(acknowledged)) {
    text += (text.empty() ? "" : ", ") + std::to_string(finding.seq) + " " + std::string(to_string(finding.what));
  }
  return text;
}

/// Flips every bit of `bytes`, which lie in `event`, and expects each time what `expected` says.
template <class Container>
void flip_each_bit(const std::vector<EventEnvelope>& rows, Container& bytes, const std::string& expected) {
  for (auto& byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte = static_cast<std::decay_t<decltype(byte)>>(byte ^ (1 << bit));
      const std::string found = found_in(rows);
      if (found != expected) BOOST_ERROR("expected " << expected << ", found " << found);
      byte = static_cast<std::decay_t<decltype(byte)>>(byte ^ (1 << bit));
    }
  }
}

Acknowledged acknowledged_at(const EventEnvelope& event) {
  return {.seq = event.seq, .hash = event.hash};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chain_findings_tests)

BOOST_AUTO_TEST_CASE(an_untouched_chain_tells_of_nothing) {
  BOOST_TEST(found_in(sample_journal()) == "");
  BOOST_TEST(found_in({}) == "");
}

BOOST_AUTO_TEST_CASE(every_bit_of_every_event_is_found_when_it_is_flipped) {
  std::vector<EventEnvelope> rows = sample_journal();
  for (EventEnvelope& event : rows) {
    const std::string changed = std::to_string(event.seq) + " changed";
    flip_each_bit(rows, event.body, changed);
    flip_each_bit(rows, event.kind, changed);
    flip_each_bit(rows, event.command_id.bytes, changed);
    flip_each_bit(rows, event.prev_hash.bytes, changed);
    flip_each_bit(rows, event.hash.bytes, changed);
    if (event.case_id) flip_each_bit(rows, event.case_id->bytes, changed);
    flip_each_bit(rows, event.node_id.bytes, std::to_string(event.seq) + " foreign");
    for (int bit = 0; bit < 32; ++bit) {
      const auto flip = [bit](auto& number) { number ^= std::decay_t<decltype(number)>{1} << bit; };
      for (std::uint32_t* number : {&event.command_part, &event.kind_version}) {
        flip(*number);
        BOOST_TEST(found_in(rows) == changed);
        flip(*number);
      }
      flip(event.hlc.packed);
      BOOST_TEST(found_in(rows) == changed);
      flip(event.hlc.packed);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_run_of_events_that_is_removed_is_named_unless_it_is_the_end) {
  const std::vector<EventEnvelope> sound = sample_journal();
  const auto count = static_cast<std::ptrdiff_t>(sound.size());
  for (std::ptrdiff_t first = 0; first < count; ++first) {
    for (std::ptrdiff_t end = first + 1; end <= count; ++end) {
      auto rows = sound;
      rows.erase(rows.begin() + first, rows.begin() + end);
      const std::string expected = end == count ? "" : std::to_string(first + 1) + " removed";
      BOOST_TEST(found_in(rows) == expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_two_events_that_change_places_are_named) {
  const std::vector<EventEnvelope> sound = sample_journal();
  for (std::size_t a = 0; a < sound.size(); ++a) {
    for (std::size_t b = a + 1; b < sound.size(); ++b) {
      auto rows = sound;
      std::swap(rows[a], rows[b]);
      std::swap(rows[a].seq, rows[b].seq);
      BOOST_TEST(found_in(rows) == std::to_string(a + 1) + " reordered, " + std::to_string(b + 1) + " reordered");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_event_rewritten_with_its_own_hash_is_named_wherever_a_later_one_follows_it) {
  const std::vector<EventEnvelope> sound = sample_journal();
  EventHasher hash;
  for (std::size_t at = 0; at + 2 < sound.size(); ++at) {
    auto rows = sound;
    rows[at].body.push_back(7);
    rows[at].hash = hash(rows[at]);
    BOOST_TEST(found_in(rows) == std::to_string(at + 1) + " changed");
  }
}

BOOST_AUTO_TEST_CASE(the_hubs_word_tells_which_of_the_last_two_was_rewritten) {
  const std::vector<EventEnvelope> sound = sample_journal();
  const std::size_t last = sound.size();
  EventHasher hash;
  auto rows = sound;
  rows[last - 2].body.push_back(7);
  rows[last - 2].hash = hash(rows[last - 2]);
  BOOST_TEST(found_in(rows, acknowledged_at(sound[last - 1])) == std::to_string(last - 1) + " changed");
  BOOST_TEST(found_in(rows) == std::to_string(last) + " inserted");
  BOOST_TEST(found_in(rows, acknowledged_at(rows[last - 2])) == std::to_string(last) + " inserted");
}

BOOST_AUTO_TEST_SUITE_END()
