#include "plugin/app/credit_slip.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "db/codec/digest.hpp"
#include "plugin/app/issue_credit.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/receipt_text.hpp"
#include "plugin/core/order/value_account.hpp"

namespace retour::app {

namespace {

constexpr std::string_view slip_prefix = "RC1.";
constexpr std::size_t slip_parts = 8;  // RC1, number, minor, currency, order, node, day, seal

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string without_dashes(std::string text) {
  std::erase(text, '-');
  return text;
}

/// Every store of the chain has the look-up secret; a key of its own for this use, so that neither tells of the
/// other.
std::string seal_of(const StoreContext& store, std::string_view words) {
  const LookupKey key = codec::hmac_key(store.lookup_secret, "retour credit slip 1");
  return upper(codec::hmac_key(key.bytes, words).to_string());
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find('.'), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
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
  words += std::string(account.currency.name()) + "." + upper(account.id.to_string()) + ".";
  words += upper(issued_by.to_string()) + "." + without_dashes(account.sold_on.to_string());
  return words + "." + seal_of(store, words);
}

bool looks_like_slip(std::string_view text) {
  return upper(std::string(text.substr(0, slip_prefix.size()))) == slip_prefix;
}

std::optional<CreditSlip> read_slip(const StoreContext& store, std::string_view text, SlipFault& fault) {
  const std::string scanned = upper(std::string(text.substr(0, slip_text_bytes_max + 1)));
  const std::vector<std::string_view> parts = parts_of(scanned);
  fault = SlipFault::unreadable;
  if (!looks_like_slip(scanned) || scanned.size() > slip_text_bytes_max || parts.size() != slip_parts) {
    return std::nullopt;
  }
  fault = SlipFault::changed;
  const std::string_view words(scanned.data(), scanned.size() - parts.back().size() - 1);
  if (seal_of(store, words) != parts.back()) return std::nullopt;
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
