#include "plugin/store/http/api.hpp"

#include <algorithm>
#include <charconv>

#include "plugin/app/collect_slip.hpp"
#include "plugin/app/compensate.hpp"
#include "plugin/app/credit_notes.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/void_case.hpp"
#include "plugin/app/withdraw_line.hpp"
#include "plugin/store/http/commands_json.hpp"
#include "plugin/store/http/compensation_http.hpp"
#include "plugin/store/http/credits.hpp"
#include "plugin/store/http/leg_ways_json.hpp"
#include "plugin/store/http/openapi.hpp"
#include "plugin/store/http/order_text.hpp"
#include "plugin/store/http/photos_http.hpp"
#include "plugin/store/http/started_return_json.hpp"
#include "plugin/store/http/status_page.hpp"
#include "plugin/store/http/views_json.hpp"

namespace retour::store {

namespace {

using Handler = Reply (*)(StoreService&, const Request&);

/// One segment of a path template; "{}" stands for any segment.
struct Route {
  std::string_view method;
  std::vector<std::string_view> path;
  Handler handler;
};

Reply json_reply(int status, const Json& json) {
  return {.status = status, .body = dump(json)};
}

Reply text_reply(std::string text) {
  return {200, "text/plain; charset=utf-8", std::move(text)};
}

/// Refusals of use cases: the state of the world does not fit, or what was named is not here, or it cannot be meant.
int status_of(const std::string& code) {
  for (const char* forbidden :
       {"approver_is_requester", "approver_not_verified", "approver_role_too_low", "approval_needed"}) {
    if (code == forbidden) return 403;
  }
  if (code == "approver_locked") return 429;
  const bool of_the_body = code == "article_unknown" || code == "credit_unknown" || code.starts_with("check_");
  if (code.ends_with("_unknown") && !of_the_body && code != "leg_not_unknown") return 404;
  for (const char* conflict :
       {"command_reused",     "code_spent",       "sale_number_reused",  "leg_not_unknown",     "leg_not_payable",
        "leg_not_reroutable", "leg_in_motion",    "line_not_waiting",    "line_not_in_repair",  "money_has_moved",
        "money_not_all_out",  "case_closed",      "case_open",           "case_voided",         "case_reversed",
        "answer_awaited",     "nothing_refunded", "value_elsewhere",     "value_not_available", "credit_spent",
        "exchanged",          "rights_elsewhere", "goods_no_longer_kept"}) {
    if (code == conflict) return 409;
  }
  return 422;
}

[[noreturn]] void refuse(const app::CommandRefusal& refusal) {
  throw Problem(status_of(refusal.code), refusal.code, refusal.reason, nothing_recorded);
}

template <class T>
T accepted(Result<T, app::CommandRefusal> result) {
  if (!result.ok()) refuse(result.error());
  return std::move(result).value();
}

template <class AnyId>
AnyId id_in_path(const std::string& segment, const char* what) {
  const auto id = AnyId::parse(segment);
  if (!id) {
    throw Problem(404, std::string(what) + "_unknown", "\"" + segment + "\" is not the id of a " + what + ".",
                  nothing_recorded);
  }
  return *id;
}

/// A return is named by its id or by the code on its papers.
ReturnCaseId case_in_path(app::StoreContext& store, const std::string& segment) {
  if (const auto id = ReturnCaseId::parse(segment)) return *id;
  if (const auto id = app::case_of_code(store, segment)) return *id;
  throw Problem(404, "case_unknown", "This store has no return \"" + segment + "\".", nothing_recorded);
}

app::ReturnOutcome outcome_in_path(app::StoreContext& store, const std::string& segment) {
  auto outcome = app::read_outcome(store, case_in_path(store, segment));
  if (!outcome) throw Problem(404, "case_unknown", "This store has no return \"" + segment + "\".", nothing_recorded);
  return std::move(*outcome);
}

std::string query_of(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string{} : found->second;
}

void check_query(const Request& request, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : request.query) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Problem(400, "query_unknown", "The query \"" + name + "\" is not known here.", nothing_recorded);
    }
    if (value.size() > app::reference_bytes_max) {
      throw Problem(
          422, "value_too_long",
          "The query \"" + name + "\" is longer than " + std::to_string(app::reference_bytes_max) + " bytes.",
          nothing_recorded);
    }
  }
}

