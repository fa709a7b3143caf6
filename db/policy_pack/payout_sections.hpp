#pragma once
// The sections of a pack that say how money goes back: `tenders`, `cash_rounding`, `cash_identity_above`,
// `shipping`. Fields: docs/policy.md, "The sections". Strict: an unknown field is refused.

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/core/policy/pack.hpp"

namespace retour::policy_pack {

/// What cannot be meant, and where: "tenders[1].ways[0].up_to".
struct SectionFault : std::runtime_error {
  SectionFault(std::string where, const std::string& cause)
      : std::runtime_error(where + " " + cause), path(std::move(where)), reason(cause) {}
  std::string path;
  std::string reason;
};

/// Each reads the whole list that stands under its name and throws SectionFault.
std::vector<TenderRule> read_tenders(const nlohmann::json& section);
std::vector<CashRounding> read_cash_rounding(const nlohmann::json& section);
std::vector<CurrencyAmount> read_cash_identity_above(const nlohmann::json& section);  // amounts by currency
std::vector<ShippingRule> read_shipping(const nlohmann::json& section);
Promises read_promises(const nlohmann::json& section);

/// Amounts by currency, {"EUR": 20000, "CHF": 20000}; at least one. Throws SectionFault; `path` is where it stands.
std::vector<CurrencyAmount> read_amounts(const nlohmann::json& object, const std::string& path);

}  // namespace retour::policy_pack
