#include "plugin/app/find_order.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// Numbers of what is found, in the order of the answer.
std::string found_by(Till& till, const OrderQuery& query) {
  std::string numbers;
  for (const FoundOrder& found : find_orders(till.context(), query))
    numbers += (numbers.empty() ? "" : " ") + found.order.number + (found.sold_here ? "(here)" : "");
  return numbers;
}

Order with_barcode(Order order, const std::string& gtin) {
  order.lines[0].gtin = gtin;
  return order;
}

void sell_here(Till& till, const Order& order, const std::string& customer) {
  SaleCommand sale;
  sale.command_id = till.ids.make<CommandId>();
  sale.order = order;
  sale.customer_ref = customer;
  BOOST_REQUIRE(record_sale(till.context(), sale).ok());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(find_order_tests)

BOOST_AUTO_TEST_CASE(an_order_is_found_by_each_key_whether_it_came_with_the_feed_or_was_sold_here) {
  Till till;
  till.receive(with_barcode(plain_order("W-1", {{"shirt", 1, 1000}}), "04006381333931"), "anna");
  till.receive(plain_order("W-2", {{"mug", 1, 400}}), "anna");
  till.receive(with_barcode(plain_order("W-3", {{"shirt", 1, 1000}}), "04006381333931"), "bert");
  Order sale = with_barcode(plain_order("S-1", {{"shirt", 1, 900}}), "04006381333931");
  sale.sold_at_ms += 1000;
  sell_here(till, sale, "anna");

  BOOST_TEST(found_by(till, {.number = "W-1"}) == "W-1");
  BOOST_TEST(found_by(till, {.number = "S-1"}) == "S-1(here)");
  BOOST_TEST(found_by(till, {.number = "W-9"}) == "");
  BOOST_TEST(found_by(till, {.customer_ref = "bert"}) == "W-3");
  BOOST_TEST(found_by(till, {.customer_ref = "Bert"}) == "");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "mug"}) == "W-2");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "shirt"}) == "S-1(here) W-1");
  BOOST_TEST(found_by(till, {.number = "W-1", .item = "mug"}) == "");
}

BOOST_AUTO_TEST_CASE(a_barcode_is_found_in_the_length_in_which_it_is_scanned) {
  Till till;
  till.receive(with_barcode(plain_order("W-1", {{"shirt", 1, 1000}}), "04006381333931"), "anna");
  till.receive(with_barcode(plain_order("W-2", {{"mug", 1, 400}}), "00000096385074"), "anna");
  sell_here(till, with_barcode(plain_order("S-1", {{"cap", 1, 900}}), "00614141000036"), "anna");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "4006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "04006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "96385074"}) == "W-2");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "614141000036"}) == "S-1(here)");
  BOOST_TEST(found_by(till, {.number = "W-1", .item = "4006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "4006381333932"}) == "");
}

BOOST_AUTO_TEST_CASE(an_sku_that_looks_like_a_barcode_is_found_as_it_is_written) {
  Till till;
  till.receive(plain_order("W-1", {{"96385074", 1, 1000}}), "anna");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "96385074"}) == "W-1");
}

BOOST_AUTO_TEST_CASE(newest_come_first_and_no_more_than_a_person_can_read) {
  Till till;
  for (std::size_t n = 0; n < found_orders_max + 5; ++n) {
    Order order = plain_order("W-" + std::to_string(n), {{"shirt", 1, 1000}});
    order.sold_at_ms += static_cast<std::int64_t>(n);
    till.receive(order, "anna");
  }
  const auto found = find_orders(till.context(), {.customer_ref = "anna"});
  BOOST_REQUIRE(found.size() == found_orders_max);
  BOOST_TEST(found.front().order.number == "W-54");
  BOOST_TEST(found.back().order.number == "W-5");
}

BOOST_AUTO_TEST_CASE(without_a_receipt_the_card_or_the_article_and_about_the_day_find_the_purchase) {
  Till till;
  const auto bought = [](const std::string& number, const char* day) {
    Order order = plain_order(number, {{"shirt", 1, 1000}});
    order.sold_on = *CivilDate::parse(day);
    order.sold_at_ms = std::int64_t{order.sold_on.days} * 86'400'000;
    return order;
  };
  till.receive(bought("W-1", "2026-11-10"), LookupKey{}, "card-7");
  till.receive(bought("W-2", "2026-11-12"), LookupKey{}, "card-8");
  till.receive(bought("W-3", "2026-11-15"), LookupKey{}, "card-7");
  const CivilDate day = *CivilDate::parse("2026-11-12");

  BOOST_TEST(found_by(till, {.card_ref = "card-7", .bought_about = day}) == "W-1");
  BOOST_TEST(found_by(till, {.card_ref = "card-9", .bought_about = day}) == "");
  BOOST_TEST(found_by(till, {.item = "mug", .card_ref = "card-7", .bought_about = day}) == "");
  BOOST_TEST(found_by(till, {.item = "shirt", .bought_about = day}) == "W-2 W-1");
  BOOST_TEST(found_by(till, {.item = "shirt", .bought_about = CivilDate{day.days + 1}}) == "W-3 W-2");
}

BOOST_AUTO_TEST_CASE(a_card_or_an_article_without_a_day_is_not_enough) {
  const CivilDate day = *CivilDate::parse("2026-11-12");
  BOOST_TEST(!can_be_answered({.item = "shirt"}));
  BOOST_TEST(!can_be_answered({.card_ref = "card-7"}));
  BOOST_TEST(!can_be_answered({.customer_ref = "anna", .card_ref = "card-7"}));
  BOOST_TEST(!can_be_answered({.bought_about = day}));
  BOOST_TEST(can_be_answered({.item = "shirt", .bought_about = day}));
  BOOST_TEST(can_be_answered({.card_ref = "card-7", .bought_about = day}));
  BOOST_TEST(can_be_answered({.customer_ref = "anna"}));
}

BOOST_AUTO_TEST_CASE(what_is_recalled_or_bought_by_the_cashiers_family_is_said_with_the_order) {
  Till till;
  till.employ("anna", Role::cashier);
  till.is_family("anna", "carol");
  till.recall("kettle", "Unplug it.");
  till.receive(plain_order("W-1", {{"shirt", 1, 1000}, {"kettle", 1, 3000}}), "carol");
  const auto alerts_of_line = [&](const std::string& cashier, std::uint32_t line_no) {
    std::string said;
    const auto found = find_orders(till.context(), {.number = "W-1", .cashier = cashier});
    for (const auto& [number, noticed] : found.at(0).notices) {
      for (const Alert alert : noticed.alerts) said += number == line_no ? std::string(to_string(alert)) + " " : "";
      if (number == line_no && noticed.recall) said += noticed.recall->en;
    }
    return said;
  };
  BOOST_TEST(alerts_of_line("anna", 1) == "own_purchase ");
  BOOST_TEST(alerts_of_line("anna", 2) == "own_purchase recalled Unplug it.");
  BOOST_TEST(alerts_of_line("bert", 1) == "");
  BOOST_TEST(alerts_of_line("bert", 2) == "recalled Unplug it.");
}

BOOST_AUTO_TEST_SUITE_END()
