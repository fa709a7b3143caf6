#include <boost/test/unit_test.hpp>

#include "db/policy_pack/pack_file.hpp"

using namespace retour;
using namespace retour::policy_pack;

namespace {

/// The one fault of a pack with these sections, "" when it has none.
std::string fault_of(const std::string& sections) {
  const ReadPack read = read_pack(R"({"id": "p", "version": 1, )" + sections + "}");
  std::string lines;
  for (const Fault& fault : read.faults) lines += (lines.empty() ? "" : "\n") + to_string(fault);
  return lines;
}

/// Two exclusions with these conditions.
std::string exclusions(const std::string& first, const std::string& second) {
  return R"("exclusions": [{"id": "a", "when": {)" + first + R"(}}, {"id": "b", "when": {)" + second + "}}]";
}

const std::string b_is_shadowed = R"(exclusions[1] fits only what "a" before it fits: this rule can never answer)";

std::string windows(const std::string& first, const std::string& second) {
  return R"("windows": [{"id": "a", )" + first + R"(}, {"id": "b", )" + second + "}]";
}

const std::string window_is_shadowed = R"(windows[1] fits only what "a" before it fits: this rule can never answer)";

PolicyPack valid(const char* from, const char* until, std::uint32_t version) {
  PolicyPack pack{.id = "eu", .version = version};
  if (*from != '\0') pack.valid_from = CivilDate::parse(from);
  if (*until != '\0') pack.valid_until = CivilDate::parse(until);
  return pack;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_pack_tests)

BOOST_AUTO_TEST_CASE(a_range_that_holds_nothing_is_told) {
  BOOST_TEST(fault_of(exclusions(R"("paid_from_minor": 6, "paid_to_minor": 5)", R"("skus": ["x"])")) ==
             "exclusions[0].when.paid_from_minor lies above paid_to_minor: this rule can never match");
  BOOST_TEST(fault_of(R"("windows": [{"id": "w", "days": 3, "when":
                         {"sold_from": "2026-02-02", "sold_until": "2026-02-01"}}])") ==
             "windows[0].when.sold_from lies above sold_until: this rule can never match");
  BOOST_TEST(fault_of(R"("fees": [{"id": "f", "kind": "restocking", "each_minor": 1, "when":
                         {"age_from_days": 8, "age_to_days": 7}}])") ==
             "fees[0].when.age_from_days lies above age_to_days: this rule can never match");
  BOOST_TEST(fault_of(exclusions(R"("paid_from_minor": 5, "paid_to_minor": 5)", R"("skus": ["x"])")) == "");
  BOOST_TEST(
      fault_of(R"("valid_until": "2026-01-01", "conditions": [{"id": "c", "when": {"sold_from": "2026-01-02"}}])") ==
      "conditions[0].when.sold_from lies after the end of the pack: this rule can never answer");
  BOOST_TEST(fault_of(R"("valid_from": "2026-01-02", "valid_until": "2026-01-01")") ==
             "valid_from lies after valid_until: this pack never holds");
}

BOOST_AUTO_TEST_CASE(a_name_stands_once_in_its_section) {
  BOOST_TEST(fault_of(R"("exclusions": [{"id": "a", "when": {"skus": ["x"]}}, {"id": "a", "when": {"skus": ["y"]}}],
                         "conditions": [{"id": "a"}])") ==
             R"(exclusions[1].id is "a", as of an earlier rule: a trace could mean both)");
}

BOOST_AUTO_TEST_CASE(a_rule_that_fits_only_what_an_earlier_one_fits_is_told) {
  BOOST_TEST(fault_of(exclusions("", R"("skus": ["x"])")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("skus": ["12*"])", R"("skus": ["123", "12*", "129*"])")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("categories": ["apparel"])", R"("categories": ["apparel/shirts"])")) ==
             b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("sellers": ["*"])", R"("sellers": ["bazaar"])")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("channels": ["online", "phone"])",
                                 R"("channels": ["phone"], "tiers": ["vip"])")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("paid_from_minor": 5)", R"("paid_from_minor": 5, "paid_to_minor": 9)")) ==
             b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("age_to_days": 9)", R"("age_from_days": 1, "age_to_days": 9)")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("sold_until": "2026-05-05")", R"("sold_until": "2026-05-04")")) == b_is_shadowed);
  BOOST_TEST(fault_of(exclusions(R"("confirmed_final": true)", R"("confirmed_final": true)")) == b_is_shadowed);
}

