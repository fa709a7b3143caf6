#include "plugin/store/wiring.hpp"

#include <chrono>
#include <iostream>

#include "plugin/app/record_sale.hpp"
#include "plugin/store/http/api.hpp"
#include "plugin/store/http/commands_json.hpp"

namespace retour::store {

namespace {

simulated::ShopOptions shop_options(const ProgramSetup& setup) {
  return {.folder = setup.directory / "devices",
          .seed = setup.fault_seed.value_or(0),
          .card_faults = setup.fault_seed ? simulated::ordinary_trouble() : simulated::CardFaultRates{}};
}

ports::FiscalSigner* fiscal_signer(const ProgramSetup& setup, simulated::Shop& shop) {
  if (setup.fiscal_signer.empty()) return nullptr;
  if (setup.fiscal_signer == "simulated") return &shop.signer;
  throw Error({.operation = "choose the fiscal signer",
               .object = setup.fiscal_signer,
               .cause = "is not known here; known is: simulated",
               .consequence = "the store does not start, because its credit notes would stay unsigned"});
}

void log(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cerr << "retour-store: " << line << std::endl;
}

node_files::NodeFiles enrolled(const std::filesystem::path& directory) {
  const node_files::NodeFiles files{directory};
  node_files::read_config(files);  // throws before anything is made in a directory that is not a store's
  return files;
}

staff_file::StaffPlace staff_place(const node_files::NodeFiles& files) {
  return {.staff = files.staff(),
          .pepper = files.staff_pepper(),
          .approval_secret = files.approval_secret(),
          .store = node_files::read_config(files).node};
}

}  // namespace

StoreProgramParts::StoreProgramParts(const ProgramSetup& setup)
    : m_shop((enrolled(setup.directory), shop_options(setup))),
      m_catalogue(node_files::NodeFiles{setup.directory}.catalogue()),
      m_staff(staff_place(node_files::NodeFiles{setup.directory})),
      m_recalls(node_files::NodeFiles{setup.directory}.recalls()),
      m_service({setup.directory}, {m_clock, m_ids, m_shop.terminal, m_shop.drawer, m_shop.printer, &m_catalogue,
                                    &m_staff, &m_recalls, fiscal_signer(setup, m_shop)}),
      m_server({.port = setup.port}, Api(m_service), log) {
  if (!setup.drop_folder.empty()) m_drop.emplace(setup.drop_folder);
  tick();  // what a crash left open is settled before the first customer
  m_server.start();
  m_ticker = std::thread([this] { tick_until_stopped(); });
}

StoreProgramParts::~StoreProgramParts() {
  stop();
}

void StoreProgramParts::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_all();
  m_server.stop();
  if (m_ticker.joinable()) m_ticker.join();
}

void StoreProgramParts::tick_until_stopped() {
  std::unique_lock lock(m_mutex);
  while (!m_wake.wait_for(lock, std::chrono::milliseconds(tick_ms), [this] { return m_stopping; })) {
    lock.unlock();
    tick();
    lock.lock();
  }
}

void StoreProgramParts::tick() {
  std::string trouble;
  // A catalogue that cannot be read must not keep money from arriving: each part has its own chance.
  const std::function<void()> parts[] = {[this] { m_catalogue.refresh(); }, [this] { m_staff.refresh(); },
                                         [this] { take_up_policy(); },      [this] { m_recalls.refresh(); },
                                         [this] { m_service.tick(); },      [this] { take_dropped_sales(); }};
  for (const auto& part : parts) {
    try {
      part();
    } catch (const std::exception& error) {
      trouble = error.what();
    }
  }
  if (!trouble.empty() && trouble != m_last_trouble) log(trouble);
  m_last_trouble = trouble;
}

void StoreProgramParts::take_up_policy() {
  const bool is_other = m_service.take_up_policy();
  const auto policy = m_service.policy();
  if (is_other) log(app::name_of(policy->pack) + ", is in force from now on");
  if (!policy->trouble.empty() && policy->trouble != m_policy_trouble) log(policy->trouble);
  m_policy_trouble = policy->trouble;
}

/// A sale file is the body of POST /api/v1/sales; its command id makes a second look harmless.
void StoreProgramParts::take_dropped_sales() {
  if (!m_drop) return;
  const auto looked =
      m_drop->look([this](const std::string&, const std::string& content) -> std::optional<std::string> {
        try {
          const SaleBody sale = read_sale(content);
          if (!sale.gift.empty()) {
            return "gift_receipt: a file prints no paper; ask for it with the order once the sale is recorded. " +
                   std::string(nothing_recorded);
          }
          const auto store = m_service.lease();
          const auto recorded = app::record_sale(*store, sale.command);
          if (!recorded.ok()) return recorded.error().code + ": " + recorded.error().reason + " " + nothing_recorded;
          return std::nullopt;
        } catch (const Problem& problem) {
          return problem.code() + ": " + problem.what() + " " + problem.detail();
        }
      });
  if (looked.waiting > 0)
    throw Error({.operation = "take up sale files",
                 .object = "in the drop folder",
                 .cause = looked.error,
                 .consequence = std::to_string(looked.waiting) + " stay there and are tried again"});
}

}  // namespace retour::store
