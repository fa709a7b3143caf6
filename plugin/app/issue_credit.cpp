#include "plugin/app/issue_credit.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/spoken_code.hpp"
#include "plugin/core/order/value_account.hpp"

namespace retour::app {

namespace {

// 50 random bits: of ten million credits in use, one guess in a hundred million names one.
constexpr std::size_t number_data_characters = 10;
constexpr std::uint64_t number_mask = (std::uint64_t{1} << (5 * number_data_characters)) - 1;
constexpr int number_draws_max = 10;  // a second one happens once in a lifetime

std::string draw_number(StoreContext& store) {
  std::array<std::uint8_t, 8> random{};
  store.ids.fill(random.data(), random.size());
  std::uint64_t value = 0;
  for (const std::uint8_t byte : random) value = value << 8 | byte;
  return spoken_code(value & number_mask, number_data_characters);
}

/// A number that no sale and no credit of this store has.
std::string fresh_number(StoreContext& store) {
  for (int draw = 0; draw < number_draws_max; ++draw) {
    std::string number = draw_number(store);
    const OrderId id = codec::derive_order_id(store.authority, number);
    if (!projections::seq_of_sale(store.journal.database(), id)) return number;
  }
  require(false, "the source of random ids gives the same number again and again");
  return {};
}

Currency currency_of_leg(const ReturnCase& state, const CaseLeg& leg) {
  const auto plan = std::find_if(state.plans.begin(), state.plans.end(),
                                 [&](const CasePlan& one) { return one.plan_no == leg.plan_no; });
  require(plan != state.plans.end(), "a leg without its plan");
  return plan->currency;
}

Order account_for(StoreContext& store, const CaseDraft& draft, const CaseLeg& leg) {
  std::string number = fresh_number(store);
  const OrderId id = codec::derive_order_id(store.authority, number);
  return value_order({.id = id,
                      .authority = store.authority,
                      .number = std::move(number),
                      .kind = leg.leg.planned.tender,
                      .currency = currency_of_leg(draft.state(), leg),
                      .minor = leg.leg.planned.pays_minor,
                      .given_at_ms = store.clock.now_ms(),
                      .given_on = draft.state().opened->business_date});
}

}  // namespace

std::optional<std::string> parse_credit_number(std::string_view text) {
  const auto value = parse_spoken_code(text, number_data_characters);
  if (!value) return std::nullopt;
  return spoken_code(*value, number_data_characters);
}

bool is_given_on_paper(const PlannedLeg& planned) {
  switch (planned.tender) {
    case TenderKind::store_credit:
    case TenderKind::voucher:
      return true;
    case TenderKind::gift_card:
      return planned.reference.empty() || parse_credit_number(planned.reference) == planned.reference;
    case TenderKind::cash:
    case TenderKind::card:
    case TenderKind::wallet:
    case TenderKind::bank_transfer:
      return false;
  }
  return false;
}

void give_on_paper(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, const CaseLeg& leg) {
  const LegId leg_id = leg.leg.leg_id;
  if (leg.leg.planned.pays_minor > value_minor_max) {
    draft.add(RefundLegStarted{case_id, leg_id});
    draft.add(RefundLegEnded{case_id, leg_id, LegOutcome::failed, "", "", LegProblem::over_limit});
    return;
  }
  Order account = account_for(store, draft, leg);
  draft.add(RefundLegStarted{case_id, leg_id});
  draft.add(CreditIssued{case_id, leg_id, account.id, codec::pack_order(account)});
  draft.add(RefundLegEnded{case_id, leg_id, LegOutcome::settled, std::move(account.number), ""});
}

}  // namespace retour::app
