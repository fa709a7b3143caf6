#include "db/codec/packed_document.hpp"

#include "db/codec/streams.hpp"

namespace retour::codec {

Bytes pack_document(std::span<const std::uint8_t> whole) {
  ByteWriter run, packed;
  run.raw(whole.data(), whole.size());
  pack_streams(packed, {&run, 1});
  return packed.take();
}

Bytes unpack_document(std::span<const std::uint8_t> packed, std::size_t bytes_max) {
  ByteReader ahead(packed);  // one run, and its size: looked at before memory is taken
  ahead.varint();
  ahead.varint_to(bytes_max);
  ByteReader reader(packed);
  const Streams streams(reader, 1);
  reader.expect_end();
  const auto whole = streams.run(0);
  return {whole.begin(), whole.end()};
}

}  // namespace retour::codec
