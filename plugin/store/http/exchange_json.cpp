#include "plugin/store/http/exchange_json.hpp"

#include "plugin/app/messages.hpp"
#include "plugin/core/order/value_account.hpp"
#include "plugin/store/http/views_json.hpp"

namespace retour::store {

namespace {

using Json = nlohmann::ordered_json;

Json tender_json(TenderKind kind, const std::string& reference, Minor minor) {
  return {{"tender", to_string(kind)}, {"message", app::words_of(kind)}, {"reference", reference}, {"minor", minor}};
}

const CasePlan* plan_of(const ReturnCase& state, const OrderId& sale) {
  for (const CasePlan& plan : state.plans) {
    if (plan.carried_to == sale) return &plan;
  }
  return nullptr;
}

Json trade_in_json(const TradeInTaken& taken) {
  return {{"line", taken.line_no},           {"sku", taken.sku},
          {"serial", taken.serial},          {"quantity", taken.quantity},
          {"grade", to_string(taken.grade)}, {"rule", taken.rule},
          {"minor", taken.credit_minor}};
}

Json exchange_json(const ReturnCase& state, const Order& sale) {
  const CasePlan* plan = plan_of(state, sale.id);
  const std::size_t carried_count = plan == nullptr ? 0 : plan->carried.size();
  Json carried = Json::array(), traded_in = Json::array(), added = Json::array();
  for (const TradeInTaken& taken : state.trade_ins) {
    if (taken.carried_to == sale.id) traded_in.push_back(trade_in_json(taken));
  }
  for (std::size_t i = 0; i < sale.tenders.size(); ++i) {
    const Tender& tender = sale.tenders[i];
    if (i >= carried_count && i < carried_count + traded_in.size()) continue;
    (i < carried_count ? carried : added).push_back(tender_json(tender.kind, tender.reference, tender.paid_minor));
  }
  return {{"sale", sale.id.to_string()},      {"sale_number", sale.number},    {"currency", sale.currency.name()},
          {"goods_minor", order_total(sale)}, {"carried", std::move(carried)}, {"traded_in", std::move(traded_in)},
          {"added", std::move(added)}};
}

}  // namespace

Json planned_exchange_json(const app::PlannedExchange& exchange) {
  Json carried = Json::array();
  for (const CarriedPart& part : exchange.plan.carried) {
    carried.push_back(tender_json(part.tender, part.reference, part.minor));
  }
  Json traded_in = Json::array();
  for (const app::TradedIn& article : exchange.trade_ins) {
    const Grade grade = article.inspection ? article.inspection->grade : Grade::ungraded;
    traded_in.push_back({{"line", article.line_no},
                         {"sku", article.ask.sku},
                         {"quantity", article.ask.quantity},
                         {"grade", to_string(grade)},
                         {"rule", article.rule},
                         {"minor", article.credit_minor},
                         {"checklist", checklist_json(article.checklist)}});
  }
  return {{"currency", exchange.sale.currency.name()},    {"goods_minor", exchange.goods_minor},
          {"carried_minor", exchange.plan.carried_minor}, {"traded_in", std::move(traded_in)},
          {"to_add_minor", exchange.to_add_minor},        {"carried", std::move(carried)}};
}

Json exchanges_json(const app::ReturnOutcome& outcome) {
  Json list = Json::array();
  for (const Order& sale : outcome.exchanged) list.push_back(exchange_json(outcome.state, sale));
  return list;
}

Json credits_json(const app::ReturnOutcome& outcome) {
  Json list = Json::array();
  for (const app::GivenCredit& credit : outcome.credits) {
    list.push_back({{"number", credit.account.number},
                    {"order", credit.account.id.to_string()},
                    {"kind", to_string(kind_of_value(credit.account))},
                    {"currency", credit.account.currency.name()},
                    {"minor", credit.account.lines.front().quantity},
                    {"qr_text", credit.qr_text}});
  }
  return list;
}

Json credit_json(const app::Credit& credit) {
  return {{"number", credit.order.number},
          {"order", credit.order.id.to_string()},
          {"kind", to_string(kind_of_value(credit.order))},
          {"currency", credit.order.currency.name()},
          {"given_on", credit.order.sold_on.to_string()},
          {"issued_here", credit.issued_here},
          {"issued_minor", credit.issued_minor},
          {"left_here_minor", credit.left_here_minor},
          {"spent_here_minor", credit.spent_here_minor},
          {"elsewhere_minor", credit.elsewhere_minor}};
}

}  // namespace retour::store
