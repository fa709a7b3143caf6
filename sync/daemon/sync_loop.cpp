#include "sync/daemon/sync_loop.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"
#include "sync/transport/https_client.hpp"
#include "sync/transport/pki.hpp"

namespace retour::daemon {

namespace {

/// A certificate as this store's file has it; what is none is named by its file.
std::string load_certificate(const std::filesystem::path& file) {
  std::string pem = transport::pki::load_pem(file);
  try {
    transport::pki::read_certificate(pem);
  } catch (const Error& error) {
    throw Error({.operation = "read",
                 .object = file.string(),
                 .cause = error.parts().cause,
                 .consequence = "the store goes on offline; put the file back, or enrol a new directory"});
  }
  return pem;
}

transport::ClientOptions client_options(const node_files::NodeFiles& files, const node_files::NodeConfig& config) {
  return {.host = config.hub_host,
          .port = config.hub_port,
          .ca_pem = load_certificate(files.ca()),
          .identity =
              transport::pki::Identity{transport::pki::load_pem(files.key()), load_certificate(files.certificate())}};
}

}  // namespace

/// What one thread owns: its connections to the files and to the hub.
class SyncLoop::Lane {
 public:
  Lane(const node_files::NodeFiles& files, const node_files::NodeConfig& config, ports::Clock& clock,
       photos::PhotoFolder& photos, documents::DocumentShelf* documents)
      : m_key(codec::SigningKey::from_pem(transport::pki::load_pem(files.key()))),
        m_hub_key(codec::VerifyKey::from_pem(node_files::read_text(files.hub_key()))),
        m_journal(journal::Journal::create(files.journal(), {config.node, config.epoch},
                                           {.projections = projections::store_projections()})),
        m_orders(orders::OrderReplica::open(files.orders(), orders::ReplicaMode::read_write)),
        m_client(client_options(files, config)),
        m_node({.journal = m_journal,
                .orders = m_orders,
                .hub = m_client,
                .key = m_key,
                .hub_key = m_hub_key,
                .clock = clock,
                .catchment = config.catchment,
                .orders_path = files.orders(),
                .documents = documents,
                .photos = &photos}) {}

  SyncNode& node() { return m_node; }
  journal::Journal& journal() { return m_journal; }
  orders::OrderReplica& orders() { return m_orders; }
  void interrupt() { m_client.interrupt(); }
  void start(std::function<void()> work) { m_thread = std::thread(std::move(work)); }
  void join() {
    if (m_thread.joinable()) m_thread.join();
  }

