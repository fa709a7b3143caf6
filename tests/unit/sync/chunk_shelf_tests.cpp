// Orders in bulk: what a manifest names, and that what it names can be had whatever became of the folder.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "sync/hub/chunks.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t orders_a_chunk = 2;

/// Anna and bert are stores; each has four orders of its own and a fifth behind the last full stretch.
struct ShelfWorld : HubWorld {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  ScratchFolder scratch;
  std::filesystem::path folder = scratch.path() / "chunks";
  std::unique_ptr<hub::SqliteHubStore> own = hub::SqliteHubStore::open(file());
  std::unique_ptr<hub::ChunkShelf> shelf = make();

  ShelfWorld() {
    for (int n = 0; n < 5; ++n) {
      // The first two of each are older than what other stores keep.
      const std::int64_t sold_at_ms = clock.now_ms() - (n < 2 ? 200 : 2) * day_ms;
      for (std::uint16_t home : {anna.catchment, bert.catchment}) {
        const ports::SourceItem item = web_order(std::to_string(home) + "-" + std::to_string(n),
                                                 customer_of_catchment(home, 2), {{"A", 1}}, sold_at_ms);
        hub().import(std::span(&item, 1));
      }
    }
  }
  std::unique_ptr<hub::ChunkShelf> make() {
    return std::make_unique<hub::ChunkShelf>(*own, clock, key, folder, orders_a_chunk);
  }
  hub::NodeRow row_of(const FakeNode& node) {
    const hub::View view(store());
    return store().node(node.id).value();
  }
  protocol::Manifest manifest(const FakeNode& node) {
    const transport::Reply reply = shelf->answer(row_of(node), "/sync/v1/manifest");
    BOOST_TEST_REQUIRE(reply.status == 200);
    return protocol::decode<protocol::Manifest>(reply.body);
  }
  transport::Reply fetch(const std::string& name) { return shelf->answer(row_of(anna), "/sync/v1/chunk/" + name); }
  /// Every chunk of the manifest comes, and is what its name says.
  void check_all_come(const protocol::Manifest& manifest) {
    for (const protocol::ChunkRef& chunk : manifest.chunks) {
      const transport::Reply reply = fetch(chunk.hash.to_string());
      BOOST_TEST_REQUIRE(reply.status == 200);
      BOOST_TEST((codec::sha256(reply.body) == chunk.hash));
      BOOST_TEST(reply.body.size() == chunk.bytes);
      BOOST_TEST(codec::unpack_chunk(reply.body).size() == chunk.orders);
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(chunk_shelf_tests, ShelfWorld)

BOOST_AUTO_TEST_CASE(a_manifest_names_all_of_the_store_s_own_and_of_the_others_what_is_young) {
  const protocol::Manifest of_anna = manifest(anna);
  BOOST_TEST(of_anna.chunks.size() == 3u);
  BOOST_TEST((of_anna.cursors == std::vector<protocol::FeedCursor>{{anna.catchment, 4}, {bert.catchment, 4}}));
  BOOST_TEST(key.verify_key().verify(protocol::signed_part(of_anna), of_anna.signature));
  check_all_come(of_anna);
  std::set<OrderId> orders;
  for (const protocol::ChunkRef& chunk : of_anna.chunks) {
    for (const codec::FeedItem& item : codec::unpack_chunk(fetch(chunk.hash.to_string()).body)) {
      orders.insert(item.order_id);
    }
  }
  BOOST_TEST((orders == std::set<OrderId>{web_order_id("1-0"), web_order_id("1-1"), web_order_id("1-2"),
                                          web_order_id("1-3"), web_order_id("2-2"), web_order_id("2-3")}));
}

BOOST_AUTO_TEST_CASE(what_has_grown_to_a_full_stretch_since_is_in_the_next_manifest) {
  BOOST_TEST(manifest(anna).chunks.size() == 3u);
  const ports::SourceItem item = web_order("later", customer_of_catchment(anna.catchment, 2), {{"A", 1}});
  hub().import(std::span(&item, 1));
  BOOST_TEST(manifest(anna).chunks.size() == 4u);
  BOOST_TEST(manifest(anna).cursors[0].feed_seq == 6u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_emptied_or_removed_is_filled_again) {
  const protocol::Manifest before = manifest(anna);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove(entry.path());
  check_all_come(before);
  std::filesystem::remove_all(folder);
  check_all_come(before);
  std::filesystem::remove_all(folder);
  BOOST_TEST((manifest(anna).chunks[0].hash == before.chunks[0].hash));
  check_all_come(manifest(anna));
}

BOOST_AUTO_TEST_CASE(a_chunk_that_is_damaged_on_the_disk_is_never_given_out) {
  const protocol::Manifest whole = manifest(anna);
  for (const protocol::ChunkRef& chunk : whole.chunks) {
    std::fstream file(folder / chunk.hash.to_string(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(10);
    file.write("damage", 6);
  }
  check_all_come(whole);
  std::filesystem::resize_file(folder / whole.chunks[0].hash.to_string(), 0);
  check_all_come(whole);
}

BOOST_AUTO_TEST_CASE(a_hub_that_started_again_knows_its_chunks_by_their_names) {
  const protocol::Manifest before = manifest(anna);
  shelf = make();
  check_all_come(before);  // the store had its manifest from the hub that was
  std::filesystem::remove_all(folder);
  BOOST_TEST(fetch(before.chunks[0].hash.to_string()).status == 404);  // until somebody asks for the manifest
  BOOST_TEST((manifest(anna).chunks[0].hash == before.chunks[0].hash));
  check_all_come(before);
}

BOOST_AUTO_TEST_CASE(names_that_are_none_lead_nowhere) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "secret") << "text";
  for (const std::string& name :
       std::vector<std::string>{"", "secret", "../hub.db", "..%2fhub.db", std::string(64, '0'), std::string(64, 'g'),
                                std::string(63, '0'), std::string(65, '0')}) {
    BOOST_TEST(fetch(name).status == 404, name);
  }
  BOOST_TEST(shelf->answer(row_of(anna), "/sync/v1/else").status == 404);
}

BOOST_AUTO_TEST_CASE(a_folder_that_takes_nothing_is_said_and_tried_again) {
  std::ofstream(folder) << "a file where the folder should be";
  BOOST_CHECK_EXCEPTION(manifest(anna), Error,
                        [&](const Error& error) { return error.parts().object.starts_with(folder.string()); });
  std::filesystem::remove(folder);
  check_all_come(manifest(anna));
}

BOOST_AUTO_TEST_CASE(packing_ends_soon_when_the_hub_does) {
  shelf->interrupt();
  BOOST_CHECK_THROW(manifest(anna), Error);
}

BOOST_AUTO_TEST_SUITE_END()
