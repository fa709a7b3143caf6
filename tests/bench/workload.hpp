#pragma once
// The workload of the replica from a seed: orders of 3.0 lines and 1.1 tenders on average, descriptions of 28
// characters, 60,000 items sold with a skew (Zipf: the n-th item sells 1/n as often as the first), random 16-byte
// customer and card references. An order of a million looks like any other: numbers count up, times go on.

#include <cstdint>
#include <random>
#include <vector>

#include "db/codec/catalogue.hpp"
#include "db/codec/feed_chunk.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::bench {

inline constexpr std::size_t workload_items = 60'000;

struct WorkloadOrder {
  Order order;
  LookupKey customer;
  LookupKey card;
};

class Workload {
 public:
  explicit Workload(std::uint64_t seed);

  WorkloadOrder next();
  std::vector<WorkloadOrder> next(std::size_t count);
  /// All items, those that sell most first.
  const codec::Catalogue& catalogue() const { return m_catalogue; }

 private:
  struct Item {
    OrderLine line;  // as it sells at full price
  };
  void make_items();
  std::size_t draw_item();
  void add_line(Order& order);
  std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
  LookupKey random_key();

  std::mt19937_64 m_random;
  std::vector<Item> m_items;
  std::vector<double> m_sold;  // cumulated share of sales
  codec::Catalogue m_catalogue;
  std::uint64_t m_number = 100'000'000;
  std::int64_t m_now_ms = 1'760'000'000'000;
};

/// As the feed brings it.
codec::FeedItem feed_item(const WorkloadOrder& order, std::uint64_t feed_seq);
std::vector<codec::FeedItem> feed_items(const std::vector<WorkloadOrder>& orders, std::uint64_t first_seq);

}  // namespace retour::bench
