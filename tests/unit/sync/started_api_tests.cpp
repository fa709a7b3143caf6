// Started returns over HTTP: what is refused by name, and the way from a start to a person's word.

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "sync/hub_program/page/started_api.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub_program {
namespace {

struct Api : hub::HubFixture {
  hub::HubService service{*hub, clock};
  StartedApi api{service, clock, secret};

  Api() { import("W-1", 3, "carol"); }
  nlohmann::json body() {
    return {{"id", std::string(31, '0') + "7"},
            {"number", "W-1"},
            {"customer", "carol"},
            {"lines", {{{"order_line", 1}, {"quantity", 2}, {"reason", "size"}, {"declared", "resalable"}}}}};
  }
  std::pair<int, nlohmann::json> post(const std::string& below, const std::string& text) {
    const StartedReply reply = api.post(std::string(started_path) + below, text);
    return {reply.status, nlohmann::json::parse(reply.body)};
  }
  std::string refusal(const std::string& text) { return post("", text).second.value("message", ""); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(started_api_tests, Api)

BOOST_AUTO_TEST_CASE(a_start_gives_the_code_and_the_answer_and_the_same_again_changes_nothing) {
  const auto [status, started] = post("", body().dump());
  BOOST_TEST(status == 201);
  BOOST_TEST(started["state"] == "approved");
  BOOST_TEST(started["code"].get<std::string>().size() == 12u);
  BOOST_TEST(started["lines"][0]["verdict"] == "approved");
  const auto again = post("", body().dump());
  BOOST_TEST(again.first == 200);
  BOOST_TEST(again.second == started);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_refused_by_field) {
  BOOST_TEST(post("", "{").first == 400);
  BOOST_TEST(post("", R"({"id": "1", "id": "2"})").first == 400);
  auto wrong = body();
  wrong["lines"][0]["colour"] = "red";
  BOOST_TEST(refusal(wrong.dump()) == "lines[0].colour is not known here.");
  wrong = body();
  wrong["lines"][0]["quantity"] = 0;
  BOOST_TEST(refusal(wrong.dump()).starts_with("lines[0].quantity is 0"));
  wrong = body();
  wrong["lines"][0]["declared"] = "splendid";
  BOOST_TEST(refusal(wrong.dump()).starts_with("lines[0].declared is \"splendid\""));
  wrong = body();
  wrong.erase("number");
  BOOST_TEST(refusal(wrong.dump()) == "number is missing.");
  wrong = body();
  wrong["customer"] = "mallory";
  BOOST_TEST(post("", wrong.dump()).first == 404);
}

BOOST_AUTO_TEST_CASE(what_waits_is_listed_until_a_person_decides_it) {
  auto unsure = body();
  unsure["lines"][0].erase("declared");
  const std::string id = post("", unsure.dump()).second["started_return"];
  BOOST_TEST(nlohmann::json::parse(api.waiting().body)["waiting"].size() == 1u);
  const std::string yes = R"({"decision": "approve", "by": "m-4", "reason": "regular customer"})";
  BOOST_TEST(post("/" + id + "/decision", R"({"decision": "maybe", "by": "m-4", "reason": "x"})").first == 422);
  BOOST_TEST(post("/" + id + "/decision", yes).second["state"] == "approved");
  BOOST_TEST(nlohmann::json::parse(api.waiting().body)["waiting"].empty());
  BOOST_TEST(post("/" + id + "/call-off", "").second["state"] == "called_off");
  BOOST_TEST(post("/" + id + "/decision", R"({"decision": "refuse", "by": "m-4", "reason": "x"})").first == 409);
  BOOST_TEST(post("/nothing", yes).first == 404);
  BOOST_TEST(nlohmann::json::parse(api.promises().body)["missed"].empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub_program
