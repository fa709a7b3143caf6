// A return that the customer started at home, at the till: by her code it is finished with what she announced,
// without it the alert says that one stands under the order.

#include <boost/test/unit_test.hpp>

#include "plugin/app/case_code.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/started_return.hpp"
#include "tests/unit/app/till.hpp"

namespace retour {
namespace {

using namespace testing;

/// A store that was told of one started return: a shirt of W-1, by the rules of `policy`.
struct StartedAtTill : Till {
  Order order = plain_order("W-1", {{"shirt", 2, 4000}});
  ReturnStarted started;

  StartedAtTill() {
    receive_with_rights(order, "carol");
    started.started_id.bytes = {1, 2, 3, 4, 5, 6};
    started.code = app::case_code(started.started_id);
    started.order_id = order.id;
    started.asks = {{.line_no = 1,
                     .order_id = order.id,
                     .order_line_no = 1,
                     .sku = "shirt",
                     .quantity = 1,
                     .reason = ReturnReason::size}};
    started.decisions.resize(1);
    started.decisions[0].verdict = Verdict::needs_manager;
    started.decisions[0].trace.needs = Role::manager;
  }
  void told(bool approved, const std::string& by, std::uint64_t cursor = 1) {
    app::take_started(journal(), {{started.started_id, projections::KnownStarted{started, approved, by}}}, cursor);
  }
  /// What the rules leave to a manager.
  void shirts_need_a_manager() {
    policy.windows.push_back({.name = {"all", ""}, .days = 30, .needs = Role::manager});
    restart();
  }
  Decision quoted(const std::string& reference, const std::string& cashier = "anna") {
    app::Visit visit{.customer_ref = "carol",
                     .business_date = CivilDate::of_ms(noon_ms),
                     .cashier = cashier,
                     .lines = started.asks};
    visit.reference = reference;
    const auto quote = app::quote_return(context(), visit);
    require(quote.ok(), "the visit can be answered");
    return quote->lines.at(0).decision;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(started_return_tests, StartedAtTill)

BOOST_AUTO_TEST_CASE(her_code_brings_order_lines_and_reasons_however_it_is_typed) {
  told(true, "");
  std::string typed = started.code;
  typed.erase(std::remove(typed.begin(), typed.end(), '-'), typed.end());
  std::transform(typed.begin(), typed.end(), typed.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto found = app::find_started(context(), typed);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((found->known.started == started));
  BOOST_TEST(found->order->order.number == "W-1");
  BOOST_TEST(!app::find_started(context(), "no code").has_value());
}

BOOST_AUTO_TEST_CASE(an_order_under_a_started_return_is_an_alert_unless_its_code_is_shown) {
  BOOST_TEST(quoted("").trace.facts.alerts.empty());
  told(true, "");
  BOOST_TEST((quoted("").trace.facts.alerts == std::vector<Alert>{Alert::return_started}));
  BOOST_TEST((quoted("C-17").trace.facts.alerts == std::vector<Alert>{Alert::return_started}));
  BOOST_TEST(quoted(started.code).trace.facts.alerts.empty());
  BOOST_TEST((app::find_order(context(), order.id)->started == std::vector<std::string>{started.code}));
}

BOOST_AUTO_TEST_CASE(the_yes_of_a_person_at_the_hub_stands_at_the_till_for_her_code_alone) {
  shirts_need_a_manager();
  told(true, "m-4");
  BOOST_TEST((quoted("").verdict == Verdict::needs_manager));
  const Decision finished = quoted(started.code);
  BOOST_TEST((finished.verdict == Verdict::approved));
  BOOST_TEST((finished.trace.facts.approval == Approval{Role::manager, "m-4", "started_return"}));
  BOOST_TEST((quoted(started.code, "m-4").verdict == Verdict::needs_manager));  // she cannot serve on her own word
}

BOOST_AUTO_TEST_CASE(what_nobody_has_decided_yet_or_the_rules_approved_brings_no_approval) {
  shirts_need_a_manager();
  told(false, "");
  BOOST_TEST((quoted(started.code).verdict == Verdict::needs_manager));
  told(true, "", 2);
  BOOST_TEST((quoted(started.code).verdict == Verdict::needs_manager));
}

BOOST_AUTO_TEST_CASE(one_that_is_over_is_forgotten_and_a_hub_that_lost_its_tail_tells_everything_again) {
  told(true, "");
  app::take_started(journal(), {{started.started_id, std::nullopt}}, 2);
  BOOST_TEST(!app::find_started(context(), started.code).has_value());
  BOOST_TEST(projections::started_cursor(journal().database()) == 2u);
  told(true, "", 3);
  app::forget_started(journal());
  BOOST_TEST(projections::started_cursor(journal().database()) == 0u);
  BOOST_TEST(!app::find_started(context(), started.code).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour
