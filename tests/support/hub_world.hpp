#pragma once
// A hub over its own file and stores whose journals are written by hand: what the hub's tests are made of.
//   HubWorld world; FakeNode& anna = world.join("anna"); world.import(...); anna.pull(); anna.push();

#include <filesystem>
#include <memory>
#include <string>

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/chain.hpp"
#include "plugin/core/rights/rights.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub/hub_service.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::testing {

/// A directory that goes when the test ends.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "retour-hub-XXXXXX").string();
    require(mkdtemp(name.data()) != nullptr, "a scratch folder can be made");
    m_path = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

class HubWorld;

/// A store as the hub sees it: certificate, journal, held rights. Its program is the test.
class FakeNode {
 public:
  FakeNode(HubWorld& world, std::string name);

  void append(const EventBody& body);
  /// Everything the hub has not acknowledged, as one batch; the caller may spoil it before it is sent.
  protocol::PushRequest batch() const;
  protocol::PushRequest batch(std::uint64_t from_seq) const;
  protocol::PushReply send(const protocol::PushRequest& request);
  protocol::PushReply push() { return send(batch()); }
  /// Asks and answers as a store does: rights received, recalls answered with what is still held, decisions noted.
  protocol::PullReply pull();
  /// Asks only.
  protocol::PullReply ask();
  /// push and pull until both ends are quiet.
  void sync();

  /// Claims units it holds for a case. False, and nothing is written, when it does not hold them.
  bool claim(const ReturnCaseId& case_id, const OrderUnits& units);
  ReferralId refer(const std::string& customer, const std::string& sku, std::int64_t quantity);
  ReferralId refer(const LineReferred& asked);
  const ReferralAnswered* answer_to(const ReferralId& referral) const;

  std::int64_t held_units() const;
  NodeId id;
  std::string name;
  std::uint16_t catchment = 0;
  std::uint64_t epoch = 1;
  codec::SigningKey key;
  std::vector<EventEnvelope> journal;
  std::uint64_t acked = 0;
  std::map<OrderId, HeldRanges> held;
  std::vector<ReferralAnswered> answers;
  std::vector<ReferralId> told_pending;
  std::vector<codec::FeedItem> orders;
  std::vector<protocol::FeedCursor> cursors;
  CivilDate today{15000};

 private:
  void take(const protocol::PullReply& reply);
  HubWorld& m_world;
  std::set<TransferId> m_taken;  // each message once, however often it comes
};

class HubWorld {
 public:
  HubWorld() {
    hub::SqliteHubStore::create(file(), ids, clock.now_ms());
    open();
  }

  std::filesystem::path file() const { return m_folder.path() / "hub.db"; }
  void open() {
    m_store = hub::SqliteHubStore::open(file(), {.synchronous = sqlite::Synchronous::off, .cache_kib = 2048});
    m_hub = std::make_unique<hub::Hub>(hub::HubParts{.store = *m_store,
                                                     .clock = *hub_clock,
                                                     .ids = ids,
                                                     .key = key,
                                                     .policy = {},
                                                     .policy_json = "{}",
                                                     .lookup_secret = lookup_secret,
                                                     .ca_pem = "ca",
                                                     // The certificate of a test is the public key itself.
                                                     .sign = [this](const std::string& csr, const NodeId&) {
                                                       return std::pair(csr, "serial-" + std::to_string(++m_serials));
                                                     }});
  }
  /// The process dies and starts again; who was connected is forgotten.
  void kill() {
    m_hub.reset();
    m_store.reset();
    open();
  }

  hub::Hub& hub() { return *m_hub; }
  hub::SqliteHubStore& store() { return *m_store; }
  FakeNode& join(const std::string& name) { return *m_nodes.emplace_back(std::make_unique<FakeNode>(*this, name)); }

  LookupKey customer_key(const std::string& customer) const { return codec::hmac_key(lookup_secret, customer); }

  simulated::ManualClock clock{1'300'000'000'000};
  ports::Clock* hub_clock = &clock;  // of the hub that is opened next
  simulated::SeededIds ids{42};
  codec::SigningKey key = codec::SigningKey::generate();
  Bytes lookup_secret = Bytes(32, 7);

 private:
  ScratchFolder m_folder;
  int m_serials = 0;
  std::unique_ptr<hub::SqliteHubStore> m_store;
  std::unique_ptr<hub::Hub> m_hub;
  std::vector<std::unique_ptr<FakeNode>> m_nodes;
};

/// An order of the web shop: lines of (sku, quantity, price in minor units), paid by card.
struct WebLine {
  std::string sku;
  std::int64_t quantity = 1;
  Minor price_minor = 1000;
};
ports::SourceItem web_order(const std::string& number, const std::string& customer, const std::vector<WebLine>& lines,
                            std::int64_t sold_at_ms = 1'299'000'000'000);
OrderId web_order_id(const std::string& number);

/// The home of a customer, of so many stores.
std::uint16_t catchment_of(const std::string& customer, std::size_t stores);
/// A customer whose home is the store of this catchment, of so many stores.
std::string customer_of_catchment(std::uint16_t catchment, std::size_t stores);

}  // namespace retour::testing
