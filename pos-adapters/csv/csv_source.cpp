#include "pos-adapters/csv/csv_source.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <unordered_map>

#include "plugin/core/base/error.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "pos-adapters/csv/limits.hpp"

namespace retour::csv {

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
/// What is known of one order number: where it ends, and what is open of it.
struct Numbered {
  std::uint64_t last_row = 0;
  std::unique_ptr<OpenOrder> open;
};

/// All order numbers of a file. Rows of one order mostly follow each other, so the last one is kept at hand.
class Numbers {
 public:
  Numbered& at(std::string_view number) {
    if (!m_last || m_last->first != number) {
      auto found = m_numbers.find(number);
      if (found == m_numbers.end()) found = m_numbers.emplace(std::string(number), Numbered{}).first;
      m_last = &*found;  // nodes of the map stay where they are
    }
    return m_last->second;
  }

 private:
  using Map = std::unordered_map<std::string, Numbered, TextHash, std::equal_to<>>;
  Map m_numbers;
  Map::value_type* m_last = nullptr;
};

/// The order number of a row, also of a malformed one as far as its fields could be told apart; empty when
/// unreadable.
std::string_view number_of(const CsvRow& row, const Column& order_number) {
  const auto index = static_cast<std::size_t>(order_number.index);
  const bool readable = index < row.fields.size() && (row.fault.empty() || row.fault_field != index);
  return readable && row.fields[index].size() <= key_bytes_max ? row.fields[index] : std::string_view{};
}

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

bool fits(QuantitySign sign, std::int64_t quantity) {
  switch (sign) {
    case QuantitySign::any:
      return true;
    case QuantitySign::positive:
      return quantity > 0;
    case QuantitySign::negative:
      return quantity < 0;
  }
  return false;
}

/// The second pass over one file.
class Pass {
 public:
  Pass(const BoundFormat& format, const std::vector<std::string>& header, const std::string& file,
       const CsvOptions& options, Numbers& numbers, const CsvSource::Take& take, CsvCounts& counts)
      : m_format(format),
        m_header(header),
        m_file(file),
        m_options(options),
        m_numbers(numbers),
        m_take(take),
        m_counts(counts) {}

  void take_row(const CsvRow& row) {
    m_counts.rows += 1;
    const std::string_view number = number_of(row, m_format.order_number);
    if (row.fault.empty()) {
      Cells cells(row.fields);
      take_cells(cells, row);
      if (cells.fault()) reject_row(row, number, *cells.fault());
    } else {
      reject_row(row, number, {column_name(row), row.fault});
    }
    if (number.empty()) return;
    if (Numbered& entry = m_numbers.at(number); entry.last_row == row.row && entry.open) close(std::move(entry.open));
  }

 private:
  std::string column_name(const CsvRow& row) const {
    return row.fault_field < m_header.size() ? m_header[row.fault_field] : std::string{};
  }

  const RowRule* rule_of(const Cells& cells, std::string_view number, std::int64_t quantity) const {
    for (std::size_t i = 0; i < m_format.format.rows.size(); ++i) {
      const RowRule& rule = m_format.format.rows[i];
      if (!number.starts_with(rule.number_starts_with) || (rule.number_is_digits && !all_digits(number))) continue;
      if (!fits(rule.quantity, quantity)) continue;
      if (rule.column.mapped()) {
        const std::string_view cell = cells.cell(m_format.rule_columns[i]);
        if (std::find(rule.values.begin(), rule.values.end(), cell) == rule.values.end()) continue;
      }
      return &rule;
    }
    return nullptr;
  }

  /// Names everything that rules look at.
  std::string no_rule_takes(const Cells& cells, std::string_view number, std::int64_t quantity) const {
    std::string reason =
        "no rule of the format takes a row with number " + shown(number) + ", quantity " + std::to_string(quantity);
    std::set<int> told;
    for (const Column& column : m_format.rule_columns) {
      if (column.there() && told.insert(column.index).second)
        reason += ", " + column.name + " " + shown(cells.cell(column));
    }
    return reason;
  }

