#include "plugin/cli/replay/hub_side.hpp"

#include <algorithm>

#include "db/policy_pack/pack_file.hpp"
#include "db/projections/readers.hpp"
#include "pos-adapters/system/system.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/transport/https_client.hpp"

namespace retour::replay {

namespace {

/// No window; an SKU is merchandise when it starts with five digits: docs/replay.md.
constexpr const char* replay_policy_json = R"({"id": "replay", "version": 1, "merchandise_sku_leading_digits": 5})";

PolicyPack replay_policy() {
  return policy_pack::policy_from_json(replay_policy_json, "the replay's policy");
}

Bytes secret_of(ports::Ids& ids) {
  Bytes secret(32);
  ids.fill(secret.data(), secret.size());
  return secret;
}

/// Certificates are judged by the machine's clock, not by the file's.
std::int64_t real_now_ms() {
  return system::SystemClock().now_ms();
}

}  // namespace

/// What runs between start and die.
struct HubSide::Process {
  std::unique_ptr<hub::SqliteHubStore> store;
  hub::Hub hub;
  hub::HubService service;
  std::optional<transport::HttpsServer> server;
  std::vector<std::unique_ptr<transport::HubConnection>> wires;  // one a store, made when first used

  Process(std::unique_ptr<hub::SqliteHubStore> opened, const std::function<hub::HubParts(hub::HubStore&)>& parts,
          ports::Clock& clock, std::size_t stores)
      : store(std::move(opened)), hub(parts(*store)), service(hub, clock), wires(stores) {}
};

/// A store's wire: counts bytes, and knows when it is cut or the hub is down.
class WireToHub final : public transport::HubConnection {
 public:
  WireToHub(HubSide& hub, std::size_t store) : m_hub(hub), m_store(store) {}
  transport::Reply call(const std::string& method, const std::string& path, const Bytes& body,
                        int timeout_ms) override {
    return m_hub.call(m_store, method, path, body, timeout_ms);
  }
  void interrupt() override {}

