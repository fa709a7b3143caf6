#include "sync/hub_program/wiring.hpp"

#include <chrono>

#include "sync/hub_program/log.hpp"
#include "sync/hub_program/page/assets.hpp"
#include "sync/hub_program/page/collect_status.hpp"
#include "sync/hub_program/page/status_page.hpp"

namespace retour::hub_program {

namespace {

namespace pki = transport::pki;

/// Before anything is opened or locked: a directory that is no hub stays untouched.
HubFiles made(const std::filesystem::path& directory) {
  const HubFiles files{directory};
  read_config(files);
  return files;
}

PageReply page_of(StartedReply&& reply) {
  return {"application/json; charset=utf-8", std::move(reply.body), reply.status};
}

}  // namespace

RunningHub::RunningHub(const ServeOptions& options)
    : m_files(made(options.directory)),
      m_lock(m_files.running(), "retour-hub"),
      m_opened(m_files),
      m_certificate(hub_certificate(m_files, m_opened.config(), m_opened.secrets().ca, m_opened.clock().now_ms())),
      m_started_ms(m_opened.clock().now_ms()),
      m_certificate_ends_ms(pki::read_certificate(m_certificate.identity.certificate_pem).not_after_ms),
      m_chunk_store(hub::SqliteHubStore::open(m_files.database(), {.cache_kib = look_cache_kib})),
      m_chunks(*m_chunk_store, m_opened.clock(), m_opened.key(), m_files.chunks()),
      m_photos(m_files.photos()),
      m_bulk([this](const auto& node, const auto& request) { return m_chunks.answer(node, request.path); },
             bulk_calls_max),
      m_photo_lane([this](const auto& node, const auto& request) { return m_photos.answer(node, request); },
                   photo_calls_max),
      m_service(m_opened.hub(), m_opened.clock(),
                [this](const auto& node, transport::Request&& request, const auto& answer) {
                  BulkLane& lane = request.path.starts_with(hub::photo_path) ? m_photo_lane : m_bulk;
                  lane.take(node, std::move(request), answer);
                }),
      m_started(m_service, m_opened.clock(), m_opened.secrets().lookup_secret),
      m_look_store(hub::SqliteHubStore::open(m_files.database(), {.cache_kib = look_cache_kib})),
      m_timer_store(hub::SqliteHubStore::open(m_files.database(), {.cache_kib = look_cache_kib})) {
  take_up_policy_when_due();
  m_server = std::make_unique<transport::HttpsServer>(
      transport::ServerOptions{
          .address = options.address,
          .port = options.port.value_or(m_opened.config().port),
          .ca_pem = m_opened.secrets().ca.certificate_pem,
          .hub = m_certificate.identity,
          .warn = [strangers = std::make_shared<SparseLog>()](const std::string& text) { strangers->tell(text); }},
      m_service);
  m_pages = std::make_unique<PageServer>(options.status_port, pages(), log, commands());
  m_timer = std::thread([this] { time_passes(); });
}

RunningHub::~RunningHub() {
  stop();
}

void RunningHub::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_all();
  if (m_timer.joinable()) m_timer.join();
  m_chunks.interrupt();
  if (m_server) m_server->stop();
  m_bulk.stop();
  m_photo_lane.stop();
  if (m_pages) m_pages->stop();
}

PageServer::Pages RunningHub::pages() {
  return {{"/",
           [this] {
             return PageReply{"text/html; charset=utf-8", status_page(look())};
           }},
          {"/api/v1/status",
           [this] {
             return PageReply{"application/json; charset=utf-8", status_json(look())};
           }},
          {std::string(started_path), [this] { return page_of(m_started.waiting()); }},
          {"/api/v1/missed-promises", [this] { return page_of(m_started.promises()); }},
          {"/hub.css",
           [] {
             return PageReply{"text/css; charset=utf-8", std::string(page_style())};
           }},
          {"/icon.svg", [] {
             return PageReply{"image/svg+xml", std::string(page_icon())};
           }}};
}

