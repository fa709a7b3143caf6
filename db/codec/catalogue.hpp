#pragma once
// A catalogue: what many lines say again and again about an item. A batch of orders carries its own, or refers to one
// that both ends have. It only saves bytes: an order that says otherwise comes back as it says.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/codec/varint.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::codec {

struct CatalogueItem {
  std::string sku;
  std::string gtin;
  std::string description;
  Decimal price;
  std::vector<Decimal> rates;
};

inline constexpr std::size_t catalogue_items_max = 1U << 24;  // an item's number has three bytes

/// Numbers items from 0 in the order in which they come. Items that sell most should come first: their numbers cost
/// less.
class Catalogue {
 public:
  /// The number of the item that the line names; made from the line when there is none yet.
  std::uint32_t add(const OrderLine& line);
  /// Empty when no item has the line's sku, gtin and description.
  std::optional<std::uint32_t> find(const OrderLine& line) const;

  const CatalogueItem& item(std::uint32_t number) const { return m_items[number]; }
  std::size_t size() const { return m_items.size(); }

  /// Columns, zstd. The same items in the same order give the same bytes.
  Bytes pack() const;
  /// Throws MalformedBody.
  static Catalogue unpack(std::span<const std::uint8_t> bytes);
  /// SHA-256 of what the items say: how a batch names the catalogue that it refers to.
  Hash256 hash() const;

 private:
  static void key_of(const OrderLine& line, std::string& key);

  std::vector<CatalogueItem> m_items;
  std::unordered_map<std::string, std::uint32_t> m_numbers;
  mutable std::string m_key;              // memory used again
  mutable std::optional<Hash256> m_hash;  // of the items so far, once asked for
};

}  // namespace retour::codec
