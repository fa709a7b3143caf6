// What a case can say about rules: shipped packs, checklists and reasons, what an order tells besides goods and
// prices, searches, and returns that customers started at home.

#include <nlohmann/json.hpp>

#include "db/node_files/node_files.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "plugin/app/case_code.hpp"
#include "plugin/app/find_order.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/app/started_return.hpp"
#include "plugin/core/policy/reason_catalogue.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

namespace {

CivilDate date_in(Words& words) {
  const auto date = CivilDate::parse(words.next());
  if (!date) words.fail("no date");
  return *date;
}

/// The word without a comma or colon behind it.
std::string bare_word(Words& words) {
  std::string word = words.next();
  while (word.ends_with(',') || word.ends_with(':')) word.pop_back();
  return word;
}

/// "10.00", "10.00 on 1 2": taken off the whole order, or off a bundle of these lines. Who paid, paid so much less.
void lower_order(Order& order, Words& words) {
  OrderAdjustment off{
      .kind = AdjustmentKind::discount, .lowers = true, .label = "offer", .net_minor = words.amount()};
  if (words.skip("on")) {
    while (!words.empty()) off.line_nos.push_back(static_cast<std::uint32_t>(words.number()));
  }
  order.tenders.front().paid_minor -= off.net_minor;
  order.adjustments.push_back(std::move(off));
}

/// "1" for the line named last, "1 delivered 2026-11-20" or "1 on its way" for the order
void add_parcel(Order& order, OrderLine& line, Words& words) {
  const auto number = static_cast<std::uint32_t>(words.number());
  Shipment parcel{.shipment_no = number, .label = "parcel"};
  if (words.skip("delivered")) {
    parcel.delivered_on = date_in(words);
  } else if (!words.skip("on its way")) {
    line.shipment_no = number;
    return;
  }
  order.shipments.push_back(std::move(parcel));
}

std::string words_of_alert(Alert alert) {
  return app::words("alert." + std::string(to_string(alert)));
}

void add_found(const app::FoundOrder& found, std::vector<std::string>& screen) {
  screen.push_back(found.order.number + " of " + found.order.sold_on.to_string() +
                   (found.sold_here ? ", sold here" : ""));
  for (const OrderLine& line : found.order.lines) {
    std::int64_t here = 0;
    for (const UnitRange& range : found.held.of_line(line.line_no)) here += range.count;
    screen.push_back("  " + std::to_string(line.quantity) + " " + line.sku + ", " + std::to_string(here) +
                     " can come back here at once");
  }
  for (const auto& [line_no, noticed] : found.notices) {
    for (const Alert alert : noticed.alerts)
      screen.push_back("  line " + std::to_string(line_no) + ": " + words_of_alert(alert));
  }
  if (!found.started.empty()) screen.push_back("  " + words_of_alert(Alert::return_started));
}

}  // namespace

void CaseWorld::add_rule_commands() {
  m_commands["policy"] = [this](Words& words, const CaseCommand& command) {
    if (words.skip("file")) return policy_file(words);
    if (words.skip("pack")) return policy_pack(command);
    policy(words);
  };
  m_commands.emplace("sale", [this](Words& words, const CaseCommand& command) { order(words, command); });
  m_commands.emplace("search", [this](Words& words, const CaseCommand&) { search(words); });
  m_commands.emplace("started", [this](Words& words, const CaseCommand&) { started(words); });
  m_commands.emplace("reasons", [this](Words&, const CaseCommand&) { show_reasons(); });
  m_commands.emplace("checklists", [this](Words&, const CaseCommand&) { show_checklists(); });
}

/// "policy file retail": the pack as it is shipped, beside checklists that were named before.
void CaseWorld::policy_file(Words& words) {
  const std::string file = "installer/policies/" + words.next() + ".json";
  auto checklists = std::move(m_till->policy.checklists);
  m_till->policy = policy_pack::policy_from_json(node_files::read_text(file), file);
  m_till->policy.checklists = std::move(checklists);
  m_policy_is_new = true;
}

/// "policy pack", its details the sections as a retailer writes them; read as strictly as any.
void CaseWorld::policy_pack(const CaseCommand& command) {
  std::string json = R"({"id": "test", "version": 1,)";
  for (const std::string& line : command.details) json += line;
  auto checklists = std::move(m_till->policy.checklists);
  m_till->policy = policy_pack::policy_from_json(json + "}", "the pack of the case");
  m_till->policy.checklists = std::move(checklists);
  m_policy_is_new = true;
}

void CaseWorld::show_reasons() {
  for (const ReasonEntry& entry : reason_catalogue()) {
    m_screen.push_back(
        std::string(to_string(entry.reason)) + " (" + app::words("reason." + std::string(to_string(entry.reason))) +
        "): " + std::string(entry.department) + (entry.merchant_at_fault ? ", the merchant's fault" : ""));
  }
}

void CaseWorld::show_checklists() {
  for (const Checklist& list : m_till->policy.checklists) {
    std::string categories;
    for (const std::string& category : list.categories) categories += (categories.empty() ? "" : ", ") + category;
    m_screen.push_back(list.id + ", for " + categories);
    for (const ChecklistQuestion& question : list.questions) {
      m_screen.push_back("  " + question.id + ": " + question.words.en);
      for (const ChecklistAnswer& answer : question.answers) {
        m_screen.push_back("    " + answer.id + ", " + answer.words.en + ": " + std::string(to_string(answer.grade)) +
                           ", to " + std::string(to_string(answer.disposition)) +
                           (answer.department.empty() ? "" : ", tell " + answer.department));
      }
    }
  }
}

