// A store fetches the hub's documents: behind orders and rights, until there are no more, and tells what it refused.

#include <boost/test/unit_test.hpp>

#include "db/codec/digest.hpp"
#include "db/codec/packed_document.hpp"
#include "db/orders/replica_builder.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/daemon/sync_node.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;

namespace {

protocol::Document policy(std::uint64_t seq, const std::string& text) {
  const Bytes whole(text.begin(), text.end());
  return {.seq = seq,
          .kind = "policy",
          .name = "uk-" + std::to_string(seq),
          .hash = codec::sha256(whole),
          .packed = codec::pack_document(whole)};
}

/// Answers pulls and calls for documents, and remembers what it was told.
class DocumentHub final : public transport::HubConnection {
 public:
  std::vector<protocol::Document> lane;  // by number
  bool knows_lane = true;
  bool repeats = false;  // always sends the first, as no hub does
  int calls = 0;
  std::vector<protocol::RefusedDocument> told;

  transport::Reply call(const std::string&, const std::string& path, const Bytes& body, int) override {
    if (path == "/sync/v1/pull")
      return {200, protocol::encode(pulled(protocol::decode<protocol::PullRequest>(body)))};
    BOOST_TEST(path == "/sync/v1/documents");
    const auto request = protocol::decode<protocol::DocumentsRequest>(body);
    ++calls;
    told = request.refused;
    protocol::DocumentsReply reply{.hub_epoch = 7, .head = head()};
    for (const protocol::Document& document : lane) {
      if (!reply.document && (repeats || document.seq > request.after)) reply.document = document;
    }
    return {200, protocol::encode(reply)};
  }
  void interrupt() override {}

 private:
  std::uint64_t head() const { return lane.empty() ? 0 : lane.back().seq; }
  protocol::PullReply pulled(const protocol::PullRequest& request) const {
    protocol::PullReply reply{.hub_epoch = 7, .cursors = request.cursors};
    for (protocol::FeedCursor& cursor : reply.cursors) {
      if (knows_lane && cursor.catchment == protocol::documents_lane) cursor.feed_seq = head();
    }
    return reply;
  }
};

/// A store with a replica, a shelf, and one hub.
struct Store {
  const Scratch folder;
  const codec::SigningKey key = codec::SigningKey::generate();
  const codec::VerifyKey hub_key = key.verify_key();
  testing::JournalFile file;
  simulated::ManualClock clock{testing::journal_noon_ms};
  DocumentHub hub;
  node_files::NodeFiles files{folder / "anna"};
  std::optional<orders::OrderReplica> replica;
  std::optional<documents::DocumentShelf> shelf;
  std::optional<daemon::SyncNode> node;

  Store() {
    std::filesystem::create_directories(files.directory);
    orders::create_empty_replica(files.orders());
    replica.emplace(orders::OrderReplica::open(files.orders(), orders::ReplicaMode::read_write));
    shelf.emplace(files);
    node.emplace(daemon::SyncParts{.journal = file.journal,
                                   .orders = *replica,
                                   .hub = hub,
                                   .key = key,
                                   .hub_key = hub_key,
                                   .clock = clock,
                                   .catchment = 1,
                                   .orders_path = files.orders(),
                                   .documents = &*shelf});
  }
  bool pulls() { return std::holds_alternative<engine::PullAnswered>(node->carry_out(engine::Pull{}).result); }
  std::size_t packs() const { return documents::published_policies(files).size(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fetch_documents_tests)

BOOST_AUTO_TEST_CASE(a_pull_brings_all_new_documents_and_tells_what_was_refused) {
  Store store;
  store.hub.lane = {policy(1, R"({"id": "uk", "version": 1})"), policy(2, R"({"id": "uk", "dayz": 1})"),
                    policy(5, R"({"id": "uk", "version": 5})")};
  BOOST_TEST(store.pulls());
  BOOST_TEST(store.packs() == 2U);
  BOOST_TEST(store.shelf->after() == 5U);
  BOOST_TEST(store.hub.calls == 4);
  BOOST_REQUIRE(store.hub.told.size() == 1U);
  BOOST_TEST(store.hub.told[0].seq == 2U);
  BOOST_TEST(store.pulls());
  BOOST_TEST(store.hub.calls == 4);  // nothing is new
  for (const auto& cursor : store.replica->cursors()) BOOST_TEST(cursor.catchment != protocol::documents_lane);
}

BOOST_AUTO_TEST_CASE(a_hub_that_does_not_know_documents_is_not_asked_for_any) {
  Store store;
  store.hub.knows_lane = false;
  store.hub.lane = {policy(1, R"({"id": "uk", "version": 1})")};
  BOOST_TEST(store.pulls());
  BOOST_TEST(store.hub.calls == 0);
}

BOOST_AUTO_TEST_CASE(a_hub_that_lost_its_tail_gives_everything_again) {
  Store store;
  store.hub.lane = {policy(1, R"({"id": "uk", "version": 1})"), policy(2, R"({"id": "uk", "version": 2})")};
  BOOST_TEST(store.pulls());
  store.hub.lane = {policy(1, R"({"id": "uk", "version": 9})")};
  BOOST_TEST(store.pulls());
  BOOST_TEST(store.shelf->after() == 1U);
  BOOST_REQUIRE(store.packs() == 1U);  // what the hub does not know any more holds no more
  BOOST_TEST(node_files::read_text(documents::published_policies(store.files)[0]) == R"({"id": "uk", "version": 9})");
}

BOOST_AUTO_TEST_CASE(a_hub_that_sends_the_same_document_again_and_again_is_no_endless_loop) {
  Store store;
  store.hub.lane = {policy(1, R"({"id": "uk", "version": 1})"), policy(2, R"({"id": "uk", "version": 2})")};
  store.hub.repeats = true;
  BOOST_TEST(!store.pulls());
  BOOST_TEST(store.hub.calls == 2);
}

BOOST_AUTO_TEST_SUITE_END()
