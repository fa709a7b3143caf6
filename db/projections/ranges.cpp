#include "db/projections/ranges.hpp"

#include "db/codec/varint.hpp"

namespace retour::projections {

Bytes pack_ranges(const HeldRanges& held) {
  codec::ByteWriter out;
  out.varint(held.ranges().size());
  std::uint32_t line_no = 0;
  for (const UnitRange& range : held.ranges()) {
    out.varint(range.line_no - line_no);  // ordered by line and first unit
    out.varint(static_cast<std::uint64_t>(range.first));
    out.varint(static_cast<std::uint64_t>(range.count));
    line_no = range.line_no;
  }
  return out.take();
}

HeldRanges unpack_ranges(std::span<const std::uint8_t> bytes) {
  codec::ByteReader in(bytes);
  std::vector<UnitRange> ranges(in.count());
  std::uint32_t line_no = 0;
  for (UnitRange& range : ranges) {
    line_no += static_cast<std::uint32_t>(in.varint_to(UINT32_MAX - line_no));
    range.line_no = line_no;
    range.first = static_cast<std::int64_t>(in.varint_to(quantity_max));
    range.count = static_cast<std::int64_t>(in.varint_to(quantity_max));
  }
  in.expect_end();
  return HeldRanges(std::move(ranges));
}

}  // namespace retour::projections
