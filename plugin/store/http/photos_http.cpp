#include "plugin/store/http/photos_http.hpp"

#include "plugin/store/http/problem.hpp"
#include "plugin/store/http/views_json.hpp"

namespace retour::store {

namespace {

Hash256 hash_in_path(const std::string& segment) {
  if (const auto hash = photos::photo_hash(segment)) return *hash;
  throw Problem(
      422, "photo_hash_invalid",
      "\"" + segment + "\" does not name a photo; expected the SHA-256 of its bytes as 64 lower-case hex digits.",
      nothing_kept);
}

void check_content(const Hash256& hash, const Bytes& content, const std::string& said_type) {
  switch (photos::fault_of(hash, content)) {
    case photos::PhotoFault::none:
      break;
    case photos::PhotoFault::too_large:
      throw Problem(413, "photo_too_large",
                    "A photo has at most " + std::to_string(photos::photo_bytes_max) + " bytes.", nothing_kept);
    case photos::PhotoFault::not_a_photo:
      throw Problem(415, "photo_type_unsupported", "The body is no JPEG, PNG or WebP.", nothing_kept);
    case photos::PhotoFault::hash_differs:
      throw Problem(422, "photo_hash_differs", "The body has another SHA-256 than the path names.",
                    std::string(nothing_kept) + " It was changed on its way, or the hash is of another photo.");
  }
  const auto type = photos::media_type(*photos::type_of(content));
  if (said_type == type) return;
  throw Problem(415, "photo_type_differs",
                "Content-Type is " + said_type + ", but the body is " + std::string(type) + ".", nothing_kept);
}

}  // namespace

Reply put_photo(StoreService& service, const Request& request) {
  const Hash256 hash = hash_in_path(request.segments[3]);
  const Bytes content(request.body.begin(), request.body.end());
  check_content(hash, content, request.content_type);
  const photos::Put put = service.photos().put(hash, content);
  if (put == photos::Put::full) {
    throw Problem(507, "photos_full", "There is no room for another photo on this machine.",
                  "Take the return without it, or wait until the hub has taken photos. " + std::string(nothing_kept));
  }
  const bool was_here = put == photos::Put::already_kept;
  return {.status = was_here ? 200 : 201,
          .body = dump({{"sha256", hash.to_string()},
                        {"bytes", content.size()},
                        {"content_type", request.content_type},
                        {"already_kept", was_here}})};
}

Reply get_photo(StoreService& service, const Request& request) {
  const Hash256 hash = hash_in_path(request.segments[3]);
  const auto content = service.photos().read(hash);
  const auto type = content ? photos::type_of(*content) : std::nullopt;
  if (!type) {
    throw Problem(404, "photo_unknown", "This store has no photo " + hash.to_string() + ".",
                  "It goes " + std::to_string(photos::photo_kept_days) + " days after the hub has it: ask there.");
  }
  return {200, std::string(photos::media_type(*type)), std::string(content->begin(), content->end())};
}

}  // namespace retour::store