std::optional<CivilDate> date_in_query(const Request& request, const char* name) {
  const std::string written = query_of(request, name);
  if (written.empty()) return std::nullopt;
  if (const auto date = CivilDate::parse(written)) return date;
  throw Problem(422, "value_invalid",
                "The query " + std::string(name) + " is \"" + written + "\"; expected a date like 2026-11-22.",
                nothing_recorded);
}

app::OrderQuery order_query(const Request& request) {
  app::OrderQuery query{.number = query_of(request, "number"),
                        .customer_ref = query_of(request, "customer"),
                        .item = query_of(request, "item"),
                        .card_ref = query_of(request, "card"),
                        .bought_about = date_in_query(request, "date"),
                        .cashier = query_of(request, "cashier")};
  if (app::can_be_answered(query) || !query_of(request, "q").empty()) return query;
  throw Problem(400, "query_missing",
                "Name an order number or a customer to look for, or a card or an article and the date.",
                "An article alone would list half the chain. " + std::string(nothing_recorded));
}

Reply get_status(StoreService& service, const Request&) {
  const auto store = service.lease();
  const SyncStatus sync = service.sync_status();
  Json json = status_json(app::status(*store));
  json["sync"] = {{"known", sync.known},
                  {"online", sync.online},
                  {"last_contact_ms", sync.last_contact_ms},
                  {"trouble", sync.trouble},
                  {"detail", sync.detail}};
  const auto policy = service.policy();
  json["policy"] = {{"id", policy->pack.id}, {"version", policy->pack.version}, {"trouble", policy->trouble}};
  json["documents_refused"] = Json::array();
  for (const auto& one : service.documents_refused()) {
    json["documents_refused"].push_back(
        {{"seq", one.seq}, {"kind", one.kind}, {"name", one.name}, {"reason", one.reason}});
  }
  json["photos"] = {{"waiting", service.photos().waiting().size()}, {"detail", sync.photos_detail}};
  return json_reply(200, json);
}

Reply get_orders(StoreService& service, const Request& request) {
  check_query(request, {"number", "customer", "item", "q", "card", "date", "cashier"});
  const app::OrderQuery query = order_query(request);
  const std::string anything = query_of(request, "q");
  const auto store = service.lease();
  std::vector<app::FoundOrder> found;
  if (!anything.empty()) {
    found = app::find_orders(*store, {.number = anything, .cashier = query.cashier});
    if (found.empty())
      found = app::find_orders(*store, {.customer_ref = anything, .item = query.item, .cashier = query.cashier});
  } else {
    found = app::find_orders(*store, query);
  }
  return {.status = 200, .body = orders_text(found)};
}

Reply get_order(StoreService& service, const Request& request) {
  const auto id = id_in_path<OrderId>(request.segments[3], "order");
  const auto store = service.lease();
  const auto found = app::find_order(*store, id);
  if (!found) {
    throw Problem(
        404, "order_unknown", "This store has no order " + id.to_string() + ".",
        "It may not have arrived yet, or be older than what this store keeps. " + std::string(nothing_recorded));
  }
  return {.status = 200, .body = order_text(*found)};
}

Reply post_quote(StoreService& service, const Request& request) {
  const QuoteBody asked = read_quote(request.body);
  const auto store = service.lease();
  return json_reply(200, quote_json(accepted(app::quote_return(*store, asked.visit, asked.exchange))));
}

Reply post_return(StoreService& service, const Request& request) {
  const ReturnBody body = read_return_command(request.body);
  const auto store = service.lease();
  const auto outcome = accepted(app::serve_customer(*store, body.command, body.wait_ms));
  return json_reply(outcome.already_recorded ? 200 : 201, outcome_json(outcome));
}

