#include "sync/protocol/enrol_token.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;
using protocol::EnrolToken;

BOOST_AUTO_TEST_SUITE(enrol_token_tests)

BOOST_AUTO_TEST_CASE(a_token_survives_being_printed_and_typed) {
  EnrolToken token{.host = "hub.example", .port = 7443, .secret = std::string(32, 'a')};
  token.ca_fingerprint.bytes.fill(0x5c);
  BOOST_TEST((EnrolToken::parse(token.to_string()) == token));
}

BOOST_AUTO_TEST_CASE(a_token_with_a_part_missing_or_bent_is_refused) {
  const std::string good = "rt1:hub:7443:" + std::string(32, '0') + ":" + std::string(64, '0');
  BOOST_TEST(EnrolToken::parse(good).has_value());
  for (const std::string& bad :
       {std::string(), good + "0", good + ":", "rt2" + good.substr(3), "rt1::7443" + good.substr(12),
        "rt1:hub:70000" + good.substr(12), "rt1:hub:0" + good.substr(12), "rt1:hub:7443x" + good.substr(12),
        good.substr(0, good.size() - 1), "rt1:hub:7443:" + std::string(32, 'g') + good.substr(45)}) {
    BOOST_TEST(!EnrolToken::parse(bad).has_value(), "accepted " << bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()
