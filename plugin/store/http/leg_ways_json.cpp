#include "plugin/store/http/leg_ways_json.hpp"

#include <algorithm>

#include "plugin/app/messages.hpp"
#include "plugin/core/order/card_number.hpp"
#include "plugin/store/http/json_reader.hpp"

namespace retour::store {

Json ways_json(const app::LegWays& ways) {
  Json list = Json::array();
  for (const app::LegWay& way : ways.ways) {
    list.push_back({{"tender", to_string(way.tender)},
                    {"message", app::words_of(way.tender)},
                    {"pays_minor", way.pays_minor},
                    {"rest_minor", way.rest_minor},
                    {"identity_first", way.identity_first}});
  }
  return {{"leg", ways.leg.leg.leg_id.to_string()},
          {"currency", ways.currency.name()},
          {"pays_minor", ways.leg.leg.planned.pays_minor},
          {"problem", problem_json(ways.leg.problem)},
          {"ways", std::move(list)}};
}

app::RerouteLeg read_reroute(const std::string& body, const ReturnCaseId& case_id, const LegId& leg_id) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::RerouteLeg reroute;
  reroute.command_id = fields.id<CommandId>("command_id");
  reroute.case_id = case_id;
  reroute.leg_id = leg_id;
  const std::string tender = fields.text("tender", 32);
  const auto known = parse_tender_kind(tender);
  if (!known) fields.refuse("tender", "is \"" + tender + "\", which is not a way of paying known here");
  reroute.tender = *known;
  reroute.staff_code = fields.text("staff", app::staff_code_bytes_max);
  if (reroute.staff_code.empty()) fields.refuse("staff", "is empty", "field_missing");
  if (looks_like_card_number(reroute.staff_code)) {
    fields.refuse("staff", "looks like a card number, which must never be kept here", "card_number_refused");
  }
  reroute.identity = fields.text_or("identity", 32, "");
  if (!reroute.identity.empty() &&
      std::ranges::find(app::identity_documents, reroute.identity) == std::end(app::identity_documents)) {
    fields.refuse("identity", "is \"" + reroute.identity +
                                  "\"; say id_card, passport, driving_licence or residence_permit: the kind alone");
  }
  fields.done();
  return reroute;
}

}  // namespace retour::store