PageCommands RunningHub::commands() {
  return {std::string(started_path),
          [this](const std::string& path, const std::string& body) { return page_of(m_started.post(path, body)); },
          started_body_bytes_max};
}

HubStatus RunningHub::look() {
  const transport::ServerCounts counts = m_server->counts();
  HubStatus status{.now_ms = m_opened.clock().now_ms(),
                   .started_ms = m_started_ms,
                   .hosts = m_opened.config().hosts,
                   .port = m_server->port(),
                   .connections = counts.connections,
                   .handshakes_failed = counts.handshakes_failed,
                   .certificate_ends_ms = m_certificate_ends_ms};
  {
    const std::lock_guard lock(m_mutex);
    status.rights = m_rights;
    status.last_trouble = m_trouble;
    status.policy = m_policy;
  }
  const LiveStatus live = m_service.with_hub([](hub::Hub& hub) { return live_status(hub); });
  const std::lock_guard lock(m_look_mutex);
  collect_status(*m_look_store, live, status);
  return status;
}

void RunningHub::time_passes() {
  std::unique_lock lock(m_mutex);
  while (!m_wake.wait_for(lock, std::chrono::milliseconds(timer_ms), [this] { return m_stopping; })) {
    lock.unlock();
    std::string trouble;
    try {
      tick();
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    if (!trouble.empty() && trouble != m_trouble) log(trouble);
    lock.lock();
    m_trouble = std::move(trouble);
  }
}

void RunningHub::tick() {
  m_service.tick();
  journal::checkpoint_when_grown(m_timer_store->database());
  take_up_policy_when_due();
  count_rights_when_due();
}

/// What the choice of the policy rests on: the date, the documents, the hub's own file.
std::string RunningHub::policy_state() {
  std::error_code none;
  const auto written = std::filesystem::last_write_time(m_files.policy(), none).time_since_epoch().count();
  const auto bytes = std::filesystem::file_size(m_files.policy(), none);
  const hub::View view(*m_timer_store);
  return CivilDate::of_ms(m_opened.clock().now_ms()).to_string() + " " +
         std::to_string(m_timer_store->document_head()) + " " + std::to_string(written) + " " + std::to_string(bytes);
}

void RunningHub::take_up_policy_when_due() {
  const std::int64_t now_ms = m_opened.clock().now_ms();
  if (now_ms >= m_policy_due_ms - policy_every_ms && now_ms < m_policy_due_ms)
    return;  // also when the clock went back
  m_policy_due_ms = now_ms + policy_every_ms;
  std::string state = policy_state();
  if (state == m_policy_state) return;
  const app::PolicyInForce policy = m_service.with_hub([this](hub::Hub&) {
    m_opened.take_up_policy();
    return m_opened.policy();
  });
  m_policy_state = std::move(state);
  if (policy.is_new) log(app::name_of(policy.pack) + ", is in force from now on");
  const std::lock_guard lock(m_mutex);
  if (!policy.trouble.empty() && policy.trouble != m_policy.trouble) log(policy.trouble);
  m_policy = {policy.pack.id, policy.pack.version, policy.trouble};
}

/// After a change, and the less often the longer it takes.
void RunningHub::count_rights_when_due() {
  const std::int64_t version = m_timer_store->outside_changes();
  const std::int64_t began_ms = m_opened.clock().now_ms();
  if (version == m_rights_version || began_ms < m_rights_due_ms) return;
  RightsStatus rights = count_rights(*m_timer_store, began_ms);
  m_rights_version = version;
  const std::int64_t took_ms = m_opened.clock().now_ms() - began_ms;
  m_rights_due_ms = began_ms + std::max(rights_every_ms, took_ms * rights_share);
  const std::lock_guard lock(m_mutex);
  if (m_rights.conserved && !rights.conserved) log("rights are not conserved: " + rights.first_fault);
  m_rights = std::move(rights);
}

}  // namespace retour::hub_program
