#include <boost/test/unit_test.hpp>

#include "db/policy_pack/limits.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "plugin/core/base/error.hpp"

using namespace retour;
using namespace retour::policy_pack;

namespace {

CivilDate day(const char* iso) {
  return *CivilDate::parse(iso);
}

/// A pack of one rule in a section: `rule` without its braces.
std::string with(const std::string& section, const std::string& rule) {
  return R"({"id": "p", "version": 1, ")" + section + R"(": [{"id": "r", )" + rule + "}]}";
}

/// "windows[0].days is -1; ..." for each fault, one a line.
std::string faults_of(const std::string& json) {
  std::string lines;
  for (const Fault& fault : read_pack(json).faults) lines += to_string(fault) + "\n";
  return lines;
}

bool names(const std::string& json, const std::string& fault) {
  const std::string all = faults_of(json);
  BOOST_TEST_INFO_SCOPE("faults: " + all);
  return all.find(fault) != std::string::npos;
}

constexpr const char* whole_pack = R"({
  "$schema": "policy.schema.json",
  "id": "retail", "version": 7, "title": {"en": "Returns", "zh": "退货"},
  "valid_from": "2026-01-01", "valid_until": "2026-12-31",
  "merchandise_sku_leading_digits": 5, "assumed_delivery_days": 3, "risk_points_max": 40,
  "exclusions": [{"id": "final", "source": "own", "text": {"en": "final sale", "zh": "清仓"},
                  "when": {"confirmed_final": true, "age_from_days": 1, "age_to_days": 9}}],
  "windows": [{"id": "general", "days": 30, "from": "last_parcel", "open_until": "2027-01-31", "needs": "manager",
               "refund_as": "store_credit", "remedy": true,
               "when": {"channels": ["online", "phone"], "skus": ["12*"], "categories": ["apparel"], "brands": ["b"],
                        "sellers": ["*"], "tiers": ["vip"], "stores": ["Leeds"], "regions": ["north"],
                        "reasons": ["size"], "grades": ["resalable"], "paid_from_minor": 1, "paid_to_minor": 500,
                        "sold_from": "2026-02-01", "sold_until": "2026-03-01"}}],
  "conditions": [{"id": "worn", "when": {"grades": ["unsellable"]}, "needs": "supervisor"}],
  "fees": [{"id": "opened", "kind": "restocking", "share_basis_points": 1500, "rounding": "half_up"},
           {"id": "parcel", "kind": "return_shipping", "each_minor": 495}],
  "levels": [{"currency": "EUR", "up_to_minor": [1, 2, 3, 4, 5]}],
  "authority": [{"id": "till", "role": "cashier", "reasons": ["gift"], "data_age_minutes_max": 60, "up_to_level": 2}],
  "risk": [{"id": "often", "signal": "returns_30_days", "at_least": 5, "points": 50},
           {"id": "end", "signal": "days_left_in_window", "at_most": 2, "points": 10}],
  "notes": [{"id": "money", "source": "own", "text": {"en": "soon", "zh": "很快"}}]
})";

PolicyPack the_whole_pack() {
  return {
      .id = "retail",
      .version = 7,
      .valid_from = day("2026-01-01"),
      .valid_until = day("2026-12-31"),
      .merchandise_sku_leading_digits = 5,
      .assumed_delivery_days = 3,
      .exclusions = {{{"final", "own"}, {.age_from_days = 1, .age_to_days = 9, .confirmed_final = true}}},
      .windows = {{.name = {"general", ""},
                   .when = {.channels = {SaleChannel::online, SaleChannel::phone},
                            .skus = {"12*"},
                            .categories = {"apparel"},
                            .brands = {"b"},
                            .sellers = {"*"},
                            .tiers = {"vip"},
                            .stores = {"Leeds"},
                            .regions = {"north"},
                            .reasons = {ReturnReason::size},
                            .grades = {Grade::resalable},
                            .paid_from_minor = 1,
                            .paid_to_minor = 500,
                            .sold_from = day("2026-02-01"),
                            .sold_until = day("2026-03-01")},
                   .days = 30,
                   .from = CountFrom::last_parcel,
                   .open_until = day("2027-01-31"),
                   .needs = Role::manager,
                   .refund_as = TenderKind::store_credit,
                   .remedy = true}},
      .conditions = {{{"worn", ""}, {.grades = {Grade::unsellable}}, Role::supervisor}},
      .fees = {{{"opened", ""}, {}, {.kind = FeeKind::restocking, .share = {1500}, .rounding = Rounding::half_up}},
               {{"parcel", ""}, {}, {.kind = FeeKind::return_shipping, .each_minor = 495}}},
      .levels = {{*Currency::parse("EUR"), {1, 2, 3, 4, 5}}},
      .authority = {{{"till", ""}, Role::cashier, {ReturnReason::gift}, 60, 2}},
      .risk = {{{"often", ""}, RiskSignal::returns_30_days, 5, 50},
               {{"end", ""}, RiskSignal::days_left_in_window, 2, 10}},
      .risk_points_max = 40};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(read_pack_tests)

BOOST_AUTO_TEST_CASE(every_field_of_a_pack_is_read) {
  const ReadPack read = read_pack(whole_pack);
  BOOST_TEST(faults_of(whole_pack) == "");
  BOOST_REQUIRE(read.file.has_value());
  BOOST_TEST((read.file->pack == the_whole_pack()));
  BOOST_TEST((read.file->title == RuleText{"Returns", "退货"}));
  BOOST_TEST((read.file->texts.at("exclusions/final") == RuleText{"final sale", "清仓"}));
  BOOST_REQUIRE(read.file->notes.size() == 1U);
  BOOST_TEST((read.file->notes[0] == Note{{"money", "own"}, {"soon", "很快"}}));
}

BOOST_AUTO_TEST_CASE(a_pack_of_nothing_but_its_name_is_whole) {
  BOOST_TEST((read_pack(R"({"id": "eu", "version": 3})").file->pack == PolicyPack{.id = "eu", .version = 3}));
}

BOOST_AUTO_TEST_CASE(all_faults_of_a_file_are_told_with_their_places) {
  BOOST_TEST(faults_of(R"({"id": "a b", "windows": [{"id": "x", "days": -1}, {"id": "y", "days": 3, "dayz": 4}],
                           "exclusions": [{"id": "e", "when": {"reasons": ["bored"]}}]})") ==
             "id is \"a b\"; letters, digits, dots, dashes and underscores are expected\n"
             "version is missing\n"
             "exclusions[0].when.reasons is \"bored\"; one of unspecified, size, quality, not_as_described, "
             "damaged_in_transit, wrong_item, late, changed_mind, gift, recall, other is expected\n"
             "windows[0].days is -1; a whole number from 0 to 36500 is expected\n"
             "windows[1].dayz is not known to this version\n");
}

