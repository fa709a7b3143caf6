#pragma once
// What `retour quote` is asked: an order as it was sold, what came back before, what comes back now, and the policy.
// The document, field by field: docs/quote.md.

#include <string>
#include <vector>

#include "plugin/core/order/order.hpp"
#include "plugin/core/policy/policy.hpp"

namespace retour::cli {

// Limits of one document.
inline constexpr std::size_t quote_bytes_max = 16 * 1024 * 1024;  // ten times the longest real order
inline constexpr std::size_t quote_lines_max = 5'000;             // the longest real order has 1,114
inline constexpr std::size_t quote_parts_max = 100;               // adjustments, shipments, tenders
inline constexpr std::size_t quote_items_max = 1'000;             // lines of one return

struct ReturnedItem {
  ReturnAsk ask;
  LineFacts facts;
};

struct QuoteDocument {
  Order order;
  BusinessDate today;
  std::vector<UnitRange> before;  // units and shipments refunded earlier
  std::vector<ReturnedItem> items;
  PolicyPack policy;
};

/// Throws with the path of the field that cannot be meant.
QuoteDocument read_quote_document(const std::string& text);

}  // namespace retour::cli
