// What few sales have, over the local API: read strictly, each refusal by its field.
#include <boost/test/unit_test.hpp>

#include "plugin/core/unit_account/unit_account.hpp"
#include "plugin/store/http/commands_json.hpp"

using namespace retour;
using namespace retour::store;

namespace {

constexpr const char* an_id = "0123456789abcdef0123456789abcdef";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

/// Two phones by Lund in the second parcel; 50.00 off both lines together.
std::string sale() {
  return std::string(R"({"command_id": ")") + an_id + R"(", "till": "1", "number": "S-1", "currency": "EUR",
    "sold_on": "2026-11-20", "loyalty": {"points_earned": 90, "points_spent": 7},
    "lines": [
      {"sku": "phone", "quantity": 2, "unit_price": "400.00", "net_minor": 80000, "seller": "Lund",
       "confirmed_final": true, "shipment": 2, "serials": ["356938035643809", "SN-2"]},
      {"sku": "case", "quantity": 1, "unit_price": "100.00", "net_minor": 10000}],
    "adjustments": [{"label": "bundle", "net_minor": 5000, "lines": [1, 2]}],
    "shipments": [{"label": "parcel 1", "net_minor": 0},
                  {"label": "parcel 2", "net_minor": 500, "delivered_on": "2026-11-21"}],
    "tenders": [{"kind": "card", "reference": "p1", "paid_minor": 85500}]})";
}

std::string problem_of(const std::string& body) {
  try {
    read_sale(body);
  } catch (const Problem& problem) {
    return problem.what();
  }
  return "no problem";
}

std::string return_of(const std::string& line) {
  return std::string(R"({"command_id": ")") + an_id +
         R"(", "till": "1", "cashier": "anna", "business_date": "2026-11-22", "lines": [)" + line + "]}";
}

ReturnAsk ask_of(const std::string& line) {
  return read_return_command(return_of(line)).command.visit.lines.at(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(order_details_json_tests)

BOOST_AUTO_TEST_CASE(a_sale_names_sellers_parcels_serial_numbers_offers_and_points) {
  const Order order = read_sale(sale()).command.order;
  BOOST_TEST(order.lines[0].seller == "Lund");
  BOOST_TEST(order.lines[0].confirmed_final);
  BOOST_TEST(order.lines[0].shipment_no == 2U);
  BOOST_TEST((order.lines[0].serials == std::vector<std::string>{"356938035643809", "SN-2"}));
  BOOST_TEST(!order.lines[1].confirmed_final);
  BOOST_TEST((order.adjustments[0].line_nos == std::vector<std::uint32_t>{1, 2}));
  BOOST_REQUIRE(order.shipments.size() == 2U);
  BOOST_TEST((order.shipments[1].delivered_on == CivilDate::parse("2026-11-21")));
  BOOST_TEST(order.loyalty.points_earned == 90);
  BOOST_TEST(order.loyalty.points_spent == 7);
  BOOST_TEST(OrderAccounts::divide(order).ok());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_refused_by_its_field) {
  const auto named = [](const std::string& from, const std::string& to, const std::string& field) {
    const std::string problem = problem_of(replaced(sale(), from, to));
    BOOST_TEST(problem.find(field) != std::string::npos, problem);
  };
  named(R"("SN-2")", R"("4111111111111111")", "lines[0].serials looks like a card number");
  named(R"("SN-2")", R"("")", "lines[0].serials is empty");
  named(R"("SN-2")", "7", "lines[0].serials holds something that is not text");
  named(R"("lines": [1, 2])", R"("lines": [0])", "adjustments[0].lines holds 0");
  named(R"("lines": [1, 2])", R"("lines": ["1"])", "adjustments[0].lines holds something that is not a whole number");
  named(R"("shipment": 2)", R"("shipment": 0)", "lines[0].shipment is 0");
  named(R"("points_spent": 7)", R"("points_spent": -7)", "loyalty.points_spent is -7");
  named(R"("points_spent": 7)", R"("points": 7)", "loyalty.points is not known here");
  named(R"("confirmed_final": true)", R"("confirmed_final": "yes")", "lines[0].confirmed_final");
}

BOOST_AUTO_TEST_CASE(a_serial_number_says_which_line_of_the_order_comes_back) {
  const std::string order = std::string(R"("order": ")") + an_id + R"(")";
  const ReturnAsk by_serial = ask_of("{" + order + R"(, "quantity": 1, "serial": "SN-2"})");
  BOOST_TEST(by_serial.serial == "SN-2");
  BOOST_TEST(by_serial.order_line_no == 0U);
  BOOST_CHECK_THROW(ask_of("{" + order + R"(, "quantity": 1})"), Problem);
  BOOST_CHECK_THROW(ask_of(R"({"sku": "phone", "quantity": 2, "serial": "SN-2"})"), Problem);
}

BOOST_AUTO_TEST_SUITE_END()
