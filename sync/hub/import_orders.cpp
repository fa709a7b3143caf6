// Orders enter: a person becomes a subject, the evidence is packed once, the home is chosen, the rights are minted.
#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "sync/hub/counted_returns.hpp"
#include "sync/hub/hub.hpp"

namespace retour::hub {

namespace {

/// Levels change once an SKU and transaction, not once a line: a year of sales touches few rows.
class StockSums {
 public:
  void add(const std::string& sku, std::int64_t quantity) { m_sums[sku] += quantity; }
  void write(HubStore& store, const NodeId& place) const {
    for (const auto& [sku, quantity] : m_sums) {
      if (quantity != 0) store.move_stock(place, sku, Bucket::sellable, quantity);
    }
  }

 private:
  std::map<std::string, std::int64_t> m_sums;
};

/// The same row of the same file is the same movement, however often an import is begun again.
CommandId id_of(const ports::SourceStockMove& move) {
  codec::Sha256 hash;
  for (const std::string& part : {std::string("stock move"), move.document, move.sku, std::to_string(move.row),
                                  std::to_string(move.quantity), std::to_string(move.at_ms)}) {
    hash.update(part).update(std::string_view("\x1f", 1));
  }
  const Hash256 whole = hash.finish();
  CommandId id;
  std::copy_n(whole.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

/// Lines first, then shipments: their numbers lie above those of all lines.
std::vector<OrderRights::Line> lines_of(const Order& order) {
  std::vector<OrderRights::Line> lines;
  lines.reserve(order.lines.size() + order.shipments.size());
  for (const OrderLine& line : order.lines) lines.push_back({line.line_no, line.quantity});
  for (const Shipment& shipment : order.shipments) lines.push_back({line_of_shipment(shipment.shipment_no), 1});
  return lines;
}

}  // namespace

/// Several subjects may mean one person: which of them an order names is not its content.
bool Hub::is_same_content(const OrderRow& known, Order order) {
  const std::optional<SubjectId> named = codec::unpack_order(known.evidence).subject;
  if (named.has_value() != order.subject.has_value()) return false;
  if (named && m_parts.store.customer_of(*named) != m_parts.store.customer_of(*order.subject)) return false;
  order.subject = named;
  return codec::pack_order(order) == known.evidence;
}

ImportCounts Hub::import(std::span<const ports::SourceItem> items) {
  ImportCounts counts;
  StockSums online;
  Work work(m_parts.store, m_parts.clock.now_ms());
  m_feed_heads.clear();
  m_stores = 0;
  for (const ports::SourceItem& item : items) {
    if (const auto* source = std::get_if<ports::SourceOrder>(&item)) {
      const std::uint64_t before = counts.orders;
      import_order(*source, counts);
      if (counts.orders == before) continue;
      for (const OrderLine& line : source->order.lines) online.add(line.sku, -line.quantity);
    } else if (const auto* move = std::get_if<ports::SourceStockMove>(&item)) {
      const StockMoved moved{.sku = move->sku, .quantity = move->quantity, .cause = "import " + move->document};
      if (!m_parts.store.record_once(id_of(*move), moved)) continue;
      online.add(move->sku, move->quantity);
      ++counts.stock_moves;
    }
  }
  online.write(m_parts.store, m_parts.store.hub_node());
  m_feed_heads.clear();
  work.commit();
  m_news.orders |= counts.orders > 0;
  return counts;
}

void Hub::import_order(const ports::SourceOrder& source, ImportCounts& counts) {
  HubStore& store = m_parts.store;
  Order order = source.order;
  OrderRow row{.order_id = order.id,
               .version = order.version,
               .number = order.number,
               .day = order.sold_on,
               .customer = codec::hmac_key(m_parts.lookup_secret, source.customer_ref),
               .card = codec::hmac_key(m_parts.lookup_secret, source.card_ref)};
  if (!row.customer.is_zero()) {
    order.subject = store.subject_of(row.customer);
    if (!order.subject) {
      order.subject = m_parts.ids.make<SubjectId>();
      store.put_subject(*order.subject, row.customer);
    }
  }
  row.evidence = codec::pack_order(order);

  if (const auto known = store.order(order.id)) {
    if (is_same_content(*known, std::move(order))) {
      ++counts.already_known;
      return;
    }
    ++counts.quarantined;
    store.quarantine_order(row, codec::sha256(row.evidence),
                           "another order came earlier under this authority and number; the first stays");
    return;
  }
  if (const auto divided = OrderAccounts::divide(order); !divided.ok()) {
    ++counts.quarantined;
    store.quarantine_order(row, codec::sha256(row.evidence),
                           "its money does not divide over its units: " + std::string(to_string(divided.error())));
    return;
  }
  if (const auto cause = too_large(order, row.evidence)) {
    ++counts.quarantined;
    store.quarantine_order(row, codec::sha256(row.evidence), *cause);
    return;
  }
  row.catchment = catchment_of(source.customer_ref);
  admit_order(std::move(row), order, Holder::hub());
  ++counts.orders;
}

/// An order that no reply could bring would keep every store from all that comes behind it in the feed.
std::optional<std::string> Hub::too_large(const Order& order, const Bytes& evidence) {
  if (order.lines.size() <= order_lines_max && evidence.size() <= order_evidence_bytes_max) return std::nullopt;
  return "its " + std::to_string(order.lines.size()) + " lines and " + std::to_string(evidence.size()) +
         " bytes are more than an order may have";
}

void Hub::admit_order(OrderRow row, const Order& order, const Holder& first_holder) {
  auto head = m_feed_heads.find(row.catchment);
  if (head == m_feed_heads.end())
    head = m_feed_heads.emplace(row.catchment, m_parts.store.feed_head(row.catchment)).first;
  row.feed_seq = ++head->second;
  m_parts.store.insert_order(row);
  m_parts.store.put_rights(row.order_id, OrderRights::mint(lines_of(order), first_holder));
  tell_home(*this, row.customer, row.catchment, CivilDate::of_ms(m_parts.clock.now_ms()));
}

// The home store: first 8 bytes of SHA-256(customer reference), big-endian, modulo the number of stores. Without
// customer, and before there is a store, the hub itself is the home: catchment 0.
std::uint16_t Hub::catchment_of(const std::string& customer_ref) {
  if (m_stores == 0) m_stores = m_parts.store.nodes().size();
  if (customer_ref.empty() || m_stores == 0) return 0;
  const Hash256 hash =
      codec::sha256({reinterpret_cast<const std::uint8_t*>(customer_ref.data()), customer_ref.size()});
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8; ++i) first = first << 8 | hash.bytes[i];
  return static_cast<std::uint16_t>(1 + first % m_stores);
}

}  // namespace retour::hub
