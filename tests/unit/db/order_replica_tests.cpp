#include "db/orders/order_replica.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "db/codec/digest.hpp"
#include "db/orders/replica_builder.hpp"
#include "tests/support/sample_orders.hpp"

using namespace retour;
using namespace retour::orders;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    static int next = 0;
    path =
        fs::temp_directory_path() / ("retour-replica-" + std::to_string(::getpid()) + "-" + std::to_string(next++));
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path file() const { return path / "orders.db"; }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path;
};

const LookupKey anna = samples::id<LookupKey>(0x11);
const LookupKey bert = samples::id<LookupKey>(0x55);

struct Wanted {
  std::string number = "1";
  LookupKey customer = anna;
  std::vector<std::string> skus = {"85123A"};
  int day = 15000;
  std::uint32_t version = 1;
  std::uint16_t catchment = 1;
  std::uint64_t feed_seq = 1;
  std::string authority = "web";
  std::string gtin = "";
};

FeedItem an_item(const Wanted& wanted) {
  Order order{.authority = wanted.authority, .number = wanted.number, .version = wanted.version};
  order.id = codec::derive_order_id(order.authority, order.number);
  order.sold_on = {wanted.day};
  order.sold_at_ms = std::int64_t{wanted.day} * 86'400'000;
  for (const std::string& sku : wanted.skus) {
    OrderLine line{.line_no = static_cast<std::uint32_t>(order.lines.size() + 1), .sku = sku, .gtin = wanted.gtin};
    line.quantity = 2;
    line.unit_price = {255, 2};
    line.net_minor = 510;
    order.lines.push_back(line);
  }
  order.tenders = {{.tender_no = 1, .kind = TenderKind::cash, .paid_minor = order_total(order)}};
  return {.feed_seq = wanted.feed_seq,
          .catchment = wanted.catchment,
          .order_id = order.id,
          .evidence = codec::pack_order(order),
          .customer = wanted.customer,
          .card = samples::id<LookupKey>(static_cast<std::uint8_t>(0x80 + wanted.feed_seq))};
}

std::vector<FeedItem> three_items() {
  return {an_item({.number = "1", .day = 15000, .feed_seq = 1}),
          an_item({.number = "2", .skus = {"85123A", "22423", "85123A"}, .day = 15002, .feed_seq = 2}),
          an_item({.number = "3", .customer = bert, .skus = {"22423"}, .day = 15001, .feed_seq = 3})};
}

OrderReplica filled(const fs::path& path, std::span<const FeedItem> items) {
  create_empty_replica(path);
  OrderReplica replica = OrderReplica::open(path, ReplicaMode::read_write);
  const std::vector<FeedCursor> cursors = {{1, items.size()}};
  replica.apply(items, cursors);
  return replica;
}

// The numbers of the orders found, in their order.
std::string numbers(const std::vector<StoredOrder>& orders) {
  std::string all;
  for (const StoredOrder& order : orders) all += order.order.number + " ";
  return all;
}

void build(const fs::path& path, std::span<const FeedItem> items, std::span<const FeedCursor> cursors) {
  ReplicaBuilder builder(path);
  const Bytes chunk = codec::pack_chunk(items);
  const std::vector<Hash256> hashes = {codec::sha256(chunk)};
  for (const Hash256& hash : builder.begin(hashes)) builder.add(hash, chunk);
  builder.finish(cursors);
}

void check_lookups(OrderReplica& replica) {
  BOOST_TEST(replica.order_count() == 3U);
  BOOST_TEST(numbers(replica.by_number("2")) == "2 ");
  BOOST_TEST(numbers(replica.by_number("4")) == "");
  BOOST_TEST(numbers(replica.by_customer(anna)) == "2 1 ");
  BOOST_TEST(numbers(replica.by_customer(anna, 1)) == "2 ");
  BOOST_TEST(numbers(replica.by_card(samples::id<LookupKey>(0x83))) == "3 ");
  BOOST_TEST(numbers(replica.by_item_and_date("22423", {{15001}, {15001}})) == "3 ");
  BOOST_TEST(numbers(replica.by_item_and_date("22423", {{15000}, {15009}})) == "2 3 ");
  BOOST_TEST(numbers(replica.by_item_and_customer("22423", anna)) == "2 ");
  const auto lots = replica.lots_of(anna, "85123A");
  BOOST_REQUIRE(lots.size() == 2U);
  BOOST_REQUIRE(lots[0].found.lots.size() == 2U);
  BOOST_TEST(lots[0].found.lots[1].line_no == 3U);
  BOOST_TEST(lots[1].found.lots[0].bought == 2);
  BOOST_TEST(replica.lots_of(bert, "85123A").empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(order_replica_tests)

BOOST_AUTO_TEST_CASE(orders_are_found_by_every_key_after_the_delta) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), three_items());
  check_lookups(replica);
  BOOST_TEST(replica.feed_position() == 3U);
}

