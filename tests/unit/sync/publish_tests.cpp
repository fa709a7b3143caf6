// `retour-hub publish`, and by which pack a hub decides.

#include "sync/hub_program/publish.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub_program/make_hub.hpp"
#include "sync/hub_program/open_hub.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::hub_program {

namespace {

/// A hub's directory with the pack "chain", version 1, in policy.json, in force unless a test wants it otherwise.
struct AHub {
  Scratch folder;
  HubFiles files{folder / "hub"};
  simulated::SeededIds ids{1};
  system::SystemClock clock;

  AHub() {
    make_hub(files, {.hosts = {"localhost"}, .port = 9, .policy_json = R"({"id": "chain", "version": 1})"}, clock,
             ids);
  }
  std::filesystem::path file(const std::string& text) {
    const std::filesystem::path path = folder / "file.json";
    std::ofstream(path) << text;
    return path;
  }
  Published publish_file(const std::string& kind, const std::string& text) {
    OpenHub hub(files);
    return publish(hub, kind, file(text));
  }
  /// What publishing is refused with.
  std::string refusal(const std::string& kind, const std::string& text) {
    try {
      publish_file(kind, text);
      return "nothing";
    } catch (const Error& error) {
      return error.what();
    }
  }
  /// Takes up what holds now; the version in force and, behind it, the trouble.
  std::string in_force() {
    OpenHub hub(files);
    hub.take_up_policy();
    return std::to_string(hub.policy().pack.version) +
           (hub.policy().trouble.empty() ? "" : " " + hub.policy().trouble);
  }
  std::string in_days(std::int32_t days) {
    return CivilDate{CivilDate::of_ms(clock.now_ms()).days + days}.to_string();
  }
};

bool says(const std::string& text, const std::string& part) {
  BOOST_TEST_INFO_SCOPE(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(publish_tests)

BOOST_AUTO_TEST_CASE(the_latest_published_pack_that_holds_today_is_in_force_and_else_policy_json) {
  AHub hub;
  BOOST_TEST(hub.in_force() == "1");
  hub.publish_file("policy", R"({"id": "chain", "version": 2, "valid_from": ")" + hub.in_days(1) + "\"}");
  BOOST_TEST(hub.in_force() == "1");
  const Published published = hub.publish_file("policy", R"({"id": "chain", "version": 3})");
  BOOST_TEST(published.what == "policy chain-3");
  BOOST_TEST(published.seq == 2U);
  BOOST_TEST(hub.in_force() == "3");
}

BOOST_AUTO_TEST_CASE(the_same_file_again_is_no_publication_and_an_older_one_comes_back) {
  AHub hub;
  const std::string second = R"({"id": "chain", "version": 2})", third = R"({"id": "chain", "version": 3})";
  BOOST_TEST(hub.publish_file("policy", second).is_new);
  BOOST_TEST(!hub.publish_file("policy", second).is_new);
  BOOST_TEST(hub.publish_file("policy", third).seq == 2U);
  const Published back = hub.publish_file("policy", second);
  BOOST_TEST(back.is_new);
  BOOST_TEST(back.seq == 3U);
  BOOST_TEST(hub.in_force() == "2");
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_refused_by_path_and_reason_and_nothing_is_published) {
  AHub hub;
  const std::string said = hub.refusal("policy", R"({"id": "chain", "version": 2, "dayz": 1})");
  BOOST_TEST(says(said, "file.json"));
  BOOST_TEST(says(said, "dayz is not known"));
  BOOST_TEST(says(hub.refusal("policy", R"({"id": "chain", "version": 2, "valid_until": "2020-01-01"})"),
                  "it held until 2020-01-01"));
  BOOST_TEST(says(hub.refusal("catalogue", R"([{"colour": "red"}])"), "has no \"sku\""));
  BOOST_TEST(says(hub.refusal("staff", R"({"staff": [{"code": "a"}]})"), "needs a code and a role"));
  BOOST_TEST(says(hub.refusal("recall", "{}"), "knows no documents of kind \"recall\""));
  OpenHub opened(hub.files);
  const hub::View view(opened.store());
  BOOST_TEST(opened.store().document_head() == 0U);
}

BOOST_AUTO_TEST_CASE(an_id_and_version_never_mean_two_sets_of_rules) {
  AHub hub;
  hub.in_force();
  BOOST_TEST(says(hub.refusal("policy", R"({"id": "chain", "version": 1, "assumed_delivery_days": 3})"),
                  "was in force with other rules; raise the version"));
  hub.publish_file("policy", R"({"id": "chain", "version": 2, "valid_from": ")" + hub.in_days(9) + "\"}");
  BOOST_TEST(says(hub.refusal("policy", R"({"id": "chain", "version": 2})"),
                  "was published with other rules; raise the version"));
}

BOOST_AUTO_TEST_CASE(only_the_newest_packs_stay_in_the_lane) {
  AHub hub;
  OpenHub opened(hub.files);
  for (std::size_t version = 2; version < policies_published_max + 4; ++version)
    publish(opened, "policy", hub.file(R"({"id": "chain", "version": )" + std::to_string(version) + "}"));
  const hub::View view(opened.store());
  BOOST_TEST(opened.store().documents_of_kind("policy").size() == policies_published_max);
}

BOOST_AUTO_TEST_CASE(a_hub_with_a_wrong_policy_file_keeps_the_last_pack_and_one_that_never_had_any_does_not_start) {
  AHub hub;
  BOOST_TEST(hub.in_force() == "1");
  std::ofstream(hub.files.policy()) << R"({"id": "chain", "version": 2, "dayz": 1})";
  const std::string said = hub.in_force();
  BOOST_TEST(says(said, "1 "));
  BOOST_TEST(says(said, hub.files.policy().string()));
  BOOST_TEST(says(said, "dayz is not known"));
  BOOST_TEST(said.ends_with("pack \"chain\", version 1, stays in force"), said);

  AHub fresh;
  std::ofstream(fresh.files.policy()) << "{";
  BOOST_CHECK_THROW(fresh.in_force(), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub_program
