#include <boost/test/unit_test.hpp>

#include "sync/hub_program/page/page_server.hpp"
#include "sync/hub_program/page/status_page.hpp"
#include "sync/hub_program/page/words.hpp"

using namespace retour;
using namespace retour::hub_program;

namespace {

constexpr std::int64_t now_ms = 1'790'000'000'000;

NodeStatus a_node(const std::string& name, bool online) {
  return {.name = name, .enrolled = true, .online = online, .last_contact_ms = now_ms - 4'000};
}

HubStatus a_status() {
  return {.now_ms = now_ms,
          .started_ms = now_ms,
          .hosts = {"hub.example"},
          .certificate_ends_ms = now_ms + 400LL * 86'400'000};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_page_tests)

BOOST_AUTO_TEST_CASE(nothing_that_comes_from_outside_becomes_markup) {
  HubStatus status = a_status();
  const std::string hostile = "<script>alert('x')</script>\"&";
  status.hosts = {hostile};
  status.last_trouble = hostile;
  status.nodes = {a_node(hostile, true)};
  status.referrals_open = 1;
  status.referrals = {{.asked_by = hostile, .sku = hostile, .quantity = 1, .waits_for = {hostile}}};
  status.rights = {.conserved = false, .as_of_ms = now_ms, .first_fault = hostile};
  status.stock[hostile] = {{hostile, hostile, 1}};
  status.anomalies = {{hostile, 1, 1, hostile}};
  status.nodes[0].refunded[hostile] = 5;
  const std::string page = status_page(status);
  BOOST_TEST(!contains(page, "<script"));
  BOOST_TEST(!contains(page, "'x'"));
  BOOST_TEST(contains(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"));
}

BOOST_AUTO_TEST_CASE(the_page_needs_no_inline_style_and_no_script) {
  HubStatus status = a_status();
  status.nodes = {a_node("anna", true)};
  status.rights = {
      .conserved = true, .as_of_ms = now_ms, .orders = 1, .purchased = 10, .at_hub = 9, .in_transfer = 1};
  const std::string page = status_page(status);
  for (const char* forbidden : {"<script", "<style", " style=", " onclick", "javascript:", "http://", "https://"}) {
    BOOST_TEST(!contains(page, forbidden), forbidden);
  }
}

BOOST_AUTO_TEST_CASE(whoever_needs_attention_stands_first) {
  NodeStatus silent = a_node("silent", false), ahead = a_node("ahead", true), invited = a_node("invited", false);
  silent.last_contact_ms = now_ms - 4LL * 86'400'000;
  ahead.clock_skew_ms = 180'000;
  invited.enrolled = false;
  std::vector<NodeStatus> nodes{a_node("bert", true),  invited, a_node("anna", true), ahead,
                                a_node("cleo", false), silent};
  by_attention(nodes, now_ms);
  std::string order;
  for (const NodeStatus& node : nodes) order += node.name + " ";
  BOOST_TEST(order == "silent cleo ahead invited anna bert ");
  BOOST_TEST(attention_text(silent, now_ms) == "silent for 4 d");
  BOOST_TEST(attention_text(ahead, now_ms) == "its clock is 3 min ahead");
}

BOOST_AUTO_TEST_CASE(the_top_of_the_page_says_whether_a_person_has_to_look) {
  HubStatus status = a_status();
  status.nodes = {a_node("anna", true)};
  status.rights = {.conserved = true, .as_of_ms = now_ms};
  BOOST_TEST(contains(status_page(status), "all well"));
  status.nodes.push_back(a_node("bert", false));
  BOOST_TEST(contains(status_page(status), "1 store is not in step"));
  status.rights.conserved = false;
  BOOST_TEST(contains(status_page(status), "a person has to look"));
}

BOOST_AUTO_TEST_CASE(a_long_list_is_cut_and_says_so) {
  HubStatus status = a_status();
  for (int i = 0; i < 1'203; ++i) status.nodes.push_back(a_node("s" + std::to_string(i), true));
  BOOST_TEST(contains(status_page(status), "1,003 more stores"));
}

BOOST_AUTO_TEST_CASE(of_a_hundred_thousand_open_questions_the_oldest_are_shown_and_all_are_counted) {
  HubStatus status = a_status();
  status.referrals_open = 100'000;
  for (int i = 0; i < 200; ++i) status.referrals.push_back({.asked_by = "anna", .sku = "A", .quantity = 1});
  BOOST_TEST(contains(status_page(status), "<strong>100,000</strong><span>open questions of stores</span>"));
  BOOST_TEST(contains(status_page(status), "99,950 younger questions"));
  BOOST_TEST(contains(status_json(status), "\"referrals_open\": 100000"));
}

BOOST_AUTO_TEST_CASE(text_of_any_bytes_becomes_valid_json) {
  HubStatus status = a_status();
  status.last_trouble = "bad \xff byte and \"quotes\"";
  const std::string json = status_json(status);
  BOOST_TEST(contains(json, "bad \xef\xbf\xbd byte and \\\"quotes\\\""));
  BOOST_TEST(contains(json, "\"conserved\": null"));
}

BOOST_AUTO_TEST_CASE(only_this_machine_s_names_are_let_in) {
  for (const char* ours : {"127.0.0.1", "127.0.0.1:8481", "localhost", "localhost:1"})
    BOOST_TEST(is_this_machine(ours), ours);
  for (const char* other :
       {"", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "[::1]:80", "127.0.0.1@evil"}) {
    BOOST_TEST(!is_this_machine(other), other);
  }
}

BOOST_AUTO_TEST_CASE(figures_are_grouped_and_durations_have_one_unit) {
  BOOST_TEST(count_text(0) == "0");
  BOOST_TEST(count_text(999) == "999");
  BOOST_TEST(count_text(-1'000) == "-1,000");
  BOOST_TEST(count_text(5'660'981) == "5,660,981");
  BOOST_TEST(money_text(44'949'149, "GBP") == "449,491.49 GBP");
  BOOST_TEST(money_text(7, "ZZZ") == "7 minor units of ZZZ");
  BOOST_TEST(duration_text(-5) == "0 s");
  BOOST_TEST(duration_text(59'999) == "59 s");
  BOOST_TEST(duration_text(3'599'999) == "59 min");
  BOOST_TEST(duration_text(47 * 3'600'000LL) == "47 h");
  BOOST_TEST(duration_text(49 * 3'600'000LL) == "2 d");
  BOOST_TEST(time_text(0) == "never");
  BOOST_TEST(time_text(1'790'000'000'000) == "2026-09-21 14:13:20 UTC");
}

BOOST_AUTO_TEST_SUITE_END()
