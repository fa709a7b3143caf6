#include "plugin/store/http/json_reader.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"
#include "plugin/store/http/commands_json.hpp"
#include "plugin/store/http/http_server.hpp"
#include "plugin/store/http/json_text.hpp"
#include "plugin/store/http/status_page.hpp"

using namespace retour;
using namespace retour::store;

namespace {

/// "code: message" of what reading throws.
template <class Read>
std::string problem_of(Read read) {
  try {
    read();
  } catch (const Problem& problem) {
    return problem.code() + ": " + problem.what();
  }
  return "read";
}

std::string return_with(const std::string& line) {
  return R"({"command_id":"00000000000000000000000000000001","till":"1","cashier":"anna","business_date":"2026-11-22","customer":"17850","lines":[)" +
         line + "]}";
}

std::string refusal_of_line(const std::string& line) {
  return problem_of([&] { read_return_command(return_with(line)); });
}

bool begins(const std::string& text, const std::string& with) {
  return text.rfind(with, 0) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_reader_tests)

BOOST_AUTO_TEST_CASE(broken_documents_are_named) {
  BOOST_TEST(
      begins(problem_of([] { parse_document("{\"a\":\"\xff\"}"); }), "invalid_utf8: The body is not UTF-8: byte 6"));
  BOOST_TEST(begins(problem_of([] { parse_document("{\"a\":"); }), "json_invalid"));
  BOOST_TEST(begins(problem_of([] { parse_document(""); }), "json_invalid"));
  BOOST_TEST(begins(problem_of([] { parse_document("{\"a\":1,\"a\":2}"); }),
                    "json_key_twice: The JSON names the field \"a\" twice"));
  BOOST_TEST(begins(problem_of([] { parse_document(std::string(1'000'000, '[')); }), "json_too_deep"));
  BOOST_TEST(begins(problem_of([] { parse_document("{\"a\":1e999}"); }), "json_invalid"));
}

BOOST_AUTO_TEST_CASE(a_whole_return_is_read) {
  const ReturnBody body = read_return_command(return_with(
      R"({"sku":"85123A","quantity":2,"price":"2.55","reason":"size"},{"gtin":"4006381333931","quantity":1},{"order":"000000000000000000000000000000ff","order_line":3,"quantity":1})"));
  const auto& visit = body.command.visit;
  BOOST_TEST(body.command.cashier == "anna");
  BOOST_TEST(visit.customer_ref == "17850");
  BOOST_REQUIRE(visit.lines.size() == 3U);
  BOOST_TEST((visit.lines[0].asked_price == Decimal{255, 2}));
  BOOST_TEST((visit.lines[0].reason == ReturnReason::size));
  BOOST_TEST(visit.scanned.at(2) == "04006381333931");
  BOOST_TEST(visit.lines[2].order_line_no == 3U);
  BOOST_TEST(visit.lines[2].line_no == 3U);
}

BOOST_AUTO_TEST_CASE(every_wrong_field_is_refused_by_its_name) {
  BOOST_TEST(
      begins(refusal_of_line(R"({"sku":"a","quantity":0})"), "value_out_of_range: The field lines[0].quantity is 0"));
  BOOST_TEST(
      begins(refusal_of_line(R"({"sku":"a","quantity":-3})"), "value_out_of_range: The field lines[0].quantity"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":1.5})"),
                    "value_invalid: The field lines[0].quantity is not a whole number"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":99999999999999999999999})"),
                    "value_out_of_range: The field lines[0].quantity"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":18446744073709551615})"), "value_out_of_range"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":"2"})"),
                    "value_invalid: The field lines[0].quantity is not a number"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a"})"), "field_missing: The field lines[0].quantity is missing"));
  BOOST_TEST(begins(refusal_of_line(R"({"quantity":1})"), "field_missing: The field lines[0].sku"));
  BOOST_TEST(begins(refusal_of_line(R"({"gtin":"4006381333932","quantity":1})"),
                    "barcode_malformed: The field lines[0].gtin"));
  BOOST_TEST(begins(refusal_of_line(R"({"gtin":"40063X1333931","quantity":1})"), "barcode_malformed"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":1,"price":"2,55"})"),
                    "value_invalid: The field lines[0].price is \"2,55\""));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":1,"reason":"bored"})"),
                    "value_invalid: The field lines[0].reason"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":"a","quantity":1,"colour":"red"})"),
                    "field_unknown: The field lines[0].colour is not known"));
  BOOST_TEST(
      begins(refusal_of_line(R"({"sku":"a","quantity":1,"order":"00"})"), "value_invalid: The field lines[0].order"));
  BOOST_TEST(begins(refusal_of_line(R"({"order":"000000000000000000000000000000ff","quantity":1})"),
                    "field_missing: The field lines[0].order_line"));
  BOOST_TEST(begins(refusal_of_line("3"), "value_invalid: The field lines[0] is not a JSON object"));
  BOOST_TEST(begins(refusal_of_line(R"({"sku":")" + std::string(65, 'x') + R"(","quantity":1})"), "value_too_long"));
  BOOST_TEST(begins(refusal_of_line(""), "field_missing: The field lines is empty"));
}

