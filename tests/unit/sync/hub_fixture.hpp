#pragma once
// A hub over its own file and stores that are nothing but a key and a journal written by hand: what a store says,
// true or not, is one call. Tills are called anna, bert, cleo.

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/chain.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub/hub.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::hub {

inline constexpr std::int64_t day_ms = 86'400'000;

/// A store as the hub sees it.
class Node {
 public:
  explicit Node(std::string called) : name(std::move(called)) {}

  std::string name;
  NodeId id;
  std::string serial;
  std::uint64_t epoch = 77;
  codec::SigningKey key = codec::SigningKey::generate();
  std::vector<EventEnvelope> events;
  std::vector<protocol::SubjectEntry> subjects;
  std::vector<protocol::SaleKeys> sale_keys;
  std::vector<TransferId> journalled;
  std::vector<codec::FeedCursor> cursors;
  std::uint64_t acked = 0;

  void append(const EventBody& body) {
    const codec::EncodedBody encoded = codec::encode(body);
    append(std::string(encoded.kind), encoded.kind_version, encoded.bytes);
  }
  void append(std::string kind, std::uint32_t version, Bytes bytes) {
    EventEnvelope event{
        .node_id = id, .epoch = epoch, .seq = events.size() + 1, .hlc = HlcTime{(events.size() + 1) << 16u}};
    event.command_id.bytes[0] = static_cast<std::uint8_t>(event.seq);
    event.command_id.bytes[1] = static_cast<std::uint8_t>(event.seq >> 8u);
    event.kind = std::move(kind);
    event.kind_version = version;
    event.body = std::move(bytes);
    if (!events.empty()) event.prev_hash = events.back().hash;
    event.hash = m_hash(event);
    events.push_back(std::move(event));
  }
  protocol::PushRequest batch(std::uint64_t from_seq, std::size_t count = SIZE_MAX) const {
    protocol::PushRequest request{
        .node = id, .epoch = epoch, .subjects = subjects, .sale_keys = sale_keys, .clock_ms = 0};
    for (std::uint64_t seq = from_seq; seq <= events.size() && request.events.size() < count; ++seq)
      request.events.push_back(events[seq - 1]);
    if (!request.events.empty()) request.signature = key.sign(request.events.back().hash.bytes);
    return request;
  }

 private:
  journal::EventHasher m_hash;
};

class HubFixture {
 public:
  HubFixture() {
    SqliteHubStore::create(m_scratch / "hub.db", ids, clock.now_ms());
    start();
  }

  Scratch m_scratch;
  simulated::ManualClock clock{1'300'000'000'000};
  simulated::SeededIds ids{7};
  codec::SigningKey hub_key = codec::SigningKey::generate();
  const Bytes secret = Bytes(32, 5);
  std::unique_ptr<HubStore> store;
  std::optional<Hub> hub;
  std::uint64_t serials = 0;

  void start() {
    store = SqliteHubStore::open(m_scratch / "hub.db", {.synchronous = sqlite::Synchronous::off, .cache_kib = 1024});
    // The "certificate" of these tests is the node's bare public key: the hub only checks signatures with it.
    const auto sign = [this](const std::string& csr_pem, const NodeId&) {
      codec::VerifyKey::from_pem(csr_pem);  // throws Error when it is none
      return std::pair(csr_pem, "serial-" + std::to_string(++serials));
    };
    hub.emplace(HubParts{.store = *store,
                         .clock = clock,
                         .ids = ids,
                         .key = hub_key,
                         .policy = {},
                         .policy_json = "{}",
                         .lookup_secret = secret,
                         .ca_pem = "ca",
                         .sign = sign});
  }
  /// The process dies and another one starts; connections are gone.
  void restart() {
    hub.reset();
    store.reset();
    start();
  }

  void enrol(Node& node) {
    const auto token = hub->invite(node.name);
    require(token.ok(), "the test may invite");
    const auto reply = hub->enrol({.token = *token, .csr_pem = node.key.verify_key().to_pem()});
    require(reply.ok(), "the test may enrol");
    node.id = reply->node;
    node.serial = row(node).serial;
  }

  LookupKey customer_key(const std::string& customer) const { return codec::hmac_key(secret, customer); }

  /// An order of one line of the item "shirt" at 5.00 a piece, sold now less `days_ago`.
  static Order order_of(const std::string& authority, const std::string& number, std::int64_t quantity,
                        std::int64_t sold_at_ms) {
    Order order{.id = codec::derive_order_id(authority, number), .authority = authority, .number = number};
    order.currency = Currency::parse("EUR").value();
    order.sold_at_ms = sold_at_ms;
    order.sold_on = CivilDate::of_ms(sold_at_ms);
    order.lines = {
        {.line_no = 1, .sku = "shirt", .quantity = quantity, .unit_price = {500, 2}, .net_minor = 500 * quantity}};
    order.tenders = {{.tender_no = 1, .kind = TenderKind::cash, .paid_minor = 500 * quantity}};
    return order;
  }
  OrderId import(const std::string& number, std::int64_t quantity, const std::string& customer,
                 std::int64_t days_ago = 1) {
    ports::SourceOrder source{.order = order_of("web", number, quantity, clock.now_ms() - days_ago * day_ms),
                              .customer_ref = customer};
    const OrderId id = source.order.id;
    const ports::SourceItem item = std::move(source);
    hub->import(std::span(&item, 1));
    return id;
  }

  protocol::PushReply push(Node& node) {
    hub->contact(node.id);
    const protocol::PushReply reply = hub->push(node.batch(node.acked + 1));
    if (reply.code == protocol::PushCode::accepted) node.acked = reply.head_seq;
    return reply;
  }
  protocol::PullReply pull(Node& node) {
    hub->contact(node.id);
    protocol::PullReply reply = hub->pull({.node = node.id,
                                           .cursors = node.cursors,
                                           .today = CivilDate::of_ms(clock.now_ms()),
                                           .journalled = node.journalled});
    node.cursors = reply.cursors;
    return reply;
  }
  /// What an honest store does with a reply: takes grants, gives back what is recalled and it holds, notes decisions.
  void take(Node& node, const protocol::PullReply& reply) {
    for (const RightsGranted& grant : reply.grants) node.append(RightsReceived{grant.transfer_id, grant.items});
    for (const RecallIssued& recall : reply.recalls) {
      RightsReleased released{ids.make<TransferId>(), recall.recall_id, {}};
      for (const OrderUnits& part : recall.items) {
        for (const UnitRange& held : rights(part.order_id).held_by(Holder::node(node.id), part.units))
          released.items.push_back({part.order_id, held});
      }
      node.append(released);
    }
    for (const ReferralAnswered& answer : reply.decisions) node.append(answer);
  }
  void sync(Node& node) {
    push(node);
    take(node, pull(node));
    push(node);
  }

  /// Asks for `quantity` shirts of the customer (or of the order); returns the referral.
  ReferralId refer(Node& node, const std::string& customer, std::int64_t quantity, std::optional<OrderId> order = {},
                   std::uint32_t line_no = 1) {
    LineReferred asked{
        .case_id = ids.make<ReturnCaseId>(), .referral_id = ids.make<ReferralId>(), .asked_at_ms = clock.now_ms()};
    asked.ask = {.line_no = line_no,
                 .order_id = order,
                 .order_line_no = order ? 1u : 0u,
                 .sku = "shirt",
                 .quantity = quantity};
    if (!customer.empty()) {
      asked.subject = ids.make<SubjectId>();
      node.subjects.push_back({*asked.subject, customer_key(customer)});
    }
    node.append(asked);
    clock.advance(1'000);
    return asked.referral_id;
  }

  template <class Look>
  auto look(Look&& at) {
    const View view(*store);
    return at(*store);
  }
  OrderRights rights(const OrderId& order) {
    return look([&](HubStore& from) { return from.rights(order).value(); });
  }
  std::int64_t held_by(const OrderId& order, const Holder& holder) {
    std::int64_t sum = 0;
    for (const UnitRange& range : rights(order).held_by(holder)) sum += range.count;
    return sum;
  }
  std::int64_t held(const OrderId& order, HolderKind kind) {
    const OrderRights all = rights(order);
    std::int64_t sum = 0;
    for (const HeldRange& range : all.ranges()) sum += range.holder.kind == kind ? range.units.count : 0;
    return sum;
  }
  std::vector<Anomaly> anomalies() {
    return look([](HubStore& from) { return from.anomalies(); });
  }
  NodeRow row(const Node& node) {
    return look([&](HubStore& from) { return from.node(node.id).value(); });
  }
};

}  // namespace retour::hub
