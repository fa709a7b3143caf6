#include "db/node_files/policy_file.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"

using namespace retour;
using node_files::policy_from_json;
using node_files::policy_to_json;

namespace {
std::string refusal_of(const std::string& json) {
  try {
    policy_from_json(json, "policy.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "read";
}
}  // namespace

BOOST_AUTO_TEST_SUITE(policy_file_tests)

BOOST_AUTO_TEST_CASE(a_pack_survives_being_written_and_read) {
  const PolicyPack with_window{.id = "eu", .version = 7, .window_days = 14, .merchandise_sku_leading_digits = 5};
  const PolicyPack without{.id = "replay", .version = 1, .window_days = {}, .merchandise_sku_leading_digits = 5};
  BOOST_TEST((policy_from_json(policy_to_json(with_window), "x") == with_window));
  BOOST_TEST((policy_from_json(policy_to_json(without), "x") == without));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_named) {
  BOOST_TEST(refusal_of("[]").find("not a JSON object") != std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\"}").find("\"version\" is missing") != std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\",\"version\":1,\"window\":14}").find("\"window\" is not known") !=
             std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\",\"version\":1,\"window_days\":-1}").find("window_days") != std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\",\"version\":99999999999999999999}").find("version") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
