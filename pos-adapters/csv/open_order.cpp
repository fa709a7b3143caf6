#include "pos-adapters/csv/open_order.hpp"

#include <algorithm>

#include "plugin/core/unit_account/unit_account.hpp"
#include "pos-adapters/csv/limits.hpp"
#include "pos-adapters/csv/order_money.hpp"

namespace retour::csv {

void OpenOrder::hold(const CsvRow& row, bool rejected) {
  const std::size_t begin = m_text.size();
  m_text += row.raw;
  m_rows.push_back({row.line, row.row, begin, m_text.size(), rejected});
}

void OpenOrder::spoil(std::uint64_t bad_row) {
  if (!spoiled()) m_bad_row = bad_row;
}

void OpenOrder::add(Cells& cells, const CsvRow& row, const Instant& at) {
  if (m_of_order.empty() && m_order.lines.empty()) begin(cells, at);
  agree_on_order(cells);
  OrderLine line = read_line(cells);
  if (!m_order.lines.empty() && line.line_no <= m_order.lines.back().line_no) {
    cells.wrong(m_format.line_no, "line numbers must rise within an order, and " +
                                      std::to_string(m_order.lines.back().line_no) + " stands before it");
  }
  if (m_order.lines.size() >= order_lines_max) {
    cells.wrong(m_format.order_number, "more than " + std::to_string(order_lines_max) + " lines in one order");
  }
  if (cells.fault() || spoiled()) return;
  m_order.lines.push_back(std::move(line));
  m_line_rows.push_back(row.row);
}

/// The first row gives the order its time and currency.
void OpenOrder::begin(Cells& cells, const Instant& at) {
  m_of_order.resize(m_format.of_order.size());
  m_order.sold_at_ms = at.ms;
  m_order.sold_on = at.on;
  m_order.currency = m_format.format.currency;
  if (const std::string_view code = cells.cell(m_format.currency); !code.empty()) {
    const auto currency = Currency::parse(code);
    if (!currency) cells.wrong(m_format.currency, shown(code) + " is no currency that is known");
    m_order.currency = currency.value_or(m_order.currency);
  }
}

void OpenOrder::agree_on_order(Cells& cells) {
  for (std::size_t i = 0; i < m_format.of_order.size(); ++i) {
    const Column& column = m_format.of_order[i];
    const std::string_view said = cells.cell(column);
    std::string& known = m_of_order[i];
    if (said.empty() || said == known) continue;
    if (!known.empty()) {
      cells.wrong(column, shown(said) + " where an earlier row of the order says " + shown(known));
    } else if (column.index == m_format.currency.index && said != m_order.currency.name()) {
      cells.wrong(column, shown(said) + " where the order began in " + std::string(m_order.currency.name()));
    } else {
      known = said;
    }
  }
}

OrderLine OpenOrder::read_line(Cells& cells) {
  OrderLine line;
  const std::string_view line_no = cells.cell(m_format.line_no);
  line.line_no = line_no.empty() ? (m_order.lines.empty() ? 1 : m_order.lines.back().line_no + 1)
                                 : static_cast<std::uint32_t>(cells.integer(m_format.line_no, 1, 1'000'000'000));
  line.sku = cells.key(m_format.sku);
  line.gtin = cells.gtin(m_format.gtin);
  line.description = cells.words(m_format.description, description_bytes_max);
  line.quantity = cells.integer(m_format.quantity, 1, quantity_max);
  line.unit_price = cells.price(m_format.unit_price);
  read_line_money(cells, m_format, m_order.currency, line, m_rounded);
  read_line_details(cells, m_format, line);
  m_parcels.note(cells, m_format, line.shipment_no);
  return line;
}

Result<ports::SourceOrder, Fault> OpenOrder::finish(const DeriveId& derive_id) {
  require(!spoiled() && !m_order.lines.empty(), "open order: finished without a line");
  // The order's own cells, laid out like a row, so that the same reading serves.
  int width = 0;
  for (const Column& column : m_format.of_order) width = std::max(width, column.index + 1);
  std::vector<std::string_view> fields(static_cast<std::size_t>(width));
  for (std::size_t i = 0; i < m_format.of_order.size(); ++i) {
    fields[static_cast<std::size_t>(m_format.of_order[i].index)] = m_of_order[i];
  }
  Cells cells(fields);

  ports::SourceOrder source;
  source.customer_ref = cells.reference(m_format.customer_ref);
  source.card_ref = cells.reference(m_format.card_ref);
  m_order.authority = m_format.format.authority;
  m_order.channel = m_format.format.channel;
  m_order.tax_mode = m_format.format.tax_mode;
  if (const std::string_view name = cells.cell(m_format.channel); !name.empty()) {
    const auto channel = parse_channel(name);
    if (!channel) cells.wrong(m_format.channel, shown(name) + " is none of: online, store, phone, marketplace");
    m_order.channel = channel.value_or(m_order.channel);
  }
  m_order.delivered_on = cells.date(m_format.delivered_on);
  m_order.loyalty = read_points(cells, m_format);
  read_order_money(cells, m_format, source.customer_ref, m_order);
  m_parcels.add_to(m_order);
  if (!cells.fault()) {
    if (const auto divided = OrderAccounts::divide(m_order); !divided.ok()) {
      cells.wrong(m_format.order_number,
                  "its money cannot be divided over its units: " + std::string(to_string(divided.error())));
    }
  }
  if (cells.fault()) return failure(*cells.fault());
  m_order.id = derive_id(m_order.authority, m_order.number);
  source.order = std::move(m_order);
  source.line_rows = std::move(m_line_rows);
  return source;
}

}  // namespace retour::csv
