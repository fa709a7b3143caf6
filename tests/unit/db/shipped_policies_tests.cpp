#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "db/policy_pack/pack_file.hpp"
#include "tests/support/policy_cases.hpp"
#include "tests/support/policy_mutants.hpp"

using namespace retour;

namespace {

const std::vector<std::string> shipped{"cn", "eu", "uk", "retail", "default"};

/// Changes that change nothing, and why.
const std::set<std::string> says_the_same{
    // What is unsellable was refused by the condition before it.
    R"(cn/conditions/1/when/grades: ["refurbishable"] -> ["refurbishable","unsellable"])"};

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(RETOUR_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string json_of(const std::string& pack) {
  return text_of("installer/policies/" + pack + ".json");
}

std::vector<policy_cases::PolicyCase> cases_of(const std::string& pack) {
  return policy_cases::read(std::string(RETOUR_SOURCE_DIR) + "/tests/golden/policies/" + pack + ".cases");
}

/// Whether some case gets another answer than the table says.
bool is_seen(const PolicyPack& changed, const std::vector<policy_cases::PolicyCase>& cases) {
  for (const auto& one : cases) {
    if (policy_cases::answer(changed, one.situation) != one.expected) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shipped_policies_tests)

BOOST_DATA_TEST_CASE(a_shipped_pack_answers_as_its_table_says, boost::unit_test::data::make(shipped), name) {
  const PolicyPack pack = policy_pack::policy_from_json(json_of(name), name);
  for (const auto& one : cases_of(name)) {
    BOOST_TEST_INFO("tests/golden/policies/" << name << ".cases:" << one.line);
    for (const auto& [key, value] : one.situation) BOOST_TEST_INFO(key << "=" << value);
    BOOST_TEST(policy_cases::answer(pack, one.situation) == one.expected);
  }
}

BOOST_DATA_TEST_CASE(no_constant_of_a_shipped_pack_changes_unseen, boost::unit_test::data::make(shipped), name) {
  const auto cases = cases_of(name);
  const PolicyPack pack = policy_pack::policy_from_json(json_of(name), name);
  std::size_t tried = 0;
  for (const auto& mutant : policy_cases::mutants_of(nlohmann::json::parse(json_of(name)))) {
    const auto read = policy_pack::read_pack(mutant.pack.dump());
    if (!read.file || read.file->pack == pack) continue;  // refused, or the default in other words
    if (says_the_same.contains(name + mutant.what)) continue;
    ++tried;
    BOOST_TEST(is_seen(read.file->pack, cases), name << ": no case sees " << mutant.what);
  }
  BOOST_TEST(tried >= 2U);
}

BOOST_AUTO_TEST_CASE(every_rule_of_the_law_names_its_article) {
  for (const std::string name : {"cn", "eu", "uk"}) {
    const nlohmann::json pack = nlohmann::json::parse(json_of(name));
    for (const auto& [section, rules] : pack.items()) {
      if (!rules.is_array()) continue;
      for (const auto& rule : rules) {
        const std::string source = rule.value("source", "");
        const bool named = source.find("Article") != std::string::npos ||
                           source.find("regulation") != std::string::npos ||
                           source.find("section") != std::string::npos;
        BOOST_TEST(named,
                   name << "/" << section << "/" << rule.value("id", "") << " has the source \"" << source << '"');
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
