#pragma once
// Where orders come from: a file, a shop system, a till. One adapter a folder below pos-adapters/.

#include <functional>
#include <string>
#include <variant>

#include "plugin/core/order/order.hpp"

namespace retour::ports {

/// An order as the source says it, with the references that may not stand in evidence.
struct SourceOrder {
  Order order;                           // without subject: the importer knows people
  std::string customer_ref;              // byte for byte; empty: no customer
  std::string card_ref;                  // token of the card, never its number; may be empty
  std::vector<std::uint64_t> line_rows;  // where each line stands in the source, from 1; same order as order.lines
};

/// Goods that came back at the source itself, one answer a line wanted: what a replay asks a till.
struct SourceReturnLine {
  std::uint64_t row = 0;
  std::string document;  // "C536379"
  std::string sku;
  std::int64_t quantity = 0;  // positive
  Decimal unit_price;
  std::string customer_ref;
  std::int64_t at_ms = 0;
  CivilDate on;
};

/// Units that left or entered stock without a sale.
struct SourceStockMove {
  std::uint64_t row = 0;
  std::string document;
  std::string sku;
  std::int64_t quantity = 0;  // signed
  std::int64_t at_ms = 0;
};

/// A row that is well formed and none of ours: kept and reported, not an error.
struct SourceNote {
  std::uint64_t row = 0;
  std::string document;
  std::string code;  // "not_an_order"
};

/// A row that cannot be read. `column` is the header's name.
struct SourceReject {
  std::string file;
  std::uint64_t line = 0;  // of the file, from 1, the header included
  std::uint64_t row = 0;   // of the data, from 1
  std::string column;
  std::string reason;  // for people: what stands there, what is expected
  std::string text;    // the raw row
};

using SourceItem = std::variant<SourceOrder, SourceReturnLine, SourceStockMove, SourceNote, SourceReject>;

class OrderSource {
 public:
  virtual ~OrderSource() = default;
  /// Hands every item to `take` in the order of the source (an order at its last row). `progress` gets bytes read of
  /// bytes in all.
  virtual void read(const std::function<void(SourceItem&&)>& take,
                    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress) = 0;
};

}  // namespace retour::ports
