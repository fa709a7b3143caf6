#include <boost/test/unit_test.hpp>

#include "db/codec/digest.hpp"
#include "db/codec/order_columns.hpp"
#include "db/orders/replica_builder.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/daemon/sync_node.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/unit/app/till.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;

namespace {

/// A hub with one order in one chunk. It sends the chunk as it is, or with a byte changed on the way.
class OneChunkHub final : public transport::HubConnection {
 public:
  explicit OneChunkHub(const codec::SigningKey& key) {
    const Order order = testing::plain_order("W-1", {{"shirt", 1, 4000}});
    const codec::FeedItem item{1, 1, order.id, codec::pack_order(order), {}, {}};
    m_chunk = codec::pack_chunk({&item, 1}, nullptr);
    m_manifest = {.hub_epoch = 7, .cursors = {{1, 1}}, .chunks = {{codec::sha256(m_chunk), m_chunk.size(), 1}}};
    m_manifest.signature = key.sign(protocol::signed_part(m_manifest));
  }

  transport::Reply call(const std::string&, const std::string& path, const Bytes&, int) override {
    if (path == "/sync/v1/manifest") return {200, protocol::encode(m_manifest)};
    Bytes bytes = m_chunk;
    if (damages) bytes[bytes.size() / 2] ^= 1;
    return {200, std::move(bytes)};
  }
  void interrupt() override {}

  bool damages = false;

 private:
  Bytes m_chunk;
  protocol::Manifest m_manifest;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bootstrap_tests)

BOOST_AUTO_TEST_CASE(a_chunk_that_was_changed_on_the_way_is_asked_for_again_and_nothing_stops) {
  const Scratch folder;
  const auto key = codec::SigningKey::generate();
  const codec::VerifyKey hub_key = key.verify_key();
  testing::JournalFile file;
  orders::create_empty_replica(folder / "orders.db");
  auto replica = orders::OrderReplica::open(folder / "orders.db", orders::ReplicaMode::read_write);
  simulated::ManualClock clock{testing::journal_noon_ms};
  OneChunkHub hub(key);
  daemon::SyncNode node({.journal = file.journal,
                         .orders = replica,
                         .hub = hub,
                         .key = key,
                         .hub_key = hub_key,
                         .clock = clock,
                         .catchment = 1,
                         .orders_path = folder / "orders.db"});

  hub.damages = true;
  const auto failed = node.carry_out(engine::Bootstrap{});
  const auto* call = std::get_if<engine::CallFailed>(&failed.result);
  BOOST_REQUIRE(call != nullptr);
  BOOST_TEST(!call->refused);  // it may be tried again
  BOOST_TEST(call->detail.find("another hash") != std::string::npos, call->detail);
  BOOST_TEST(replica.order_count() == 0U);

  hub.damages = false;
  BOOST_TEST(std::holds_alternative<engine::BootstrapEnded>(node.carry_out(engine::Bootstrap{}).result));
  BOOST_TEST(replica.order_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
