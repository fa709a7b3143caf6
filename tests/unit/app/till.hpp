#pragma once
// A whole store in a folder of its own, with simulated devices and a hub that says what the test wants it to say.
// `restart()` is what a kill leaves: connections and memory gone, files and devices as they were.

#include <chrono>
#include <deque>
#include <fstream>

#include "db/codec/budget_key.hpp"
#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/app/store_context.hpp"
#include "plugin/core/order/exposure_budget.hpp"
#include "pos-adapters/catalogue_file/catalogue_file.hpp"
#include "pos-adapters/recall_file/recall_file.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "pos-adapters/staff_file/approval_codes.hpp"
#include "pos-adapters/staff_file/pin_hash.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::testing {

inline constexpr std::int64_t noon_ms = 1'795'348'800'000;  // 2026-11-22T12:00Z
inline const Currency gbp = *Currency::parse("GBP");

/// An order of one customer with lines of whole prices: {sku, quantity, price in pence}.
struct PlainLine {
  std::string sku;
  std::int64_t quantity = 1;
  Minor price_minor = 0;
};

inline Order plain_order(const std::string& number, const std::vector<PlainLine>& lines,
                         std::vector<Tender> tenders = {}) {
  Order order;
  order.authority = "web";
  order.number = number;
  order.id = codec::derive_order_id(order.authority, number);
  order.currency = gbp;
  order.sold_at_ms = noon_ms - 86'400'000;
  order.sold_on = CivilDate::of_ms(order.sold_at_ms);
  Minor total = 0;
  for (const PlainLine& plain : lines) {
    OrderLine line;
    line.line_no = static_cast<std::uint32_t>(order.lines.size() + 1);
    line.sku = plain.sku;
    line.description = "ARTICLE " + plain.sku;
    line.quantity = plain.quantity;
    line.unit_price = Decimal{plain.price_minor, 2};
    line.net_minor = plain.quantity * plain.price_minor;
    total += line.net_minor;
    order.lines.push_back(std::move(line));
  }
  order.tenders = tenders.empty() ? std::vector<Tender>{{1, TenderKind::cash, "", total}} : std::move(tenders);
  return order;
}

class Till {
 public:
  Till()
      : clock(noon_ms),
        ids(4711),
        shop({.folder = m_scratch / "devices", .seed = 0, .card_faults = {}}),
        catalogue(m_scratch / "catalogue.json"),
        staff({.staff = m_scratch / "staff.json",
               .pepper = m_scratch / "staff.pepper",
               .approval_secret = m_scratch / "approval.secret",
               .store = NodeId{{1}}}),
        recalls(m_scratch / "recalls.json") {
    orders::create_empty_replica(m_scratch / "orders.db");
    restart();
  }

  /// The journal's and the replica's connections are opened anew; legs in motion are forgotten.
  void restart() {
    m_open.reset();
    m_open = std::make_unique<Open>(*this);
  }

  app::StoreContext& context() { return m_open->context; }
  journal::Journal& journal() { return m_open->journal; }

  /// The order arrives in the replica; the hub does not give its rights yet.
  void receive(const Order& order, const std::string& customer) {
    receive(order, codec::hmac_key(m_secret, customer));
  }
  void receive(const Order& order, const LookupKey& key, const std::string& card = "") {
    const LookupKey card_key = card.empty() ? LookupKey{} : codec::hmac_key(m_secret, card);
    const codec::FeedItem item{++m_feed_seq, 1, order.id, codec::pack_order(order), key, card_key};
    const codec::FeedCursor cursor{1, m_feed_seq};
    m_open->writer.apply(std::span(&item, 1), std::span(&cursor, 1));
  }

  /// The hub places the right to the units here.
  TransferId grant(const std::vector<OrderUnits>& items) {
    const auto transfer = ids.make<TransferId>();
    append(RightsReceived{transfer, items});
    return transfer;
  }

