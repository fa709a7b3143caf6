#include "pos-adapters/csv/order_details.hpp"

#include <charconv>

#include "plugin/core/order/serial_number.hpp"
#include "pos-adapters/csv/limits.hpp"

namespace retour::csv {

namespace {

constexpr char separator = '|';

/// Calls `take` with each part of a cell "a|b|c"; an empty cell has none.
template <class Take>
void each_part(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    if (end + 1 == text.size()) take(std::string_view{});  // "a|" has an empty part behind it
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool read_yes(Cells& cells, const Column& column) {
  const std::string_view said = cells.cell(column);
  if (!said.empty() && said != "yes" && said != "no") cells.wrong(column, shown(said) + " is neither yes nor no");
  return said == "yes";
}

std::vector<std::string> read_serials(Cells& cells, const Column& column) {
  std::vector<std::string> serials;
  each_part(cells.cell(column), [&](std::string_view serial) {
    const SerialFault fault = fault_of_serial(serial);
    // What looks like a card number is not repeated in the reason.
    if (fault == SerialFault::card_number) cells.wrong(column, "looks like a card number, which may not enter");
    if (fault != SerialFault::none)
      cells.wrong(column, shown(serial) + " among the serial numbers " + std::string(words_of(fault)));
    if (serials.size() == serials_max)
      cells.wrong(column, "more than " + std::to_string(serials_max) + " serial numbers");
    if (serials.size() < serials_max) serials.emplace_back(serial);
  });
  return serials;
}

std::int64_t read_count(Cells& cells, const Column& column) {
  return cells.cell(column).empty() ? 0 : cells.integer(column, 0, points_max);
}

}  // namespace

void read_line_details(Cells& cells, const BoundFormat& format, OrderLine& line) {
  line.seller = cells.reference(format.seller);
  line.confirmed_final = read_yes(cells, format.confirmed_final);
  if (!cells.cell(format.parcel_no).empty()) {
    line.shipment_no = static_cast<std::uint32_t>(cells.integer(format.parcel_no, 1, parcels_max));
  }
  line.serials = read_serials(cells, format.serials);
}

std::vector<std::uint32_t> read_named_lines(Cells& cells, const Column& column) {
  std::vector<std::uint32_t> line_nos;
  each_part(cells.cell(column), [&](std::string_view text) {
    std::uint32_t line_no = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line_no);
    if (error != std::errc{} || end != text.data() + text.size() || line_no == 0) {
      return cells.wrong(column, shown(text) + " is not the number of a line");
    }
    line_nos.push_back(line_no);
  });
  return line_nos;
}

Loyalty read_points(Cells& cells, const BoundFormat& format) {
  return {read_count(cells, format.points_earned), read_count(cells, format.points_spent)};
}

void Parcels::note(Cells& cells, const BoundFormat& format, std::uint32_t parcel_no) {
  const std::optional<CivilDate> arrived = cells.date(format.parcel_delivered_on);
  if (parcel_no == 0) {
    if (arrived) cells.wrong(format.parcel_delivered_on, "says when a parcel arrived, and no parcel is named");
    return;
  }
  std::optional<CivilDate>& known = m_delivered_on[parcel_no];
  if (known && arrived && known != arrived) {
    cells.wrong(format.parcel_delivered_on, arrived->to_string() + " where an earlier row says that parcel " +
                                                std::to_string(parcel_no) + " arrived on " + known->to_string());
  }
  if (!known) known = arrived;
}

void Parcels::add_to(Order& order) const {
  for (const auto& [parcel_no, arrived] : m_delivered_on) {
    while (order.shipments.size() < parcel_no) {
      const auto next = static_cast<std::uint32_t>(order.shipments.size() + 1);
      order.shipments.push_back({.shipment_no = next, .label = "parcel " + std::to_string(next)});
    }
    if (arrived) order.shipments[parcel_no - 1].delivered_on = arrived;
  }
}

}  // namespace retour::csv
