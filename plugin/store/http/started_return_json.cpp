#include "plugin/store/http/started_return_json.hpp"

namespace retour::store {

nlohmann::ordered_json started_return_json(const app::StartedReturn& found) {
  using Json = nlohmann::ordered_json;
  const ReturnStarted& started = found.known.started;
  Json lines = Json::array();
  for (const ReturnAsk& ask : started.asks) {
    lines.push_back({{"order", started.order_id.to_string()},
                     {"order_line", ask.order_line_no},
                     {"sku", ask.sku},
                     {"quantity", ask.quantity},
                     {"reason", to_string(ask.reason)}});
  }
  return {{"reference", started.code},
          {"state", found.known.approved ? "approved" : "waiting"},
          {"approved_by", found.known.approved_by},
          {"started_at_ms", started.started_at_ms},
          {"order", started.order_id.to_string()},
          {"number", found.order ? Json(found.order->order.number) : Json(nullptr)},
          {"lines", std::move(lines)}};
}

}  // namespace retour::store
