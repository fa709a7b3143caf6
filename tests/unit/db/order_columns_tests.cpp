#include "db/codec/order_columns.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/digest.hpp"
#include "db/codec/feed_chunk.hpp"
#include "db/codec/order_codec.hpp"
#include "tests/support/random_orders.hpp"

using namespace retour;
using namespace retour::codec;

namespace {
std::vector<Order> some_orders(std::uint64_t seed, std::size_t count) {
  samples::RandomOrders source(seed);
  std::vector<Order> orders;
  for (std::size_t i = 0; i < count; ++i) {
    orders.push_back(source.next());
    if (source.one_in(2)) orders.back().id = derive_order_id(orders.back().authority, orders.back().number);
  }
  return orders;
}

Catalogue catalogue_of(std::span<const Order> orders) {
  Catalogue catalogue;
  for (const Order& order : orders) {
    for (const OrderLine& line : order.lines) catalogue.add(line);
  }
  return catalogue;
}

std::vector<FeedItem> some_items(std::uint64_t seed, std::size_t count) {
  samples::RandomOrders random(seed);
  std::vector<FeedItem> items;
  for (const Order& order : some_orders(seed, count)) {
    FeedItem item{.feed_seq = items.size() * 2 + 5, .catchment = static_cast<std::uint16_t>(random.below(3))};
    item.order_id = order.id;
    item.evidence = pack_order(order);
    if (random.one_in(2)) random.fill(item.customer.bytes.data(), 16);
    if (random.one_in(3)) random.fill(item.card.bytes.data(), 16);
    items.push_back(item);
  }
  return items;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(order_columns_tests)

BOOST_AUTO_TEST_CASE(any_batch_comes_back_as_it_was) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto orders = some_orders(seed, seed * 3 - 3);
    BOOST_REQUIRE(unpack_columns(pack_columns(orders)) == orders);
  }
}

BOOST_AUTO_TEST_CASE(the_same_batch_gives_the_same_bytes) {
  BOOST_TEST((pack_columns(some_orders(4, 100)) == pack_columns(some_orders(4, 100))));
}

BOOST_AUTO_TEST_CASE(a_shared_catalogue_saves_bytes_and_loses_nothing) {
  const auto orders = some_orders(5, 300);
  const Catalogue shared = catalogue_of(std::span(orders).first(250));
  const Bytes batch = pack_columns(orders, &shared);
  BOOST_TEST(batch.size() < pack_columns(orders).size());
  BOOST_TEST((unpack_columns(batch, &shared) == orders));
  const Catalogue unpacked = Catalogue::unpack(shared.pack());
  BOOST_TEST((unpacked.hash() == shared.hash()));
  BOOST_TEST((unpack_columns(batch, &unpacked) == orders));
}

BOOST_AUTO_TEST_CASE(another_catalogue_than_the_one_referred_to_is_refused) {
  const auto orders = some_orders(5, 30);
  const Catalogue shared = catalogue_of(orders);
  const Catalogue other = catalogue_of(std::span(orders).first(20));
  const Bytes batch = pack_columns(orders, &shared);
  BOOST_CHECK_THROW(unpack_columns(batch, &other), MalformedBody);
  BOOST_CHECK_THROW(unpack_columns(batch, nullptr), MalformedBody);
}

BOOST_AUTO_TEST_CASE(a_chunk_gives_back_every_item_byte_for_byte) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto items = some_items(seed, 40);
    BOOST_REQUIRE(unpack_chunk(pack_chunk(items)) == items);
  }
}

BOOST_AUTO_TEST_CASE(evidence_that_another_program_packed_travels_whole) {
  auto items = some_items(3, 10);
  // A longer way to say the same, as another encoder might: the id written out although it is derived.
  Order order = unpack_order(items[4].evidence);
  order.id.bytes[0] ^= 1;
  items[4].evidence = pack_order(order);
  const auto unpacked = unpack_chunk(pack_chunk(items));
  BOOST_TEST((unpacked == items));
}

BOOST_AUTO_TEST_CASE(damaged_chunks_are_refused_or_read_but_never_harm) {
  samples::RandomOrders random(9);
  const Bytes chunk = pack_chunk(some_items(9, 60));
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    Bytes damaged = chunk;
    for (auto times = 1 + random.below(3); times > 0; --times) {
      damaged[random.below(round % 2 == 0 ? damaged.size() : 120)] = static_cast<std::uint8_t>(random.below(256));
    }
    if (random.one_in(10)) damaged.resize(random.below(damaged.size()));
    try {
      unpack_chunk(damaged);
    } catch (const MalformedBody&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 200);
}

BOOST_AUTO_TEST_SUITE_END()
