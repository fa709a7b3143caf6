#include "db/photos/photo.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"

namespace retour::photos {

namespace {

bool has_at(const Bytes& content, std::size_t at, std::string_view magic) {
  return content.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), content.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

std::optional<PhotoType> type_of(const Bytes& content) {
  if (has_at(content, 0, "\xff\xd8\xff")) return PhotoType::jpeg;
  if (has_at(content, 0, "\x89PNG\r\n\x1a\n")) return PhotoType::png;
  if (has_at(content, 0, "RIFF") && has_at(content, 8, "WEBP")) return PhotoType::webp;
  return std::nullopt;
}

std::string_view media_type(PhotoType type) {
  switch (type) {
    case PhotoType::jpeg:
      return "image/jpeg";
    case PhotoType::png:
      return "image/png";
    case PhotoType::webp:
      return "image/webp";
  }
  return "application/octet-stream";
}

std::optional<Hash256> photo_hash(std::string_view name) {
  Hash256 hash;
  if (name.size() != 2 * hash.bytes.size() || !from_hex(name, hash.bytes.data(), hash.bytes.size())) return {};
  if (hash.to_string() != name) return {};
  return hash;
}

PhotoFault fault_of(const Hash256& hash, const Bytes& content) {
  if (content.size() > photo_bytes_max) return PhotoFault::too_large;
  if (!type_of(content)) return PhotoFault::not_a_photo;
  return codec::sha256(content) == hash ? PhotoFault::none : PhotoFault::hash_differs;
}

}  // namespace retour::photos
