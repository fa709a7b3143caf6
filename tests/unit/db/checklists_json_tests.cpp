#include "db/policy_pack/checklists_json.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "db/node_files/node_files.hpp"
#include "plugin/core/inspection/inspect.hpp"

using namespace retour;
using policy_pack::Fault;

namespace {

nlohmann::json shipped() {
  return nlohmann::json::parse(node_files::read_text("installer/checklists.json"));
}

std::vector<std::string> faults_of(const nlohmann::json& section) {
  std::vector<Fault> faults;
  policy_pack::read_checklists(section, faults);
  std::vector<std::string> paths;
  for (const Fault& fault : faults) paths.push_back(fault.path + " " + fault.reason);
  return paths;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checklists_json_tests)

BOOST_AUTO_TEST_CASE(the_shipped_checklists_are_read_whole_and_grade_what_they_are_there_to_find) {
  std::vector<Fault> faults;
  const auto lists = policy_pack::read_checklists(shipped(), faults);
  BOOST_TEST(faults.empty());
  BOOST_REQUIRE(lists.size() == 3U);
  BOOST_TEST(checklist_for(lists, "apparel/shirts")->questions.size() == 3U);
  const auto phone =
      inspect(*checklist_for(lists, "electronics/phones"),
              {{"activated", "yes"}, {"account_lock", "on"}, {"accessories", "complete"}, {"serial", "same"}});
  BOOST_TEST((phone == Inspection{Grade::unsellable, "account_lock", Disposition::hold, "customer_service"}));
  const auto cream = inspect(*checklist_for(lists, "beauty"), {{"seal", "broken"}});
  BOOST_TEST((cream == Inspection{Grade::unsellable, "seal", Disposition::scrap, ""}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_named_with_its_place) {
  const auto with = [](auto change) {
    auto section = shipped();
    change(section);
    return faults_of(section);
  };
  using List = std::vector<std::string>;
  const auto is = [](const List& found, const char* expected) {
    BOOST_REQUIRE(!found.empty());
    BOOST_TEST(found.front() == expected);
  };
  is(faults_of(nlohmann::json::object()), "checklists is not a list");
  is(with([](auto& s) { s[1]["colour"] = "red"; }), "checklists[1].colour is not known to this version");
  is(with([](auto& s) { s[2]["id"] = "apparel"; }), "checklists has \"apparel\" twice");
  is(with([](auto& s) { s[0]["categories"].clear(); }),
     "checklists[0].categories has 0 entries; 1 to 200 are expected");
  is(with([](auto& s) {
       s[0]["questions"][0]["answers"].erase(0);
       s[0]["questions"][0]["answers"].erase(0);
     }),
     "checklists[0].questions[0].answers has 1 entries; 2 to 10 are expected");
  is(with([](auto& s) { s[2]["questions"][0]["answers"][1]["grade"] = "ungraded"; }),
     "checklists[2].questions[0].answers[1].grade is no grade that an answer can give");
  is(with([](auto& s) { s[2]["questions"][0]["answers"][1]["disposition"] = "shelf"; }),
     "checklists[2].questions[0].answers[1].disposition is no place where goods can go");
  is(with([](auto& s) { s[2]["questions"][0]["words"].erase("zh"); }),
     "checklists[2].questions[0].words.zh is not a text of 1 to 200 bytes");
  is(with([](auto& s) { s[2]["questions"][0]["answers"][1]["words"]["fr"] = "non"; }),
     "checklists[2].questions[0].answers[1].words.fr is not known to this version");
  is(with([](auto& s) { s[2]["questions"][0]["words"]["en"] = ""; }),
     "checklists[2].questions[0].words.en is not a text of 1 to 200 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
