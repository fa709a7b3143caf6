#include <nlohmann/json.hpp>

#include "sync/hub_program/page/status_page.hpp"

namespace retour::hub_program {

namespace {

using Json = nlohmann::ordered_json;

Json node_json(const NodeStatus& node, std::int64_t now_ms) {
  return {{"name", node.name},
          {"node", node.node.to_string()},
          {"enrolled", node.enrolled},
          {"revoked", node.revoked},
          {"online", node.online},
          {"last_contact_ms", node.last_contact_ms},
          {"journal_seq", node.journal_seq},
          {"node_journal_seq", node.node_journal_seq},
          {"events_waiting", node.events_waiting()},
          {"messages_waiting", node.messages_waiting},
          {"clock_skew_ms", node.clock_skew_ms},
          {"refunded", Json(node.refunded)},
          {"anomalies", node.anomalies},
          {"attention", attention_text(node, now_ms)}};
}

Json referral_json(const ReferralStatus& referral) {
  return {{"referral_id", referral.referral_id.to_string()},
          {"asked_by", referral.asked_by},
          {"asked_at_ms", referral.asked_at_ms},
          {"sku", referral.sku},
          {"quantity", referral.quantity},
          {"waits_for", referral.waits_for}};
}

Json rights_json(const RightsStatus& rights) {
  return {{"conserved", rights.as_of_ms == 0 ? Json(nullptr) : Json(rights.conserved)},
          {"as_of_ms", rights.as_of_ms},
          {"orders", rights.orders},
          {"purchased", rights.purchased},
          {"claimed", rights.claimed},
          {"cancelled", rights.cancelled},
          {"hub", rights.at_hub},
          {"in_transfer", rights.in_transfer},
          {"nodes", Json(rights.at_nodes)},
          {"first_fault", rights.first_fault}};
}

template <class Values, class Make>
Json array(const Values& values, Make make) {
  Json all = Json::array();
  for (const auto& value : values) all.push_back(make(value));
  return all;
}

}  // namespace

std::string status_json(const HubStatus& status) {
  Json stock = Json::object();
  for (const auto& [name, levels] : status.stock) {
    stock[name] = array(levels, [](const StockStatus& level) {
      return Json{{"sku", level.sku}, {"bucket", level.bucket}, {"quantity", level.quantity}};
    });
  }
  const Json json{
      {"now_ms", status.now_ms},
      {"started_ms", status.started_ms},
      {"hosts", status.hosts},
      {"port", status.port},
      {"hub_epoch", status.hub_epoch},
      {"orders", status.orders},
      {"connections", status.connections},
      {"handshakes_failed", status.handshakes_failed},
      {"certificate_ends_ms", status.certificate_ends_ms},
      {"last_trouble", status.last_trouble},
      {"policy",
       Json{{"id", status.policy.id}, {"version", status.policy.version}, {"trouble", status.policy.trouble}}},
      {"documents", status.documents},
      {"documents_refused", array(status.documents_refused,
                                  [](const RefusedDocumentStatus& one) {
                                    return Json{{"node", one.node},
                                                {"seq", one.seq},
                                                {"kind", one.kind},
                                                {"name", one.name},
                                                {"reason", one.reason}};
                                  })},
      {"nodes", array(status.nodes, [&](const NodeStatus& node) { return node_json(node, status.now_ms); })},
      {"referrals_open", status.referrals_open},
      {"referrals", array(status.referrals, referral_json)},
      {"rights", rights_json(status.rights)},
      {"stock", stock},
      {"anomalies", array(status.anomalies, [](const AnomalyStatus& anomaly) {
         return Json{
             {"node", anomaly.node}, {"epoch", anomaly.epoch}, {"seq", anomaly.seq}, {"detail", anomaly.detail}};
       })}};
  // Text of any bytes becomes valid JSON: what is not UTF-8 is shown as U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace retour::hub_program