BOOST_AUTO_TEST_CASE(an_error_names_the_file_and_every_fault) {
  try {
    policy_from_json(R"({"id": "x", "version": 0, "window": 14})", "/etc/policy.json");
    BOOST_ERROR("it was read");
  } catch (const Error& error) {
    BOOST_TEST(std::string(error.what()) ==
               "read policy /etc/policy.json failed: version is 0; a whole number from 1 to 1000000000 is expected; "
               "window is not known to this version; no return is decided by rules that cannot be meant");
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused_as_a_whole) {
  BOOST_TEST(faults_of("[]") == "the file is not a JSON object\n");
  BOOST_TEST(names("{\"id\": ", "the file is not JSON: it breaks at byte"));
  BOOST_TEST(names("{\"id\": \"\xff\"}", "is not JSON"));
  BOOST_TEST(names(R"({"id": "x", "version": 1, "version": 2})", "names the field \"version\" twice"));
  BOOST_TEST(names(R"({"id": "x", "version": 1e999})", "a number beyond every range"));
  BOOST_TEST(names(std::string(40, '[') + std::string(40, ']'), "deeper than 8 levels"));
  BOOST_TEST(names(std::string(pack_bytes_max + 1, ' '), "larger than 500000 bytes"));
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_and_of_other_kinds_are_named) {
  BOOST_TEST(names(R"({"id": "x", "version": 99999999999999999999})", "version is 1e+20; a whole number from 1"));
  BOOST_TEST(names(R"({"id": "x", "version": 1.0})", "version is 1.0"));
  BOOST_TEST(names(R"({"id": "x", "version": "1"})", "version is \"1\""));
  BOOST_TEST(names(with("windows", R"("days": 36501)"), "windows[0].days is 36501"));
  BOOST_TEST(names(with("windows", R"("days": null)"), "windows[0].days is null"));
  BOOST_TEST(names(with("fees", R"("kind": "restocking", "share_basis_points": 10001)"), "is 10001"));
  BOOST_TEST(names(with("authority", R"("role": "cashier", "up_to_level": 7)"), "authority[0].up_to_level is 7"));
  BOOST_TEST(names(with("authority", R"("role": "cashier", "up_to_level": 0)"), "authority[0].up_to_level is 0"));
  BOOST_TEST(names(with("windows", R"("days": 1, "open_until": "2026-02-30")"), "open_until is \"2026-02-30\""));
  BOOST_TEST(names(with("windows", R"("days": 1, "remedy": "yes")"), "remedy is \"yes\"; true or false"));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_empty_or_says_a_thing_twice_is_no_condition) {
  BOOST_TEST(names(with("exclusions", R"("when": {"channels": []})"), "when.channels is an empty list"));
  BOOST_TEST(names(with("exclusions", R"("when": {"skus": ["a", "b", "a"]})"), "when.skus names \"a\" twice"));
  BOOST_TEST(names(with("exclusions", R"("when": {"skus": "a"})"), "when.skus is not a list"));
  BOOST_TEST(names(with("exclusions", R"("when": {"skus": [""]})"), "when.skus is empty"));
  BOOST_TEST(names(with("exclusions", R"("when": {"brands": [3]})"), "when.brands is not text"));
  BOOST_TEST(names(with("exclusions", R"("when": [])"), "exclusions[0].when is not an object"));
}

BOOST_AUTO_TEST_CASE(words_for_customers_stand_in_both_languages_on_one_line) {
  BOOST_TEST(names(with("exclusions", R"("text": {"en": "x"})"), "exclusions[0].text.zh is missing"));
  BOOST_TEST(names(with("exclusions", R"("text": {"en": "a\nb", "zh": "x"})"), "text.en holds a control character"));
  BOOST_TEST(names(with("exclusions", R"("text": {"en": "a", "zh": "x", "fr": "y"})"), "text.fr is not known"));
  const std::string long_text(text_characters_max + 1, 'x');
  BOOST_TEST(names(with("exclusions", R"("source": ")" + long_text + "\""), "more than 1000 characters"));
  std::string thousand;
  for (std::size_t i = 0; i < text_characters_max; ++i) thousand += "退";
  BOOST_TEST(faults_of(with("exclusions", R"("source": ")" + thousand + "\"")) == "");
}

