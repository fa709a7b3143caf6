#pragma once
// The file of a replay, read once: its items in order, and the way from our order lines back to its rows.

#include <string>
#include <unordered_map>
#include <vector>

#include "plugin/cli/replay/answers.hpp"
#include "plugin/cli/replay/summary.hpp"
#include "plugin/ports/order_source.hpp"

namespace retour::replay {

struct ReturnDocument {
  std::string document;
  std::string customer;  // empty: none
  std::vector<ports::SourceReturnLine> lines;
  std::int64_t at_ms = 0;
};

class SourceData {
 public:
  /// Reads everything into memory: 541,909 rows take about 200 MB.
  static SourceData read(ports::OrderSource& source);

  struct Item {
    std::int64_t at_ms = 0;
    std::uint64_t row = 0;  // last row of the item
    std::variant<ports::SourceOrder, ReturnDocument, ports::SourceStockMove> what;
  };
  std::vector<Item>& items() { return m_items; }
  const OrderSums& sums() const { return m_sums; }
  std::uint64_t rows() const { return m_rows; }

  /// Units of our order lines as rows of the file; ranges of one line in a row become one entry.
  std::vector<RowUnits> rows_of(const std::vector<OrderUnits>& units) const;
  std::vector<RowLot> rows_of(const std::vector<Lot>& lots) const;

  /// A merchandise line of an order with a customer: what can be matched.
  struct LedgerLine {
    OrderId order_id;
    std::uint32_t line_no = 0;
    std::int64_t bought = 0;
    std::uint32_t key = 0;  // number of its (customer, SKU)
  };
  const std::vector<LedgerLine>& ledger_lines() const { return m_ledger_lines; }
  std::uint64_t ledger_keys() const { return m_ledger_keys; }

 private:
  struct Rows {
    std::string document;
    std::vector<std::uint64_t> rows;
  };
  void take(ports::SourceItem&& item);
  void take_order(ports::SourceOrder&& order);
  void take_return(ports::SourceReturnLine&& line);

  std::vector<Item> m_items;
  OrderSums m_sums;
  std::uint64_t m_rows = 0;
  std::unordered_map<OrderId, Rows> m_orders;
  std::vector<LedgerLine> m_ledger_lines;
  std::unordered_map<std::string, std::uint32_t> m_keys;  // customer, 0x1f, SKU
  std::uint64_t m_ledger_keys = 0;
};

/// First 8 bytes of SHA-256(customer), big-endian, modulo `stores`.
std::size_t home_store_of(const std::string& customer, std::size_t stores);

}  // namespace retour::replay
