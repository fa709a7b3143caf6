#include <boost/test/unit_test.hpp>
#include <fstream>

#include "db/codec/digest.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/sqlite/database.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using orders::ensure_replica;
using orders::OrderReplica;
using orders::ReplicaMode;

namespace {

Order one_order() {
  Order order;
  order.authority = "web";
  order.number = "1";
  order.id = codec::derive_order_id("web", "1");
  order.currency = *Currency::parse("GBP");
  order.lines.push_back({.line_no = 1,
                         .sku = "a",
                         .gtin = "",
                         .description = "",
                         .quantity = 1,
                         .unit_price = {100, 2},
                         .net_minor = 100,
                         .taxes = {}});
  order.tenders.push_back({1, TenderKind::cash, "", 100});
  return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ensure_replica_tests)

BOOST_AUTO_TEST_CASE(a_sound_replica_is_left_alone_and_a_missing_one_is_made) {
  const Scratch scratch;
  BOOST_TEST(!ensure_replica(scratch / "orders.db", 1));
  const Order order = one_order();
  const orders::FeedItem item{1, 1, order.id, codec::pack_order(order), {}, {}};
  OrderReplica::open(scratch / "orders.db", ReplicaMode::read_write).apply(std::span(&item, 1), {});
  BOOST_TEST(!ensure_replica(scratch / "orders.db", 2));
  BOOST_TEST(OrderReplica::open(scratch / "orders.db", ReplicaMode::read).order_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_damaged_one_is_kept_under_another_name_through_the_next_builds) {
  const Scratch scratch;
  ensure_replica(scratch / "orders.db", 1);
  const auto file = std::filesystem::canonical(scratch / "orders.db");
  const auto size = std::filesystem::file_size(file);
  std::ofstream(file, std::ios::binary) << std::string(size, 'x');
  const auto kept = ensure_replica(scratch / "orders.db", 1234);
  BOOST_REQUIRE(kept);
  BOOST_TEST(kept->filename().string() == "orders.db.damaged-1234");
  BOOST_TEST(OrderReplica::open(scratch / "orders.db", ReplicaMode::read).order_count() == 0U);
  orders::ReplicaBuilder builder(scratch / "orders.db");
  builder.begin({});
  builder.finish({});
  BOOST_TEST(bytes_of(*kept).size() == size);
  BOOST_TEST(bytes_of(*kept).front() == 'x');
}

BOOST_AUTO_TEST_SUITE_END()
