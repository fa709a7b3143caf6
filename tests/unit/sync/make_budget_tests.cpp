#include "sync/hub/make_budget.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/budget_key.hpp"
#include "plugin/core/order/exposure_budget.hpp"
#include "sync/hub_program/budget_amount.hpp"
#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

const Currency eur = *Currency::parse("EUR");

struct BudgetWorld : HubWorld {
  std::optional<hub::MadeBudget> make(const std::string& name, Minor minor) {
    const auto made = hub::make_budget(store(), ids, {name, eur, minor, "finance-7"}, clock.now_ms());
    if (!made.ok()) return std::nullopt;
    hub().note_orders();
    return *made;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(make_budget_tests, BudgetWorld)

BOOST_AUTO_TEST_CASE(a_budget_goes_to_its_store_as_an_order_with_its_right) {
  FakeNode& anna = join("anna");
  join("bert");
  const auto made = make("anna", 50'000);
  BOOST_TEST_REQUIRE(made.has_value());
  anna.sync();
  hub::Work work(store(), clock.now_ms());
  const auto row = store().order(made->order_id);
  BOOST_TEST_REQUIRE(row.has_value());
  BOOST_TEST(is_budget(codec::unpack_order(row->evidence)));
  BOOST_TEST(
      (store().rights(made->order_id)->held_by(Holder::node(anna.id)) == std::vector<UnitRange>{{1, 0, 50'000}}));
}

BOOST_AUTO_TEST_CASE(a_second_budget_has_the_next_number_and_one_for_nobody_is_refused) {
  join("anna");
  const auto first = make("anna", 1), second = make("anna", budget_minor_max);
  BOOST_TEST_REQUIRE((first && second));
  BOOST_TEST(first->number.ends_with("-1"));
  BOOST_TEST(second->number.ends_with("-2"));
  BOOST_TEST(!make("cleo", 1).has_value());
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(an_amount_is_read_in_the_decimals_of_its_currency) {
  using hub_program::parse_amount;
  BOOST_TEST((parse_amount("500.00", eur) == 50'000));
  BOOST_TEST((parse_amount("500", eur) == 50'000));
  BOOST_TEST((parse_amount("0.5", eur) == 50));
  for (const char* none : {"0", "-1", "1.001", "1e3", "abc", "", "10000000.01"}) {
    BOOST_TEST(!parse_amount(none, eur).has_value(), none);
  }
  BOOST_TEST((parse_amount("500", *Currency::parse("JPY")) == 500));
}

BOOST_AUTO_TEST_SUITE_END()