Reply get_returns(StoreService& service, const Request& request) {
  check_query(request, {"business_date"});
  const auto store = service.lease();
  const CivilDate date = date_in_query(request, "business_date").value_or(CivilDate::of_ms((*store).clock.now_ms()));
  Json list = Json::array();
  for (const app::CaseSummary& summary : app::cases_of_day(*store, date)) list.push_back(summary_json(summary));
  return json_reply(200, {{"business_date", date.to_string()}, {"return_cases", std::move(list)}});
}

Reply get_return(StoreService& service, const Request& request) {
  const auto store = service.lease();
  return json_reply(200, outcome_json(outcome_in_path(*store, request.segments[3])));
}

Reply get_receipt(StoreService& service, const Request& request) {
  const auto store = service.lease();
  return text_reply(app::receipt_of(*store, outcome_in_path(*store, request.segments[3])));
}

Reply get_slip(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const app::ReturnOutcome outcome = outcome_in_path(*store, request.segments[3]);
  if (!app::has_deferred_line(outcome.state)) {
    throw Problem(404, "no_slip", "No line of return " + outcome.code + " waits for an answer.",
                  "Ask for its receipt.");
  }
  return text_reply(app::slip_of(*store, outcome));
}

Reply get_refusal_slip(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const app::ReturnOutcome outcome = outcome_in_path(*store, request.segments[3]);
  if (!app::has_refused_line(outcome.state)) {
    throw Problem(404, "no_refusal_slip", "No line of return " + outcome.code + " was refused.",
                  "Ask for its receipt.");
  }
  return text_reply(app::refusal_slip_of(*store, outcome));
}

/// A line number in a path; anything else names no line.
std::uint32_t line_in_path(const std::string& segment) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(segment.data(), segment.data() + segment.size(), number);
  if (error == std::errc{} && end == segment.data() + segment.size() && number > 0) return number;
  throw Problem(404, "line_unknown", "\"" + segment + "\" is not the number of a line.", nothing_recorded);
}

Reply override_lines(StoreService& service, const Request& request, std::optional<std::uint32_t> line_no) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const OverrideBody body = read_override(request.body, case_id, line_no);
  return json_reply(200, outcome_json(accepted(app::serve_override(*store, body.command, body.wait_ms))));
}

Reply post_line_override(StoreService& service, const Request& request) {
  return override_lines(service, request, line_in_path(request.segments[5]));
}

Reply post_end_of_repair(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const app::EndRepair command = read_end_of_repair(request.body, case_id, line_in_path(request.segments[5]));
  const auto outcome = accepted(app::end_repair(*store, command));
  if (!outcome.already_recorded) app::print_paper(*store, app::receipt_of(*store, outcome));
  return json_reply(200, outcome_json(outcome));
}

Reply post_override(StoreService& service, const Request& request) {
  return override_lines(service, request, std::nullopt);
}

Reply get_started_return(StoreService& service, const Request& request) {
  const std::string& code = request.segments[3];
  const auto store = service.lease();
  const auto found = app::find_started(*store, code);
  if (!found) {
    throw Problem(404, "started_return_unknown", "This store was told of no started return \"" + code + "\".",
                  "It may be over, or was to come to another store: find the order by its number. " +
                      std::string(nothing_recorded));
  }
  return json_reply(200, started_return_json(*found));
}

Reply get_reasons(StoreService& service, const Request&) {
  const auto store = service.lease();
  return json_reply(200, reasons_json((*store).policy));
}

Reply post_confirm(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const auto leg_id = id_in_path<LegId>(request.segments[5], "leg");
  return json_reply(
      200, outcome_json(accepted(app::confirm_leg(*store, read_confirmation(request.body, case_id, leg_id)))));
}

Reply post_pay(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const auto leg_id = id_in_path<LegId>(request.segments[5], "leg");
  read_nothing(request.body);
  return json_reply(200, outcome_json(accepted(app::pay_leg(*store, case_id, leg_id))));
}

Reply get_ways(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const auto leg_id = id_in_path<LegId>(request.segments[5], "leg");
  return json_reply(200, ways_json(accepted(app::ways_of_leg(*store, case_id, leg_id))));
}

