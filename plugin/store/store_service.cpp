#include "plugin/store/store_service.hpp"

#include <chrono>
#include <thread>

#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/credit_notes.hpp"
#include "plugin/app/resume.hpp"
#include "plugin/app/settle_line.hpp"

namespace retour::store {

namespace {

journal::Journal open_journal(const node_files::NodeFiles& files, const node_files::NodeConfig& config,
                              bool checked = false) {
  // `create` also opens a journal that is there, and refuses one of another node.
  return journal::Journal::create(files.journal(), {config.node, config.epoch},
                                  {.projections = projections::store_projections(), .quick_check = checked});
}

/// What the hub published, the latest first; the file of the enrolment last.
std::vector<app::PolicySource> policy_sources(const node_files::NodeFiles& files) {
  std::vector<app::PolicySource> sources;
  for (const std::filesystem::path& file : documents::published_policies(files)) sources.push_back({file});
  sources.push_back({files.policy()});
  return sources;
}

app::PolicyInForce adopt(journal::Journal& journal, const node_files::NodeFiles& files, const ServiceParts& parts) {
  return app::adopt_policy(journal, parts.clock, parts.ids, policy_sources(files));
}

/// Reads the whole journal once, so that damage is told at start and not to a customer.
app::PolicyInForce policy_at_start(const node_files::NodeFiles& files, const node_files::NodeConfig& config,
                                   const ServiceParts& parts) {
  journal::Journal journal = open_journal(files, config, true);
  return adopt(journal, files, parts);
}

/// What the choice of a pack rests on: the date, and which files are there, how large and of when.
std::string policy_state(const node_files::NodeFiles& files, std::int64_t now_ms) {
  std::string state = CivilDate::of_ms(now_ms).to_string();
  for (const app::PolicySource& source : policy_sources(files)) {
    std::error_code none;
    const auto written = std::filesystem::last_write_time(source.file, none).time_since_epoch().count();
    const auto bytes = std::filesystem::file_size(source.file, none);
    state += "\n" + source.file.string() + " " + std::to_string(written) + " " + std::to_string(bytes);
  }
  return state;
}

}  // namespace

/// The context refers to its neighbours, so a session never moves.
struct StoreService::Lease::Session {
  explicit Session(StoreService& service)
      : journal(open_journal(service.m_files, service.m_config)),
        orders(orders::OrderReplica::open(service.m_files.orders(), orders::ReplicaMode::read)),
        context{.journal = journal,
                .orders = orders,
                .clock = service.m_parts.clock,
                .ids = service.m_parts.ids,
                .terminal = service.m_parts.terminal,
                .drawer = service.m_parts.drawer,
                .printer = service.m_parts.printer,
                .legs_in_motion = service.m_legs,
                .policy = {},  // by each lease
                .lookup_secret = service.m_lookup_secret,
                .store_name = service.m_config.name,
                .authority = service.m_config.node.to_string(),
                .hub_reachable = [&service] { return service.sync_status().online; },
                .pause = [](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); },
                .region = service.m_config.region,
                .articles = service.m_parts.articles,
                .staff = service.m_parts.staff,
                .last_contact_ms = [&service] { return service.sync_status().last_contact_ms; },
                .photo_kept = [&service](const Hash256& hash) { return service.photos().has(hash); },
                .recalls = service.m_parts.recalls,
                .fiscal = service.m_parts.fiscal} {}

  journal::Journal journal;
  orders::OrderReplica orders;
  app::StoreContext context;
  std::shared_ptr<const app::PolicyInForce> policy;  // the one that the context has a copy of

  void decide_by(std::shared_ptr<const app::PolicyInForce> in_force) {
    if (policy == in_force) return;
    context.policy = in_force->pack;
    policy = std::move(in_force);
  }
};

StoreService::StoreService(node_files::NodeFiles files, ServiceParts parts)
    : m_files(std::move(files)),
      m_config(node_files::read_config(m_files)),
      m_parts(parts),
      m_lookup_secret(node_files::read_bytes(m_files.lookup_secret())),
      m_photos(m_files.photos(), photos::store_limits),
      m_policy(std::make_shared<app::PolicyInForce>(policy_at_start(m_files, m_config, m_parts))) {
  orders::ensure_replica(m_files.orders(), m_parts.clock.now_ms());
  m_idle.push_back(std::make_unique<Lease::Session>(*this));  // what cannot be opened is told at start
}

StoreService::~StoreService() = default;

StoreService::Lease::Lease(StoreService& service, std::unique_ptr<Session> session)
    : m_service(&service), m_session(std::move(session)) {}

StoreService::Lease::Lease(Lease&&) noexcept = default;

StoreService::Lease::~Lease() {
  // A connection that an exception left inside a transaction is closed; any other can be used again.
  if (!m_session || m_session->journal.database().in_transaction()) return;
  const std::lock_guard lock(m_service->m_mutex);
  m_service->m_idle.push_back(std::move(m_session));
}

app::StoreContext& StoreService::Lease::operator*() const {
  return m_session->context;
}

StoreService::Lease StoreService::lease() {
  std::unique_ptr<Lease::Session> session;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_idle.empty()) {
      session = std::move(m_idle.back());
      m_idle.pop_back();
    }
  }
  if (!session) session = std::make_unique<Lease::Session>(*this);
  session->decide_by(policy());
  return Lease(*this, std::move(session));
}

std::shared_ptr<const app::PolicyInForce> StoreService::policy() const {
  const std::lock_guard lock(m_mutex);
  return m_policy;
}

std::vector<protocol::RefusedDocument> StoreService::documents_refused() const {
  return documents::read_state(m_files.documents_state()).refused;
}

bool StoreService::take_up_policy() {
  std::string state = policy_state(m_files, m_parts.clock.now_ms());
  if (state == m_policy_state) return false;
  const Lease store = lease();
  auto next = std::make_shared<app::PolicyInForce>(adopt((*store).journal, m_files, m_parts));
  m_policy_state = std::move(state);
  const std::lock_guard lock(m_mutex);
  const bool is_other = next->pack != m_policy->pack;
  m_policy = std::move(next);
  return is_other;
}

void StoreService::tick() {
  const Lease store = lease();
  app::settle_arrived(*store, app::Payout::unattended);
  app::resume(*store);
  app::sign_waiting_notes(*store);
  journal::checkpoint_when_grown((*store).journal.database());
}

}  // namespace retour::store
