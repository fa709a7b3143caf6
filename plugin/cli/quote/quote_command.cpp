// retour quote: one document in, one out. Writes nothing anywhere.

#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/quote/quote_answer.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::cli {

namespace {

using Json = nlohmann::ordered_json;  // people read it: the fields stand as docs/quote.md explains them

Json taxes_json(const std::vector<TaxAmount>& taxes) {
  Json list = Json::array();
  for (const TaxAmount& tax : taxes)
    list.push_back({{"rate_percent", tax.rate_percent.to_string()}, {"minor", tax.minor}});
  return list;
}

/// The account of the claimed units together.
Json account_json(const Claim& claim) {
  Json json = is_shipment_line(claim.units.line_no)
                  ? Json{{"shipment", claim.units.line_no & ~shipment_line_bit}}
                  : Json{{"line", claim.units.line_no}, {"first", claim.units.first}, {"count", claim.units.count}};
  json["net_minor"] = claim.paid.net_minor;
  json["taxes"] = taxes_json(claim.paid.taxes);
  json["discount_minor"] = claim.paid.discount_minor;
  json["total_minor"] = claim.paid.total_minor();
  Json tenders = Json::array();
  for (const TenderShare& share : claim.paid.tenders) {
    tenders.push_back({{"tender", share.tender_no}, {"minor", share.minor}});
  }
  json["tenders"] = std::move(tenders);
  if (claim.paid.points != Loyalty{}) {
    json["points"] = {{"taken_back", claim.paid.points.points_earned},
                      {"given_back", claim.paid.points.points_spent}};
  }
  return json;
}

Json accounts_json(const std::vector<Claim>& claims) {
  Json list = Json::array();
  for (const Claim& claim : claims) list.push_back(account_json(claim));
  return list;
}

Json item_json(const AnsweredItem& item) {
  const DecisionTrace& trace = item.decision.trace;
  return {{"line", item.ask.order_line_no},
          {"quantity", item.ask.quantity},
          {"verdict", to_string(item.decision.verdict)},
          {"refusal", to_string(item.decision.refusal)},
          {"policy", trace.policy_id},
          {"policy_version", trace.policy_version},
          {"rule", trace.rule},
          {"applied", trace.applied},
          {"would_change", trace.would_change},
          {"needs", trace.needs ? Json(to_string(*trace.needs)) : Json()},
          {"accounts", accounts_json(item.claims)}};
}

Json shipment_json(const AnsweredShipment& shipment) {
  return {{"shipment", shipment.shipment_no},
          {"rule", shipment.ruling ? Json(shipment.ruling->rule) : Json()},
          {"accounts", accounts_json(shipment.claims)}};
}

/// Whose fee it is, as people number it: the place among the returns, or the shipment.
Json kept_json(const KeptBack& kept, const QuoteAnswer& answer) {
  Json json = {{"return", kept.line_no}};
  for (const AnsweredShipment& shipment : answer.shipments) {
    if (shipment.line_no == kept.line_no) json = {{"shipment", shipment.shipment_no}};
  }
  json["kind"] = to_string(kept.kind);
  json["rule"] = kept.rule;
  json["minor"] = kept.minor;
  return json;
}

Json leg_json(const PlannedLeg& leg) {
  return {{"leg", leg.leg_no},
          {"tender", to_string(leg.tender)},
          {"of_tender", leg.tender_no != 0 ? Json(leg.tender_no) : Json()},
          {"reference", leg.reference},
          {"pays_minor", leg.pays_minor}};
}

Json answer_json(const QuoteAnswer& answer) {
  Json returns = Json::array(), shipments = Json::array(), kept = Json::array(), legs = Json::array();
  for (const AnsweredItem& item : answer.items) returns.push_back(item_json(item));
  for (const AnsweredShipment& shipment : answer.shipments) shipments.push_back(shipment_json(shipment));
  for (const KeptBack& fee : answer.plan.kept) kept.push_back(kept_json(fee, answer));
  for (const PlannedLeg& leg : answer.plan.legs) legs.push_back(leg_json(leg));
  return {{"returns", std::move(returns)},
          {"shipments", std::move(shipments)},
          {"refund",
           {{"currency", answer.plan.currency.name()},
            {"claimed_minor", answer.plan.claimed_minor},
            {"kept", std::move(kept)},
            {"rounding_minor", answer.plan.rounding_minor},
            {"total_minor", answer.plan.total_minor},
            {"legs", std::move(legs)}}}};
}

std::string read_all(std::istream& in) {
  std::string text(quote_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > quote_bytes_max) {
    throw Error({.operation = "read a quote",
                 .object = "standard input",
                 .cause = "it is longer than " + std::to_string(quote_bytes_max) + " bytes",
                 .consequence = "nothing was quoted"});
  }
  return text;
}

int quote() {
  const QuoteAnswer answer = answer_quote(read_quote_document(read_all(std::cin)));
  std::cout << answer_json(answer).dump(2) << '\n';
  return 0;
}

}  // namespace

void add_quote_command(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "quote",
      "what a return would give back: one JSON document on standard input (docs/quote.md), the answer on "
      "standard output");
  command->callback([&run] { run = quote; });
}

}  // namespace retour::cli
