#include "db/policy_pack/payout_sections.hpp"

#include <boost/test/unit_test.hpp>

#include "db/policy_pack/pack_file.hpp"

using namespace retour;

namespace {

PolicyPack pack_of(const char* text) {
  const policy_pack::ReadPack read = policy_pack::read_pack(text);
  BOOST_REQUIRE_MESSAGE(read.file, (read.faults.empty() ? "" : to_string(read.faults.front())));
  return read.file->pack;
}

/// Every fault, one a line.
std::string refusal_of(const std::string& text) {
  std::string told;
  for (const policy_pack::Fault& fault : policy_pack::read_pack(text).faults) told += to_string(fault) + "\n";
  return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(payout_sections_tests)

BOOST_AUTO_TEST_CASE(the_sections_on_money_are_read) {
  const PolicyPack pack = pack_of(R"({"id": "ch", "version": 1,
    "tenders": [{"paid_by": "cash", "ways": [{"tender": "cash", "up_to": {"CHF": 20000}}, {"tender": "store_credit"}]}],
    "cash_rounding": [{"currency": "CHF", "step_minor": 5}],
    "shipping": [{"id": "fault", "reasons": ["quality"]},
                 {"id": "whole", "source": "law", "channels": ["online"], "whole_order": true, "up_to": {"CHF": 495}}]})");
  const Currency chf = *Currency::parse("CHF");
  const std::vector<TenderRule> tenders{
      {TenderKind::cash, {{TenderKind::cash, {{chf, 20'000}}}, {TenderKind::store_credit, {}}}}};
  const std::vector<CashRounding> coins{{chf, 5}};
  const std::vector<ShippingRule> shipping{
      {.name = {"fault", ""}, .channels = {}, .reasons = {ReturnReason::quality}, .up_to = {}},
      {.name = {"whole", "law"},
       .channels = {SaleChannel::online},
       .reasons = {},
       .whole_order = true,
       .up_to = {{chf, 495}}}};
  BOOST_TEST((pack.payout.tenders == tenders));
  BOOST_TEST((pack.payout.cash_rounding == coins));
  BOOST_TEST((pack.shipping == shipping));
}

BOOST_AUTO_TEST_CASE(ways_that_need_network_and_the_limit_of_cash_without_identity_are_read) {
  const PolicyPack pack = pack_of(R"({"id": "ch", "version": 1,
    "tenders": [{"paid_by": "wallet", "ways": [{"tender": "wallet", "online_only": true}, {"tender": "store_credit"}]}],
    "cash_identity_above": {"CHF": 100000, "EUR": 0}})");
  const std::vector<TenderRule> tenders{
      {TenderKind::wallet, {{TenderKind::wallet, {}, true}, {TenderKind::store_credit, {}}}}};
  BOOST_TEST((pack.payout.tenders == tenders));
  const std::vector<CurrencyAmount> limits{{*Currency::parse("CHF"), 100'000}, {*Currency::parse("EUR"), 0}};
  BOOST_TEST((pack.payout.cash_identity_above == limits));
}

BOOST_AUTO_TEST_CASE(what_the_sections_on_money_cannot_mean_is_named_by_its_path) {
  const auto refused = [](const std::string& section, const std::string& words) {
    const std::string told = refusal_of("{\"id\":\"ch\",\"version\":1," + section + "}");
    BOOST_TEST(told.find(words) != std::string::npos, told);
  };
  refused(R"("tenders": {})", "tenders is not a list");
  refused(R"("cash_identity_above": [])", "cash_identity_above is not an object of amounts");
  refused(R"("cash_identity_above": {})", "cash_identity_above is not an object of amounts");
  refused(R"("cash_identity_above": {"EUR": -1})", "cash_identity_above.EUR is -1");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "cash", "online_only": 1}]}])",
          "online_only is not");
  refused(R"("tenders": [{"paid_by": "shells", "ways": []}])", "tenders[0].paid_by");
  refused(R"("tenders": [{"paid_by": "cash", "ways": []}])", "tenders[0].ways");
  refused(R"("tenders": [{"paid_by": "cash"}])", "tenders[0].ways is missing");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "card"}]}])", "only give back what it paid itself");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "cash"}, {"tender": "cash"}]}])",
          "is a way of this rule already");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "cash", "up_to": {"EURO": 1}}]}])", "up_to.EURO");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "cash", "up_to": {"EUR": -1}}]}])", "up_to.EUR");
  refused(R"("tenders": [{"paid_by": "cash", "ways": [{"tender": "cash", "cap": 1}]}])", "ways[0].cap");
  const std::string rule = R"({"paid_by": "cash", "ways": [{"tender": "cash"}]})";
  refused("\"tenders\": [" + rule + "," + rule + "]", "tenders[1].paid_by");
  refused(R"("cash_rounding": [{"currency": "CHF", "step_minor": 1}])", "step_minor");
  refused(R"("cash_rounding": [{"currency": "CHF", "step_minor": 18446744073709551615}])", "step_minor");
  refused(R"("cash_rounding": [{"currency": "CHF", "step_minor": 5}, {"currency": "CHF", "step_minor": 10}])",
          "cash_rounding[1].currency");
  refused(R"("shipping": [{"id": ""}])", "shipping[0].id");
  refused(R"("shipping": [{"id": "a"}, {"id": "a"}])", "shipping[1].id");
  refused(R"("shipping": [{"id": "a", "reasons": []}])", "shipping[0].reasons");
  refused(R"("shipping": [{"id": "a", "channels": ["online", "online"]}])", "twice");
  refused(R"("shipping": [{"id": "a", "whole_order": 1}])", "whole_order");
}

BOOST_AUTO_TEST_SUITE_END()