  void take_cells(Cells& cells, const CsvRow& row) {
    const std::string_view number = cells.key(m_format.order_number);
    const std::int64_t quantity = cells.integer(m_format.quantity, -quantity_max, quantity_max);
    const Instant at = time_of(cells);
    if (cells.fault()) return;
    const RowRule* rule = rule_of(cells, number, quantity);
    if (!rule) return cells.wrong(m_format.order_number, no_rule_takes(cells, number, quantity));
    switch (rule->as) {
      case RowKind::sale:
        return add_to_order(cells, row, number, at);
      case RowKind::return_line:
        return take_return(cells, row, number, quantity, at);
      case RowKind::stock_move:
        return take_stock_move(cells, row, number, quantity, at);
      case RowKind::note:
        break;
    }
    m_counts.notes += 1;
    m_take(ports::SourceNote{row.row, std::string(number), rule->note_code});
  }

  /// The row's instant; where the format wants it, its place among the rows of that instant is added in milliseconds.
  Instant time_of(Cells& cells) {
    Instant at = cells.instant(m_format.sold_at);
    if (!m_format.format.time.order_rows_within || cells.fault()) return at;
    const std::int64_t resolution = milliseconds_of(m_format.format.time.resolution);
    if (at.ms % resolution != 0) {
      cells.wrong(m_format.sold_at, "is finer than the resolution that the format names");
      return at;
    }
    if (at.ms != m_last_instant) m_rows_within = &m_rows_of_instant[at.ms];
    m_last_instant = at.ms;
    if (*m_rows_within >= resolution) {
      cells.wrong(m_format.sold_at, "more rows of one instant than it has milliseconds");
      return at;
    }
    at.ms += (*m_rows_within)++;
    return at;
  }

  OpenOrder& order_of(std::string_view number) {
    Numbered& entry = m_numbers.at(number);
    if (!entry.open) entry.open = std::make_unique<OpenOrder>(m_format, number);
    return *entry.open;
  }

  void add_to_order(Cells& cells, const CsvRow& row, std::string_view number, const Instant& at) {
    OpenOrder& order = order_of(number);
    order.add(cells, row, at);
    if (!cells.fault()) order.hold(row, false);
  }

  void take_return(Cells& cells, const CsvRow& row, std::string_view number, std::int64_t quantity,
                   const Instant& at) {
    ports::SourceReturnLine line{row.row,
                                 std::string(number),
                                 std::string(cells.key(m_format.sku)),
                                 quantity < 0 ? -quantity : quantity,
                                 cells.price(m_format.unit_price),
                                 std::string(cells.reference(m_format.customer_ref)),
                                 at.ms,
                                 at.on};
    if (quantity == 0) cells.wrong(m_format.quantity, "a return of 0 units");
    if (cells.fault()) return;
    m_counts.return_lines += 1;
    m_take(std::move(line));
  }

  void take_stock_move(Cells& cells, const CsvRow& row, std::string_view number, std::int64_t quantity,
                       const Instant& at) {
    ports::SourceStockMove move{row.row, std::string(number), std::string(cells.key(m_format.sku)), quantity, at.ms};
    if (cells.fault()) return;
    m_counts.stock_moves += 1;
    m_take(std::move(move));
  }

  void reject(const HeldRow& row, std::string_view text, const Fault& fault) {
    m_counts.rejects += 1;
    m_take(ports::SourceReject{m_file, row.line, row.row, fault.column, fault.reason, printable(text)});
  }

  /// A bad row of a sale's number spoils the whole order, whichever of its rows comes first.
  void reject_row(const CsvRow& row, std::string_view number, const Fault& fault) {
    reject({row.line, row.row, 0, 0, true}, row.raw, fault);
    if (number.empty()) return;
    OpenOrder& order = order_of(number);
    order.hold(row, true);
    order.spoil(row.row);
  }

