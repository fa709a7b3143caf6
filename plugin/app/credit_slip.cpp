#include "plugin/app/credit_slip.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "plugin/app/issue_credit.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/paper_seal.hpp"
#include "plugin/app/receipt_text.hpp"
#include "plugin/core/order/value_account.hpp"

namespace retour::app {

namespace {

constexpr std::string_view slip_prefix = "RC1.";
constexpr std::string_view slip_use = "retour credit slip 1";
constexpr std::size_t slip_parts = 8;  // RC1, number, minor, currency, order, node, day, seal

std::string without_dashes(std::string text) {
  std::erase(text, '-');
  return text;
}

std::optional<CivilDate> parse_day(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  return CivilDate::parse(std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4, 2)) + "-" +
                          std::string(text.substr(6)));
}

std::optional<Minor> parse_minor(std::string_view text) {
  Minor minor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
  if (error != std::errc{} || end != text.data() + text.size() || minor <= 0 || minor > value_minor_max)
    return std::nullopt;
  return minor;
}

std::optional<CreditSlip> parsed(const std::vector<std::string_view>& parts) {
  if (parts.size() != slip_parts) return std::nullopt;
  const auto number = parse_credit_number(parts[1]);
  const auto minor = parse_minor(parts[2]);
  const auto currency = Currency::parse(parts[3]);
  const auto order = OrderId::parse(parts[4]);
  const auto node = NodeId::parse(parts[5]);
  const auto day = parse_day(parts[6]);
  if (!number || !minor || !currency || !order || !node || !day) return std::nullopt;
  return CreditSlip{*number, *order, *currency, *minor, *node, *day};
}

}  // namespace

std::string slip_qr_text(const StoreContext& store, const Order& account, const NodeId& issued_by) {
  require(is_value_account(account), "a credit slip for an order of goods");
  std::string words(slip_prefix);
  words += without_dashes(account.number) + "." + std::to_string(account.lines.front().quantity) + ".";
  words += std::string(account.currency.name()) + "." + in_capitals(account.id.to_string()) + ".";
  words += in_capitals(issued_by.to_string()) + "." + without_dashes(account.sold_on.to_string());
  return sealed(store, slip_use, std::move(words));
}

bool looks_like_slip(std::string_view text) {
  return in_capitals(std::string(text.substr(0, slip_prefix.size()))) == slip_prefix;
}

std::optional<CreditSlip> read_slip(const StoreContext& store, std::string_view text, SlipFault& fault) {
  const std::string scanned = in_capitals(std::string(text.substr(0, slip_text_bytes_max + 1)));
  const std::vector<std::string_view> parts = dotted_words(scanned);
  fault = SlipFault::unreadable;
  if (!looks_like_slip(scanned) || scanned.size() > slip_text_bytes_max || parts.size() != slip_parts) {
    return std::nullopt;
  }
  fault = SlipFault::changed;
  if (!seal_fits(store, slip_use, scanned)) return std::nullopt;
  auto slip = parsed(parts);
  if (slip) fault = SlipFault::none;
  return slip;
}

std::string credit_paper(const StoreContext& store, const Order& account, std::string qr_text) {
  return credit_text({.store = store.store_name,
                      .title = words("credit.title." + account.lines.front().sku),
                      .number = account.number,
                      .given_on = account.sold_on,
                      .minor = account.lines.front().quantity,
                      .currency = account.currency,
                      .qr_text = std::move(qr_text)});
}

}  // namespace retour::app