BOOST_AUTO_TEST_CASE(orders_are_found_by_every_key_after_bootstrap) {
  const Folder folder;
  const std::vector<FeedCursor> cursors = {{1, 3}, {4, 9}};
  build(folder.file(), three_items(), cursors);
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read);
  check_lookups(replica);
  BOOST_TEST(replica.feed_position() == 12U);
  BOOST_TEST((replica.cursors() == cursors));
}

BOOST_AUTO_TEST_CASE(a_stored_order_comes_back_with_evidence_keys_and_catchment) {
  const Folder folder;
  const FeedItem item = an_item({.number = "7", .catchment = 38});
  OrderReplica replica = filled(folder.file(), std::vector{item});
  const auto found = replica.get(item.order_id);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((found->evidence == item.evidence));
  BOOST_TEST((found->order == codec::unpack_order(item.evidence)));
  BOOST_TEST((found->customer == item.customer));
  BOOST_TEST((found->card == item.card));
  BOOST_TEST(found->catchment == 38);
  BOOST_TEST(!replica.get(samples::id<OrderId>(1)).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_number_of_two_authorities_gives_both_orders) {
  const Folder folder;
  OrderReplica replica = filled(
      folder.file(), std::vector{an_item({.number = "9", .day = 15000, .feed_seq = 1}),
                                 an_item({.number = "9", .day = 15001, .feed_seq = 2, .authority = "store-2"})});
  BOOST_TEST(numbers(replica.by_number("9")) == "9 9 ");
}

BOOST_AUTO_TEST_CASE(a_barcode_leads_to_the_sku_it_is_sold_under) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), std::vector{an_item({.skus = {"shirt"}, .gtin = "04006381333931"})});
  BOOST_TEST(numbers(replica.by_item_and_customer("04006381333931", anna)) == "1 ");
  BOOST_TEST((replica.skus_of("04006381333931") == std::vector<std::string>{"shirt"}));
}

BOOST_AUTO_TEST_CASE(keys_that_share_eight_bytes_are_told_apart) {
  const Folder folder;
  LookupKey twin = anna;
  twin.bytes[15] ^= 1;
  OrderReplica replica =
      filled(folder.file(), std::vector{an_item({.number = "1", .feed_seq = 1}),
                                        an_item({.number = "2", .customer = twin, .feed_seq = 2})});
  BOOST_TEST(numbers(replica.by_customer(twin)) == "2 ");
  BOOST_TEST(replica.lots_of(twin, "85123A").size() == 1U);
}

BOOST_AUTO_TEST_CASE(applying_again_changes_nothing) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), three_items());
  const std::vector<FeedCursor> behind = {{1, 2}};
  const auto applied = replica.apply(three_items(), behind);
  BOOST_TEST(applied.known == 3U);
  BOOST_TEST(applied.added == 0U);
  BOOST_TEST(replica.feed_position() == 3U);
  check_lookups(replica);
}

BOOST_AUTO_TEST_CASE(a_newer_version_replaces_the_record_and_an_older_one_is_passed_over) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), three_items());
  const FeedItem newer = an_item({.number = "1", .skus = {"71053"}, .version = 2, .feed_seq = 4});
  BOOST_TEST(replica.apply(std::vector{newer}, {}).replaced == 1U);
  BOOST_TEST(replica.apply(std::vector{three_items()[0]}, {}).known == 1U);
  BOOST_TEST(replica.by_number("1").at(0).order.version == 2U);
  BOOST_TEST(replica.lots_of(anna, "85123A").size() == 1U);
  BOOST_TEST(replica.lots_of(anna, "71053").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_bad_item_is_reported_and_what_follows_goes_on) {
  const Folder folder;
  create_empty_replica(folder.file());
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read_write);
  auto items = three_items();
  items[0].evidence.resize(20);
  items[1].order_id = samples::id<OrderId>(3);
  const auto applied = replica.apply(items, std::vector<FeedCursor>{{1, 3}});
  BOOST_TEST(applied.added == 1U);
  BOOST_REQUIRE(applied.refused.size() == 2U);
  BOOST_TEST(applied.refused[1].feed_seq == 2U);
  BOOST_TEST(numbers(replica.by_number("3")) == "3 ");
}

