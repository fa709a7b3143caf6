#include "pos-adapters/csv/cells.hpp"

#include <charconv>

#include "plugin/core/order/card_number.hpp"
#include "plugin/core/order/gtin.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "pos-adapters/csv/limits.hpp"

namespace retour::csv {

namespace {

constexpr std::size_t shown_bytes_max = 40;  // of a cell in a reason
constexpr std::int64_t ms_per_second = 1'000, ms_per_minute = 60'000, ms_per_hour = 3'600'000,
                       ms_per_day = 86'400'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes `count` digits off the front; below 0 when they are not there or exceed `max`.
int take_digits(std::string_view& text, std::size_t count, int max) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value > max ? -1 : value;
}

bool take_char(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

/// What stands behind the date, in milliseconds; leaves the zone in `text`.
std::optional<std::int64_t> take_time_of_day(std::string_view& text) {
  const int hour = take_digits(text, 2, 23);
  if (hour < 0 || !take_char(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2, 59);
  if (minute < 0) return std::nullopt;
  std::int64_t ms = hour * ms_per_hour + minute * ms_per_minute;
  if (take_char(text, ':')) {
    const int second = take_digits(text, 2, 59);
    if (second < 0) return std::nullopt;
    ms += second * ms_per_second;
    if (take_char(text, '.')) {
      const int thousandths = take_digits(text, 3, 999);
      if (thousandths < 0) return std::nullopt;
      ms += thousandths;
    }
  }
  return ms;
}

std::optional<std::int64_t> parse_zone(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const std::int64_t sign = text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
  text.remove_prefix(1);
  const int hour = take_digits(text, 2, 15);
  if (sign == 0 || hour < 0 || !take_char(text, ':')) return std::nullopt;
  const int minute = take_digits(text, 2, 59);
  if (minute < 0 || !text.empty()) return std::nullopt;
  return sign * (hour * ms_per_hour + minute * ms_per_minute);
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  constexpr std::size_t date_bytes = 10;
  const auto on = CivilDate::parse(text.substr(0, date_bytes));
  if (!on || text[0] > '2' || on->days < 0) return std::nullopt;
  Instant instant{on->days * ms_per_day, *on};
  text.remove_prefix(date_bytes);
  if (text.empty()) return instant;
  if (!take_char(text, 'T') && !take_char(text, ' ')) return std::nullopt;
  const auto time_of_day = take_time_of_day(text);
  const auto zone = time_of_day ? parse_zone(text) : std::nullopt;
  if (!zone || instant.ms + *time_of_day < *zone) return std::nullopt;
  instant.ms += *time_of_day - *zone;
  return instant;
}

std::string shown(std::string_view text) {
  return "'" + printable(text.substr(0, shown_bytes_max)) + (text.size() > shown_bytes_max ? "…'" : "'");
}

std::optional<Minor> parse_minor(std::string_view text, const Currency& currency) {
  const auto amount = Decimal::parse(text);
  if (!amount || amount->normalized().scale > currency.decimals) return std::nullopt;
  return extend(*amount, 1, currency, Rounding::down);
}

void Cells::wrong(const Column& column, std::string reason) {
  if (!m_fault) m_fault = Fault{column.name, std::move(reason)};
}

std::string_view Cells::cell(const Column& column) const {
  return column.there() ? m_fields[static_cast<std::size_t>(column.index)] : std::string_view{};
}

std::string_view Cells::text(const Column& column, std::size_t bytes_max) {
  const std::string_view text = cell(column);
  if (text.size() > bytes_max) {
    wrong(column, std::to_string(text.size()) + " bytes; at most " + std::to_string(bytes_max) + " are taken");
  }
  return text;
}

std::string_view Cells::key(const Column& column) {
  const std::string_view text = this->text(column, key_bytes_max);
  if (text.empty()) wrong(column, "is empty");
  return text;
}

std::string_view Cells::reference(const Column& column) {
  return words(column, key_bytes_max);
}

std::string_view Cells::words(const Column& column, std::size_t bytes_max) {
  const std::string_view text = this->text(column, bytes_max);
  if (looks_like_card_number(text)) wrong(column, "looks like a card number, which may not enter");
  return text;
}

std::int64_t Cells::integer(const Column& column, std::int64_t low, std::int64_t high) {
  const std::string_view text = cell(column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = end == text.data() + text.size() && !text.empty();
  if (error == std::errc::invalid_argument || !whole) {
    wrong(column, shown(text) + " is not a whole number");
    return 0;
  }
  if (error == std::errc::result_out_of_range || value < low || value > high) {
    wrong(column, shown(text) + " lies outside " + std::to_string(low) + " to " + std::to_string(high));
    return 0;
  }
  return value;
}

Decimal Cells::price(const Column& column) {
  const std::string_view text = cell(column);
  const auto price = Decimal::parse(text);
  if (!price) {
    wrong(column, shown(text) + " is not a decimal number of at most 15 digits, 9 of them decimals");
    return {};
  }
  if (price->mantissa < 0) wrong(column, shown(text) + " is below zero");
  return *price;
}

Minor Cells::minor(const Column& column, const Currency& currency) {
  const std::string_view text = cell(column);
  const auto minor = parse_minor(text, currency);
  if (!minor) {
    wrong(column, shown(text) + " is not an amount of " + std::string(currency.name()) + " from 0, with at most " +
                      std::to_string(currency.decimals) + " decimals");
  }
  return minor.value_or(0);
}

Instant Cells::instant(const Column& column) {
  const auto instant = parse_instant(cell(column));
  if (!instant) {
    wrong(column, shown(cell(column)) + " is not a time like 2011-12-09T12:50:00 of the years 1970 to 2999");
  }
  return instant.value_or(Instant{});
}

std::optional<CivilDate> Cells::date(const Column& column) {
  const std::string_view text = cell(column);
  if (text.empty()) return std::nullopt;
  const auto date = CivilDate::parse(text);
  if (!date) wrong(column, shown(text) + " is not a date like 2011-12-09");
  return date;
}

std::string Cells::gtin(const Column& column) {
  const std::string_view text = cell(column);
  if (text.empty()) return {};
  const auto gtin = parse_gtin(text);
  if (!gtin.ok()) {
    wrong(column, shown(text) + " is not a GTIN: " + std::string(to_string(gtin.error())));
    return {};
  }
  return *gtin;
}

}  // namespace retour::csv
