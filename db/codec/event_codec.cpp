#include "db/codec/event_codec.hpp"

#include <array>

#include "db/codec/core_fields.hpp"

namespace retour::codec {
namespace {

using Decoder = EventBody (*)(std::span<const std::uint8_t>);

struct Kind {
  std::string_view name;
  std::uint32_t version;
  Decoder decode;
};

template <class Event>
Kind kind() {
  return {kind_of(EventBody{Event{}}), 1,
          [](std::span<const std::uint8_t> bytes) { return EventBody{from_bytes<Event>(bytes)}; }};
}

template <class... Events>
std::array<Kind, sizeof...(Events)> kinds_of(const std::variant<Events...>*) {
  return {kind<Events>()...};
}

// Version 1 of every kind. A kind whose fields change gets a second row here; the first stays for ever.
const auto& kinds() {
  static const auto table = kinds_of(static_cast<const EventBody*>(nullptr));
  return table;
}

const Kind* find_kind(std::string_view name, std::uint32_t version) {
  for (const Kind& kind : kinds()) {
    if (kind.version == version && kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace

EncodedBody encode(const EventBody& body) {
  VarintOutput archive;
  std::visit([&archive](const auto& event) { archive(event); }, body);
  return {.kind = kind_of(body), .kind_version = 1, .bytes = archive.take()};
}

std::optional<EventBody> decode(std::string_view kind, std::uint32_t kind_version,
                                std::span<const std::uint8_t> bytes) {
  const Kind* known = find_kind(kind, kind_version);
  if (known == nullptr) return std::nullopt;
  return known->decode(bytes);
}

}  // namespace retour::codec
