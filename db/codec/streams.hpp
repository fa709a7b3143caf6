#pragma once
// Several runs of bytes as one: each compressed by itself (zstd, level 3), because numbers, texts and random keys
// have nothing to tell each other. Internal to db/codec.

#include <array>
#include <span>
#include <vector>

#include "db/codec/varint.hpp"

namespace retour::codec {

inline constexpr std::size_t streams_bytes_max = 256U << 20;  // unpacked, of one batch: memory that a reader risks

/// Appends the runs to `out`.
void pack_streams(ByteWriter& out, std::span<const ByteWriter> runs);

/// The runs unpacked, in one block of memory.
class Streams {
 public:
  /// Throws MalformedBody when the number of runs is another or one does not unpack.
  Streams(ByteReader& in, std::size_t count);
  ByteReader reader(std::size_t run) const { return ByteReader(m_runs[run]); }
  std::span<const std::uint8_t> run(std::size_t run) const { return m_runs[run]; }

 private:
  Bytes m_memory;
  std::vector<std::span<const std::uint8_t>> m_runs;
};

}  // namespace retour::codec
