#include "plugin/store/http/credits.hpp"

#include "plugin/app/credit_slip.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/store/http/exchange_json.hpp"
#include "plugin/store/http/problem.hpp"
#include "plugin/store/http/views_json.hpp"

namespace retour::store {

namespace {

/// What stands on a scanned paper; empty when a number was typed. Refuses a paper whose seal is broken.
std::optional<app::CreditSlip> slip_in_path(app::StoreContext& store, const std::string& segment) {
  if (!app::looks_like_slip(segment)) return std::nullopt;
  app::SlipFault fault = app::SlipFault::none;
  auto slip = app::read_slip(store, segment, fault);
  if (fault == app::SlipFault::changed) {
    throw Problem(422, "slip_changed", "The paper of the credit was changed: its seal is of other words.",
                  "Ask a manager. " + std::string(nothing_recorded));
  }
  if (!slip) {
    throw Problem(422, "slip_unreadable", "The paper of the credit cannot be read.", "Type the number on it.");
  }
  return slip;
}

app::Credit credit_of(app::StoreContext& store, const std::string& number) {
  auto credit = app::find_credit(store, number);
  if (credit) return std::move(*credit);
  throw Problem(404, "credit_unknown", "This store knows no credit with the number \"" + number + "\".",
                "One given in another store is known once both have synced. " + std::string(nothing_recorded));
}

}  // namespace

Reply get_credit(StoreService& service, const Request& request) {
  const std::string& named = request.segments[3];
  const auto store = service.lease();
  const auto slip = slip_in_path(*store, named);
  auto json = credit_json(credit_of(*store, slip ? slip->number : named));
  json["paper"] = slip ? "sealed" : "not_shown";
  return {.status = 200, .body = dump(json)};
}

Reply get_credit_paper(StoreService& service, const Request& request) {
  const auto store = service.lease();
  const app::Credit credit = credit_of(*store, request.segments[3]);
  if (!credit.issued_here) {
    throw Problem(404, "credit_unknown", "Credit " + credit.order.number + " was given in another store.",
                  "Its paper is printed where it was given.");
  }
  const NodeId node = (*store).journal.identity().node;
  return {200, "text/plain; charset=utf-8",
          app::credit_paper(*store, credit.order, app::slip_qr_text(*store, credit.order, node))};
}

}  // namespace retour::store
