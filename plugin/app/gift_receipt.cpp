#include "plugin/app/gift_receipt.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "plugin/app/paper_seal.hpp"
#include "plugin/app/receipt_text.hpp"

namespace retour::app {

namespace {

constexpr std::string_view gift_prefix = "RG1";
constexpr std::string_view gift_use = "retour gift receipt 1";
constexpr std::size_t gift_words = 4;  // RG1, order, lines, seal

struct NamedGift {
  OrderId order_id;
  std::vector<GiftLine> lines;
};

std::string text_of(const std::vector<GiftLine>& lines) {
  std::string text;
  for (const GiftLine& line : lines) {
    text += (text.empty() ? "" : "-") + std::to_string(line.order_line_no) + "X" + std::to_string(line.quantity);
  }
  return text;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

std::optional<std::vector<GiftLine>> lines_in(std::string_view text) {
  std::vector<GiftLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('-'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t times = one.find('X');
    if (times == std::string_view::npos) return std::nullopt;
    const auto line_no = number_in<std::uint32_t>(one.substr(0, times));
    const auto quantity = number_in<std::int64_t>(one.substr(times + 1));
    if (!line_no || !quantity) return std::nullopt;
    lines.push_back({*line_no, *quantity});
  }
  if (lines.empty()) return std::nullopt;
  return lines;
}

Result<NamedGift, CommandRefusal> read_gift(const StoreContext& store, const std::string& text) {
  const std::string scanned = in_capitals(text);
  const auto parts = dotted_words(scanned);
  const CommandRefusal unreadable{"gift_receipt_unreadable",
                                  "The gift receipt cannot be read; a new one can be made from the order."};
  if (scanned.size() > gift_text_bytes_max || parts.size() != gift_words || parts[0] != gift_prefix) {
    return failure(unreadable);
  }
  if (!seal_fits(store, gift_use, scanned)) {
    return failure(
        CommandRefusal{"gift_receipt_changed", "The gift receipt was changed: its seal is of other words."});
  }
  const auto order = OrderId::parse(parts[1]);
  auto lines = lines_in(parts[2]);
  if (!order || !lines) return failure(unreadable);
  return NamedGift{*order, std::move(*lines)};
}

/// The line of the paper that the ask is about; null when none is, or it could be several.
const GiftLine* named_line(const NamedGift& gift, const ReturnAsk& ask) {
  if (ask.order_id && *ask.order_id != gift.order_id) return nullptr;
  if (ask.order_line_no == 0) return gift.lines.size() == 1 ? &gift.lines.front() : nullptr;
  const auto found = std::find_if(gift.lines.begin(), gift.lines.end(),
                                  [&](const GiftLine& line) { return line.order_line_no == ask.order_line_no; });
  return found == gift.lines.end() ? nullptr : &*found;
}

std::string paper_of(const StoreContext& store, const Order& order, const std::vector<GiftLine>& lines,
                     const std::string& qr_text) {
  GiftPaper paper{
      .store = store.store_name, .order_number = order.number, .sold_on = order.sold_on, .qr_text = qr_text};
  for (const GiftLine& gift : lines) {
    const OrderLine& line = *find_line(order, gift.order_line_no);
    paper.goods.push_back({line.line_no, gift.quantity, line.sku, line.description});
  }
  return gift_text(paper);
}

}  // namespace

std::optional<CommandRefusal> not_to_give(const Order& order, const std::vector<GiftLine>& lines) {
  if (lines.empty() || lines.size() > gift_lines_max) {
    return CommandRefusal{"gift_quantity_invalid",
                          "A gift receipt names from 1 to " + std::to_string(gift_lines_max) + " lines."};
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string name = "Line " + std::to_string(lines[i].order_line_no) + " of order " + order.number;
    const OrderLine* line = find_line(order, lines[i].order_line_no);
    if (line == nullptr) return CommandRefusal{"order_line_unknown", name + " does not exist."};
    const bool twice = std::any_of(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const GiftLine& one) { return one.order_line_no == line->line_no; });
    if (!twice && lines[i].quantity > 0 && lines[i].quantity <= line->quantity) continue;
    return CommandRefusal{"gift_quantity_invalid",
                          name + (twice ? " is named twice."
                                        : " is of " + std::to_string(line->quantity) + " units, and not of " +
                                              std::to_string(lines[i].quantity) + ".")};
  }
  return std::nullopt;
}

Result<GiftReceipt, CommandRefusal> make_gift_receipt(StoreContext& store, const OrderId& order_id,
                                                      const std::vector<GiftLine>& lines) {
  Evidence evidence(store);
  const EvidenceOrder* found = evidence.find(order_id);
  if (found == nullptr || found->order.channel == SaleChannel::value) {
    return failure(CommandRefusal{"order_unknown", "This store has no order " + order_id.to_string() + "."});
  }
  if (const auto refused = not_to_give(found->order, lines)) return failure(*refused);
  std::string words = std::string(gift_prefix) + "." + in_capitals(order_id.to_string()) + "." + text_of(lines);
  std::string qr_text = sealed(store, gift_use, std::move(words));
  std::string paper = paper_of(store, found->order, lines, qr_text);
  return GiftReceipt{std::move(qr_text), std::move(paper)};
}

Result<Visit, CommandRefusal> with_gift(const StoreContext& store, Visit visit) {
  if (visit.gift_receipt.empty()) return visit;
  const auto gift = read_gift(store, visit.gift_receipt);
  if (!gift.ok()) return failure(gift.error());
  std::map<std::uint32_t, std::int64_t> asked;  // units, by order line
  for (ReturnAsk& ask : visit.lines) {
    const std::string name = "Line " + std::to_string(ask.line_no) + ": ";
    const GiftLine* line = named_line(*gift, ask);
    if (line == nullptr) {
      return failure(CommandRefusal{
          "gift_line_not_named", name + "say which line of the gift receipt it is; other goods are another visit."});
    }
    std::int64_t& units = asked[line->order_line_no];
    if (ask.quantity > line->quantity - units) {
      return failure(CommandRefusal{"gift_quantity_exceeded",
                                    name + "the gift receipt is of " + std::to_string(line->quantity) + " units."});
    }
    units += ask.quantity;
    ask.order_id = gift->order_id;
    ask.order_line_no = line->order_line_no;
    ask.gift = true;
    if (ask.reason == ReturnReason::unspecified) ask.reason = ReturnReason::gift;
  }
  return visit;
}

}  // namespace retour::app
