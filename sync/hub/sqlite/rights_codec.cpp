#include "sync/hub/sqlite/rights_codec.hpp"

#include <algorithm>

#include "db/codec/varint.hpp"

namespace retour::hub {

namespace {

std::vector<Holder> holders_of(const OrderRights& rights) {
  std::vector<Holder> holders;
  for (const HeldRange& range : rights.ranges()) {
    if (std::find(holders.begin(), holders.end(), range.holder) == holders.end()) holders.push_back(range.holder);
  }
  return holders;
}

}  // namespace

Bytes pack_rights(const OrderRights& rights) {
  const std::vector<Holder> holders = holders_of(rights);
  codec::ByteWriter out;
  out.varint(holders.size());
  for (const Holder& holder : holders) {
    out.byte(static_cast<std::uint8_t>(holder.kind));
    out.raw(holder.id.data(), holder.id.size());
  }
  out.varint(rights.ranges().size());
  std::uint32_t line_no = 0;
  for (const HeldRange& range : rights.ranges()) {
    const auto holder = std::find(holders.begin(), holders.end(), range.holder) - holders.begin();
    out.varint(range.units.line_no - line_no);  // ranges are ordered by line and first unit
    out.varint(static_cast<std::uint64_t>(range.units.first));
    out.varint(static_cast<std::uint64_t>(range.units.count));
    if (holders.size() > 1) out.varint(static_cast<std::uint64_t>(holder));
    line_no = range.units.line_no;
  }
  return out.take();
}

OrderRights unpack_rights(std::span<const std::uint8_t> bytes) {
  codec::ByteReader in(bytes);
  std::vector<Holder> holders(in.count());
  for (Holder& holder : holders) {
    holder.kind = static_cast<HolderKind>(in.byte());
    if (holder.kind < HolderKind::hub || holder.kind > HolderKind::cancelled) in.fail("a holder's kind is not known");
    std::ranges::copy(in.raw(holder.id.size()), holder.id.begin());
  }
  std::vector<HeldRange> ranges(in.count());
  std::uint32_t line_no = 0;
  for (HeldRange& range : ranges) {
    line_no += static_cast<std::uint32_t>(in.varint_to(UINT32_MAX - line_no));
    range.units = {line_no, static_cast<std::int64_t>(in.varint_to(quantity_max)),
                   static_cast<std::int64_t>(in.varint_to(quantity_max))};
    const std::uint64_t holder = holders.size() > 1 ? in.varint() : 0;
    if (holder >= holders.size()) in.fail("a range names a holder that is not there");
    range.holder = holders[holder];
  }
  in.expect_end();
  return OrderRights::from_ranges(std::move(ranges));
}

}  // namespace retour::hub
