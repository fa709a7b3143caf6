#include "tests/bench/chain.hpp"

#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"

namespace retour::bench {
namespace {

/// Without a window: the workload's orders are of any age.
PolicyPack open_policy() {
  return {.id = "bench", .version = 1};
}

Bytes random_bytes(ports::Ids& ids, std::size_t count) {
  Bytes bytes(count);
  ids.fill(bytes.data(), bytes.size());
  return bytes;
}

std::filesystem::path made(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  return folder;
}

std::unique_ptr<hub::SqliteHubStore> make_store(const std::filesystem::path& file, ports::Ids& ids,
                                                ports::Clock& clock) {
  hub::SqliteHubStore::create(file, ids, clock.now_ms());
  return hub::SqliteHubStore::open(file);
}

journal::Journal make_journal(const std::filesystem::path& folder, const BenchHub& hub, std::size_t store,
                              sqlite::Synchronous synchronous) {
  return journal::Journal::create(made(folder) / "journal.db", {hub.node(store).id, store + 1},
                                  {.projections = projections::store_projections(), .synchronous = synchronous});
}

orders::OrderReplica make_replica(const std::filesystem::path& file) {
  orders::create_empty_replica(file);
  return orders::OrderReplica::open(file, orders::ReplicaMode::read_write);
}

}  // namespace

ports::SourceOrder source_order(WorkloadOrder made, bool cash) {
  ports::SourceOrder source{
      .order = std::move(made.order), .customer_ref = made.customer.to_string(), .card_ref = made.card.to_string()};
  if (cash) {
    Minor paid = 0;
    for (const Tender& tender : source.order.tenders) paid += tender.paid_minor;
    source.order.tenders = {{.tender_no = 1, .kind = TenderKind::cash, .paid_minor = paid}};
    source.card_ref.clear();
  }
  return source;
}

std::vector<ports::SourceItem> source_items(Workload& workload, std::size_t count, bool cash) {
  std::vector<ports::SourceItem> items;
  items.reserve(count);
  while (items.size() < count) items.emplace_back(source_order(workload.next(), cash));
  return items;
}

// ---- hub -------------------------------------------------------------------------------------------------------
BenchHub::BenchHub(const std::filesystem::path& folder, std::size_t stores)
    : m_folder(made(folder)),
      m_key(codec::SigningKey::generate()),
      m_ca(transport::pki::make_ca("Retour bench", m_clock.now_ms())),
      m_lookup_secret(random_bytes(m_ids, 32)),
      m_store(make_store(m_folder / "hub.db", m_ids, m_clock)),
      m_hub(parts()),
      m_shelf_store(hub::SqliteHubStore::open(m_folder / "hub.db")),
      m_shelf(*m_shelf_store, m_clock, m_key, m_folder / "chunks"),
      m_service(m_hub, m_clock, [this](const hub::NodeRow& node, transport::Request&& request, const auto& answer) {
        answer(m_shelf.answer(node, request.path));
      }) {
  for (std::size_t i = 0; i < stores; ++i) enrol("store-" + std::to_string(i));
}

hub::HubParts BenchHub::parts() {
  return {.store = *m_store,
          .clock = m_clock,
          .ids = m_ids,
          .key = m_key,
          .policy = open_policy(),
          .policy_json = R"({"id": "bench", "version": 1})",
          .lookup_secret = m_lookup_secret,
          .ca_pem = m_ca.certificate_pem,
          .sign = [this](const std::string& csr, const NodeId& node) {
            std::string pem = transport::pki::sign_csr(m_ca, csr, {.node = node, .now_ms = m_clock.now_ms()});
            std::string serial = transport::pki::read_certificate(pem).serial;
            return std::pair(std::move(pem), std::move(serial));
          }};
}

void BenchHub::enrol(const std::string& name) {
  Node node{.name = name, .identity = {.key_pem = transport::pki::make_key_pem(), .certificate_pem = {}}};
  const auto reply =
      m_hub.enrol({.token = m_hub.invite(name).value(), .csr_pem = transport::pki::make_csr(node.identity.key_pem)});
  node.id = reply->node;
  node.catchment = reply->catchment;
  node.identity.certificate_pem = reply->certificate_pem;
  node.serial = transport::pki::read_certificate(reply->certificate_pem).serial;
  m_nodes.push_back(std::move(node));
}

void BenchHub::admit_at_once(std::size_t stores) {
  const std::string key = transport::pki::make_key_pem();
  const std::string csr = transport::pki::make_csr(key);
  hub::Work work(*m_store, m_clock.now_ms());
  while (m_nodes.size() < stores) {
    Node node{.id = m_ids.make<NodeId>(), .catchment = static_cast<std::uint16_t>(m_nodes.size() + 1)};
    node.name = "store-" + std::to_string(m_nodes.size());
    node.identity = {key, transport::pki::sign_csr(m_ca, csr, {.node = node.id, .now_ms = m_clock.now_ms()})};
    node.serial = transport::pki::read_certificate(node.identity.certificate_pem).serial;
    m_store->put_node({.node = node.id,
                       .name = node.name,
                       .catchment = node.catchment,
                       .certificate_pem = node.identity.certificate_pem,
                       .serial = node.serial,
                       .last_contact_ms = m_clock.now_ms()});
    m_nodes.push_back(std::move(node));
  }
  work.commit();
}

void BenchHub::import(std::span<const ports::SourceItem> items) {
  while (!items.empty()) {
    const auto part = items.first(std::min(items.size(), hub::import_orders_max));
    m_service.with_hub([&](hub::Hub& hub) { return hub.import(part); });
    items = items.subspan(part.size());
  }
}

std::size_t BenchHub::anomalies() {
  hub::Work work(*m_store, m_clock.now_ms());
  return m_store->anomalies().size();
}

std::uint16_t BenchHub::port() {
  if (!m_server) {
    transport::ServerOptions options{.address = "127.0.0.1", .port = 0, .ca_pem = m_ca.certificate_pem};
    options.hub = transport::pki::make_hub_certificate(m_ca, {.now_ms = m_clock.now_ms()});
    m_server.emplace(std::move(options), m_service);
  }
  return m_server->port();
}

std::unique_ptr<transport::HttpsClient> BenchHub::connect(std::size_t store) {
  return std::make_unique<transport::HttpsClient>(transport::ClientOptions{.host = "127.0.0.1",
                                                                           .port = port(),
                                                                           .ca_pem = m_ca.certificate_pem,
                                                                           .ca_fingerprint = {},
                                                                           .identity = m_nodes.at(store).identity});
}

// ---- store -----------------------------------------------------------------------------------------------------
BenchStore::BenchStore(const std::filesystem::path& folder, const BenchHub& hub, std::size_t store,
                       sqlite::Synchronous synchronous)
    : journal(make_journal(folder, hub, store, synchronous)),
      orders(make_replica(folder / "orders.db")),
      context{.journal = journal,
              .orders = orders,
              .clock = clock,
              .ids = ids,
              .terminal = devices.terminal,
              .drawer = devices.drawer,
              .printer = devices.printer,
              .legs_in_motion = legs,
              .policy = open_policy(),
              .lookup_secret = hub.lookup_secret(),
              .store_name = hub.node(store).name,
              .authority = hub.node(store).id.to_string(),
              .hub_reachable = [] { return false; },
              .pause = [](std::int64_t) {}},
      key(codec::SigningKey::from_pem(hub.node(store).identity.key_pem)),
      hub_key(hub.verify_key()),
      orders_path(folder / "orders.db") {}

daemon::SyncNode BenchStore::sync_over(transport::HubConnection& hub, std::uint16_t catchment) {
  return daemon::SyncNode({.journal = journal,
                           .orders = orders,
                           .hub = hub,
                           .key = key,
                           .hub_key = hub_key,
                           .clock = clock,
                           .catchment = catchment,
                           .orders_path = orders_path});
}

}  // namespace retour::bench