BOOST_AUTO_TEST_CASE(amounts_too_large_and_card_numbers_never_enter) {
  const auto sale = [](const std::string& net, const std::string& reference) {
    return R"({"command_id":"00000000000000000000000000000001","till":"1","number":"T1","currency":"GBP","sold_on":"2026-11-22","lines":[{"sku":"a","quantity":1,"unit_price":"1.00","net_minor":)" +
           net + R"(}],"tenders":[{"kind":"card","reference":")" + reference + R"(","paid_minor":100}]})";
  };
  BOOST_TEST(read_sale(sale("100", "pay-1")).command.order.lines[0].net_minor == 100);
  BOOST_TEST(begins(problem_of([&] { read_sale(sale("1000000000000001", "")); }),
                    "value_out_of_range: The field lines[0].net_minor is 1000000000000001"));
  BOOST_TEST(begins(problem_of([&] { read_sale(sale("-1", "")); }), "value_out_of_range"));
  BOOST_TEST(begins(problem_of([&] { read_sale(sale("100", "4111 1111-1111 1111")); }),
                    "card_number_refused: The field tenders[0].reference"));
  BOOST_TEST(problem_of([&] { read_sale(sale("100", "4111111111111112")); }) == "read");
}

BOOST_AUTO_TEST_CASE(whatever_a_handler_throws_becomes_a_problem_with_code_message_and_detail) {
  std::string logged;
  const auto log = [&](const std::string& line) { logged = line; };
  const Request request{.method = "GET", .path = "/x"};
  const auto body_of = [&](const HttpServer::Handler& handler) {
    return nlohmann::json::parse(guarded(handler, request, log).body);
  };
  const auto refused = body_of([](const Request&) -> Reply { throw Problem(409, "command_reused", "m\xff", "d"); });
  BOOST_TEST(refused["code"] == "command_reused");
  BOOST_TEST(logged.empty());
  const auto failed = body_of([](const Request&) -> Reply {
    throw Error({"append to", "journal.db", "SQLITE_FULL (13)", "nothing was recorded"});
  });
  BOOST_TEST(failed["code"] == "store_unavailable");
  BOOST_TEST(failed["detail"] == "nothing was recorded");
  BOOST_TEST(logged.find("SQLITE_FULL") != std::string::npos);
  const auto bug = body_of([](const Request&) -> Reply { throw std::runtime_error("inner secret"); });
  BOOST_TEST(bug["message"].get<std::string>().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_written_by_hand_is_json_whatever_the_text_holds) {
  JsonText text;
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  text.open_object()
      .field("all", all)
      .field("bad", "a\xff\xe2\x82z")
      .name("list")
      .open_array()
      .value(1)
      .value(true)
      .null();
  text.close_array()
      .field("low", std::int64_t{-9'007'199'254'740'993})
      .name("none")
      .open_array()
      .close_array()
      .close_object();
  const auto read = nlohmann::json::parse(text.take());
  BOOST_TEST(read["all"] == all);
  BOOST_TEST(read["bad"] == "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
  BOOST_TEST(read["list"].dump() == "[1,true,null]");
  BOOST_TEST(read["low"].get<std::int64_t>() == -9'007'199'254'740'993);
  BOOST_TEST(read["none"].empty());
}

BOOST_AUTO_TEST_CASE(the_status_page_escapes_what_it_shows) {
  StatusPage page;
  page.status.store_name = "<script>alert(1)</script>";
  page.sync.detail = "\"&'";
  const std::string html = status_page(page);
  BOOST_TEST(html.find("<script") == std::string::npos);
  BOOST_TEST(html.find("&lt;script&gt;") != std::string::npos);
  BOOST_TEST(html.find("&quot;&amp;&#39;") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