/// An order of one unit at a price.
FeedItem priced(const std::string& number, Minor minor, int day) {
  Order order{.authority = "web", .number = number};
  order.id = codec::derive_order_id(order.authority, order.number);
  order.currency = Currency::parse("GBP").value();
  order.sold_on = {day};
  order.sold_at_ms = std::int64_t{day} * 86'400'000;
  order.lines = {{.line_no = 1, .sku = "85123A", .quantity = 1, .unit_price = {minor, 2}, .net_minor = minor}};
  order.tenders = {{.tender_no = 1, .kind = TenderKind::cash, .paid_minor = minor}};
  return {.feed_seq = 1, .catchment = 1, .order_id = order.id, .evidence = codec::pack_order(order)};
}

BOOST_AUTO_TEST_CASE(the_lowest_price_is_of_every_order_of_the_days_however_many_there_are) {
  const Folder folder;
  const Currency gbp = Currency::parse("GBP").value();
  std::vector<FeedItem> early{priced("cheap", 199, 15'000), priced("free", 0, 15'010)};
  OrderReplica replica = filled(folder.file(), early);
  std::vector<FeedItem> later;
  for (std::size_t i = 0; i < lookup_orders_max + 100; ++i)
    later.push_back(priced("n-" + std::to_string(i), 250 + static_cast<Minor>(i % 7), 15'020));
  replica.apply(later, std::vector<FeedCursor>{{1, 900}});
  BOOST_TEST(replica.lowest_price("85123A", {{15'000}, {15'020}}, gbp).value() == 199);
  BOOST_TEST(replica.lowest_price("85123A", {{15'001}, {15'020}}, gbp).value() == 250);
  BOOST_TEST(!replica.lowest_price("85123A", {{15'001}, {15'019}}, gbp));
  BOOST_TEST(!replica.lowest_price("85123A", {{15'000}, {15'020}}, Currency::parse("EUR").value()));
  BOOST_TEST(!replica.lowest_price("71053", {{15'000}, {15'020}}, gbp));
  // Orders of others go after 90 days, what they cost is still looked back on.
  replica.purge(2, {15'100});
  BOOST_TEST(replica.order_count() == 0U);
  BOOST_TEST(replica.lowest_price("85123A", {{15'000}, {15'020}}, gbp).value() == 199);
  replica.purge(2, {15'001 + price_days});
  BOOST_TEST(!replica.lowest_price("85123A", {{15'000}, {15'010}}, gbp));
}

BOOST_AUTO_TEST_CASE(purging_drops_old_orders_of_other_catchments_with_their_keys) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), std::vector{an_item({.number = "1", .day = 14000, .feed_seq = 1}),
                                                           an_item({.number = "2", .day = 14000, .catchment = 2}),
                                                           an_item({.number = "3", .day = 15000, .catchment = 2})});
  BOOST_TEST(replica.purge(1, {14500}) == 1U);
  BOOST_TEST(numbers(replica.by_customer(anna)) == "3 1 ");
  BOOST_TEST(replica.order_count() == 2U);
  BOOST_TEST(numbers(replica.by_item_and_date("85123A", {{0}, {20000}})) == "3 1 ");
  BOOST_TEST(replica.by_number("2").empty());
  BOOST_TEST(replica.purge(1, {14500}) == 0U);
}

BOOST_AUTO_TEST_CASE(a_reader_notices_the_swap) {
  const Folder folder;
  create_empty_replica(folder.file());
  OrderReplica reader = OrderReplica::open(folder.file(), ReplicaMode::read);
  OrderReplica writer = OrderReplica::open(folder.file(), ReplicaMode::read_write);
  BOOST_TEST(reader.order_count() == 0U);
  build(folder.file(), three_items(), std::vector<FeedCursor>{{1, 3}});
  check_lookups(reader);
  writer.apply(std::vector{an_item({.number = "4", .feed_seq = 4})}, std::vector<FeedCursor>{{1, 4}});
  BOOST_TEST(numbers(reader.by_number("4")) == "4 ");
  BOOST_TEST(reader.feed_position() == 4U);
}

BOOST_AUTO_TEST_CASE(the_old_replica_stays_in_use_until_the_swap_and_leaves_nothing_behind) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), three_items());
  {
    ReplicaBuilder builder(folder.file());
    const Bytes chunk = codec::pack_chunk(std::vector{an_item({.number = "8"})});
    builder.add(codec::sha256(chunk), chunk);
    check_lookups(replica);
  }
  check_lookups(replica);
  build(folder.file(), three_items(), {});
  check_lookups(replica);
  // The link, the generation, its log and the log's index.
  BOOST_TEST(folder.count() <= 4U);
}

