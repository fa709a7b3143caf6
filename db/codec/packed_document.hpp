#pragma once
// A document (a policy pack, a catalogue) as it is kept and sent: packed with zstd.

#include <span>

#include "db/codec/varint.hpp"

namespace retour::codec {

/// The same bytes give the same bytes.
Bytes pack_document(std::span<const std::uint8_t> whole);

/// Throws MalformedBody, also when the whole would be larger than `bytes_max`: no memory is taken for it then.
Bytes unpack_document(std::span<const std::uint8_t> packed, std::size_t bytes_max);

}  // namespace retour::codec