  void close(std::unique_ptr<OpenOrder> order) {
    if (order->spoiled()) {
      return reject_others(
          *order, "row " + std::to_string(order->bad_row()) + " of the same order is bad; an order is taken whole");
    }
    auto finished = order->finish(m_options.order_id);
    if (!finished.ok()) {
      const HeldRow& first = order->rows().front();
      reject(first, order->text_of(first), finished.error());
      order->spoil(first.row);
      return reject_others(
          *order, "row " + std::to_string(first.row) + " tells what is wrong with this order; it is not taken");
    }
    m_counts.orders += 1;
    m_counts.order_lines += finished->order.lines.size();
    m_counts.rounded.lines += order->rounded().lines;
    m_counts.rounded.billionths += order->rounded().billionths;
    m_take(std::move(*finished));
  }

  void reject_others(const OpenOrder& order, const std::string& reason) {
    for (const HeldRow& row : order.rows()) {
      if (row.rejected || row.row == order.bad_row()) continue;
      reject(row, order.text_of(row), {m_format.order_number.name, reason});
    }
  }

  const BoundFormat& m_format;
  const std::vector<std::string>& m_header;
  const std::string& m_file;
  const CsvOptions& m_options;
  Numbers& m_numbers;
  const CsvSource::Take& m_take;
  CsvCounts& m_counts;
  std::unordered_map<std::int64_t, std::int64_t> m_rows_of_instant;  // only where the format counts rows within
  std::int64_t m_last_instant = -1;
  std::int64_t* m_rows_within = nullptr;
};

struct FileState {
  std::uintmax_t bytes;
  std::filesystem::file_time_type changed;
  friend bool operator==(const FileState&, const FileState&) = default;
};

FileState state_of(const std::filesystem::path& file) {
  std::error_code error;
  const FileState state{std::filesystem::file_size(file, error), std::filesystem::last_write_time(file, error)};
  return state;
}

}  // namespace

CsvSource::CsvSource(std::filesystem::path file, CsvFormat format, CsvOptions options)
    : m_file(std::move(file)), m_format(std::move(format)), m_options(std::move(options)) {
  require(m_options.order_id != nullptr, "CSV source: no function that derives order ids");
}

void CsvSource::read(const Take& take, const Progress& progress) {
  m_counts = {};
  const FileState before = state_of(m_file);
  const std::string file_name = m_file.string();
  const auto each_row = [&](CsvReader& reader, std::uint64_t done_before, auto visit) {
    CsvRow row;
    std::uint64_t count = 0;
    while (reader.next(row)) {
      visit(row);
      if (progress && ++count % progress_rows == 0) {
        progress(done_before + reader.bytes_done(), 2 * reader.bytes_all());
      }
    }
  };

  Numbers numbers;
  {
    CsvReader reader(m_file);
    const BoundFormat bound = bind_columns(m_format, reader.header(), file_name);
    each_row(reader, 0, [&](const CsvRow& row) {
      const std::string_view number = number_of(row, bound.order_number);
      if (!number.empty()) numbers.at(number).last_row = row.row;
    });
  }
  CsvReader reader(m_file);
  const BoundFormat bound = bind_columns(m_format, reader.header(), file_name);
  Pass pass(bound, reader.header(), file_name, m_options, numbers, take, m_counts);
  each_row(reader, reader.bytes_all(), [&](const CsvRow& row) { pass.take_row(row); });
  if (state_of(m_file) != before) {
    throw Error({"read", file_name, "it changed while it was being read", "what was taken from it must be dropped"});
  }
  if (progress) progress(2 * reader.bytes_all(), 2 * reader.bytes_all());
}

CsvCounts CsvSource::validate(const std::function<void(const ports::SourceReject&)>& on_reject,
                              const Progress& progress) {
  read(
      [&](ports::SourceItem&& item) {
        if (const auto* reject = std::get_if<ports::SourceReject>(&item)) on_reject(*reject);
      },
      progress);
  return m_counts;
}

}  // namespace retour::csv
