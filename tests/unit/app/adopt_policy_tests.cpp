#include "plugin/app/adopt_policy.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "db/codec/digest.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

/// A store's journal and the policy.json beside it, on 22 November 2026.
struct Store {
  JournalFile file;
  Scratch folder;
  simulated::ManualClock clock{journal_noon_ms};
  simulated::SeededIds ids{1};
  std::filesystem::path policy = folder / "policy.json";

  app::PolicyInForce start(const std::string& json) {
    std::ofstream(policy) << json;
    return adopt();
  }
  app::PolicyInForce adopt() {
    const app::PolicySource source{policy};
    return app::adopt_policy(file.journal, clock, ids, {&source, 1});
  }
  /// "uk 1, uk 2"
  std::string adopted() {
    std::string text;
    for (const PolicyAdopted& one : app::adopted_policies(file.journal.database())) {
      text += (text.empty() ? "" : ", ") + one.policy_id + " " + std::to_string(one.policy_version);
    }
    return text;
  }
};

const std::string first = R"({"id": "uk", "version": 1})";
const std::string second = R"({"id": "uk", "version": 2, "windows": [{"id": "w", "days": 30}]})";

/// The sentence for the person, with the version that stays.
bool keeps_first(const app::PolicyInForce& in_force, const std::string& because) {
  BOOST_TEST_INFO_SCOPE(in_force.trouble);
  return in_force.pack.version == 1 && in_force.trouble.find(because) != std::string::npos &&
         in_force.trouble.ends_with("; pack \"uk\", version 1, stays in force");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adopt_policy_tests)

BOOST_AUTO_TEST_CASE(a_pack_comes_into_force_with_an_event_that_holds_it_whole) {
  Store store;
  const app::PolicyInForce in_force = store.start(second);
  BOOST_TEST(in_force.trouble == "");
  BOOST_TEST(in_force.pack.windows.size() == 1U);
  const auto adopted = app::adopted_policies(store.file.journal.database());
  BOOST_REQUIRE(adopted.size() == 1U);
  BOOST_TEST(adopted[0].pack == second);
  BOOST_TEST((adopted[0].pack_hash == codec::sha256(std::vector<std::uint8_t>(second.begin(), second.end()))));
  BOOST_TEST(store.file.verify().findings.empty());
}

BOOST_AUTO_TEST_CASE(the_same_rules_again_are_no_event) {
  Store store;
  store.start(first);
  store.start(first);
  store.start(R"({ "version": 1, "id": "uk" })");
  BOOST_TEST(store.adopted() == "uk 1");
}

BOOST_AUTO_TEST_CASE(each_change_is_an_event_and_so_is_the_way_back) {
  Store store;
  for (const std::string& pack : {first, second, first}) BOOST_TEST(store.start(pack).trouble == "");
  BOOST_TEST(store.adopted() == "uk 1, uk 2, uk 1");
}

BOOST_AUTO_TEST_CASE(a_file_that_will_not_do_leaves_the_last_one_in_force) {
  Store store;
  store.start(first);
  BOOST_TEST(keeps_first(store.start("{"), "is not JSON"));
  BOOST_TEST(keeps_first(store.start(R"({"id": "uk", "version": 2, "dayz": 3})"), "dayz is not known"));
  BOOST_TEST(keeps_first(store.start(R"({"id": "uk", "version": 1, "assumed_delivery_days": 3})"),
                         "was in force with other rules; raise the version"));
  BOOST_TEST(keeps_first(store.start(R"({"id": "uk", "version": 2, "valid_from": "2026-11-23"})"),
                         "it holds from 2026-11-23 on"));
  BOOST_TEST(keeps_first(store.start(R"({"id": "uk", "version": 2, "valid_until": "2026-11-21"})"),
                         "it held until 2026-11-21"));
  std::filesystem::remove(store.policy);
  BOOST_TEST(keeps_first(store.adopt(), "policy.json"));
  BOOST_TEST(store.adopted() == "uk 1");
  BOOST_TEST(
      store.start(R"({"id": "uk", "version": 2, "valid_from": "2026-11-22", "valid_until": "2026-11-22"})").trouble ==
      "");
}

BOOST_AUTO_TEST_CASE(an_old_version_never_means_other_rules) {
  Store store;
  store.start(first);
  store.start(second);
  const auto in_force = store.start(R"({"id": "uk", "version": 1, "assumed_delivery_days": 3})");
  BOOST_TEST(in_force.pack.version == 2U);
  BOOST_TEST(in_force.trouble.find("pack \"uk\", version 1 was in force with other rules") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_pack_in_force_a_file_that_will_not_do_is_an_error) {
  Store store;
  BOOST_CHECK_THROW(store.start("{"), Error);
  BOOST_CHECK_THROW(store.start(R"({"id": "uk", "version": 2, "valid_from": "2026-11-23"})"), Error);
  BOOST_TEST(store.adopted() == "");
}

/// Version, and whether it said anything.
std::string chosen(const app::PolicyInForce& in_force) {
  return std::to_string(in_force.pack.version) + (in_force.trouble.empty() ? "" : ", with trouble");
}

app::PolicyInForce adopt(Store& store, const std::vector<std::string>& packs) {
  std::vector<app::PolicySource> sources;
  for (const std::string& pack : packs) sources.push_back({"pack " + std::to_string(sources.size()), pack});
  return app::adopt_policy(store.file.journal, store.clock, store.ids, sources);
}

BOOST_AUTO_TEST_CASE(a_pack_of_the_future_waits_without_trouble_and_comes_into_force_on_its_day_and_goes_on_another) {
  Store store;
  const std::vector<std::string> packs{
      R"({"id": "uk", "version": 3, "valid_from": "2026-11-24", "valid_until": "2026-11-25"})", first};
  const std::vector<std::string> days{"1", "1", "3", "3", "1"};  // from 22 November on
  for (const std::string& day : days) {
    BOOST_TEST(chosen(adopt(store, packs)) == day);
    store.clock.advance(86'400'000);
  }
  BOOST_TEST(store.adopted() == "uk 1, uk 3, uk 1");
}

BOOST_AUTO_TEST_CASE(when_the_only_pack_is_over_it_stays_and_says_so) {
  Store store;
  const std::vector<std::string> packs{R"({"id": "uk", "version": 1, "valid_until": "2026-11-22"})"};
  BOOST_TEST(chosen(adopt(store, packs)) == "1");
  store.clock.advance(86'400'000);
  BOOST_TEST(keeps_first(adopt(store, packs), "it held until 2026-11-22"));
}

BOOST_AUTO_TEST_CASE(the_first_source_that_holds_is_in_force_and_a_wrong_one_before_it_is_told) {
  Store store;
  BOOST_TEST(chosen(adopt(store, {second, first})) == "2");
  const auto in_force = adopt(store, {"{", second, first});
  BOOST_TEST(chosen(in_force) == "2, with trouble");
  BOOST_TEST(in_force.trouble.find("pack 0") != std::string::npos, in_force.trouble);
  BOOST_TEST(in_force.trouble.ends_with("; pack \"uk\", version 2, is in force"), in_force.trouble);
  BOOST_TEST(store.adopted() == "uk 2");
}

BOOST_AUTO_TEST_SUITE_END()