 private:
  HubSide& m_hub;
  const std::size_t m_store;
};

HubSide::HubSide(HubSetup setup, simulated::ManualClock& clock)
    : m_setup(std::move(setup)),
      m_clock(clock),
      m_ids(m_setup.seed * 1'000'003 + 1),
      m_lookup_secret(secret_of(m_ids)),
      m_key(codec::SigningKey::generate()),
      m_ca(transport::pki::make_ca("Retour replay", real_now_ms())),
      m_places(m_setup.stores) {
  std::filesystem::create_directories(m_setup.directory);
  hub::SqliteHubStore::create(m_setup.directory / "hub.db", m_ids, m_clock.now_ms());
  start();
  for (std::size_t store = 0; store < m_setup.stores; ++store) enrol(store);
}

HubSide::~HubSide() {
  die();
}

void HubSide::start() {
  const auto parts = [this](hub::HubStore& store) {
    return hub::HubParts{.store = store,
                         .clock = m_clock,
                         .ids = m_ids,
                         .key = m_key,
                         .policy = replay_policy(),
                         .policy_json = replay_policy_json,
                         .lookup_secret = m_lookup_secret,
                         .ca_pem = m_ca.certificate_pem,
                         .sign = [this](const std::string& csr, const NodeId& node) {
                           std::string pem =
                               transport::pki::sign_csr(m_ca, csr, {.node = node, .now_ms = real_now_ms()});
                           std::string serial = transport::pki::read_certificate(pem).serial;
                           return std::pair(std::move(pem), std::move(serial));
                         }};
  };
  m_process = std::make_unique<Process>(hub::SqliteHubStore::open(m_setup.directory / "hub.db"), parts, m_clock,
                                        m_setup.stores);
  if (!m_setup.over_tls) return;
  transport::ServerOptions options{.address = "127.0.0.1", .port = m_port, .ca_pem = m_ca.certificate_pem};
  options.hub = transport::pki::make_hub_certificate(m_ca, {.now_ms = real_now_ms()});
  m_process->server.emplace(std::move(options), m_process->service);
  m_port = m_process->server->port();
}

void HubSide::die() {
  if (m_process && m_process->server) m_process->server->stop();
  m_process.reset();
}

/// Each store joins as it would in a shop: invited by name, its own key, a certificate from the hub.
void HubSide::enrol(std::size_t store) {
  Place& place = m_places[store];
  place.identity.key_pem = transport::pki::make_key_pem();
  const std::string name = "store-" + std::to_string(store);
  m_process->service.with_hub([&](hub::Hub& hub) {
    const auto secret = hub.invite(name);
    const auto reply = hub.enrol({.token = *secret, .csr_pem = transport::pki::make_csr(place.identity.key_pem)});
    place.identity.certificate_pem = reply->certificate_pem;
    place.serial = transport::pki::read_certificate(reply->certificate_pem).serial;
    place.shop = {.index = store,
                  .node = reply->node,
                  .epoch = store + 1,
                  .catchment = reply->catchment,
                  .name = name,
                  .lookup_secret = reply->lookup_secret,
                  .policy = replay_policy(),
                  .key_pem = place.identity.key_pem,
                  .hub_key_pem = reply->hub_key_pem,
                  .seed = m_setup.seed};
  });
}

ShopSetup HubSide::shop_setup(std::size_t store, const std::filesystem::path& directory) const {
  ShopSetup setup = m_places[store].shop;
  setup.directory = directory / setup.name;
  return setup;
}

// ---- wires -----------------------------------------------------------------------------------------------------
std::unique_ptr<transport::HubConnection> HubSide::connect(std::size_t store) {
  return std::make_unique<WireToHub>(*this, store);
}

void HubSide::set_reachable(std::size_t store, bool reachable) {
  m_places[store].reachable = reachable;
  if (reachable || !m_process) return;
  m_process->wires[store].reset();
  // The transport says so too, a little later over sockets; here it is known at once.
  m_process->service.peer_gone(m_places[store].shop.node);
}

transport::Reply HubSide::call(std::size_t store, const std::string& method, const std::string& path,
                               const Bytes& body, int timeout_ms) {
  const Place& place = m_places[store];
  if (!up() || !place.reachable) {
    throw transport::HubUnreachable({.operation = "reach",
                                     .object = "the hub",
                                     .cause = up() ? "the store is offline" : "the hub is down",
                                     .consequence = ""});
  }
  std::unique_ptr<transport::HubConnection>& wire = m_process->wires[store];
  if (!wire && m_setup.over_tls) {
    wire = std::make_unique<transport::HttpsClient>(transport::ClientOptions{
        .host = "localhost", .port = m_port, .ca_pem = m_ca.certificate_pem, .identity = place.identity});
  } else if (!wire) {
    wire = std::make_unique<transport::InMemoryConnection>(
        m_process->service, transport::InMemoryOptions{.peer = place.shop.node, .peer_serial = place.serial});
  }
  transport::Reply reply = wire->call(method, path, body, timeout_ms);
  m_bytes_up += body.size();
  m_bytes_down += reply.body.size();
  return reply;
}

// ---- work ------------------------------------------------------------------------------------------------------
void HubSide::import(ports::SourceItem item) {
  m_imports.push_back(std::move(item));
  if (m_imports.size() >= hub::import_orders_max && up()) flush_imports();
}

void HubSide::flush_imports() {
  if (m_imports.empty() || !up()) return;
  const hub::ImportCounts counts = m_process->service.with_hub([&](hub::Hub& hub) { return hub.import(m_imports); });
  if (counts.quarantined > 0) {
    throw Error({.operation = "import",
                 .object = "the file",
                 .cause = std::to_string(counts.quarantined) + " orders were quarantined",
                 .consequence = "a replay wants a file without bad orders"});
  }
  m_imports.clear();
}

bool HubSide::settle() {
  journal::checkpoint_when_grown(m_process->store->database());  // as the program does now and then
  return m_process->service.with_hub([](hub::Hub& hub) {
    bool changed = false;
    while (hub.settle()) changed = true;
    return changed;
  });
}

// ---- the end ---------------------------------------------------------------------------------------------------
LedgerSums HubSide::ledger(const SourceData& data) {
  LedgerSums sums{.keys = data.ledger_keys(), .lots = data.ledger_lines().size()};
  m_process->service.with_hub([&](hub::Hub& hub) {
    hub::Work work(hub.store(), m_clock.now_ms());
    OrderId current;
    std::optional<OrderRights> rights;
    for (const SourceData::LedgerLine& line : data.ledger_lines()) {
      if (line.order_id != current) rights = hub.store().rights(current = line.order_id);
      std::int64_t claimed = 0;
      for (const HeldRange& range : rights->ranges()) {
        if (range.units.line_no == line.line_no && range.holder.kind == HolderKind::claimed)
          claimed += range.units.count;
      }
      sums.open_units += line.bought - claimed;
      sums.fully_returned_lots += claimed == line.bought;
    }
  });
  return sums;
}

namespace {

std::string journals_differ(hub::HubStore& store, const std::vector<std::unique_ptr<Shop>>& shops) {
  for (const auto& shop : shops) {
    const auto row = store.node(shop->setup().node);
    const journal::Head head = shop->context().journal.head();
    if (row->journal_seq != head.seq || row->journal_hash != head.hash) {
      return shop->setup().name + ": the store's journal ends at " + std::to_string(head.seq) + ", the hub has " +
             std::to_string(row->journal_seq);
    }
  }
  return "";
}

std::string stock_differs(hub::HubStore& store, const std::vector<std::unique_ptr<Shop>>& shops) {
  std::map<NodeId, std::map<std::pair<std::string, Bucket>, std::int64_t>> hub_levels;
  for (const hub::StockLevel& level : store.stock())
    hub_levels[level.node][{level.sku, level.bucket}] = level.quantity;
  for (const auto& shop : shops) {
    std::map<std::pair<std::string, Bucket>, std::int64_t> levels;
    for (const auto& level : projections::stock_levels(shop->context().journal.database()))
      levels[{level.sku, level.bucket}] = level.quantity;
    if (levels != hub_levels[shop->setup().node])
      return shop->setup().name + ": the levels of store and hub are not the same";
  }
  return "";
}

std::string rights_differ(hub::HubStore& store, const std::vector<std::unique_ptr<Shop>>& shops) {
  std::map<NodeId, Shop*> by_node;
  for (const auto& shop : shops) by_node[shop->setup().node] = shop.get();
  std::string difference;
  store.each_right([&](const OrderId& order, const OrderRights& rights) {
    std::map<NodeId, std::vector<UnitRange>> held;
    for (const HeldRange& range : rights.ranges()) {
      if (range.holder.kind == HolderKind::in_transfer)
        difference = "order " + order.to_string() + ": units are still in transfer";
      if (range.holder.kind == HolderKind::node) held[NodeId{range.holder.id}].push_back(range.units);
    }
    for (auto& [node, ranges] : held) {
      if (projections::held_ranges(by_node.at(node)->context().journal.database(), order) !=
          HeldRanges(std::move(ranges))) {
        difference = "order " + order.to_string() + ": hub and " + by_node.at(node)->setup().name +
                     " do not agree on what the store holds";
      }
    }
  });
  return difference;
}

std::string money_differs(hub::HubStore& store, const std::vector<std::unique_ptr<Shop>>& shops,
                          const std::vector<Minor>& paid) {
  std::map<NodeId, Minor> hub_sums;
  for (const hub::Refunded& sum : store.refunded()) hub_sums[sum.node] += sum.minor;
  for (std::size_t i = 0; i < shops.size(); ++i) {
    if (hub_sums[shops[i]->setup().node] != paid[i]) {
      return shops[i]->setup().name + ": the hub has refunds of " + amount_text(hub_sums[shops[i]->setup().node], 2) +
             ", the answers came to " + amount_text(paid[i], 2);
    }
  }
  return "";
}

}  // namespace

std::map<std::string, std::string> HubSide::agreement(const std::vector<std::unique_ptr<Shop>>& shops,
                                                      const std::vector<Minor>& paid) {
  std::map<std::string, std::string> found;
  m_process->service.with_hub([&](hub::Hub& hub) {
    found["rights: every unit has one holder"] = hub.broken_conservation().value_or("");
    const std::uint64_t open = hub.open_referrals(1).count;
    found["questions: none is open"] = open == 0 ? "" : std::to_string(open) + " are open";
    hub::Work work(hub.store(), m_clock.now_ms());
    const auto anomalies = hub.store().anomalies();
    found["journals: nothing contradicts the hub"] = anomalies.empty() ? "" : anomalies.front().detail;
    found["journals: hub and stores have the same"] = journals_differ(hub.store(), shops);
    found["rights: hub and stores say the same"] = rights_differ(hub.store(), shops);
    found["stock: hub and stores say the same"] = stock_differs(hub.store(), shops);
    found["money: the hub has what was paid"] = money_differs(hub.store(), shops, paid);
  });
  return found;
}

}  // namespace retour::replay