Reply post_reroute(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const auto leg_id = id_in_path<LegId>(request.segments[5], "leg");
  const auto outcome =
      app::with_signatures(*store, accepted(app::reroute_leg(*store, read_reroute(request.body, case_id, leg_id))));
  if (!outcome.already_recorded) app::print_paper(*store, app::receipt_of(*store, outcome));
  return json_reply(200, outcome_json(outcome));
}

Reply post_collect(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  read_nothing(request.body);
  const auto outcome = app::with_signatures(*store, accepted(app::collect_slip(*store, case_id)));
  app::print_papers(*store, outcome);
  return json_reply(200, outcome_json(outcome));
}

using Undo = Result<app::ReturnOutcome, app::CommandRefusal> (*)(app::StoreContext&, const app::UndoCase&);

/// A void or a reversal: the customer takes home the goods and a paper that says so.
Reply undo(StoreService& service, const Request& request, Undo use_case) {
  const auto store = service.lease();
  const ReturnCaseId case_id = case_in_path(*store, request.segments[3]);
  const auto outcome = app::with_signatures(*store, accepted(use_case(*store, read_undoing(request.body, case_id))));
  if (!outcome.already_recorded) app::print_paper(*store, app::receipt_of(*store, outcome));
  return json_reply(200, outcome_json(outcome));
}

Reply post_void(StoreService& service, const Request& request) {
  return undo(service, request, app::void_case);
}

Reply post_reversal(StoreService& service, const Request& request) {
  return undo(service, request, app::reverse_refund);
}

/// A paper that says what was paid, or that the goods were handed back.
Reply done_with_paper(app::StoreContext& store, const app::ReturnOutcome& outcome, int status) {
  if (!outcome.already_recorded) app::print_paper(store, app::receipt_of(store, outcome));
  return json_reply(outcome.already_recorded ? 200 : status, outcome_json(outcome));
}

Reply post_compensation(StoreService& service, const Request& request) {
  const app::Compensate command = read_compensation(request.body);
  const auto store = service.lease();
  return done_with_paper(*store, accepted(app::compensate(*store, command)), 201);
}

Reply post_withdrawal(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const app::WithdrawLine command =
      read_withdrawal(request.body, case_in_path(*store, request.segments[3]), line_in_path(request.segments[5]));
  return done_with_paper(*store, accepted(app::withdraw_line(*store, command)), 200);
}

Json gift_receipt_json(const app::GiftReceipt& gift) {
  return {{"qr_text", gift.qr_text}, {"paper", gift.paper}};
}

/// With a gift receipt when one is wanted: printed when the sale is new, told again with it.
Reply post_sale(StoreService& service, const Request& request) {
  const SaleBody sale = read_sale(request.body);
  const auto store = service.lease();
  const app::SaleOutcome outcome = accepted(app::record_sale(*store, sale.command));
  Json json = sale_json(outcome);
  json["gift_receipt"] = nullptr;
  if (!sale.gift.empty()) {
    const auto gift = accepted(app::make_gift_receipt(*store, outcome.order_id, sale.gift));
    if (!outcome.already_recorded) app::print_paper(*store, gift.paper);
    json["gift_receipt"] = gift_receipt_json(gift);
  }
  return json_reply(outcome.already_recorded ? 200 : 201, json);
}

Reply post_gift_receipt(StoreService& service, const Request& request) {
  const auto order = id_in_path<OrderId>(request.segments[3], "order");
  const auto lines = read_gift_receipt(request.body);
  const auto store = service.lease();
  const auto gift = accepted(app::make_gift_receipt(*store, order, lines));
  app::print_paper(*store, gift.paper);
  return json_reply(200, gift_receipt_json(gift));
}

Reply get_stock(StoreService& service, const Request& request) {
  check_query(request, {"sku"});
  const auto store = service.lease();
  return json_reply(200, stock_json(app::stock(*store, query_of(request, "sku"))));
}

Reply get_openapi(StoreService&, const Request&) {
  return {.status = 200, .body = std::string(openapi_document())};
}