  void receive_with_rights(const Order& order, const std::string& customer) {
    receive(order, customer);
    std::vector<OrderUnits> items;
    for (const OrderLine& line : order.lines) items.push_back({order.id, {line.line_no, 0, line.quantity}});
    grant(items);
  }

  /// The hub's answer to a referral arrives, as retour-sync would write it.
  void answer(const ReturnCaseId& case_id, const CaseLine& line, const Decision& decision,
              const TransferId& transfer = {}) {
    append(ReferralAnswered{*line.referral_id, case_id, line.ask.line_no, decision, transfer});
  }

  void append(const EventBody& body) {
    auto write = journal().begin(clock.now_ms());
    require(write.append(ids.make<CommandId>(), body) == journal::Appended::recorded, "the test's event was not new");
    write.commit();
  }

  /// The article stands in the catalogue from now on.
  void know_article(const std::string& sku, const std::string& category, const std::string& brand = "") {
    std::ofstream(m_scratch / "catalogue.json", std::ios::app)
        << R"({"sku": ")" << sku << R"(", "category": ")" << category << R"(", "brand": ")" << brand << "\"}\n";
    catalogue.refresh();
  }

  /// The person works here from now on. A guess at her PIN is cheap, so that tests are quick.
  void employ(const std::string& code, Role role, const std::string& pin = "") {
    std::string hash;
    if (!pin.empty()) {
      const Bytes pepper = staff_file::secret_of(m_scratch / "staff.pepper", ids);
      hash = staff_file::hash_pin(pin, pepper, Bytes(16, 5), {.memory_kib = 64, .passes = 1});
    }
    m_members.push_back({code, role, hash});
    staff_file::write_staff(m_scratch / "staff.json", m_members);
    staff.refresh();
  }

  /// The customer is of the household of somebody who works here.
  void is_family(const std::string& code, const std::string& customer) {
    for (staff_file::Member& member : m_members) {
      if (member.code == code) member.household.push_back(codec::hmac_key(m_secret, customer));
    }
    staff_file::write_staff(m_scratch / "staff.json", m_members);
    staff.refresh();
  }

  /// The article is recalled from now on; the only one that is.
  void recall(const std::string& sku, const std::string& what_to_do) {
    std::ofstream(m_scratch / "recalls.json")
        << R"({"recalls": [{"id": "2026-014", "skus": [")" << sku << R"("], "what_to_do": {"en": ")" << what_to_do
        << R"(", "zh": "请收下"}}]})";
    recalls.refresh();
  }

  /// Head office grants this store a budget, and its right arrives.
  Order grant_budget(Minor minor) {
    const std::string number = "budget-1-" + std::to_string(++m_budgets);
    const Order budget = budget_order({.id = codec::derive_order_id(std::string(budget_authority), number),
                                       .number = number,
                                       .currency = gbp,
                                       .minor = minor,
                                       .made_at_ms = noon_ms,
                                       .made_on = CivilDate::of_ms(noon_ms)});
    receive(budget, codec::budget_key(NodeId{{1}}));
    grant({{budget.id, {1, 0, minor}}});
    return budget;
  }

  /// A one-time code that this person handed out ahead.
  std::string code_of(const std::string& approver, std::uint32_t number) {
    const Bytes secret = staff_file::secret_of(m_scratch / "approval.secret", ids);
    return staff_file::approval_code(secret, {NodeId{{1}}, approver}, number);
  }

  app::ReturnCommand command(const std::string& customer, const std::vector<PlainLine>& lines) {
    app::ReturnCommand command{
        .command_id = ids.make<CommandId>(), .till = "1", .cashier = "anna", .reference = "C1", .visit = {}};
    command.visit.customer_ref = customer;
    command.visit.business_date = CivilDate::of_ms(noon_ms);
    command.visit.asked_at_ms = clock.now_ms();
    for (const PlainLine& line : lines) {
      ReturnAsk ask;
      ask.line_no = static_cast<std::uint32_t>(command.visit.lines.size() + 1);
      ask.sku = line.sku;
      ask.quantity = line.quantity;
      if (line.price_minor != 0) ask.asked_price = Decimal{line.price_minor, 2};
      command.visit.lines.push_back(std::move(ask));
    }
    return command;
  }

  app::ReturnOutcome must(const Result<app::ReturnOutcome, app::CommandRefusal>& result) {
    if (!result.ok()) throw std::runtime_error(result.error().code + ": " + result.error().reason);
    return *result;
  }

  /// Minor units that left terminal and drawer, however often the program died.
  Minor moved_minor() {
    Minor sum = 0;
    for (const auto& move : shop.terminal.moves()) sum += move.minor;
    for (const auto& payout : shop.drawer.payouts()) sum += payout.minor;
    return sum;
  }
  std::size_t moves() { return shop.terminal.moves().size() + shop.drawer.payouts().size(); }

  std::int64_t stock_of(const std::string& sku, Bucket bucket) {
    for (const projections::StockLevel& level : projections::stock_levels(journal().database())) {
      if (level.sku == sku && level.bucket == bucket) return level.quantity;
    }
    return 0;
  }

 private:
  Scratch m_scratch;

 public:
  simulated::ManualClock clock;
  simulated::SeededIds ids;
  simulated::Shop shop;
  catalogue_file::CatalogueFile catalogue;
  staff_file::StaffFile staff;
  recall_file::RecallFile recalls;
  std::int64_t last_contact_ms = 0;   // with the hub
  std::uint8_t photos_kept_max = 99;  // photos whose hash begins with a higher byte were never put
  PolicyPack policy{.id = "test", .version = 1, .merchandise_sku_leading_digits = 0};
  bool hub_reachable = true;
  std::function<void()> while_waiting = [] {};  // what the hub does while the customer waits
  ports::CardTerminal* terminal_instead = nullptr;
  ports::CashDrawer* drawer_instead = nullptr;
  ports::FiscalSigner* fiscal = nullptr;  // null: no signature is asked for

 private:
  struct Open {
    explicit Open(Till& till)
        : journal(journal::Journal::create(
              till.m_scratch / "journal.db", {NodeId{{1}}, 7},
              {.projections = projections::store_projections(), .synchronous = sqlite::Synchronous::off})),
          writer(orders::OrderReplica::open(till.m_scratch / "orders.db", orders::ReplicaMode::read_write)),
          orders(orders::OrderReplica::open(till.m_scratch / "orders.db", orders::ReplicaMode::read)),
          context{.journal = journal,
                  .orders = orders,
                  .clock = till.clock,
                  .ids = till.ids,
                  .terminal = till.terminal_instead != nullptr
                                  ? *till.terminal_instead
                                  : static_cast<ports::CardTerminal&>(till.shop.terminal),
                  .drawer = till.drawer_instead != nullptr ? *till.drawer_instead
                                                           : static_cast<ports::CashDrawer&>(till.shop.drawer),
                  .printer = till.shop.printer,
                  .legs_in_motion = legs,
                  .policy = till.policy,
                  .lookup_secret = till.m_secret,
                  .store_name = "Northside",
                  .authority = "northside",
                  .hub_reachable = [&till] { return till.hub_reachable; },
                  .pause =
                      [&till](std::int64_t ms) {
                        till.clock.advance(ms);
                        till.while_waiting();
                      },
                  .region = "north",
                  .articles = &till.catalogue,
                  .staff = &till.staff,
                  .last_contact_ms = [&till] { return till.last_contact_ms; },
                  .photo_kept = [&till](const Hash256& hash) { return hash.bytes[0] <= till.photos_kept_max; },
                  .recalls = &till.recalls,
                  .fiscal = till.fiscal} {}

    journal::Journal journal;
    orders::OrderReplica writer;
    orders::OrderReplica orders;
    app::LegsInMotion legs;
    app::StoreContext context;
  };

  const Bytes m_secret = Bytes(32, 9);
  std::uint64_t m_feed_seq = 0;
  int m_budgets = 0;
  std::vector<staff_file::Member> m_members;
  std::unique_ptr<Open> m_open;
};

}  // namespace retour::testing
