#include "sync/hub_program/budget_amount.hpp"

#include "plugin/core/order/exposure_budget.hpp"

namespace retour::hub_program {

std::optional<Minor> parse_amount(std::string_view text, const Currency& currency) {
  const auto typed = Decimal::parse(text);
  if (!typed || typed->scale > currency.decimals || typed->mantissa <= 0) return std::nullopt;
  Minor minor = typed->mantissa;
  for (std::uint8_t scale = typed->scale; scale < currency.decimals; ++scale) {
    if (minor > budget_minor_max / 10) return std::nullopt;
    minor *= 10;
  }
  return minor <= budget_minor_max ? std::optional(minor) : std::nullopt;
}

}  // namespace retour::hub_program
