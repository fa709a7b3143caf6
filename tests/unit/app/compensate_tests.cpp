#include "plugin/app/compensate.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// A shop that gives up to 20 % for what the customer keeps; carol bought three shirts at 10.00, paid in cash.
struct Shop : Till {
  Shop() {
    policy.compensation = {{.name = {"goodwill"}, .when = {}, .share_max = {2'000}}};
    restart();
    receive_with_rights(order, "carol");
  }

  Compensate give(std::int64_t quantity, Minor minor) {
    return {.command_id = ids.make<CommandId>(),
            .till = "1",
            .cashier = "anna",
            .customer_ref = "carol",
            .business_date = CivilDate::of_ms(noon_ms),
            .order_id = order.id,
            .order_line_no = 1,
            .quantity = quantity,
            .reason = ReturnReason::quality,
            .amount_minor = minor};
  }

  std::string code_of(const Compensate& command) {
    const auto result = compensate(context(), command);
    return result.ok() ? "done" : result.error().code;
  }

  Minor refund_for(std::int64_t quantity) {
    const Minor before = moved_minor();
    must(execute_return(context(), command("carol", {{"shirt", quantity, 0}})));
    return moved_minor() - before;
  }

  const Order order = plain_order("W-1", {{"shirt", 3, 1000}});
};

}  // namespace

BOOST_AUTO_TEST_SUITE(compensate_tests)

BOOST_AUTO_TEST_CASE(what_was_given_and_what_comes_back_later_are_what_was_paid) {
  Shop shop;
  shop.must(compensate(shop.context(), shop.give(2, 301)));
  BOOST_TEST(shop.moved_minor() == 301);
  BOOST_TEST(shop.refund_for(3) == 3000 - 301);
}

BOOST_AUTO_TEST_CASE(units_of_which_nothing_was_taken_come_first) {
  Shop shop;
  shop.must(compensate(shop.context(), shop.give(1, 200)));
  shop.must(compensate(shop.context(), shop.give(1, 200)));
  shop.must(compensate(shop.context(), shop.give(1, 200)));
  BOOST_TEST(shop.code_of(shop.give(1, 1)) == "compensation_not_given");  // each unit has given its fifth
  BOOST_TEST(shop.refund_for(1) == 800);
}

BOOST_AUTO_TEST_CASE(two_halves_are_no_more_than_the_whole) {
  Shop shop;
  shop.must(compensate(shop.context(), shop.give(3, 400)));
  BOOST_TEST(shop.code_of(shop.give(3, 201)) == "compensation_too_high");
  BOOST_TEST(shop.code_of(shop.give(3, 200)) == "done");
}

BOOST_AUTO_TEST_CASE(a_share_is_cut_off_to_whole_minor_units) {
  Shop shop;
  Compensate share = shop.give(1, 0);
  share.amount_minor.reset();
  share.share = BasisPoints{1'234};  // 12.34 % of 10.00 is 1.234
  shop.must(compensate(shop.context(), share));
  BOOST_TEST(shop.moved_minor() == 123);
}

BOOST_AUTO_TEST_CASE(units_that_came_back_are_given_nothing) {
  Shop shop;
  BOOST_TEST(shop.refund_for(2) == 2000);
  BOOST_TEST(shop.code_of(shop.give(2, 100)) == "rights_elsewhere");
  BOOST_TEST(shop.code_of(shop.give(1, 100)) == "done");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_by_name_and_moves_nothing) {
  Shop shop;
  BOOST_TEST(shop.code_of(shop.give(0, 100)) == "quantity_invalid");
  BOOST_TEST(shop.code_of(shop.give(4, 100)) == "quantity_invalid");
  BOOST_TEST(shop.code_of(shop.give(1, 0)) == "amount_invalid");
  BOOST_TEST(shop.code_of(shop.give(1, -5)) == "amount_invalid");
  BOOST_TEST(shop.code_of(shop.give(1, 1001)) == "amount_invalid");  // more than one unit cost

  Compensate elsewhere = shop.give(1, 100);
  elsewhere.order_line_no = 9;
  BOOST_TEST(shop.code_of(elsewhere) == "order_line_unknown");
  elsewhere.order_id = plain_order("W-9", {}).id;
  BOOST_TEST(shop.code_of(elsewhere) == "order_unknown");
  BOOST_TEST(shop.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(without_the_right_nothing_is_given) {
  Shop shop;
  const Order far = plain_order("W-2", {{"shirt", 1, 1000}});
  shop.receive(far, "carol");
  Compensate command = shop.give(1, 100);
  command.order_id = far.id;
  BOOST_TEST(shop.code_of(command) == "rights_elsewhere");
}

BOOST_AUTO_TEST_CASE(the_same_command_pays_once_and_another_under_its_id_is_refused) {
  Shop shop;
  const Compensate command = shop.give(1, 150);
  shop.must(compensate(shop.context(), command));
  const ReturnOutcome again = shop.must(compensate(shop.context(), command));
  BOOST_TEST(again.already_recorded);
  BOOST_TEST(shop.moved_minor() == 150);

  Compensate other = command;
  other.amount_minor = 151;
  BOOST_TEST(shop.code_of(other) == "command_reused");
}

BOOST_AUTO_TEST_CASE(who_agrees_is_somebody_else_with_the_role) {
  Shop shop;
  shop.policy.compensation.front().needs = Role::manager;
  shop.restart();
  shop.employ("anna", Role::manager, "1111");
  shop.employ("sue", Role::supervisor, "2222");
  shop.employ("maria", Role::manager, "2468");

  Compensate command = shop.give(1, 100);
  command.cashier = "tom";
  BOOST_TEST(shop.code_of(command) == "approval_needed");
  command.approval = CompensationApproval{{"sue", ApprovalMethod::pin, "2222"}, "stain"};
  BOOST_TEST(shop.code_of(command) == "approver_role_too_low");
  command.approval = CompensationApproval{{"maria", ApprovalMethod::pin, "2469"}, "stain"};
  BOOST_TEST(shop.code_of(command) == "approver_not_verified");
  command.approval = CompensationApproval{{"tom", ApprovalMethod::pin, "2468"}, "stain"};
  BOOST_TEST(shop.code_of(command) == "approver_is_requester");
  command.approval = CompensationApproval{{"maria", ApprovalMethod::pin, "2468"}, "stain"};
  BOOST_TEST(shop.code_of(command) == "done");
}

BOOST_AUTO_TEST_CASE(a_kill_between_the_commit_and_the_drawer_loses_nothing) {
  Shop shop;
  Compensate command = shop.give(1, 100);
  command.refund_as = TenderKind::store_credit;
  shop.must(compensate(shop.context(), command));
  shop.restart();
  BOOST_TEST(shop.must(compensate(shop.context(), command)).already_recorded);
  BOOST_TEST(shop.moves() == 0U);  // a credit is paper
  BOOST_TEST(shop.refund_for(3) == 2900);
}

BOOST_AUTO_TEST_SUITE_END()