 private:
  codec::SigningKey m_key;
  codec::VerifyKey m_hub_key;
  journal::Journal m_journal;
  orders::OrderReplica m_orders;
  transport::HttpsClient m_client;
  SyncNode m_node;
  std::thread m_thread;
};

SyncLoop::SyncLoop(node_files::NodeFiles files, ports::Clock& clock, Log log)
    : m_files(std::move(files)),
      m_config(node_files::read_config(m_files)),
      m_lock(m_files.sync_lock(), "retour-sync"),
      m_clock(clock),
      m_log(std::move(log)),
      m_documents(m_files),
      m_photos(m_files.photos(), photos::store_limits) {
  orders::create_empty_replica(m_files.orders());
  m_look = make_lane();
  m_state = m_look->node().initial_state();
}

SyncLoop::~SyncLoop() {
  stop();
}

std::unique_ptr<SyncLoop::Lane> SyncLoop::make_lane(documents::DocumentShelf* documents) {
  return std::make_unique<Lane>(m_files, m_config, m_clock, m_photos, documents);
}

void SyncLoop::run() {
  m_up_lane = make_lane();
  m_down_lane = make_lane(&m_documents);
  m_photo_lane = make_lane();
  const auto work_on = [this](Lane& lane, std::optional<engine::Action>& wanted) {
    return [this, &lane, &wanted] {
      try {
        for (;;) {
          std::unique_lock lock(m_mutex);
          m_wake.wait(lock, [&] { return m_stopping || wanted.has_value(); });
          if (m_stopping) return;
          const engine::Action action = *std::exchange(wanted, std::nullopt);
          lock.unlock();
          dispatch(lane.node().carry_out(action).result);
        }
      } catch (...) {
        const std::lock_guard lock(m_mutex);
        m_failure = std::current_exception();
        m_stopping = true;
        m_wake.notify_all();
      }
    };
  };
  m_up_lane->start(work_on(*m_up_lane, m_up));
  m_down_lane->start(work_on(*m_down_lane, m_down));
  m_photo_lane->start(work_on(*m_photo_lane, m_photo));

  for (;;) {
    look_at_journal();
    look_at_photos();
    write_status();
    purge_when_due();
    std::unique_lock lock(m_mutex);
    if (m_wake.wait_for(lock, std::chrono::milliseconds(journal_look_ms), [&] { return m_stopping; })) break;
  }
  for (const auto* lane : {&m_up_lane, &m_down_lane, &m_photo_lane}) (*lane)->interrupt();
  for (const auto* lane : {&m_up_lane, &m_down_lane, &m_photo_lane}) (*lane)->join();
  {
    // Who looks at the status file now must not take the last contact for a living one.
    const std::lock_guard lock(m_mutex);
    m_state.trouble = engine::Trouble::hub_unreachable;
    m_state.detail = "retour-sync was stopped";
  }
  write_status();
  if (m_failure) std::rethrow_exception(m_failure);
}

void SyncLoop::stop() {
  const std::lock_guard lock(m_mutex);
  m_stopping = true;
  m_wake.notify_all();
}

void SyncLoop::dispatch(const engine::Input& input) {
  const std::lock_guard lock(m_mutex);
  engine::Step next = engine::step(std::move(m_state), input, m_clock.now_ms());
  m_state = std::move(next.state);
  for (const engine::Action& action : next.actions) {
    if (std::holds_alternative<engine::SendPhoto>(action)) {
      m_photo = action;
    } else {
      (std::holds_alternative<engine::Push>(action) ? m_up : m_down) = action;
    }
  }
  if (!next.actions.empty()) m_wake.notify_all();
}

void SyncLoop::look_at_journal() {
  const std::int64_t version = m_look->journal().database().data_version();
  if (version != m_data_version) {
    m_data_version = version;
    dispatch(engine::JournalGrew{m_look->journal().head().seq});
    journal::checkpoint_when_grown(m_look->journal().database());
    return;
  }
  std::int64_t due_ms = 0;
  {
    const std::lock_guard lock(m_mutex);
    due_ms = engine::next_tick_ms(m_state, m_clock.now_ms());
  }
  if (due_ms <= m_clock.now_ms()) dispatch(engine::Tick{});
}

void SyncLoop::look_at_photos() {
  const std::int64_t now_ms = m_clock.now_ms();
  if (now_ms - m_photos_looked_ms < photos_look_ms && now_ms >= m_photos_looked_ms) return;
  m_photos_looked_ms = now_ms;
  const std::uint64_t count = m_photos.waiting().size();
  bool known = false;
  {
    const std::lock_guard lock(m_mutex);
    known = m_state.photos_waiting == count;
  }
  if (!known) dispatch(engine::PhotosWait{count});
}

void SyncLoop::write_status() {
  nlohmann::ordered_json json;
  engine::Trouble trouble = engine::Trouble::none;
  bool met = false;
  {
    const std::lock_guard lock(m_mutex);
    json = {{"online", m_state.trouble == engine::Trouble::none && m_state.last_contact_ms > 0},
            {"trouble", engine::to_string(m_state.trouble)},
            {"detail", m_state.detail},
            {"last_contact_ms", m_state.last_contact_ms},
            {"acked_seq", m_state.acked_seq},
            {"hub_epoch", m_state.hub_epoch},
            {"photos_detail", m_state.photo_detail}};
    trouble = m_state.trouble;
    met = m_state.last_contact_ms > 0;
  }
  const bool turned = m_told != trouble && (met || trouble != engine::Trouble::none);
  if (turned) tell(trouble, json["detail"]);
  std::string text = json.dump();
  const std::int64_t now_ms = m_clock.now_ms();
  if (text == m_status || (!turned && now_ms - m_status_ms < status_every_ms && now_ms >= m_status_ms)) return;
  node_files::write_text(m_files.sync_state(), text + "\n", false);
  m_status = std::move(text);
  m_status_ms = now_ms;
}

void SyncLoop::tell(engine::Trouble trouble, const std::string& detail) {
  m_told = trouble;
  if (!m_log) return;
  const std::string hub = "the hub at " + m_config.hub_host + ":" + std::to_string(m_config.hub_port);
  switch (trouble) {
    case engine::Trouble::none:
      return m_log("in step with " + hub);
    case engine::Trouble::hub_unreachable:
      return m_log(hub + " cannot be reached: " + detail + "; it is tried again by itself, returns go on");
    case engine::Trouble::refused_by_hub:
      return m_log(hub + " refuses this store: " + detail + "; a person has to look there");
    case engine::Trouble::hub_went_back:
      return m_log(hub + " is an older copy of the one this store knew: " + detail + "; nothing is taken from it");
    case engine::Trouble::journal_forked:
      return m_log("the journal here is not the one that the hub knows: " + detail +
                   "; this machine has to be enrolled anew");
  }
}

void SyncLoop::purge_when_due() {
  const std::int64_t now_ms = m_clock.now_ms();
  if (now_ms - m_purged_ms < purge_every_ms) return;
  m_purged_ms = now_ms;
  m_look->orders().purge(m_config.catchment, CivilDate{CivilDate::of_ms(now_ms).days - protocol::others_orders_days});
  m_look->orders().checkpoint();
  m_photos.remove_old(now_ms);
}

}  // namespace retour::daemon
