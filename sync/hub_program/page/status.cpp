#include "sync/hub_program/page/status.hpp"

#include <algorithm>
#include <tuple>

#include "sync/hub_program/page/words.hpp"

namespace retour::hub_program {

Attention attention_of(const NodeStatus& node, std::int64_t now_ms) {
  if (node.revoked || !node.enrolled) return Attention::none;
  if (!node.online && now_ms - node.last_contact_ms > silence_ms_max) return Attention::now;
  if (!node.online || node.anomalies > 0 || std::abs(node.clock_skew_ms) > clock_skew_ms_max) return Attention::soon;
  return Attention::none;
}

std::string attention_text(const NodeStatus& node, std::int64_t now_ms) {
  if (node.revoked) return "revoked";
  if (!node.enrolled) return "invited, not enrolled yet";
  if (!node.online) {
    return node.last_contact_ms == 0 ? "never seen" : "silent for " + duration_text(now_ms - node.last_contact_ms);
  }
  if (std::abs(node.clock_skew_ms) > clock_skew_ms_max) {
    return "its clock is " + duration_text(std::abs(node.clock_skew_ms)) +
           (node.clock_skew_ms > 0 ? " ahead" : " behind");
  }
  if (node.anomalies > 0) return plural(static_cast<std::int64_t>(node.anomalies), "anomaly", "anomalies");
  return {};
}

void by_attention(std::vector<NodeStatus>& nodes, std::int64_t now_ms) {
  std::sort(nodes.begin(), nodes.end(), [now_ms](const NodeStatus& a, const NodeStatus& b) {
    return std::tuple(attention_of(b, now_ms), a.online, a.name) <
           std::tuple(attention_of(a, now_ms), b.online, b.name);
  });
}

}  // namespace retour::hub_program
