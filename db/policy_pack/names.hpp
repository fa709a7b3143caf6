#pragma once
// Every value that a pack may name, in the order of the core's enumerations; the words are those of to_string there.

#include <array>
#include <span>

#include "plugin/core/policy/pack.hpp"

namespace retour::policy_pack {

inline constexpr std::array channels{SaleChannel::online, SaleChannel::store, SaleChannel::phone,
                                     SaleChannel::marketplace};
inline constexpr std::array reasons{ReturnReason::unspecified,
                                    ReturnReason::size,
                                    ReturnReason::quality,
                                    ReturnReason::not_as_described,
                                    ReturnReason::damaged_in_transit,
                                    ReturnReason::wrong_item,
                                    ReturnReason::late,
                                    ReturnReason::changed_mind,
                                    ReturnReason::gift,
                                    ReturnReason::recall,
                                    ReturnReason::other};
inline constexpr std::array alerts{Alert::own_purchase, Alert::recalled, Alert::return_started, Alert::under_repair};
inline constexpr std::array remedies{Remedy::refund, Remedy::replacement, Remedy::repair};
inline constexpr std::array grades{Grade::ungraded, Grade::resalable, Grade::refurbishable, Grade::unsellable};
inline constexpr std::array roles{Role::cashier, Role::supervisor, Role::manager, Role::regional_manager};
inline constexpr std::array tender_kinds{TenderKind::cash,         TenderKind::card,    TenderKind::gift_card,
                                         TenderKind::store_credit, TenderKind::voucher, TenderKind::wallet,
                                         TenderKind::bank_transfer};
inline constexpr std::array receipts{CountFrom::delivery, CountFrom::last_parcel, CountFrom::sale};
inline constexpr std::array fee_kinds{FeeKind::restocking, FeeKind::return_shipping, FeeKind::diminished_value};
inline constexpr std::array roundings{Rounding::down, Rounding::half_up, Rounding::half_even};
inline constexpr std::array risk_signals{RiskSignal::returns_30_days,     RiskSignal::returns_365_days,
                                         RiskSignal::no_receipt_365_days, RiskSignal::stores_30_days,
                                         RiskSignal::value_minor,         RiskSignal::days_left_in_window,
                                         RiskSignal::overrides_30_days};

}  // namespace retour::policy_pack
