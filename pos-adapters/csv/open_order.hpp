#pragma once
// An order whose last row has not come yet. It is taken whole or not at all: one bad row spoils it.

#include <functional>
#include <string>
#include <vector>

#include "plugin/ports/order_source.hpp"
#include "pos-adapters/csv/bound_format.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "pos-adapters/csv/order_details.hpp"

namespace retour::csv {

/// What quantity times unit price had beyond whole minor units, and was cut or added by the format's rounding.
struct RoundedAway {
  std::uint64_t lines = 0;
  std::int64_t billionths = 0;  // of the currency's unit; positive: the lines became cheaper than the file says

  Decimal amount() const { return Decimal{billionths, 9}.normalized(); }
};

/// A row as it will stand among the rejects if its order is not taken.
struct HeldRow {
  std::uint64_t line = 0, row = 0;
  std::size_t text_begin = 0, text_end = 0;
  bool rejected = false;
};

class OpenOrder {
 public:
  using DeriveId = std::function<OrderId(std::string_view authority, std::string_view number)>;

  OpenOrder(const BoundFormat& format, std::string_view number) : m_format(format) { m_order.number = number; }

  /// Remembers the row, whatever its worth.
  void hold(const CsvRow& row, bool rejected);
  /// Adds a sale row as a line; what is wrong stands in `cells` and spoils the order.
  void add(Cells& cells, const CsvRow& row, const Instant& at);
  /// `bad_row` is what the other rows will point at.
  void spoil(std::uint64_t bad_row);

  bool spoiled() const { return m_bad_row != 0; }
  std::uint64_t bad_row() const { return m_bad_row; }
  const RoundedAway& rounded() const { return m_rounded; }
  const std::vector<HeldRow>& rows() const { return m_rows; }
  std::string_view text_of(const HeldRow& row) const {
    return std::string_view(m_text).substr(row.text_begin, row.text_end - row.text_begin);
  }

  /// The order with its id, tenders and everything that belongs to it as a whole, tried by its own division.
  /// @pre not spoiled, and a line was added.
  Result<ports::SourceOrder, Fault> finish(const DeriveId& derive_id);

 private:
  void begin(Cells& cells, const Instant& at);
  void agree_on_order(Cells& cells);
  OrderLine read_line(Cells& cells);

  const BoundFormat& m_format;
  Order m_order;
  std::vector<std::uint64_t> m_line_rows;
  Parcels m_parcels;
  std::vector<std::string> m_of_order;  // cells of bound.of_order, the first that says something
  std::vector<HeldRow> m_rows;
  std::string m_text;
  RoundedAway m_rounded;
  std::uint64_t m_bad_row = 0;
};

}  // namespace retour::csv
