#include "db/codec/order_codec.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "db/codec/digest.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_orders.hpp"
#include "tests/support/sample_orders.hpp"

using namespace retour;
using namespace retour::codec;

namespace {
const std::filesystem::path golden_file = RETOUR_SOURCE_DIR "/tests/golden/orders/orders.hex";

Order plain_order() {
  Order order = samples::plain_order();
  order.id = derive_order_id(order.authority, order.number);
  return order;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(order_codec_tests)

BOOST_AUTO_TEST_CASE(an_order_packs_to_its_golden_bytes_and_comes_back_from_them) {
  for (const auto& [name, order] : {std::pair{"plain", plain_order()}, {"full", samples::full_order()}}) {
    const Bytes packed = pack_order(order);
    BOOST_TEST(golden::matches(golden_file, std::string(name) + " 1", packed), to_hex(packed.data(), packed.size()));
    const auto lines = golden::read(golden_file);
    BOOST_TEST((unpack_order(golden::bytes_of(lines.at(std::string(name) + " 1"))) == order), name);
  }
}

BOOST_AUTO_TEST_CASE(a_plain_order_costs_its_texts_and_little_more) {
  const Order order = plain_order();
  const std::size_t texts = order.authority.size() + order.number.size() + order.tenders[0].reference.size() +
                            order.lines[0].sku.size() + order.lines[0].description.size() +
                            order.lines[1].sku.size() + order.lines[1].description.size();
  BOOST_TEST(pack_order(order).size() <= texts + 42);
}

BOOST_AUTO_TEST_CASE(any_order_comes_back_as_it_was) {
  samples::RandomOrders orders(7);
  Order reused;
  for (int i = 0; i < 20'000; ++i) {
    const Order order = orders.next();
    const Bytes packed = pack_order(order);
    BOOST_REQUIRE(unpack_order(packed) == order);
    unpack_order(packed, reused);
    BOOST_REQUIRE(reused == order);
    BOOST_REQUIRE(pack_order(reused) == packed);
  }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const Bytes packed = pack_order(samples::full_order());
  for (std::size_t size = 0; size < packed.size(); ++size) {
    BOOST_CHECK_THROW(unpack_order(std::span(packed).first(size)), MalformedBody);
  }
}

BOOST_AUTO_TEST_CASE(a_newer_format_is_refused) {
  Bytes packed = pack_order(plain_order());
  packed[0] = evidence_format + 1;
  BOOST_CHECK_THROW(unpack_order(packed), MalformedBody);
}

BOOST_AUTO_TEST_CASE(random_damage_never_does_more_than_be_refused_or_read) {
  samples::RandomOrders orders(8);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    Bytes packed = pack_order(orders.next());
    for (auto times = 1 + orders.below(3); times > 0; --times) {
      packed[orders.below(packed.size())] = static_cast<std::uint8_t>(orders.below(256));
    }
    try {
      const Order order = unpack_order(packed);
      BOOST_REQUIRE(unpack_order(pack_order(order)) == order);
    } catch (const MalformedBody&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 1000);
}

BOOST_AUTO_TEST_CASE(lots_of_an_item_are_found_without_the_rest) {
  const Order order = samples::full_order();
  const OrderLots found = unpack_lots(pack_order(order), "book");
  BOOST_TEST(found.order_id.to_string() == order.id.to_string());
  BOOST_TEST(found.sold_at_ms == order.sold_at_ms);
  BOOST_REQUIRE(found.lots.size() == 1U);
  BOOST_TEST(found.lots[0].line_no == 5U);
  BOOST_TEST(found.lots[0].bought == 80995);
  BOOST_TEST((found.lots[0].unit_price == Decimal{104, 2}));
  BOOST_TEST(unpack_lots(pack_order(order), "boo").lots.empty());
}

BOOST_AUTO_TEST_SUITE_END()
