#include "db/node_files/policy_file.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"

using namespace retour;
using node_files::policy_from_json;

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

BOOST_AUTO_TEST_CASE(a_pack_is_read) {
  const PolicyPack pack{.id = "eu",
                        .version = 7,
                        .merchandise_sku_leading_digits = 5,
                        .windows = {{.name = {"general", ""}, .days = 14}}};
  BOOST_TEST((policy_from_json(R"({"id": "eu", "version": 7, "merchandise_sku_leading_digits": 5,
                                   "windows": [{"id": "general", "days": 14}]})",
                               "x") == pack));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_named) {
  BOOST_TEST(refusal_of("[]").find("not a JSON object") != std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\"}").find("\"version\" is missing") != std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\",\"version\":1,\"window\":14}").find("\"window\" is not known") !=
             std::string::npos);
  BOOST_TEST(
      refusal_of("{\"id\":\"eu\",\"version\":1,\"windows\":[{\"id\":\"a\",\"days\":-1}]}").find("windows.days") !=
      std::string::npos);
  BOOST_TEST(refusal_of("{\"id\":\"eu\",\"version\":99999999999999999999}").find("version") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