Reply get_page(StoreService& service, const Request&) {
  const auto store = service.lease();
  const BusinessDate today = CivilDate::of_ms((*store).clock.now_ms());
  StatusPage page{.status = app::status(*store),
                  .today = app::cases_of_day(*store, today),
                  .sync = service.sync_status(),
                  .policy_trouble = service.policy()->trouble,
                  .now_ms = (*store).clock.now_ms(),
                  .photos_waiting = service.photos().waiting().size()};
  for (auto& one : service.documents_refused()) page.documents_refused.push_back(std::move(one.reason));
  return {200, "text/html; charset=utf-8", status_page(page)};
}

const std::vector<Route>& routes() {
  static const std::vector<Route> table{
      {"GET", {}, get_page},
      {"GET", {"api", "v1", "openapi.json"}, get_openapi},
      {"GET", {"api", "v1", "status"}, get_status},
      {"GET", {"api", "v1", "orders"}, get_orders},
      {"GET", {"api", "v1", "orders", "{}"}, get_order},
      {"POST", {"api", "v1", "orders", "{}", "gift-receipt"}, post_gift_receipt},
      {"POST", {"api", "v1", "quotes"}, post_quote},
      {"POST", {"api", "v1", "return-cases"}, post_return},
      {"GET", {"api", "v1", "return-cases"}, get_returns},
      {"GET", {"api", "v1", "return-cases", "{}"}, get_return},
      {"GET", {"api", "v1", "return-cases", "{}", "receipt"}, get_receipt},
      {"GET", {"api", "v1", "return-cases", "{}", "slip"}, get_slip},
      {"GET", {"api", "v1", "return-cases", "{}", "refusal-slip"}, get_refusal_slip},
      {"POST", {"api", "v1", "return-cases", "{}", "collect"}, post_collect},
      {"POST", {"api", "v1", "return-cases", "{}", "override"}, post_override},
      {"POST", {"api", "v1", "return-cases", "{}", "lines", "{}", "override"}, post_line_override},
      {"POST", {"api", "v1", "return-cases", "{}", "lines", "{}", "repair-end"}, post_end_of_repair},
      {"POST", {"api", "v1", "return-cases", "{}", "lines", "{}", "withdrawal"}, post_withdrawal},
      {"POST", {"api", "v1", "compensations"}, post_compensation},
      {"GET", {"api", "v1", "return-reasons"}, get_reasons},
      {"GET", {"api", "v1", "started-returns", "{}"}, get_started_return},
      {"POST", {"api", "v1", "return-cases", "{}", "legs", "{}", "confirm"}, post_confirm},
      {"POST", {"api", "v1", "return-cases", "{}", "legs", "{}", "pay"}, post_pay},
      {"GET", {"api", "v1", "return-cases", "{}", "legs", "{}", "ways"}, get_ways},
      {"POST", {"api", "v1", "return-cases", "{}", "legs", "{}", "reroute"}, post_reroute},
      {"POST", {"api", "v1", "return-cases", "{}", "void"}, post_void},
      {"POST", {"api", "v1", "return-cases", "{}", "reversal"}, post_reversal},
      {"POST", {"api", "v1", "sales"}, post_sale},
      {"GET", {"api", "v1", "credits", "{}"}, get_credit},
      {"GET", {"api", "v1", "credits", "{}", "paper"}, get_credit_paper},
      {"GET", {"api", "v1", "stock"}, get_stock},
      {"PUT", {"api", "v1", "photos", "{}"}, put_photo},
      {"GET", {"api", "v1", "photos", "{}"}, get_photo},
  };
  return table;
}

bool fits(const Route& route, const std::vector<std::string>& segments) {
  return std::equal(
      route.path.begin(), route.path.end(), segments.begin(), segments.end(),
      [](std::string_view expected, const std::string& given) { return expected == "{}" || expected == given; });
}

}  // namespace

Reply Api::operator()(const Request& request) const {
  bool path_known = false;
  for (const Route& route : routes()) {
    if (!fits(route, request.segments)) continue;
    path_known = true;
    if (route.method == request.method) return route.handler(m_service, request);
  }
  if (path_known) {
    throw Problem(405, "method_not_allowed", request.method + " is not possible on " + request.path + ".",
                  nothing_recorded);
  }
  throw Problem(404, "path_unknown", "There is nothing at " + request.path + ".", "See /api/v1/openapi.json.");
}

}  // namespace retour::store
