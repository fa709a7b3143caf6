#include <boost/test/unit_test.hpp>

#include "plugin/core/money/money.hpp"

using namespace retour;

namespace {

Decimal decimal(std::string_view text) {
  return Decimal::parse(text).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decimal_tests)

BOOST_AUTO_TEST_CASE(a_decimal_keeps_the_scale_it_was_written_with) {
  BOOST_TEST(decimal("12.005").mantissa == 12'005);
  BOOST_TEST(int{decimal("12.005").scale} == 3);
  BOOST_TEST(decimal("2.50").mantissa == 250);
  BOOST_TEST(int{decimal("2.50").scale} == 2);
  BOOST_TEST(decimal("-11062.06").mantissa == -1'106'206);
  BOOST_TEST(decimal("+7").mantissa == 7);
  BOOST_TEST(decimal("-0.0").mantissa == 0);
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back_the_same) {
  for (const auto* text :
       {"0", "0.00", "0.001", "7", "12.005", "-0.05", "-11062.06", "999999999999999", "0.123456789"}) {
    BOOST_TEST(decimal(text).to_string() == text);
  }
}

BOOST_AUTO_TEST_CASE(the_ends_of_the_type_are_written_whole) {
  BOOST_TEST((Decimal{INT64_MIN, 2}.to_string()) == "-92233720368547758.08");
  BOOST_TEST((Decimal{INT64_MAX, 0}.to_string()) == "9223372036854775807");
  BOOST_TEST((Decimal{-1, 5}.to_string()) == "-0.00001");
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_decimal_is_refused) {
  for (const auto* text : {"", "-", "+", ".", ".5", "5.", "-.5", "1.2.3", "1e3", " 1", "1 ", "1,5", "--1", "0x1", "١",
                           "nan", "1234567890123456", "0.1234567891"}) {
    BOOST_TEST(!Decimal::parse(text).has_value(), "\"" << text << "\"");
  }
  BOOST_TEST(!Decimal::parse(std::string_view("1\0", 2)).has_value());
}

BOOST_AUTO_TEST_CASE(decimals_compare_by_value_whatever_their_scale) {
  BOOST_TEST((decimal("2.50") == decimal("2.5")));
  BOOST_TEST((decimal("0.00") == decimal("0")));
  BOOST_TEST((decimal("2.49") < decimal("2.5")));
  BOOST_TEST((decimal("2.501") > decimal("2.5")));
  BOOST_TEST((decimal("-2.501") < decimal("-2.5")));
  BOOST_TEST((decimal("-1") < decimal("0.000000001")));
}

BOOST_AUTO_TEST_CASE(decimals_too_far_apart_to_align_still_compare) {
  BOOST_TEST((Decimal{INT64_MAX, 0} > Decimal{INT64_MAX, 19}));
  BOOST_TEST((Decimal{1, 0} > Decimal{INT64_MAX, 40}));
  BOOST_TEST((Decimal{-1, 0} < Decimal{INT64_MIN, 255}));
  BOOST_TEST((Decimal{INT64_MIN, 255} > Decimal{-1, 0}));
  BOOST_TEST((Decimal{0, 0} < Decimal{1, 255}));
  BOOST_TEST((Decimal{0, 0} > Decimal{-1, 255}));
  BOOST_TEST((Decimal{0, 0} == Decimal{0, 255}));
}

BOOST_AUTO_TEST_CASE(normalized_decimals_of_equal_value_have_equal_members) {
  for (const auto* text : {"2.5", "2.50", "2.500000000"}) {
    BOOST_TEST(decimal(text).normalized().mantissa == 25);
    BOOST_TEST(int{decimal(text).normalized().scale} == 1);
  }
  BOOST_TEST(decimal("0.000").normalized().mantissa == 0);
  BOOST_TEST(int{decimal("0.000").normalized().scale} == 0);
  BOOST_TEST(decimal("100").normalized().mantissa == 100);
}

BOOST_AUTO_TEST_SUITE_END()
