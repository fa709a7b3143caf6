#include "tests/bench/workload.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t description_size = 28;
constexpr std::array words = {
    "white",   "hanging",   "heart",    "lantern",   "cream",   "cupid",     "coat",     "hanger",   "knitted",
    "flag",    "bottle",    "red",      "woolly",    "nesting", "box",       "glass",    "star",     "frosted",
    "candle",  "holder",    "hand",     "warmer",    "union",   "jack",      "bird",     "ornament", "poppy",
    "bedroom", "playhouse", "kitchen",  "mug",       "cosy",    "tea",       "set",      "vintage",  "billboard",
    "love",    "fairy",     "cake",     "stand",     "doormat", "retro",     "spot",     "jam",      "jar",
    "paper",   "chain",     "kit",      "christmas", "wooden",  "frame",     "small",    "large",    "pink",
    "blue",    "green",     "polkadot", "lunch",     "bag",     "charlotte", "rose",     "regency",  "cakestand",
    "tier",    "alarm",     "clock",    "bakelike",  "orange",  "ivory",     "silver",   "gold",     "garland",
    "feather", "butterfly", "drawer",   "knob",      "ceramic", "gardeners", "kneeling", "pad",      "metal",
    "sign",    "door",      "number",   "wrap",      "gift",    "ribbon",    "reel",     "tape",     "cotton",
    "apron",   "napkin",    "round",    "square",    "storage"};

std::string description(std::mt19937_64& random) {
  std::string text;
  while (text.size() < description_size) {
    if (!text.empty()) text += ' ';
    text += words[random() % words.size()];
  }
  text.resize(description_size);
  if (text.back() == ' ') text.back() = 's';
  return text;
}

// Makers' prefixes repeat, the rest counts with gaps; the last digit checks the others.
std::string gtin(std::mt19937_64& random) {
  std::string digits =
      "0" + std::to_string(4'000'000 + (random() % 300) * 1'733) + std::to_string(10'000 + random() % 90'000);
  unsigned sum = 0;
  for (std::size_t i = 0; i < 13; ++i) sum += static_cast<unsigned>(digits[i] - '0') * (i % 2 == 0 ? 3U : 1U);
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

constexpr TaxAmount rate(std::int64_t percent) {
  return {.rate_percent = {percent, 0}, .minor = 0};
}

// What a till would say: quantity x price less the discount, with the tax inside.
void price_line(OrderLine& line) {
  const Minor shown = line.unit_price.mantissa * line.quantity - line.discount_minor;
  const Minor percent = line.taxes[0].rate_percent.mantissa;
  line.taxes[0].minor = (2 * shown * percent + 100 + percent) / (2 * (100 + percent));
  line.net_minor = shown - line.taxes[0].minor;
}

}  // namespace

Workload::Workload(std::uint64_t seed) : m_random(seed) {
  make_items();
}

void Workload::make_items() {
  double sold = 0;
  for (std::size_t i = 0; i < workload_items; ++i) {
    OrderLine line{.sku = std::to_string(100'000 + (i * 7'919) % 900'001), .gtin = gtin(m_random)};
    line.description = description(m_random);
    line.unit_price = {static_cast<std::int64_t>(95 + below(60) * 100 * (1 + below(3)) + (below(2) ? 4 : 0)), 2};
    line.taxes = {rate(i % 10 == 9 ? 0 : i % 10 == 8 ? 7 : 19)};
    m_items.push_back({line});
    m_catalogue.add(line);
    sold += 1.0 / static_cast<double>(i + 1);
    m_sold.push_back(sold);
  }
  for (double& share : m_sold) share /= sold;
}

std::size_t Workload::draw_item() {
  const double point = static_cast<double>(m_random() >> 11) * 0x1p-53;
  const auto found = std::upper_bound(m_sold.begin(), m_sold.end(), point);
  return std::min(static_cast<std::size_t>(found - m_sold.begin()), workload_items - 1);
}

LookupKey Workload::random_key() {
  LookupKey key;
  for (std::size_t i = 0; i < 16; i += 8) {
    const std::uint64_t bits = m_random();
    for (std::size_t b = 0; b < 8; ++b) key.bytes[i + b] = static_cast<std::uint8_t>(bits >> (8 * b));
  }
  return key;
}

void Workload::add_line(Order& order) {
  OrderLine line = m_items[draw_item()].line;
  line.line_no = static_cast<std::uint32_t>(order.lines.size() + 1);
  const std::uint64_t dice = below(100);
  line.quantity = dice < 80 ? 1 : dice < 92 ? 2 : static_cast<std::int64_t>(3 + below(10));
  if (below(20) == 0) line.discount_minor = line.unit_price.mantissa * line.quantity / 10;
  if (below(10) == 0) line.unit_price.mantissa -= line.unit_price.mantissa / 5;  // a promotion
  price_line(line);
  order.lines.push_back(std::move(line));
}

WorkloadOrder Workload::next() {
  WorkloadOrder made{.order = {}, .customer = random_key(), .card = random_key()};
  Order& order = made.order;
  order.authority = "web";
  order.number = std::to_string(++m_number);
  order.id = codec::derive_order_id(order.authority, order.number);
  order.currency = {"EUR", 2};
  m_now_ms += static_cast<std::int64_t>(below(40)) * 1000;
  order.sold_at_ms = m_now_ms;
  order.sold_on = CivilDate::of_ms(m_now_ms);
  for (std::uint64_t lines = 1 + below(5); lines > 0; --lines) add_line(order);  // 1 to 5: 3.0 on average
  const Minor total = order_total(order);
  const Minor by_gift_card = below(10) == 0 ? total / 3 : 0;
  if (by_gift_card > 0)
    order.tenders.push_back({.tender_no = 1, .kind = TenderKind::gift_card, .paid_minor = by_gift_card});
  order.tenders.push_back({.tender_no = static_cast<std::uint32_t>(order.tenders.size() + 1),
                           .kind = TenderKind::card,
                           .paid_minor = total - by_gift_card});
  return made;
}

std::vector<WorkloadOrder> Workload::next(std::size_t count) {
  std::vector<WorkloadOrder> orders;
  orders.reserve(count);
  while (orders.size() < count) orders.push_back(next());
  return orders;
}

codec::FeedItem feed_item(const WorkloadOrder& order, std::uint64_t feed_seq) {
  return {.feed_seq = feed_seq,
          .catchment = 1,
          .order_id = order.order.id,
          .evidence = codec::pack_order(order.order),
          .customer = order.customer,
          .card = order.card};
}

std::vector<codec::FeedItem> feed_items(const std::vector<WorkloadOrder>& orders, std::uint64_t first_seq) {
  std::vector<codec::FeedItem> items;
  for (const WorkloadOrder& order : orders) items.push_back(feed_item(order, first_seq++));
  return items;
}

}  // namespace retour::bench
