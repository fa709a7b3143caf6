#include "plugin/cli/replay/replay.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "db/codec/digest.hpp"
#include "plugin/app/defer_line.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/cli/csv_input.hpp"
#include "plugin/cli/replay/hub_side.hpp"
#include "plugin/cli/replay/shop.hpp"
#include "plugin/cli/replay/source_data.hpp"

namespace retour::replay {

namespace {

/// One C invoice on its way: presented once, then open until every line has its final answer.
struct Visit {
  const ReturnDocument* document = nullptr;
  std::size_t store = 0;
  std::optional<std::size_t> home;
  ReturnCaseId case_id;
  bool waited = false;       // presented later than its row, behind a deferred line of the customer
  bool offline = false;      // the store, when it was presented
  std::size_t answered = 0;  // lines with their final answer
  std::vector<bool> final_lines;
  std::vector<bool> deferred_lines;
};

CommandId command_of(const std::string& document) {
  const std::string text = "replay return " + document;
  const Hash256 hash = codec::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  CommandId id;
  std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

class Run {
 public:
  Run(const ReplayOptions& options, SourceData data)
      : m_options(options),
        m_data(std::move(data)),
        m_clock(m_data.items().front().at_ms),
        m_plan(plan_outages({.stores = options.stores,
                             .profile = options.profile,
                             .seed = options.seed,
                             .from_ms = m_data.items().front().at_ms,
                             .to_ms = m_data.items().back().at_ms + 1})),
        m_places(options.seed, "place"),
        m_kill_steps(options.seed, "kill step"),
        m_hub(HubSetup{.directory = options.directory / "hub",
                       .stores = options.stores,
                       .seed = options.seed,
                       .over_tls = options.over_tls},
              m_clock) {
    for (std::size_t i = 0; i < options.stores; ++i) {
      m_shops.push_back(std::make_unique<Shop>(m_hub.shop_setup(i, options.directory), m_clock,
                                               [this, i] { return m_hub.connect(i); }));
      m_shops.back()->start();
    }
    m_reachable.assign(options.stores, true);
    m_died.assign(options.stores, false);
    m_transitions = transitions();
  }

  ReplayResult run(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    for (SourceData::Item& item : m_data.items()) {
      advance_to(item.at_ms);
      take(item);
      progress(item.row, m_data.rows());
    }
    end_all_outages();
    return result();
  }

 private:
  enum class What : std::uint8_t { store_up, store_down, hub_up, hub_down, kill };
  struct Transition {
    std::int64_t at_ms;
    What what;
    std::size_t store;
  };

  std::deque<Transition> transitions() const {
    std::vector<Transition> all;
    for (std::size_t store = 0; store < m_plan.stores.size(); ++store) {
      for (const Outage& outage : m_plan.stores[store]) {
        all.push_back({outage.from_ms, What::store_down, store});
        all.push_back({outage.to_ms, What::store_up, store});
      }
      for (const std::int64_t at : m_plan.kills[store]) all.push_back({at, What::kill, store});
    }
    for (const Outage& outage : m_plan.hub) {
      all.push_back({outage.from_ms, What::hub_down, 0});
      all.push_back({outage.to_ms, What::hub_up, 0});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Transition& a, const Transition& b) { return a.at_ms < b.at_ms; });
    return {all.begin(), all.end()};
  }

  // ---- the outside world -------------------------------------------------------------------------------------
  void advance_to(std::int64_t now_ms) {
    while (!m_transitions.empty() && m_transitions.front().at_ms <= now_ms) {
      const Transition next = m_transitions.front();
      m_transitions.pop_front();
      m_clock.set(std::max(m_clock.now_ms(), next.at_ms));
      happen(next);
    }
    m_clock.set(std::max(m_clock.now_ms(), now_ms));
  }

  void happen(const Transition& transition) {
    const std::size_t store = transition.store;
    switch (transition.what) {
      case What::store_down:
        // A long poll has brought everything up to now.
        pump({store});
        set_reachable(store, false);
        return;
      case What::store_up:
        set_reachable(store, true);
        settle_open({store});
        return;
      case What::hub_down:
        pump_all();
        m_hub.die();
        return;
      case What::hub_up:
        m_hub.start();
        settle_open(all_stores());
        return;
      case What::kill:
        m_shops[store]->kill_switch().arm(m_kill_steps.below(6));
        return;
    }
  }

  void end_all_outages() {
    while (!m_transitions.empty()) {
      const Transition next = m_transitions.front();
      m_transitions.pop_front();
      if (next.what != What::kill) happen(next);
    }
    pump_all();
    settle_open(all_stores());
  }

  // ---- the file's items --------------------------------------------------------------------------------------
  void take(SourceData::Item& item) {
    if (auto* order = std::get_if<ports::SourceOrder>(&item.what)) {
      m_hub.import(std::move(*order));
    } else if (auto* move = std::get_if<ports::SourceStockMove>(&item.what)) {
      m_hub.import(*move);
    } else {
      take(std::get<ReturnDocument>(item.what));
    }
  }

  void take(const ReturnDocument& document) {
    const bool goes_home = m_places.below(10) < 7;
    const std::size_t drawn = static_cast<std::size_t>(m_places.below(m_shops.size()));
    Visit visit{.document = &document, .store = drawn};
    if (!document.customer.empty()) {
      visit.home = home_store_of(document.customer, m_shops.size());
      if (goes_home) visit.store = *visit.home;
    }
    visit.final_lines.resize(document.lines.size());
    visit.deferred_lines.resize(document.lines.size());
    ++m_cases;
    if (m_waiting.contains(document.customer)) {
      visit.waited = true;
      m_waiting[document.customer].push_back(std::move(visit));
      return;
    }
    present(std::move(visit));
  }

  void present(Visit visit) {
    Shop& shop = *m_shops[visit.store];
    const std::set<std::size_t> concerned = stores_of(visit);
    visit.offline = !online(visit.store);
    if (!visit.offline) pump(concerned);
    app::ReturnOutcome outcome = execute(shop, visit);
    visit.case_id = outcome.case_id;
    if (app::has_waiting_line(outcome.state)) {
      if (!visit.offline) pump(concerned);
      outcome = surviving(visit.store, [&] {
        app::settle_arrived(shop.context(), visit.case_id, app::Payout::at_counter);
        app::defer_waiting(shop.context(), visit.case_id);
        return *app::read_outcome(shop.context(), visit.case_id);
      });
    }
    if (m_died[visit.store]) {
      m_died[visit.store] = false;
      surviving(visit.store, [&] {
        shop.clear_drawer(visit.case_id);
        return 0;
      });
    }
    take_answers(visit, outcome);
    if (visit.answered < visit.final_lines.size()) {
      m_waiting[visit.document->customer];  // later visits of the customer wait behind this one
      m_open.push_back(std::move(visit));
    }
  }

  app::ReturnOutcome execute(Shop& shop, const Visit& visit) {
    const app::ReturnCommand command = command_for(visit);
    auto done = surviving(visit.store, [&] { return app::execute_return(shop.context(), command); });
    if (!done) {
      throw Error({.operation = "return",
                   .object = visit.document->document,
                   .cause = done.error().code + ": " + done.error().reason,
                   .consequence = "the replay cannot go on"});
    }
    return std::move(*done);
  }

  app::ReturnCommand command_for(const Visit& visit) const {
    app::ReturnCommand command{.command_id = command_of(visit.document->document),
                               .till = "1",
                               .cashier = "replay",
                               .reference = visit.document->document};
    command.visit.customer_ref = visit.document->customer;
    command.visit.business_date = visit.document->lines.front().on;
    command.visit.asked_at_ms = visit.document->at_ms;
    std::uint32_t line_no = 0;
    for (const ports::SourceReturnLine& line : visit.document->lines) {
      command.visit.lines.push_back({.line_no = ++line_no,
                                     .sku = line.sku,
                                     .quantity = line.quantity,
                                     .asked_price = line.unit_price,
                                     .source_ref = std::to_string(line.row)});
    }
    return command;
  }

  // ---- answers -----------------------------------------------------------------------------------------------
  void take_answers(Visit& visit, const app::ReturnOutcome& outcome) {
    for (const CaseLine& line : outcome.state.lines) {
      const std::size_t i = line.ask.line_no - 1;
      if (line.state == LineState::deferred) visit.deferred_lines[i] = true;
      const bool has_answer =
          line.state == LineState::refused || (line.state == LineState::approved && !line.claims.empty());
      if (!has_answer || visit.final_lines[i]) continue;
      visit.final_lines[i] = true;
      ++visit.answered;
      m_answers.push_back(answer_of(visit, i, line));
    }
  }

  Answer answer_of(const Visit& visit, std::size_t i, const CaseLine& line) {
    const ports::SourceReturnLine& asked = visit.document->lines[i];
    Answer answer{.row = asked.row,
                  .document = visit.document->document,
                  .sku = asked.sku,
                  .customer = visit.document->customer,
                  .quantity = asked.quantity,
                  .asked_price = asked.unit_price,
                  .decision = line.decision,
                  .store = visit.store,
                  .home_store = visit.home,
                  .store_offline = visit.offline,
                  .deferred = visit.deferred_lines[i],
                  .waited = visit.waited,
                  .settled_no = m_answers.size() + 1,
                  .allocation = m_data.rows_of(line.decision.taken),
                  .lots = m_data.rows_of(line.decision.trace.lots)};
    if (line.decision.verdict == Verdict::approved) answer.decision.assurance = line.assurance;
    for (const Claim& claim : line.claims) answer.paid_minor += claim.paid.total_minor();
    return answer;
  }

  // ---- the wire ----------------------------------------------------------------------------------------------
  bool online(std::size_t store) const { return m_hub.up() && m_reachable[store]; }
  void set_reachable(std::size_t store, bool reachable) {
    m_reachable[store] = reachable;
    m_hub.set_reachable(store, reachable);
  }

  std::set<std::size_t> stores_of(const Visit& visit) const {
    std::set<std::size_t> stores{visit.store};
    if (visit.home) stores.insert(*visit.home);
    return stores;
  }
  std::set<std::size_t> all_stores() const {
    std::set<std::size_t> all;
    for (std::size_t store = 0; store < m_shops.size(); ++store) all.insert(store);
    return all;
  }

  /// Runs a step of a store's process; when the process dies in it, starts it again and runs the step again.
  template <class Step>
  std::invoke_result_t<Step> surviving(std::size_t store, const Step& step) {
    for (;;) {
      try {
        return step();
      } catch (const Killed&) {
        ++m_kills;
        m_shops[store]->die();
        m_shops[store]->start();
        m_died[store] = true;
      }
    }
  }

  /// Delivers everything between these stores and the hub until nothing is new.
  void pump(const std::set<std::size_t>& stores) {
    if (!m_hub.up()) return;
    m_hub.flush_imports();
    for (bool news = true; news;) {
      news = false;
      for (const std::size_t store : stores) {
        if (online(store) && surviving(store, [&] { return m_shops[store]->sync(); })) news = true;
      }
      if (m_hub.settle()) news = true;
    }
  }
  void pump_all() { pump(all_stores()); }

  /// News for lines that wait: whoever is back lets the hub settle, and the customers behind these lines come.
  void settle_open(std::set<std::size_t> stores) {
    for (bool settled = true; settled;) {
      for (const Visit& visit : m_open) stores.merge(stores_of(visit));
      pump(stores);
      settled = take_settlements();
    }
  }

  bool take_settlements() {
    std::vector<Visit> done;
    for (auto visit = m_open.begin(); visit != m_open.end();) {
      const std::size_t store = visit->store;
      if (online(store)) {
        take_answers(*visit, surviving(store, [&] {
          app::settle_arrived(m_shops[store]->context(), visit->case_id, app::Payout::at_counter);
          return *app::read_outcome(m_shops[store]->context(), visit->case_id);
        }));
      }
      if (visit->answered < visit->final_lines.size()) {
        ++visit;
      } else {
        done.push_back(std::move(*visit));
        visit = m_open.erase(visit);
      }
    }
    for (const Visit& visit : done) next_of(visit.document->customer);
    return !done.empty();
  }

  /// The customer's later visits, one after another, until one of them has to wait again.
  void next_of(const std::string& customer) {
    std::deque<Visit> queue = std::move(m_waiting[customer]);
    m_waiting.erase(customer);
    while (!queue.empty()) {
      Visit visit = std::move(queue.front());
      queue.pop_front();
      present(std::move(visit));
      if (const auto again = m_waiting.find(customer); again != m_waiting.end()) {
        again->second = std::move(queue);
        return;
      }
    }
  }

  // ---- the end -----------------------------------------------------------------------------------------------
  ReplayResult result() {
    if (!m_open.empty()) {
      throw Error({.operation = "drain",
                   .object = "the replay",
                   .cause = std::to_string(m_open.size()) + " return cases still wait for an answer, the first is " +
                            m_open.front().document->document,
                   .consequence = "law 9 is broken: after healing every queue drains"});
    }
    ReplayResult result;
    Summary& s = result.summary;
    s.profile = m_options.profile;
    s.stores = m_options.stores;
    s.seed = m_options.seed;
    s.transport = m_options.over_tls ? "tls" : "memory";
    s.orders = m_data.sums();
    s.cases = m_cases;
    s.kills = m_kills;
    for (const auto& shop : m_shops) s.journal_events += shop->events();
    std::tie(s.bytes_up, s.bytes_down) = m_hub.bytes();
    s.ledger = m_hub.ledger(m_data);
    std::vector<Minor> paid(m_shops.size());
    for (const Answer& answer : m_answers) paid[answer.store] += answer.paid_minor;
    s.agreement = m_hub.agreement(m_shops, paid);
    std::sort(m_answers.begin(), m_answers.end(), [](const Answer& a, const Answer& b) { return a.row < b.row; });
    add_answers(s, m_answers);
    result.answers = std::move(m_answers);
    return result;
  }

  const ReplayOptions& m_options;
  SourceData m_data;
  simulated::ManualClock m_clock;
  OutagePlan m_plan;
  Draw m_places;
  Draw m_kill_steps;
  HubSide m_hub;
  std::vector<std::unique_ptr<Shop>> m_shops;
  std::vector<bool> m_reachable;
  std::vector<bool> m_died;  // since its last visit: a drawer may have stood open
  std::deque<Transition> m_transitions;
  std::vector<Visit> m_open;                           // presented, not all lines settled
  std::map<std::string, std::deque<Visit>> m_waiting;  // by customer: behind an open visit
  std::vector<Answer> m_answers;                       // in settling order
  std::uint64_t m_cases = 0;
  std::uint64_t m_kills = 0;
};

}  // namespace

ReplayResult run_replay(const ReplayOptions& options,
                        const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const std::unique_ptr<ports::OrderSource> source = cli::open_csv(options.data_file, options.mapping);
  SourceData data = SourceData::read(*source);
  if (data.items().empty()) {
    throw Error({.operation = "replay",
                 .object = options.data_file,
                 .cause = "it holds no order and no return",
                 .consequence = "nothing was replayed"});
  }
  return Run(options, std::move(data)).run(progress);
}

}  // namespace retour::replay
