#pragma once
// The answer of `retour quote`, by the very functions of plugin/core that answer at a till. Pure.

#include <optional>
#include <vector>

#include "plugin/cli/quote/quote_document.hpp"
#include "plugin/core/refund/refund_plan.hpp"
#include "plugin/core/refund/shipping.hpp"

namespace retour::cli {

struct AnsweredItem {
  ReturnAsk ask;
  Decision decision;
  std::vector<Claim> claims;  // empty unless approved
};

struct AnsweredShipment {
  std::uint32_t shipment_no = 0;
  std::uint32_t line_no = 0;             // under which what is kept of it stands in the plan
  std::optional<ShippingRuling> ruling;  // empty: it stays paid
  std::vector<Claim> claims;             // empty when it stays paid
};

struct QuoteAnswer {
  std::vector<AnsweredItem> items;
  std::vector<AnsweredShipment> shipments;  // those that were not refunded before
  RefundPlan plan;
};

/// Throws Error when the order's money does not divide over its units, or units came back twice before.
QuoteAnswer answer_quote(const QuoteDocument& document);

}  // namespace retour::cli
