#include "plugin/store/http/status_page.hpp"

#include <cstdio>

namespace retour::store {

namespace {

constexpr std::string_view head = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Retour</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;color:#1b1b1b;background:#fafaf8}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
td.n,th.n{text-align:right}.note{padding:.6rem .8rem;border-radius:.3rem;margin:1rem 0}
.ok{background:#e3f1e4}.off{background:#fdebc8}.bad{background:#f9d9d6}code{font-size:.95em}
</style>)html";

std::string clock_text(std::int64_t ms) {
  constexpr std::int64_t minute_ms = 60'000, day_minutes = 1'440;
  const std::int64_t minutes = ms / minute_ms % day_minutes;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return CivilDate::of_ms(ms).to_string() + " " + text + " UTC";
}

std::string cell(std::string_view text, bool number = false) {
  return (number ? "<td class=\"n\">" : "<td>") + html_escaped(text) + "</td>";
}

std::string row(const app::CaseSummary& summary) {
  const std::string attention = summary.legs_unknown > 0        ? "payment to confirm"
                                : summary.legs_failed > 0       ? "payment failed"
                                : summary.lines_for_manager > 0 ? "waits for a manager"
                                : summary.lines_waiting > 0     ? "waits for the hub"
                                : summary.legs_planned > 0      ? "customer comes for the money"
                                : summary.closed                ? ""
                                                                : "money on its way";
  return "<tr>" + cell(summary.code) + cell(summary.business_date.to_string()) + cell(summary.till) +
         cell(std::to_string(summary.lines), true) + cell(summary.closed ? "closed" : "open") + cell(attention) +
         "</tr>\n";
}

std::string table(const std::vector<app::CaseSummary>& cases, const char* none) {
  if (cases.empty()) return "<p>" + std::string(none) + "</p>\n";
  std::string html =
      "<table><tr><th>Return</th><th>Date</th><th>Till</th><th "
      "class=\"n\">Lines</th><th>State</th><th>Needs</th></tr>\n";
  for (const app::CaseSummary& summary : cases) html += row(summary);
  return html + "</table>\n";
}

std::string sync_note(const StatusPage& page) {
  const std::string waiting = std::to_string(page.status.waiting_events) + " waiting";
  if (page.sync.online) {
    return "<p class=\"note ok\">Online. " + waiting + ", last contact " + clock_text(page.sync.last_contact_ms) +
           ".</p>\n";
  }
  const std::string data = page.sync.last_contact_ms == 0 ? "the hub has not been reached yet"
                                                          : "data from " + clock_text(page.sync.last_contact_ms);
  const std::string why = page.sync.detail.empty() ? "" : " (" + html_escaped(page.sync.detail) + ")";
  return "<p class=\"note off\">Offline, " + waiting + ", " + data + why + ".</p>\n";
}

std::string person_note(const app::StoreStatus& status) {
  std::size_t unknown = 0;
  for (const app::CaseSummary& summary : status.open_cases) unknown += summary.legs_unknown;
  if (unknown == 0) return {};
  return "<p class=\"note bad\">" + std::to_string(unknown) + (unknown == 1 ? " payment needs" : " payments need") +
         " a word from a person: did the money leave?</p>\n";
}

std::string document_notes(const StatusPage& page) {
  std::string html;
  const auto note = [&](const std::string& text) {
    html += "<p class=\"note off\">" + html_escaped(text) + "</p>\n";
  };
  if (!page.policy_trouble.empty()) note("Policy: " + page.policy_trouble);
  for (const std::string& reason : page.documents_refused) note("Not taken over from the hub: " + reason);
  return html;
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string status_page(const StatusPage& page) {
  std::string html(head);
  html += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(page_refresh_seconds) + "\"></head><body>\n";
  html += "<h1>Store " + html_escaped(page.status.store_name) + "</h1>\n";
  html += sync_note(page) + document_notes(page) + person_note(page.status);
  html += "<p>" + std::to_string(page.status.orders) + " orders here. Journal " +
          std::to_string(page.status.journal_seq) + ", head <code>" + html_escaped(page.status.journal_head) +
          "</code>. Now " + clock_text(page.now_ms) + ".</p>\n";
  if (page.photos_waiting > 0) {
    html += "<p>" + std::to_string(page.photos_waiting) +
            (page.photos_waiting == 1 ? " photo waits" : " photos wait") + " for the hub.</p>\n";
  }
  html += "<h2>Open returns</h2>\n" + table(page.status.open_cases, "None.");
  html += "<h2>Returns of today</h2>\n" + table(page.today, "None yet.");
  return html + "</body></html>\n";
}

}  // namespace retour::store
