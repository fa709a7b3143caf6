#pragma once
// Orders on their way to a replica: one by one as feed items, in bulk as chunks. A chunk gives back every item byte
// for byte, evidence included. Layout and sizes: docs/orders.md.

#include <functional>
#include <span>
#include <vector>

#include "db/codec/catalogue.hpp"
#include "db/codec/varint.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::codec {

/// An order of the feed. Keys stand beside the evidence, never inside.
struct FeedItem {
  std::uint64_t feed_seq = 0;  // gap-free within the catchment, from 1
  std::uint16_t catchment = 0;
  OrderId order_id;
  Bytes evidence;      // what pack_order made
  LookupKey customer;  // zero: none
  LookupKey card;
  friend bool operator==(const FeedItem&, const FeedItem&) = default;
};

/// Where a replica stands in the feed of one catchment.
struct FeedCursor {
  std::uint16_t catchment = 0;
  std::uint64_t feed_seq = 0;
  friend auto operator<=>(const FeedCursor&, const FeedCursor&) = default;
};

inline constexpr std::size_t chunk_orders = 5'000;  // about 400 KB: a few seconds at 3G, and small beside a replica

/// Any number of items; chunk_orders is the size that pays. `shared` may be null. Throws MalformedBody when evidence
/// cannot be read: a chunk holds nothing that a replica could not index.
Bytes pack_chunk(std::span<const FeedItem> items, const Catalogue* shared = nullptr);

/// Hands every item of the chunk to `take`, with its order unpacked; both are valid during the call only, their
/// memory is used again. Throws MalformedBody, possibly after some items.
void read_chunk(std::span<const std::uint8_t> chunk, const Catalogue* shared,
                const std::function<void(const FeedItem&, const Order&)>& take);

std::vector<FeedItem> unpack_chunk(std::span<const std::uint8_t> chunk, const Catalogue* shared = nullptr);

}  // namespace retour::codec
