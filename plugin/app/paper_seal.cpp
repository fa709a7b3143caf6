#include "plugin/app/paper_seal.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"

namespace retour::app {

namespace {

/// Every store of the chain has the look-up secret; a key of its own for each use, so that none tells of another.
std::string seal_of(const StoreContext& store, std::string_view use, std::string_view words) {
  const LookupKey key = codec::hmac_key(store.lookup_secret, use);
  return in_capitals(codec::hmac_key(key.bytes, words).to_string());
}

}  // namespace

std::string sealed(const StoreContext& store, std::string_view use, std::string words) {
  const std::string seal = seal_of(store, use, words);
  return words + "." + seal;
}

bool seal_fits(const StoreContext& store, std::string_view use, std::string_view text) {
  const std::size_t end = text.rfind('.');
  return end != std::string_view::npos && seal_of(store, use, text.substr(0, end)) == text.substr(end + 1);
}

std::vector<std::string_view> dotted_words(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = std::min(text.find('.'), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string in_capitals(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

}  // namespace retour::app