BOOST_AUTO_TEST_CASE(an_interrupted_bootstrap_fetches_only_what_is_missing) {
  const Folder folder;
  const auto items = three_items();
  const Bytes first = codec::pack_chunk(std::span(items).first(1));
  const Bytes second = codec::pack_chunk(std::span(items).subspan(1));
  const std::vector<Hash256> hashes = {codec::sha256(first), codec::sha256(second)};
  {
    ReplicaBuilder interrupted(folder.file());
    BOOST_TEST(interrupted.begin(hashes).size() == 2U);
    interrupted.add(hashes[0], first);
  }
  ReplicaBuilder builder(folder.file());
  const auto missing = builder.begin(hashes);
  BOOST_REQUIRE(missing.size() == 1U);
  BOOST_TEST((missing[0] == hashes[1]));
  builder.add(hashes[1], second);
  builder.finish({});
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read);
  check_lookups(replica);
}

BOOST_AUTO_TEST_CASE(a_half_written_chunk_is_fetched_again) {
  const Folder folder;
  const Bytes chunk = codec::pack_chunk(three_items());
  const std::vector<Hash256> hashes = {codec::sha256(chunk)};
  { ReplicaBuilder(folder.file()).add(hashes[0], chunk); }
  fs::resize_file(folder.path / "orders.db.chunks" / hashes[0].to_string(), chunk.size() / 2);
  ReplicaBuilder builder(folder.file());
  BOOST_TEST(builder.begin(hashes).size() == 1U);
  builder.add(hashes[0], chunk);
  builder.finish({});
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read);
  check_lookups(replica);
  ReplicaBuilder again(folder.file());
  BOOST_TEST(again.begin(hashes).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_chunk_with_another_hash_is_refused) {
  const Folder folder;
  ReplicaBuilder builder(folder.file());
  Bytes chunk = codec::pack_chunk(three_items());
  const Hash256 hash = codec::sha256(chunk);
  chunk[5] ^= 1;
  BOOST_CHECK_THROW(builder.add(hash, chunk), Error);
}

BOOST_AUTO_TEST_CASE(an_order_in_two_chunks_is_kept_once_in_its_highest_version) {
  const Folder folder;
  ReplicaBuilder builder(folder.file());
  for (const std::uint32_t version : {1U, 3U, 2U}) {
    auto items = three_items();
    items[0] = an_item({.number = "1", .skus = {"v" + std::to_string(version)}, .version = version});
    const Bytes chunk = codec::pack_chunk(items);
    builder.add(codec::sha256(chunk), chunk);
  }
  builder.finish({});
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read);
  BOOST_TEST(replica.order_count() == 3U);
  BOOST_TEST(replica.by_number("1").at(0).order.version == 3U);
  BOOST_TEST(replica.lots_of(anna, "v3").size() == 1U);
  BOOST_TEST(replica.lots_of(anna, "v2").empty());
}

BOOST_AUTO_TEST_CASE(a_sale_of_this_store_survives_the_swap_until_the_feed_brings_it) {
  const Folder folder;
  OrderReplica replica = filled(folder.file(), std::vector{an_item({.number = "till-1", .feed_seq = 0})});
  BOOST_TEST(replica.local_sales().size() == 1U);
  build(folder.file(), three_items(), {});
  BOOST_TEST(numbers(replica.by_number("till-1")) == "till-1 ");
  replica.apply(std::vector{an_item({.number = "till-1", .feed_seq = 9})}, {});
  BOOST_TEST(replica.local_sales().empty());
  BOOST_TEST(replica.order_count() == 4U);
  auto with_sale = three_items();
  with_sale.push_back(an_item({.number = "till-2", .feed_seq = 10}));
  replica.apply(std::vector{an_item({.number = "till-2", .feed_seq = 0})}, {});
  build(folder.file(), with_sale, {});
  BOOST_TEST(replica.local_sales().empty());
  BOOST_TEST(replica.order_count() == 4U);
}

BOOST_AUTO_TEST_CASE(no_damaged_newer_or_foreign_file_is_opened_and_each_is_replaced_by_a_swap) {
  const Folder folder;
  BOOST_CHECK_THROW(OrderReplica::open(folder.file(), ReplicaMode::read), Error);
  filled(folder.file(), three_items());
  const fs::path real = fs::canonical(folder.file());
  {
    sqlite::Database file = sqlite::Database::open(real, {});
    file.set_user_version(99);
  }
  BOOST_CHECK_THROW(OrderReplica::open(folder.file(), ReplicaMode::read_write), sqlite::DatabaseNewer);
  build(folder.file(), three_items(), {});
  OrderReplica replica = OrderReplica::open(folder.file(), ReplicaMode::read);
  check_lookups(replica);

  std::ofstream(fs::canonical(folder.file()), std::ios::in | std::ios::out) << "this is not a database at all";
  BOOST_CHECK_THROW(OrderReplica::open(folder.file(), ReplicaMode::read), sqlite::DatabaseError);
  build(folder.file(), three_items(), {});
  check_lookups(replica);
}

BOOST_AUTO_TEST_SUITE_END()
