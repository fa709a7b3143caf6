#pragma once
// What counts as a photo. Judged by content: what a caller says of it is never believed.

#include <optional>
#include <string_view>

#include "plugin/core/event/event.hpp"

namespace retour::photos {

// 12 megapixels as JPEG have 3 to 5 MB; it has to fit into one message to the hub (8 MiB).
inline constexpr std::size_t photo_bytes_max = 6u * 1024 * 1024;

enum class PhotoType : std::uint8_t { jpeg = 1, png = 2, webp = 3 };

/// By the first bytes; nothing when it is none of the three.
std::optional<PhotoType> type_of(const Bytes& content);
/// "image/jpeg"
std::string_view media_type(PhotoType type);

/// 64 lower-case hex digits: the only form in which a photo is named, so that no name can lead out of a folder.
std::optional<Hash256> photo_hash(std::string_view name);

/// Why content is not kept under a name, from most to least basic.
enum class PhotoFault : std::uint8_t { none = 0, too_large = 1, not_a_photo = 2, hash_differs = 3 };
PhotoFault fault_of(const Hash256& hash, const Bytes& content);

}  // namespace retour::photos
