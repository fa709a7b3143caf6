#pragma once
// Cells of one row read as values. The first thing that is wrong sticks, with its column and a reason for people;
// everything read after that is a default that nobody uses.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugin/core/money/money.hpp"
#include "plugin/core/order/order.hpp"
#include "pos-adapters/csv/csv_format.hpp"

namespace retour::csv {

/// A mapped column, found in the header of this file. `index` below 0: not mapped, or optional and not there.
struct Column {
  int index = -1;
  std::string name;
  bool there() const { return index >= 0; }
};

struct Fault {
  std::string column;
  std::string reason;
};

/// An instant as a file writes it, and its date where it was written.
struct Instant {
  std::int64_t ms = 0;
  CivilDate on;
};

/// "2011-12-09", or with "T12:50", "T12:50:00" or "T12:50:00.000" (a blank instead of T too), and then perhaps "Z" or
/// "+01:00". Without the last the instant is taken as UTC: the file's own time. Years 1970 to 2999.
std::optional<Instant> parse_instant(std::string_view text);

/// "'text'", cut and made printable.
std::string shown(std::string_view text);

/// How many cells there are, whatever the file: a cell by its column, parsed and judged.
class Cells {
 public:
  explicit Cells(const std::vector<std::string_view>& fields) : m_fields(fields) {}

  const std::optional<Fault>& fault() const { return m_fault; }
  void wrong(const Column& column, std::string reason);

  /// The bare cell; empty when the column is not there.
  std::string_view cell(const Column& column) const;

  std::string_view text(const Column& column, std::size_t bytes_max);
  std::string_view key(const Column& column);                           // not empty
  std::string_view words(const Column& column, std::size_t bytes_max);  // free text; refuses card numbers
  std::string_view reference(const Column& column);                     // may be empty; refuses card numbers
  std::int64_t integer(const Column& column, std::int64_t low, std::int64_t high);
  Decimal price(const Column& column);  // not negative
  Minor minor(const Column& column, const Currency& currency);
  Instant instant(const Column& column);
  std::optional<CivilDate> date(const Column& column);  // empty cell: none
  std::string gtin(const Column& column);

 private:
  const std::vector<std::string_view>& m_fields;
  std::optional<Fault> m_fault;
};

/// A decimal in currency units as minor units; empty when it is no such number, is negative or has too many decimals.
std::optional<Minor> parse_minor(std::string_view text, const Currency& currency);

}  // namespace retour::csv