BOOST_AUTO_TEST_CASE(a_fee_is_a_share_or_an_amount) {
  BOOST_TEST(names(with("fees", R"("kind": "restocking")"), "exactly one of them"));
  BOOST_TEST(names(with("fees", R"("kind": "restocking", "share_basis_points": 5, "each_minor": 5)"), "exactly one"));
  BOOST_TEST(names(with("fees", R"("kind": "restocking", "each_minor": 5, "rounding": "down")"), "without a share"));
  BOOST_TEST(names(with("fees", R"("each_minor": 5)"), "fees[0].kind is missing"));
}

BOOST_AUTO_TEST_CASE(a_signal_that_counts_down_says_at_most) {
  BOOST_TEST(
      names(with("risk", R"("signal": "days_left_in_window", "at_least": 2, "points": 5)"), "at_most is missing"));
  BOOST_TEST(names(with("risk", R"("signal": "returns_30_days", "at_most": 2, "points": 5)"), "at_least is missing"));
}

BOOST_AUTO_TEST_CASE(a_window_has_no_further_age) {
  BOOST_TEST(names(with("windows", R"("days": 5, "when": {"age_to_days": 3})"), "when.age_to_days is not known"));
}

BOOST_AUTO_TEST_CASE(the_limits_of_a_compensation_are_read) {
  const ReadPack read =
      read_pack(with("compensation", R"("share_max_basis_points": 2000, "up_to": {"EUR": 3000}, "needs": "manager",
                              "when": {"reasons": ["quality"]})"));
  BOOST_REQUIRE(read.file.has_value());
  const CompensationRule expected{.name = {"r", ""},
                                  .when = {.reasons = {ReturnReason::quality}},
                                  .share_max = {2000},
                                  .up_to = {{*Currency::parse("EUR"), 3000}},
                                  .needs = Role::manager};
  BOOST_REQUIRE(read.file->pack.compensation.size() == 1U);
  BOOST_TEST((read.file->pack.compensation[0] == expected));
}

BOOST_AUTO_TEST_CASE(a_compensation_that_cannot_be_meant_is_refused_with_its_place) {
  BOOST_TEST(
      names(with("compensation", R"("up_to": {"EUR": 1})"), "compensation[0].share_max_basis_points is missing"));
  BOOST_TEST(
      names(with("compensation", R"("share_max_basis_points": 10001)"), "compensation[0].share_max_basis_points"));
  BOOST_TEST(
      names(with("compensation", R"("share_max_basis_points": 1, "up_to": {"EURO": 1})"), "compensation[0].up_to"));
  BOOST_TEST(
      names(with("compensation", R"("share_max_basis_points": 1, "needs": "nobody")"), "compensation[0].needs"));
  BOOST_TEST(names(with("compensation", R"("share_max_basis_points": 1, "days": 3)"), "compensation[0].days"));
}

BOOST_AUTO_TEST_CASE(another_owner_of_a_reason_is_read_once) {
  const std::string pack = R"({"id": "p", "version": 1, "reasons": [{"reason": "late", "department": "carriers"})";
  const ReadPack read = read_pack(pack + "]}");
  BOOST_REQUIRE(read.file.has_value());
  BOOST_TEST((read.file->pack.reasons == std::vector<ReasonRule>{{ReturnReason::late, "carriers", {}}}));
  BOOST_TEST(names(pack + R"(, {"reason": "late", "department": "x"}]})", "reasons[1].reason stands twice"));
  BOOST_TEST(names(pack + R"(, {"reason": "unspecified", "department": "x"}]})", "reasons[1].reason"));
  BOOST_TEST(names(pack + R"(, {"reason": "size"}]})", "reasons[1].department is missing"));
}

BOOST_AUTO_TEST_SUITE_END()
