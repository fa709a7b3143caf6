#include "sync/hub_program/page/started_api.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "db/codec/digest.hpp"
#include "plugin/app/case_code.hpp"
#include "plugin/core/inspection/grade.hpp"
#include "plugin/core/order/card_number.hpp"

namespace retour::hub_program {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t text_bytes_max = 200;
constexpr int json_depth_max = 4;

/// Why a body will not do; caught in post().
struct Refused {
  int status = 422;
  std::string code;
  std::string reason;
};

StartedReply reply(int status, const Json& json) {
  return {status, json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

StartedReply refusal(int status, const std::string& code, const std::string& reason) {
  return reply(status, {{"code", code}, {"message", reason}, {"detail", "Nothing was recorded."}});
}

Json parsed(const std::string& body) {
  int depth = 0;
  std::vector<std::set<std::string>> names;
  const auto look = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start) {
      if (++depth > json_depth_max) throw Refused{400, "json_malformed", "The body is nested too deep."};
      names.emplace_back();
    }
    if (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end)
      --depth, names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(value.get<std::string>()).second)
      throw Refused{400, "json_malformed", "The field " + value.get<std::string>() + " stands twice."};
    return true;
  };
  try {
    Json json = Json::parse(body, look);
    if (!json.is_object()) throw Refused{400, "json_malformed", "The body is not a JSON object."};
    return json;
  } catch (const Json::exception& error) {
    throw Refused{400, "json_malformed", std::string("The body is no JSON: ") + error.what()};
  }
}

/// One object whose every field is asked for by name.
class Object {
 public:
  Object(const Json& json, std::string path) : m_json(json), m_path(std::move(path)) {
    if (!json.is_object()) throw Refused{422, "value_invalid", m_path + " is not an object."};
  }

  std::string text(const char* name, bool needed) {
    const Json* value = find(name, needed);
    if (value == nullptr) return {};
    if (!value->is_string() || value->get_ref<const std::string&>().size() > text_bytes_max)
      refuse(name, "is not a text of at most " + std::to_string(text_bytes_max) + " bytes");
    auto written = value->get<std::string>();
    if (needed && written.empty()) refuse(name, "is empty");
    if (looks_like_card_number(written)) refuse(name, "looks like a card number, which must never be kept here");
    return written;
  }
  std::int64_t number(const char* name, std::int64_t max) {
    const Json& value = *find(name, true);
    if (!value.is_number_integer() || value < 1 || value > max)
      refuse(name, "is " + value.dump() + "; expected a whole number from 1 to " + std::to_string(max));
    return value.get<std::int64_t>();
  }
  bool boolean(const char* name, bool otherwise) {
    const Json* value = find(name, false);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) refuse(name, "is not true or false");
    return value->get<bool>();
  }
  const Json& list(const char* name, std::size_t max) {
    const Json& value = *find(name, true);
    if (!value.is_array() || value.empty() || value.size() > max)
      refuse(name, "is not a list of 1 to " + std::to_string(max));
    return value;
  }
  template <class T>
  T word(const char* name, std::optional<T> (*parse)(std::string_view), T otherwise) {
    const std::string written = text(name, false);
    if (written.empty()) return otherwise;
    const std::optional<T> known = parse(written);
    if (!known) refuse(name, "is \"" + written + "\", which is not known here");
    return *known;
  }
  void done() const {
    for (const auto& [name, value] : m_json.items()) {
      if (!m_asked.contains(name)) refuse(name.c_str(), "is not known here");
    }
  }
  [[noreturn]] void refuse(const char* name, const std::string& reason) const {
    throw Refused{422, "value_invalid", (m_path.empty() ? "" : m_path + ".") + name + " " + reason + "."};
  }

 private:
  const Json* find(const char* name, bool needed) {
    m_asked.insert(name);
    const auto found = m_json.find(name);
    if (found != m_json.end()) return &*found;
    if (needed) refuse(name, "is missing");
    return nullptr;
  }

  const Json& m_json;
  std::string m_path;
  std::set<std::string> m_asked;
};

hub::StartLine read_line(const Json& json, const std::string& path) {
  Object fields(json, path);
  hub::StartLine line{.order_line_no = static_cast<std::uint32_t>(fields.number("order_line", 1'000'000)),
                      .quantity = fields.number("quantity", quantity_max),
                      .reason = fields.word("reason", parse_return_reason, ReturnReason::unspecified),
                      .declared = fields.word("declared", parse_grade, Grade::ungraded),
                      .serial = fields.text("serial", false),
                      .category = fields.text("category", false),
                      .brand = fields.text("brand", false)};
  fields.done();
  return line;
}

Json decision_json(const ReturnAsk& ask, const Decision& decision) {
  return {{"order_line", ask.order_line_no},
          {"sku", ask.sku},
          {"quantity", ask.quantity},
          {"reason", to_string(ask.reason)},
          {"declared", to_string(decision.trace.facts.grade)},
          {"verdict", to_string(decision.verdict)},
          {"refusal", to_string(decision.refusal)},
          {"rule", decision.trace.rule},
          {"would_change", decision.trace.would_change}};
}

Json row_json(const hub::StartedRow& row) {
  const ReturnStarted& started = row.started;
  Json lines = Json::array();
  for (std::size_t i = 0; i < started.asks.size(); ++i)
    lines.push_back(decision_json(started.asks[i], started.decisions[i]));
  return {{"started_return", started.started_id.to_string()},
          {"code", started.code},
          {"state", hub::to_string(row.state)},
          {"order", started.order_id.to_string()},
          {"vip", row.vip},
          {"started_at_ms", started.started_at_ms},
          {"decide_by_ms", started.decide_by_ms},
          {"decided_at_ms", row.decided_at_ms},
          {"decided_by", row.decided_by},
          {"lines", std::move(lines)}};
}

