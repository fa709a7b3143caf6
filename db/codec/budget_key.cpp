#include "db/codec/budget_key.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"

namespace retour::codec {

LookupKey budget_key(const NodeId& node) {
  Sha256 hash;
  hash.update(std::string_view("exposure budget of ")).update(node.to_string());
  const Hash256 whole = hash.finish();
  LookupKey key;
  std::copy_n(whole.bytes.begin(), key.bytes.size(), key.bytes.begin());
  return key;
}

}  // namespace retour::codec
