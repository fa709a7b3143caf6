#pragma once
// Event bodies to stored bytes and back. Golden bytes of every kind: tests/golden/events.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "db/codec/varint.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::codec {

struct EncodedBody {
  std::string_view kind;  // static storage
  std::uint32_t kind_version = 1;
  Bytes bytes;
};

EncodedBody encode(const EventBody& body);

/// Empty when this program does not know the kind in that version: keep and forward the bytes untouched.
/// Throws MalformedBody when it knows the kind and the bytes are not one.
std::optional<EventBody> decode(std::string_view kind, std::uint32_t kind_version,
                                std::span<const std::uint8_t> bytes);

}  // namespace retour::codec
