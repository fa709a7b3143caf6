#include "sync/hub_program/page/status_page.hpp"

#include <algorithm>

#include "sync/hub_program/page/rights_bar.hpp"
#include "sync/hub_program/page/words.hpp"

namespace retour::hub_program {

namespace {

constexpr std::int64_t month_ms = 30LL * 24 * 3'600'000;
constexpr std::size_t refusals_shown_max = 20;

std::string cell(const std::string& text, const char* kind = "") {
  return std::string("<td") + (*kind ? std::string(" class=\"") + kind + '"' : "") + ">" + escaped(text) + "</td>";
}

std::string number_cell(std::int64_t number) {
  return cell(number == 0 ? "–" : count_text(number), number == 0 ? "n zero" : "n");
}

/// "5 min ago", with the instant itself for those who point at it.
std::string ago(std::int64_t ms, std::int64_t now_ms) {
  if (ms == 0) return "never";
  return "<time title=\"" + time_text(ms) + "\">" + duration_text(now_ms - ms) + " ago</time>";
}

std::string badge(const char* kind, const std::string& text) {
  return std::string("<span class=\"badge ") + kind + "\">" + escaped(text) + "</span>";
}

std::string table(const std::string& caption, const std::string& heads, const std::string& rows) {
  return "<div class=\"scroll\"><table><caption>" + caption + "</caption><thead><tr>" + heads +
         "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string heads(std::initializer_list<const char*> names) {
  std::string html;
  for (const char* name : names) {
    const bool number = *name == '#';  // "#" marks a column of numbers
    html += std::string("<th scope=\"col\"") + (number ? " class=\"n\">" : ">") + (name + (number ? 1 : 0)) + "</th>";
  }
  return html;
}

std::string more_rows(std::size_t all, std::size_t shown, const char* what) {
  if (all <= shown) return {};
  return "<p class=\"more\">" + count_text(static_cast<std::int64_t>(all - shown)) + " more " + what +
         " in <a href=\"/api/v1/status\">the JSON</a>.</p>\n";
}

// ---- the top of the page -----------------------------------------------------------------------------------------

struct Counts {
  std::int64_t stores = 0, online = 0, urgent = 0, soon = 0;
  std::int64_t events_waiting = 0;
};

Counts count(const HubStatus& status) {
  Counts counts;
  for (const NodeStatus& node : status.nodes) {
    counts.urgent += attention_of(node, status.now_ms) == Attention::now;
    counts.soon += attention_of(node, status.now_ms) == Attention::soon;
    if (!node.enrolled || node.revoked) continue;
    ++counts.stores;
    counts.online += node.online;
    counts.events_waiting += static_cast<std::int64_t>(node.events_waiting());
  }
  return counts;
}

bool rights_broken(const HubStatus& status) {
  return status.rights.as_of_ms != 0 && !status.rights.conserved;
}

std::string overall(const HubStatus& status, const Counts& counts) {
  if (counts.urgent > 0 || rights_broken(status) || !status.last_trouble.empty())
    return badge("bad", "a person has to look");
  if (!status.policy.trouble.empty() || !status.documents_refused.empty())
    return badge("soon", "a document is not in force");
  if (counts.soon > 0) return badge("soon", plural(counts.soon, "store is", "stores are") + " not in step");
  return badge("good", "all well");
}

std::string notices(const HubStatus& status) {
  std::string html;
  const auto notice = [&](const char* kind, const std::string& text) {
    html += std::string("<p class=\"notice ") + kind + "\">" + escaped(text) + "</p>\n";
  };
  if (rights_broken(status)) notice("bad", "Rights are not conserved: " + status.rights.first_fault);
  if (!status.last_trouble.empty()) notice("bad", status.last_trouble);
  if (!status.policy.trouble.empty()) notice("soon", "Policy: " + status.policy.trouble);
  for (std::size_t i = 0; i < std::min(status.documents_refused.size(), refusals_shown_max); ++i) {
    const RefusedDocumentStatus& one = status.documents_refused[i];
    notice("soon", "Store " + one.node + " did not take over document " + std::to_string(one.seq) + " (" + one.kind +
                       (one.name.empty() ? "" : " " + one.name) + "): " + one.reason);
  }
  if (status.documents_refused.size() > refusals_shown_max) {
    notice("soon", std::to_string(status.documents_refused.size() - refusals_shown_max) +
                       " more documents were not taken over.");
  }
  if (status.certificate_ends_ms - status.now_ms < month_ms) {
    notice("soon", "The hub's certificate ends " + time_text(status.certificate_ends_ms) +
                       "; restart the hub and it makes a new one.");
  }
  return html;
}

std::string card(const std::string& value, const std::string& label, const char* kind = "") {
  return std::string("<li class=\"card ") + kind + "\"><strong>" + escaped(value) + "</strong><span>" +
         escaped(label) + "</span></li>\n";
}

std::string cards(const HubStatus& status, const Counts& counts) {
  const auto& rights = status.rights;
  const bool counted = rights.as_of_ms != 0;
  return "<ul class=\"cards\">\n" +
         card(count_text(counts.online) + " of " + count_text(counts.stores), "stores online",
              counts.online < counts.stores ? "soon" : "") +
         card(count_text(counts.events_waiting),
              counts.events_waiting == 1 ? "event waits at stores" : "events wait at stores",
              counts.events_waiting > 0 ? "soon" : "") +
         card(count_text(static_cast<std::int64_t>(status.referrals_open)),
              status.referrals_open == 1 ? "open question of a store" : "open questions of stores",
              status.referrals_open == 0 ? "" : "soon") +
         card(count_text(static_cast<std::int64_t>(status.orders)), status.orders == 1 ? "order" : "orders") +
         card(!counted           ? "…"
              : rights.conserved ? "yes"
                                 : "no",
              "rights conserved", counted && !rights.conserved ? "bad" : "") +
         "</ul>\n";
}

// ---- stores ------------------------------------------------------------------------------------------------------

std::string money_of(const NodeStatus& node) {
  std::string text;
  for (const auto& [currency, minor] : node.refunded)
    text += (text.empty() ? "" : ", ") + money_text(minor, currency);
  return text.empty() ? "–" : text;
}

std::string state_of(const NodeStatus& node, std::int64_t now_ms) {
  const Attention attention = attention_of(node, now_ms);
  const std::string text = attention_text(node, now_ms);
  std::string html = node.revoked     ? badge("off", "revoked")
                     : !node.enrolled ? badge("off", "invited")
                     : node.online    ? badge("good", "online")
                                      : badge(attention == Attention::now ? "bad" : "soon", "offline");
  if (!text.empty() && !node.revoked && node.enrolled) html += " <span class=\"why\">" + escaped(text) + "</span>";
  return html;
}

std::string skew_text(std::int64_t ms) {
  if (std::abs(ms) < 1'000) return "in step";
  return duration_text(std::abs(ms)) + (ms > 0 ? " ahead" : " behind");
}

/// A store that waits for news and has none of its own is in step at this moment, however long ago it last spoke.
std::string data_of(const NodeStatus& node, std::int64_t now_ms) {
  const bool in_step = node.online && node.last_contact_ms != 0 && node.events_waiting() == 0;
  return in_step ? "now" : ago(node.last_contact_ms, now_ms);
}

std::string node_row(const NodeStatus& node, std::int64_t now_ms) {
  const bool behind = node.events_waiting() > 0;
  const std::string journal = count_text(static_cast<std::int64_t>(node.journal_seq)) +
                              (behind ? " of " + count_text(static_cast<std::int64_t>(node.node_journal_seq)) : "");
  return "<tr><th scope=\"row\">" + escaped(node.name) + "</th><td>" + state_of(node, now_ms) + "</td><td>" +
         data_of(node, now_ms) + "</td>" + cell(journal, behind ? "n soon" : "n") +
         number_cell(static_cast<std::int64_t>(node.events_waiting())) +
         number_cell(static_cast<std::int64_t>(node.messages_waiting)) +
         cell(node.last_contact_ms == 0 ? "–" : skew_text(node.clock_skew_ms),
              std::abs(node.clock_skew_ms) > clock_skew_ms_max ? "soon" : "") +
         cell(money_of(node), "n") + "</tr>\n";
}

std::string nodes(const HubStatus& status) {
  if (status.nodes.empty()) {
    return "<section><h2>Stores</h2><p class=\"empty\">No store yet. <code>retour-hub token --data DIR --name "
           "anna</code> "
           "makes a token with which a store joins.</p></section>\n";
  }
  std::string rows;
  const std::size_t shown = std::min(status.nodes.size(), nodes_shown_max);
  for (std::size_t i = 0; i < shown; ++i) rows += node_row(status.nodes[i], status.now_ms);
  return "<section><h2>Stores</h2>\n" +
         table("Those that want attention stand first.",
               heads({"Store", "State", "Data of", "#Journal here", "#Waits there", "#Waits here", "Clock",
                      "#Given back"}),
               rows) +
         more_rows(status.nodes.size(), shown, "stores") + "</section>\n";
}

// ---- open questions ----------------------------------------------------------------------------------------------

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string more_questions(std::uint64_t more) {
  if (more == 0) return {};
  return "<p class=\"more\">" + plural(static_cast<std::int64_t>(more), "younger question", "younger questions") +
         "; some of them in <a href=\"/api/v1/status\">the JSON</a>.</p>\n";
}

std::string referrals(const HubStatus& status) {
  if (status.referrals_open == 0) {
    return "<section><h2>Open questions</h2><p class=\"empty\">None: every store has its answers.</p></section>\n";
  }
  std::string rows;
  const std::size_t shown = std::min(status.referrals.size(), referrals_shown_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const ReferralStatus& referral = status.referrals[i];
    rows += "<tr><td>" + ago(referral.asked_at_ms, status.now_ms) + "</td>" + cell(referral.asked_by) +
            cell(referral.sku) + number_cell(referral.quantity) +
            cell(referral.waits_for.empty() ? "being settled" : joined(referral.waits_for)) + "</tr>\n";
  }
  return "<section><h2>Open questions</h2>\n" +
         table("Return lines that a store could not answer alone, oldest first.",
               heads({"Asked", "By", "SKU", "#Units", "Waits for"}), rows) +
         more_questions(status.referrals_open - shown) + "</section>\n";
}

// ---- rights, stock, anomalies ------------------------------------------------------------------------------------

std::string rights(const HubStatus& status) {
  const RightsStatus& r = status.rights;
  if (r.as_of_ms == 0) return "<section><h2>Rights</h2><p class=\"empty\">Being counted.</p></section>\n";
  const std::string verdict = r.conserved ? badge("good", "conserved") + " Every unit sold has exactly one holder."
                                          : badge("bad", "not conserved") + " " + escaped(r.first_fault);
  return "<section><h2>Rights</h2>\n<p>" + verdict + " <span class=\"asof\">As of " + ago(r.as_of_ms, status.now_ms) +
         ", " + plural(static_cast<std::int64_t>(r.orders), "order", "orders") + ".</span></p>\n" + rights_bar(r) +
         "</section>\n";
}

/// Totals a bucket: what a person asks first. The levels of every SKU stand in the JSON.
std::string stock(const HubStatus& status) {
  if (status.stock.empty()) return {};
  std::string rows;
  std::size_t shown = 0;
  for (const auto& [name, levels] : status.stock) {
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> buckets;  // SKUs, units
    for (const StockStatus& level : levels) {
      ++buckets[level.bucket].first;
      buckets[level.bucket].second += level.quantity;
    }
    for (const auto& [bucket, totals] : buckets) {
      if (shown++ >= nodes_shown_max) continue;
      rows += "<tr><th scope=\"row\">" + escaped(name) + "</th>" + cell(bucket) + number_cell(totals.first) +
              number_cell(totals.second) + "</tr>\n";
    }
  }
  return "<section><h2>Stock moved by returns and sales</h2>\n" +
         table("Units by place; (hub) is what was sold outside the stores.",
               heads({"Store", "Bucket", "#SKUs", "#Units"}), rows) +
         more_rows(shown, nodes_shown_max, "lines") + "</section>\n";
}

std::string anomalies(const HubStatus& status) {
  if (status.anomalies.empty()) return {};
  std::string rows;
  const std::size_t shown = std::min(status.anomalies.size(), anomalies_shown_max);
  for (std::size_t i = 0; i < shown; ++i) {
    const AnomalyStatus& anomaly = status.anomalies[i];
    rows += "<tr>" + cell(anomaly.node) + cell(count_text(static_cast<std::int64_t>(anomaly.seq)), "n") +
            cell(anomaly.detail) + "</tr>\n";
  }
  return "<section><h2>Anomalies</h2>\n" +
         table("Events that did not fit what the hub knew, newest first. Nothing was changed because of them.",
               heads({"Store", "#Event", "What"}), rows) +
         more_rows(status.anomalies.size(), shown, "anomalies") + "</section>\n";
}

std::string footer(const HubStatus& status) {
  return "<footer><p>Hub epoch " + std::to_string(status.hub_epoch) + " · up for " +
         duration_text(status.now_ms - status.started_ms) + " · " +
         plural(static_cast<std::int64_t>(status.connections), "connection", "connections") + " · " +
         plural(static_cast<std::int64_t>(status.handshakes_failed), "stranger", "strangers") +
         " turned away · certificate until " + CivilDate::of_ms(status.certificate_ends_ms).to_string() +
         "</p>\n<p>" + time_text(status.now_ms) + " · loads itself again every " +
         std::to_string(page_refresh_seconds) + " s · <a href=\"/api/v1/status\">the same as JSON</a></p></footer>\n";
}

}  // namespace

std::string status_page(const HubStatus& status) {
  const Counts counts = count(status);
  const std::string place = status.hosts.empty() ? "" : status.hosts.front() + ":" + std::to_string(status.port);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
         "content=\"light dark\">\n"
         "<meta http-equiv=\"refresh\" content=\"" +
         std::to_string(page_refresh_seconds) +
         "\">\n<title>Retour hub</title>\n"
         "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" "
         "href=\"/hub.css\"></head><body>\n"
         "<header><img src=\"/icon.svg\" alt=\"\" width=\"36\" height=\"36\"><h1>Retour hub</h1><span "
         "class=\"place\">" +
         escaped(place) + "</span>" + overall(status, counts) + "</header>\n<main>\n" + notices(status) +
         cards(status, counts) + nodes(status) + referrals(status) + rights(status) + stock(status) +
         anomalies(status) + "</main>\n" + footer(status) + "</body></html>\n";
}

}  // namespace retour::hub_program