BOOST_AUTO_TEST_CASE(a_rule_that_fits_anything_more_is_kept) {
  BOOST_TEST(fault_of(exclusions(R"("skus": ["x"])", "")) == "");
  BOOST_TEST(fault_of(exclusions(R"("skus": ["123"])", R"("skus": ["12*"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("skus": ["12*"])", R"("skus": ["12*", "13"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("categories": ["apparel"])", R"("categories": ["apparels"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("channels": ["online"])", R"("channels": ["online", "phone"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("paid_from_minor": 5)", R"("paid_from_minor": 4)")) == "");
  BOOST_TEST(fault_of(exclusions(R"("age_to_days": 9)", R"("age_to_days": 10)")) == "");
  BOOST_TEST(fault_of(exclusions(R"("brands": ["b"])", R"("tiers": ["vip"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("stores": ["s"])", R"("regions": ["s"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("grades": ["resalable"])", R"("reasons": ["size"])")) == "");
  BOOST_TEST(fault_of(exclusions(R"("confirmed_final": true)", R"("confirmed_final": false)")) == "");
}

BOOST_AUTO_TEST_CASE(a_window_is_dead_behind_one_that_is_open_as_long) {
  BOOST_TEST(fault_of(windows(R"("days": 30)", R"("days": 30, "when": {"tiers": ["vip"]})")) == window_is_shadowed);
  BOOST_TEST(fault_of(windows(R"("days": 30, "from": "last_parcel")", R"("days": 30)")) == window_is_shadowed);
  BOOST_TEST(fault_of(windows(R"("days": 30)", R"("days": 30, "from": "sale")")) == window_is_shadowed);
  BOOST_TEST(fault_of(windows(R"("days": 30)", R"("days": 31)")) == "");
  BOOST_TEST(fault_of(windows(R"("days": 30, "from": "sale")", R"("days": 20)")) == "");
  BOOST_TEST(fault_of(windows(R"("days": 30)", R"("days": 9, "open_until": "2027-01-31")")) == "");
  BOOST_TEST(fault_of(windows(R"("days": 30, "open_until": "2027-01-31")",
                              R"("days": 9, "open_until": "2027-01-31")")) == window_is_shadowed);
}

BOOST_AUTO_TEST_CASE(a_rule_for_what_is_refused_before_is_dead) {
  const std::string excluded = R"("exclusions": [{"id": "e", "when": {"categories": ["fresh"]}}], )";
  BOOST_TEST(fault_of(excluded + R"("windows": [{"id": "w", "days": 3, "when": {"categories": ["fresh/fish"]}}])") ==
             R"(windows[0] fits only what the exclusion "e" refuses: this rule can never answer)");
  BOOST_TEST(fault_of(excluded + R"("conditions": [{"id": "c", "when": {"categories": ["fresh"]}}])") ==
             R"(conditions[0] fits only what the exclusion "e" refuses: this rule can never answer)");
  const std::string fee = R"("fees": [{"id": "f", "kind": "restocking", "each_minor": 1, "when": {"skus": ["x"]}}])";
  BOOST_TEST(fault_of(R"("conditions": [{"id": "c", "when": {"skus": ["x"]}}], )" + fee) ==
             R"(fees[0] fits only what the condition "c" refuses: this rule can never answer)");
  BOOST_TEST(fault_of(R"("conditions": [{"id": "c", "needs": "manager", "when": {"skus": ["x"]}}], )" + fee) == "");
}

BOOST_AUTO_TEST_CASE(a_second_fee_of_a_kind_must_fit_more) {
  const auto fees = [](const std::string& second) {
    return R"("fees": [{"id": "a", "kind": "restocking", "each_minor": 1}, {"id": "b", "kind": ")" + second +
           R"(", "each_minor": 2, "when": {"skus": ["x"]}}])";
  };
  BOOST_TEST(fault_of(fees("restocking")) ==
             R"(fees[1] fits only what "a" before it fits: this rule can never answer)");
  BOOST_TEST(fault_of(fees("return_shipping")) == "");
}

