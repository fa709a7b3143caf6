#include "plugin/cli/replay/source_data.hpp"

#include "db/codec/digest.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::replay {

namespace {

bool is_merchandise(const std::string& sku) {
  constexpr std::size_t digits = 5;
  if (sku.size() < digits) return false;
  for (std::size_t i = 0; i < digits; ++i) {
    if (sku[i] < '0' || sku[i] > '9') return false;
  }
  return true;
}

}  // namespace

SourceData SourceData::read(ports::OrderSource& source) {
  SourceData data;
  source.read([&](ports::SourceItem&& item) { data.take(std::move(item)); }, [](std::uint64_t, std::uint64_t) {});
  data.m_ledger_keys = data.m_keys.size();
  data.m_keys.clear();
  return data;
}

void SourceData::take(ports::SourceItem&& item) {
  if (auto* order = std::get_if<ports::SourceOrder>(&item)) {
    take_order(std::move(*order));
  } else if (auto* line = std::get_if<ports::SourceReturnLine>(&item)) {
    take_return(std::move(*line));
  } else if (auto* move = std::get_if<ports::SourceStockMove>(&item)) {
    ++m_sums.stock_moves;
    m_sums.stock_units += move->quantity;
    m_rows = std::max(m_rows, move->row);
    m_items.push_back({move->at_ms, move->row, std::move(*move)});
  } else if (auto* note = std::get_if<ports::SourceNote>(&item)) {
    ++m_sums.notes;
    m_rows = std::max(m_rows, note->row);
  } else {
    const auto& reject = std::get<ports::SourceReject>(item);
    throw Error({.operation = "replay",
                 .object = reject.file + " line " + std::to_string(reject.line) + ", column " + reject.column,
                 .cause = reject.reason,
                 .consequence = "a replay wants a file without bad rows"});
  }
}

void SourceData::take_order(ports::SourceOrder&& source) {
  const Order& order = source.order;
  ++m_sums.orders;
  m_sums.lines += order.lines.size();
  Rows rows{order.number, source.line_rows};
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const OrderLine& line = order.lines[i];
    m_sums.units += line.quantity;
    const Milli asked = milli_of(line.unit_price, line.quantity);
    m_sums.asked_milli += asked;
    m_sums.total_minor += line_total(line);
    if (asked != line_total(line) * 10) {
      ++m_sums.corrections;
      m_sums.correction_milli += asked - line_total(line) * 10;
    }
    if (!source.customer_ref.empty() && is_merchandise(line.sku)) {
      const auto key =
          m_keys.try_emplace(source.customer_ref + '\x1f' + line.sku, static_cast<std::uint32_t>(m_keys.size()));
      m_ledger_lines.push_back({order.id, line.line_no, line.quantity, key.first->second});
    }
  }
  const std::uint64_t last_row = source.line_rows.empty() ? 0 : source.line_rows.back();
  m_rows = std::max(m_rows, last_row);
  m_orders.emplace(order.id, std::move(rows));
  m_items.push_back({order.sold_at_ms, last_row, std::move(source)});
}

void SourceData::take_return(ports::SourceReturnLine&& line) {
  m_rows = std::max(m_rows, line.row);
  if (!m_items.empty()) {
    auto* open = std::get_if<ReturnDocument>(&m_items.back().what);
    if (open && open->document == line.document) {
      m_items.back().row = line.row;
      open->lines.push_back(std::move(line));
      return;
    }
  }
  ReturnDocument document{line.document, line.customer_ref, {}, line.at_ms};
  const std::uint64_t row = line.row;
  document.lines.push_back(std::move(line));
  m_items.push_back({document.at_ms, row, std::move(document)});
}

std::vector<RowUnits> SourceData::rows_of(const std::vector<OrderUnits>& units) const {
  std::vector<RowUnits> rows;
  for (const OrderUnits& part : units) {
    const Rows& order = m_orders.at(part.order_id);
    const std::uint64_t row = order.rows.at(part.units.line_no - 1);
    if (!rows.empty() && rows.back().row == row) {
      rows.back().units += part.units.count;
    } else {
      rows.push_back({order.document, row, part.units.count});
    }
  }
  return rows;
}

std::vector<RowLot> SourceData::rows_of(const std::vector<Lot>& lots) const {
  std::vector<RowLot> rows;
  for (const Lot& lot : lots) {
    const Rows& order = m_orders.at(lot.order_id);
    rows.push_back({{order.document, order.rows.at(lot.line_no - 1), free_units(lot)}, lot.unit_price});
  }
  return rows;
}

std::size_t home_store_of(const std::string& customer, std::size_t stores) {
  const Hash256 hash = codec::sha256({reinterpret_cast<const std::uint8_t*>(customer.data()), customer.size()});
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8; ++i) first = first << 8 | hash.bytes[i];
  return static_cast<std::size_t>(first % stores);
}

}  // namespace retour::replay
