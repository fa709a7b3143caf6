#include "db/codec/lowered_codec.hpp"

#include "db/codec/core_fields.hpp"

namespace retour::codec {

Bytes pack_lowered(const std::vector<LoweredUnits>& lowered) {
  VarintOutput archive;
  archive(lowered);
  return archive.take();
}

std::vector<LoweredUnits> unpack_lowered(std::span<const std::uint8_t> bytes) {
  return from_bytes<std::vector<LoweredUnits>>(bytes);
}

}  // namespace retour::codec