BOOST_AUTO_TEST_CASE(levels_rise_and_stand_once_a_currency) {
  const std::string till = R"("authority": [{"id": "till", "role": "cashier", "up_to_level": 1}], )";
  const auto levels = [&](const std::string& ends) {
    return till + R"("levels": [{"currency": "EUR", "up_to_minor": [)" + ends + "]}]";
  };
  BOOST_TEST(fault_of(levels("1, 2, 3, 4, 5")) == "");
  BOOST_TEST(fault_of(levels("1, 2, 4, 3, 5")) ==
             "levels[0].up_to_minor does not rise: a level would hold no amount");
  BOOST_TEST(fault_of(levels("1, 2, 3, 4")) == "levels[0].up_to_minor has 4 entries; 5 are expected");
  BOOST_TEST(fault_of(till + R"("levels": [{"currency": "EUR", "up_to_minor": [1, 2, 3, 4, 5]},
                                           {"currency": "EUR", "up_to_minor": [2, 3, 4, 5, 6]}])") ==
             "levels[1].currency is \"EUR\" for the second time");
  BOOST_TEST(fault_of(till + R"("levels": [{"currency": "EUX", "up_to_minor": [1, 2, 3, 4, 5]}])") ==
             "levels[0].currency is \"EUX\"; a code of ISO 4217 is expected");
  BOOST_TEST(fault_of(R"("levels": [{"currency": "EUR", "up_to_minor": [1, 2, 3, 4, 5]}])") ==
             "levels are named, and no rule of authority asks for them");
}

BOOST_AUTO_TEST_CASE(an_authority_that_permits_nothing_of_its_own_is_told) {
  const auto authority = [](const std::string& rules) {
    return R"("levels": [{"currency": "EUR", "up_to_minor": [1, 2, 3, 4, 5]}], "authority": [)" + rules + "]";
  };
  const std::string cashier = R"({"id": "a", "role": "cashier", "up_to_level": 3})";
  BOOST_TEST(fault_of(authority(cashier + R"(, {"id": "b", "role": "manager", "up_to_level": 2})")) ==
             R"(authority[1] permits nothing that "a" does not permit)");
  BOOST_TEST(fault_of(authority(cashier + R"(, {"id": "b", "role": "cashier", "up_to_level": 3})")) ==
             R"(authority[1] permits nothing that "a" does not permit)");
  BOOST_TEST(fault_of(authority(cashier + R"(, {"id": "b", "role": "manager", "up_to_level": 4})")) == "");
  BOOST_TEST(fault_of(authority(R"({"id": "a", "role": "cashier", "data_age_minutes_max": 60, "up_to_level": 3},
                                   {"id": "b", "role": "cashier", "up_to_level": 2})")) == "");
  BOOST_TEST(fault_of(R"("authority": [{"id": "a", "role": "cashier", "up_to_level": 5}])") ==
             "authority[0].up_to_level is below the last, and no currency has levels: this rule can never answer");
}

BOOST_AUTO_TEST_CASE(risk_that_can_never_reach_its_limit_is_told) {
  const std::string rule = R"("risk": [{"id": "r", "signal": "returns_30_days", "at_least": 1, "points": 30}])";
  BOOST_TEST(fault_of(R"("risk_points_max": 30, )" + rule) ==
             "risk_points_max is 30, and all rules of risk together give 30 points: nobody would ever be asked");
  BOOST_TEST(fault_of(R"("risk_points_max": 29, )" + rule) == "");
  BOOST_TEST(fault_of(R"("risk_points_max": 1)").find("nobody would ever be asked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rule_that_was_not_read_whole_is_compared_with_nothing) {
  BOOST_TEST(fault_of(exclusions(R"("chanels": ["online"])", R"("skus": ["x"])")) ==
             "exclusions[0].when.chanels is not known to this version");
}

BOOST_AUTO_TEST_CASE(two_packs_of_one_name_never_hold_on_the_same_day) {
  const auto both = [](PolicyPack a, PolicyPack b) {
    return contradictions({{"a.json", std::move(a)}, {"b.json", std::move(b)}});
  };
  const std::vector<std::string> overlap{
      "b.json and a.json: pack \"eu\" holds on the same days in both: valid_from and valid_until overlap"};
  BOOST_TEST(both(valid("", "2026-06-30", 1), valid("2026-06-30", "", 2)) == overlap,
             boost::test_tools::per_element());
  BOOST_TEST(both(valid("", "", 1), valid("2026-06-30", "", 2)) == overlap, boost::test_tools::per_element());
  BOOST_TEST(both(valid("", "2026-06-30", 1), valid("2026-07-01", "", 2)).empty());
  BOOST_TEST(both(valid("2026-07-01", "", 2), valid("", "2026-06-30", 1)).empty());
  BOOST_TEST(both(valid("", "2026-06-30", 1), valid("2026-07-01", "", 1)).size() == 1U);
  PolicyPack other = valid("", "", 1);
  other.id = "uk";
  BOOST_TEST(both(valid("", "", 1), other).empty());
}

BOOST_AUTO_TEST_SUITE_END()
