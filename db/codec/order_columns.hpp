#pragma once
// A batch of orders column by column. Chunks of the feed (feed_chunk.hpp) are such batches with keys.

#include <span>
#include <vector>

#include "db/codec/catalogue.hpp"

namespace retour::codec {

/// `shared` may be null: the batch then carries its items itself.
Bytes pack_columns(std::span<const Order> orders, const Catalogue* shared = nullptr);
/// Throws MalformedBody, also when the batch refers to another catalogue than `shared`.
std::vector<Order> unpack_columns(std::span<const std::uint8_t> batch, const Catalogue* shared = nullptr);

}  // namespace retour::codec