/// What an order says besides its goods: parts that speak of the line named last, or of the whole order.
bool CaseWorld::is_rule_part(const std::string& part) {
  static const std::set<std::string> known{"through", "store",  "seller", "final",
                                           "serials", "parcel", "less",   "token"};
  return known.contains(part.substr(0, part.find(' ')));
}

void CaseWorld::rule_part(Order& order, std::size_t lines_before, Words words) {
  if (lines_before == 0) words.fail("the goods come first");
  OrderLine& line = order.lines.at(lines_before - 1);
  if (words.skip("through")) {
    const auto channel = parse_channel(words.next());
    if (!channel) words.fail("no channel");
    order.channel = *channel;
  } else if (words.skip("store")) {
    order.channel = SaleChannel::store;
    order.authority = words.next();
    order.id = codec::derive_order_id(order.authority, order.number);
  } else if (words.skip("seller")) {
    line.seller = words.next();
  } else if (words.skip("final")) {
    line.confirmed_final = true;
  } else if (words.skip("serials")) {
    while (!words.empty()) line.serials.push_back(words.next());
  } else if (words.skip("parcel")) {
    add_parcel(order, line, words);
  } else if (words.skip("less")) {
    lower_order(order, words);
  } else if (words.skip("token")) {
    m_card = words.next();
  }
  if (!words.empty()) words.fail("nothing is known");
}

/// "sale S-1 of carol, 1 shirt at 40.00": rung at this till a moment ago.
void CaseWorld::ring_up(Order sale, const std::string& customer) {
  sale.channel = SaleChannel::store;
  sale.authority.clear();
  sale.id = codec::derive_order_id(store().authority, sale.number);
  m_orders[sale.number] = sale;
  m_numbers[sale.id] = sale.number;
  sale.id = {};
  const auto sold = app::record_sale(store(), {.command_id = m_till->ids.make<CommandId>(),
                                               .till = "1",
                                               .order = std::move(sale),
                                               .customer_ref = customer,
                                               .card_ref = std::exchange(m_card, {})});
  if (!sold.ok()) throw std::runtime_error(sold.error().code + ": " + sold.error().reason);
}

/// "search order W-1 by anna", "search customer carol by anna", "search card visa-7 about 2026-11-20 by anna",
/// "search article shirt about 2026-11-20 by anna"
void CaseWorld::search(Words& words) {
  app::OrderQuery query;
  const std::string by = words.next();
  if (by == "order") {
    query.number = words.next();
  } else if (by == "customer") {
    query.customer_ref = words.next();
  } else if (by == "card") {
    query.card_ref = words.next();
  } else if (by == "article") {
    query.item = words.next();
  } else {
    words.fail("nothing can be searched by " + by);
  }
  if (words.skip("about")) query.bought_about = date_in(words);
  words.expect("by");
  query.cashier = words.next();
  if (!app::can_be_answered(query)) words.fail("too little is named");
  for (const app::FoundOrder& found : app::find_orders(store(), query)) add_found(found, m_screen);
  if (m_screen.empty()) m_screen.push_back("nothing was found");
}

/// "started P1 of W-1: 1 shirt because size, approved" or "waits", "approved by rita manager", then maybe ", declared
/// unsellable"; "started P1 is over". The hub told this store of it.
void CaseWorld::started(Words& words) {
  const std::string name = words.next();
  projections::KnownStarted& known = m_started[name];
  if (words.skip("is")) {
    words.expect("over");
    app::take_started(m_till->journal(), {{known.started.started_id, std::nullopt}}, ++m_started_cursor);
    return;
  }
  words.expect("of");
  const Order& order = m_orders.at(bare_word(words));
  ReturnAsk ask{.line_no = 1, .order_id = order.id, .order_line_no = 1, .quantity = words.number()};
  ask.sku = words.next();
  words.expect("because");
  if (const auto reason = parse_return_reason(bare_word(words))) ask.reason = *reason;
  while (order.lines.at(ask.order_line_no - 1).sku != ask.sku) ++ask.order_line_no;
  known.started = {.started_id = m_till->ids.make<ReturnCaseId>(), .order_id = order.id, .asks = {ask}};
  known.started.code = app::case_code(known.started.started_id);
  known.started.decisions.resize(1);
  Decision& decision = known.started.decisions.front();
  const std::string answer = bare_word(words);
  if (answer != "approved" && answer != "waits") words.fail("\"" + answer + "\" is no answer");
  known.approved = answer == "approved";
  decision.verdict = known.approved ? Verdict::approved : Verdict::needs_manager;
  if (words.skip("by")) {
    known.approved_by = words.next();
    decision.verdict = Verdict::needs_manager;
    decision.trace.needs = parse_role(bare_word(words));
  }
  if (words.skip("declared")) decision.trace.facts.grade = parse_grade(words.next()).value();
  app::take_started(m_till->journal(), {{known.started.started_id, known}}, ++m_started_cursor);
}

/// "with P1": her code was scanned, and brings the lines when no others are named.
void CaseWorld::show_code(const std::string& name, app::Visit& visit) {
  const auto known = m_started.find(name);
  if (known == m_started.end()) throw std::runtime_error("no return " + name + " was started");
  visit.reference = known->second.started.code;
  if (visit.lines.empty()) {
    const auto found = app::find_started(store(), visit.reference);
    if (!found) throw std::runtime_error("this store does not know the code of " + name + "; name its goods");
    visit.lines = found->known.started.asks;
  }
}

}  // namespace retour::testing
