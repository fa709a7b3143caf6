#include "plugin/core/inspection/inspect.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/policy/reason_catalogue.hpp"

using namespace retour;

namespace {

ChecklistAnswer fine(const char* id) {
  return {id, {"fine", "好"}, Grade::resalable, Disposition::restock, ""};
}

const Checklist apparel{
    "apparel",
    {"apparel", "shoes/boots"},
    {{"tag",
      {"Tag?", "吊牌？"},
      {fine("present"),
       {"loose", {"loose", "脱落"}, Grade::resalable, Disposition::outlet, ""},
       {"missing", {"no", "无"}, Grade::refurbishable, Disposition::outlet, ""}}},
     {"stain",
      {"Stain?", "污渍？"},
      {fine("none"), {"lasting", {"yes", "有"}, Grade::unsellable, Disposition::donate, "quality"}}},
     {"smell",
      {"Smell?", "气味？"},
      {fine("none"), {"worn", {"yes", "有"}, Grade::unsellable, Disposition::scrap, ""}}}}};

InspectionRefusal refusal_of(const std::vector<CheckAnswer>& answers) {
  const auto seen = inspect(apparel, answers);
  BOOST_REQUIRE(!seen.ok());
  return seen.error();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspection_tests)

BOOST_AUTO_TEST_CASE(flawless_goods_are_resalable_and_no_question_is_named) {
  const auto seen = inspect(apparel, {{"smell", "none"}, {"tag", "present"}, {"stain", "none"}});
  BOOST_TEST((seen == Inspection{Grade::resalable, "", Disposition::restock, ""}));
}

BOOST_AUTO_TEST_CASE(the_worst_answer_gives_the_grade_and_says_where_the_goods_go) {
  const auto seen = inspect(apparel, {{"tag", "missing"}, {"stain", "lasting"}, {"smell", "none"}});
  BOOST_TEST((seen == Inspection{Grade::unsellable, "stain", Disposition::donate, "quality"}));
}

BOOST_AUTO_TEST_CASE(of_equally_bad_answers_the_first_question_of_the_checklist_counts) {
  const auto seen = inspect(apparel, {{"smell", "worn"}, {"stain", "lasting"}, {"tag", "present"}});
  BOOST_TEST(seen->because == "stain");
}

BOOST_AUTO_TEST_CASE(a_resalable_article_may_still_go_elsewhere_than_back_on_the_shelf) {
  const auto seen = inspect(apparel, {{"tag", "loose"}, {"stain", "none"}, {"smell", "none"}});
  BOOST_TEST((seen == Inspection{Grade::resalable, "tag", Disposition::outlet, ""}));
}

BOOST_AUTO_TEST_CASE(answers_that_do_not_fit_are_refused_by_name) {
  BOOST_TEST(
      (refusal_of({{"colour", "red"}}) == InspectionRefusal{InspectionFault::question_unknown, "colour", "red"}));
  BOOST_TEST((refusal_of({{"tag", "torn"}}) == InspectionRefusal{InspectionFault::answer_unknown, "tag", "torn"}));
  BOOST_TEST((refusal_of({{"tag", "present"}, {"tag", "missing"}}) ==
              InspectionRefusal{InspectionFault::answered_twice, "tag", "missing"}));
  BOOST_TEST((refusal_of({{"tag", "present"}, {"smell", "none"}}) ==
              InspectionRefusal{InspectionFault::not_answered, "stain", ""}));
}

BOOST_AUTO_TEST_CASE(a_checklist_speaks_of_its_categories_and_all_below_them) {
  const std::vector<Checklist> lists{apparel};
  BOOST_TEST(checklist_for(lists, "apparel") == &lists[0]);
  BOOST_TEST(checklist_for(lists, "apparel/shirts") == &lists[0]);
  BOOST_TEST(checklist_for(lists, "shoes/boots/rain") == &lists[0]);
  BOOST_TEST(checklist_for(lists, "shoes") == nullptr);
  BOOST_TEST(checklist_for(lists, "apparels") == nullptr);
  BOOST_TEST(checklist_for(lists, "") == nullptr);
}

BOOST_AUTO_TEST_CASE(every_reason_has_an_owner_once_and_faults_of_the_merchant_are_named) {
  for (auto code = static_cast<int>(ReturnReason::size); code <= static_cast<int>(ReturnReason::other); ++code) {
    const auto reason = static_cast<ReturnReason>(code);
    BOOST_TEST((entry_of(reason).reason == reason));
    BOOST_TEST(!entry_of(reason).department.empty());
  }
  BOOST_TEST(reason_catalogue().size() == 10U);
  BOOST_TEST(entry_of(ReturnReason::damaged_in_transit).merchant_at_fault);
  BOOST_TEST(entry_of(ReturnReason::damaged_in_transit).department == "logistics");
  BOOST_TEST(!entry_of(ReturnReason::changed_mind).merchant_at_fault);
}

BOOST_AUTO_TEST_CASE(a_pack_names_another_owner_of_a_reason_and_leaves_the_others) {
  PolicyPack policy;
  policy.reasons = {{.reason = ReturnReason::late, .department = "carriers", .merchant_at_fault = false},
                    {.reason = ReturnReason::quality, .department = "suppliers", .merchant_at_fault = {}}};
  std::size_t changed = 0;
  for (const ReasonEntry& entry : reasons_of(policy)) {
    if (entry.department != entry_of(entry.reason).department) ++changed;
    if (entry.reason == ReturnReason::late) BOOST_TEST(!entry.merchant_at_fault);
    if (entry.reason == ReturnReason::quality) BOOST_TEST(entry.merchant_at_fault);
  }
  BOOST_TEST(changed == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