int status_of(const hub::StartRefusal& refused) {
  if (refused.code == "order_unknown" || refused.code == "started_return_unknown") return 404;
  return refused.code == "order_line_unknown" || refused.code == "line_twice" || refused.code == "store_unknown"
             ? 422
             : 409;
}

template <class T, class View>
StartedReply replied(const Result<T, hub::StartRefusal>& result, View view) {
  if (!result.ok()) return refusal(status_of(result.error()), result.error().code, result.error().reason);
  return view(*result);
}

}  // namespace

StartedReply StartedApi::post(const std::string& path, const std::string& body) {
  try {
    if (path == started_path) return start(body);
    const std::string rest = path.substr(started_path.size() + 1);
    const std::size_t slash = rest.find('/');
    const auto id = ReturnCaseId::parse(rest.substr(0, slash));
    const std::string what = slash == std::string::npos ? "" : rest.substr(slash + 1);
    if (id && what == "decision") return decide(*id, body);
    if (id && what == "call-off") return call_off(*id, body);
    return refusal(404, "not_found", "There is nothing at " + path + ".");
  } catch (const Refused& refused) {
    return refusal(refused.status, refused.code, refused.reason);
  }
}

StartedReply StartedApi::start(const std::string& body) {
  const Json json = parsed(body);
  Object fields(json, "");
  const std::int64_t now_ms = m_clock.now_ms();
  hub::StartReturn wanted;
  const std::string id = fields.text("id", true);
  const auto known = ReturnCaseId::parse(id);
  if (!known || known->is_zero()) fields.refuse("id", "is \"" + id + "\"; expected 32 random hex digits");
  wanted.id = *known;
  wanted.code = app::case_code(wanted.id);
  wanted.number = fields.text("number", true);
  wanted.customer = codec::hmac_key(m_lookup_secret, fields.text("customer", true));
  wanted.tier = fields.text("tier", false);
  wanted.store = fields.text("store", false);
  wanted.shipped = fields.boolean("shipped", true);
  const std::string today = fields.text("today", false);
  const auto date = today.empty() ? CivilDate::of_ms(now_ms) : CivilDate::parse(today);
  if (!date) fields.refuse("today", "is \"" + today + "\"; expected a date like 2026-11-22");
  wanted.today = *date;
  for (const Json& line : fields.list("lines", hub::started_lines_max))
    wanted.lines.push_back(read_line(line, "lines[" + std::to_string(wanted.lines.size()) + "]"));
  fields.done();
  const auto answer = m_service.with_hub([&](hub::Hub& hub) { return start_return(hub, wanted, now_ms); });
  return replied(answer, [](const hub::StartAnswer& given) {
    Json view = row_json(given.row);
    if (given.refused) view["state"] = "refused", view["code"] = "";
    return reply(given.already || given.refused ? 200 : 201, view);
  });
}

StartedReply StartedApi::decide(const ReturnCaseId& id, const std::string& body) {
  const Json json = parsed(body);
  Object fields(json, "");
  const std::string decision = fields.text("decision", true);
  if (decision != "approve" && decision != "refuse")
    fields.refuse("decision", "is \"" + decision + "\"; say approve or refuse");
  const hub::DecideStarted word{id, decision == "approve", fields.text("by", true), fields.text("reason", true)};
  fields.done();
  const auto row = m_service.with_hub([&](hub::Hub& hub) { return decide_started(hub, word, m_clock.now_ms()); });
  return replied(row, [](const hub::StartedRow& given) { return reply(200, row_json(given)); });
}

StartedReply StartedApi::call_off(const ReturnCaseId& id, const std::string& body) {
  if (!body.empty()) Object(parsed(body), "").done();
  const auto row = m_service.with_hub([&](hub::Hub& hub) { return call_off_started(hub, id, m_clock.now_ms()); });
  return replied(row, [](const hub::StartedRow& given) { return reply(200, row_json(given)); });
}

StartedReply StartedApi::waiting() {
  const auto rows = m_service.with_hub([](hub::Hub& hub) {
    const hub::View view(hub.store());
    return hub.store().waiting_started(hub::started_listed_max);
  });
  Json list = Json::array();
  for (const hub::StartedRow& row : rows) list.push_back(row_json(row));
  return reply(200, {{"now_ms", m_clock.now_ms()}, {"waiting", std::move(list)}});
}

StartedReply StartedApi::promises() {
  const std::int64_t now_ms = m_clock.now_ms();
  const auto missed = m_service.with_hub([&](hub::Hub& hub) {
    const hub::View view(hub.store());
    return hub::missed_promises(hub.store(), hub.policy().promises, now_ms);
  });
  Json list = Json::array();
  for (const hub::MissedPromise& one : missed) {
    list.push_back({{"started_return", one.row.started.started_id.to_string()},
                    {"code", one.row.started.code},
                    {"order", one.row.started.order_id.to_string()},
                    {"number", one.number},
                    {"decide_by_ms", one.row.started.decide_by_ms},
                    {"decided_at_ms", one.row.decided_at_ms},
                    {"currency", one.currency.name()},
                    {"due_minor", one.due_minor}});
  }
  return reply(200, {{"now_ms", now_ms}, {"missed", std::move(list)}});
}

}  // namespace retour::hub_program
