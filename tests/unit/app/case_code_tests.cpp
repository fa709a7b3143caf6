#include "plugin/app/case_code.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;
using namespace retour::app;

namespace {
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

ReturnCaseId case_id(std::uint8_t seed) {
  ReturnCaseId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(seed * 37 + i * 101);
  return id;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(case_code_tests)

BOOST_AUTO_TEST_CASE(a_code_names_the_first_forty_bits_of_the_case) {
  for (std::uint8_t seed = 0; seed < 100; ++seed) {
    const auto parsed = parse_case_code(case_code(case_id(seed)));
    BOOST_REQUIRE(parsed);
    BOOST_TEST(std::equal(parsed->begin(), parsed->end(), case_id(seed).bytes.begin()));
  }
}

BOOST_AUTO_TEST_CASE(people_may_type_it_in_lower_case_without_dashes_and_with_look_alikes) {
  ReturnCaseId id;
  id.bytes = {0x00, 0x44, 0x32, 0x10, 0x01};
  const std::string code = case_code(id);
  BOOST_TEST_MESSAGE(code);
  std::string typed;
  for (const char c : code) {
    if (c == '-') continue;
    typed += c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
  }
  BOOST_TEST((parse_case_code(typed) == parse_case_code(code)));
  BOOST_TEST(parse_case_code(code).has_value());
}

BOOST_AUTO_TEST_CASE(every_single_wrong_character_and_every_swap_of_neighbours_is_found) {
  for (std::uint8_t seed = 0; seed < 20; ++seed) {
    std::string code = case_code(case_id(seed));
    std::erase(code, '-');
    for (std::size_t at = 0; at < code.size(); ++at) {
      for (const char wrong : alphabet) {
        std::string changed = code;
        changed[at] = wrong;
        BOOST_TEST(parse_case_code(changed).has_value() == (changed == code));
      }
      if (at + 1 == code.size()) continue;
      std::string swapped = code;
      std::swap(swapped[at], swapped[at + 1]);
      BOOST_TEST(parse_case_code(swapped).has_value() == (swapped == code));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_too_short_too_long_or_no_code_is_refused) {
  const std::string code = case_code(case_id(3));
  BOOST_TEST(!parse_case_code(""));
  BOOST_TEST(!parse_case_code(code.substr(1)));
  BOOST_TEST(!parse_case_code(code + "0"));
  BOOST_TEST(!parse_case_code("U" + code.substr(1)));
}

BOOST_AUTO_TEST_SUITE_END()
