#pragma once
// The replica of orders at a node (`orders.db`): evidence only, rebuildable, swapped in whole. One object a thread.
// Every look-up sees one state of the replica; after a swap (replica_builder.hpp) the next call reads the new file.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/codec/feed_chunk.hpp"
#include "db/codec/order_codec.hpp"
#include "db/orders/replica_file.hpp"
#include "db/sqlite/database.hpp"
#include "plugin/core/base/error.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::orders {

using codec::FeedCursor;
using codec::FeedItem;

inline constexpr std::chrono::milliseconds look_again_ms{
    1'000};                                      // a path changed by other hands than ours is noticed
inline constexpr std::int32_t price_days = 730;  // the longest look-back period of a pack, behind what purge keeps
inline constexpr std::size_t lookup_orders_max = 500;  // what a person can look through, ten times over
inline constexpr std::size_t purge_transaction_orders =
    2'000;  // about 2 MB of log; readers and the feed get in between

struct StoredOrder {
  Order order;
  Bytes evidence;      // its SHA-256 is the evidence hash
  LookupKey customer;  // zero: none
  LookupKey card;
  std::uint16_t catchment = 0;
};

/// Lines of one order that hold an item.
struct StoredLots {
  codec::OrderLots found;
  std::uint16_t catchment = 0;
};

/// The file has the layout of an older program: build a new one.
class ReplicaOutdated : public Error {
 public:
  using Error::Error;
};

enum class ReplicaMode : std::uint8_t { read, read_write };

struct DateRange {
  CivilDate from;  // both included
  CivilDate to;
};

struct OpenReplica;
class RecordWriter;

class OrderReplica {
 public:
  ~OrderReplica();
  OrderReplica(OrderReplica&&) noexcept;
  OrderReplica& operator=(OrderReplica&&) = delete;

  /// Throws sqlite::DatabaseNewer, DatabaseDamaged or DatabaseForeign, ReplicaOutdated, or Error when there is no
  /// replica: the caller builds a new one and loses nothing. The file is left as it was.
  static OrderReplica open(const std::filesystem::path& path, ReplicaMode mode);

  std::optional<StoredOrder> get(const OrderId& id);
  /// Orders of any authority with exactly this number; newest first, as everywhere below.
  std::vector<StoredOrder> by_number(std::string_view number);
  std::vector<StoredOrder> by_customer(const LookupKey& customer, std::size_t max = lookup_orders_max);
  std::vector<StoredOrder> by_card(const LookupKey& card, std::size_t max = lookup_orders_max);
  /// `item`: a GTIN of 14 digits or an SKU.
  std::vector<StoredOrder> by_item_and_date(std::string_view item, const DateRange& dates,
                                            std::size_t max = lookup_orders_max);
  /// The least that a unit of the SKU cost anybody on these days; empty: it was not sold. Reads a row a day, however
  /// many orders there are. Prices outlive their orders (purge) for price_days.
  std::optional<Minor> lowest_price(std::string_view sku, const DateRange& dates, const Currency& currency);
  std::vector<StoredOrder> by_item_and_customer(std::string_view item, const LookupKey& customer);
  /// Where units of an SKU that the customer bought stand: what a return without receipt is matched against. Reads
  /// the orders that hold the item, all of them and no others.
  std::vector<StoredLots> lots_of(const LookupKey& customer, std::string_view sku,
                                  std::string_view asked_serial = {});
  /// The SKUs sold under a barcode; usually one.
  std::vector<std::string> skus_of(std::string_view gtin);

  std::vector<FeedCursor> cursors();
  /// Orders received: the sum of all cursors.
  std::uint64_t feed_position();
  std::uint64_t order_count();
  /// Sales of this store that the feed has not brought yet.
  std::vector<FeedItem> local_sales();

  struct Applied {
    std::size_t added = 0;
    std::size_t replaced = 0;
    std::size_t known = 0;  // already there, or older than what is there
    struct Refused {
      std::uint16_t catchment = 0;
      std::uint64_t feed_seq = 0;
      std::string reason;
    };
    std::vector<Refused> refused;  // evidence that cannot be read or is of another order: reported, not stored
  };
  /// One transaction. An order is known by id and version: a newer version replaces the record, an older one is
  /// passed over. `cursors` only move forward. Items of feed_seq 0 are sales of this store: they survive a swap.
  /// A bad item stops neither those behind it nor the cursors.
  Applied apply(std::span<const FeedItem> items, std::span<const FeedCursor> cursors);
  /// Drops other catchments' orders sold before `limit`; own ones stay without age limit. Returns how many went.
  std::size_t purge(std::uint16_t own_catchment, CivilDate limit);
  /// Moves the log into the file; call it off the commit path.
  void checkpoint();

 private:
  friend class ReplicaBuilder;  // holds the write lock while it swaps
  OrderReplica(std::filesystem::path path, ReplicaMode mode);

  /// Runs `read(open)` on one state of the file that the path stands for; again, when a swap came between.
  template <class Read>
  auto read(Read read);
  /// The file that the path stands for now, opened again when that has changed.
  OpenReplica& current();
  bool is_current() const;
  [[noreturn]] void throw_swapped(const char* operation) const;
  void reopen(const FileIdentity& identity);
  sqlite::Transaction begin_write();
  static std::vector<FeedItem> local_sales_of(OpenReplica& open);
  RecordWriter writer();
  void mark_swapped(std::uint64_t next_generation);  // inside a write transaction of the old file

  std::filesystem::path m_path;
  ReplicaMode m_mode;
  FileIdentity m_identity;
  std::chrono::steady_clock::time_point m_looked_at = {};
  std::unique_ptr<OpenReplica> m_open;
};

}  // namespace retour::orders
