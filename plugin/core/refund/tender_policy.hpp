#pragma once
// Which tenders may carry a refund: the matrix original tender -> permitted tenders, and what coins can pay.
// Sections `tenders` and `cash_rounding` of a policy pack; how they are applied: docs/money.md, "Which tender pays".

#include <optional>
#include <string_view>
#include <vector>

#include "plugin/core/money/money.hpp"
#include "plugin/core/order/order.hpp"

namespace retour {

struct CurrencyAmount {
  Currency currency;
  Minor minor = 0;
  friend bool operator==(const CurrencyAmount&, const CurrencyAmount&) = default;
};

/// Empty when no amount in this currency is named.
std::optional<Minor> amount_in(const std::vector<CurrencyAmount>& amounts, const Currency& currency);

/// One permitted way back.
struct RefundWay {
  TenderKind tender = TenderKind::cash;
  /// At most so much, with what goes by this tender already. Empty: no cap. Caps in other currencies only: closed to
  /// this refund.
  std::vector<CurrencyAmount> up_to;
  bool online_only = false;  // a wallet or an instalment plan: without network the next way is taken
  friend bool operator==(const RefundWay&, const RefundWay&) = default;
};

/// Money that came by one tender: the ways back, each tried in its turn for what the ones before it could not take.
/// What is left behind the last goes to the original tender: a refund never has a dead end.
struct TenderRule {
  TenderKind paid_by = TenderKind::cash;
  std::vector<RefundWay> ways;
  friend bool operator==(const TenderRule&, const TenderRule&) = default;
};

/// The smallest coin: 5 for Swiss francs, 100 for Swedish kronor.
struct CashRounding {
  Currency currency;
  Minor step_minor = 1;  // from 1
  friend bool operator==(const CashRounding&, const CashRounding&) = default;
};

struct PayoutRules {
  std::vector<TenderRule> tenders;                  // a tender without a rule gets its money back itself
  std::vector<CashRounding> cash_rounding;          // a currency without a rule pays to the minor unit
  std::vector<CurrencyAmount> cash_identity_above;  // more cash than this only to somebody who shows who she is
  friend bool operator==(const PayoutRules&, const PayoutRules&) = default;
};

/// Gift card, store credit and voucher: the value stays in the chain's stores.
bool is_store_value(TenderKind tender);

/// Traded-in articles pay for new goods as a voucher of this reference.
inline constexpr std::string_view trade_in_reference = "trade_in";

/// What a traded-in article paid goes back as store value alone, whatever a pack says: nothing of it is ever paid
/// out. Rule: docs/policy.md, "Trade-in".
bool is_trade_in(const Tender& tender);

/// Whether money that came by `from` may go back by `to`.
bool may_go_back_by(const Tender& from, TenderKind to);

/// Null when the tender has no rule.
const TenderRule* find_tender_rule(const PayoutRules& rules, TenderKind paid_by);

/// 1 in a currency without a rule.
Minor coin_step(const Currency& currency, const PayoutRules& rules);

/// What coins can pay instead of `amount`: the nearest multiple of the step, half up, never above minor_max.
/// @pre amount in [0, minor_max].
Minor round_to_coins(Minor amount, const Currency& currency, const PayoutRules& rules);

}  // namespace retour
