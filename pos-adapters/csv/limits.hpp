#pragma once
// Named limits of the CSV adapter: what lies beyond is refused with its reason, never guessed at.

#include <cstddef>
#include <cstdint>

namespace retour::csv {

inline constexpr std::size_t row_bytes_max = 65'536;  // a longer row is an unclosed quote or no CSV file at all
inline constexpr std::size_t columns_max = 512;       // of a header
inline constexpr std::size_t key_bytes_max = 128;     // order number, SKU, references: more is a shifted column
inline constexpr std::size_t description_bytes_max = 1000;
inline constexpr std::int64_t parcels_max = 100;         // of an order
inline constexpr std::size_t order_lines_max = 100'000;  // one order is held in memory until its last row
inline constexpr std::size_t file_read_bytes = 262'144;  // one read; larger gains nothing measurable
inline constexpr std::uint64_t progress_rows = 4'096;    // rows between two reports, about 5 ms

}  // namespace retour::csv
