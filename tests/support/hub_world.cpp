#include "tests/support/hub_world.hpp"

namespace retour::testing {

FakeNode::FakeNode(HubWorld& world, std::string node_name)
    : name(std::move(node_name)), key(codec::SigningKey::generate()), m_world(world) {
  const auto token = world.hub().invite(name);
  const auto reply = world.hub().enrol({.token = token.value(), .csr_pem = key.verify_key().to_pem()});
  id = reply.value().node;
  catchment = reply.value().catchment;
}

void FakeNode::append(const EventBody& body) {
  codec::EncodedBody encoded = codec::encode(body);
  EventEnvelope event{.node_id = id, .epoch = epoch, .seq = journal.size() + 1};
  event.hlc = HlcTime::of(m_world.clock.now_ms(), static_cast<std::uint16_t>(event.seq));
  event.case_id = case_of(body);
  event.command_id = m_world.ids.make<CommandId>();
  event.kind = encoded.kind;
  event.body = std::move(encoded.bytes);
  if (!journal.empty()) event.prev_hash = journal.back().hash;
  event.hash = journal::EventHasher()(event);
  journal.push_back(std::move(event));
}

protocol::PushRequest FakeNode::batch() const {
  return batch(acked + 1);
}

protocol::PushRequest FakeNode::batch(std::uint64_t from_seq) const {
  protocol::PushRequest request{.node = id, .epoch = epoch, .clock_ms = m_world.clock.now_ms()};
  request.events.assign(journal.begin() + static_cast<std::ptrdiff_t>(from_seq - 1), journal.end());
  if (!request.events.empty()) request.signature = key.sign(request.events.back().hash.bytes);
  return request;
}

protocol::PushReply FakeNode::send(const protocol::PushRequest& request) {
  m_world.hub().contact(id);
  const protocol::PushReply reply = m_world.hub().push(request);
  if (reply.code == protocol::PushCode::accepted) acked = reply.head_seq;
  return reply;
}

protocol::PullReply FakeNode::ask() {
  m_world.hub().contact(id);
  return m_world.hub().pull({.node = id,
                             .cursors = cursors,
                             .today = today,
                             .journal_seq = journal.size(),
                             .clock_ms = m_world.clock.now_ms()});
}

protocol::PullReply FakeNode::pull() {
  protocol::PullReply reply = ask();
  take(reply);
  return reply;
}

void FakeNode::take(const protocol::PullReply& reply) {
  orders.insert(orders.end(), reply.orders.begin(), reply.orders.end());
  cursors = reply.cursors;
  const auto is_new = [this](const auto& message) { return m_taken.insert(TransferId{message.bytes}).second; };
  for (const RightsGranted& grant : reply.grants) {
    if (!is_new(grant.transfer_id)) continue;
    for (const OrderUnits& part : grant.items) require(held[part.order_id].add(part.units), "a right came twice");
    append(RightsReceived{grant.transfer_id, grant.items});
  }
  for (const RecallIssued& recall : reply.recalls) {
    if (!is_new(recall.recall_id)) continue;
    RightsReleased released{m_world.ids.make<TransferId>(), recall.recall_id, {}};
    for (const OrderUnits& wanted : recall.items) {
      for (const UnitRange& part : held[wanted.order_id].parts_of(wanted.units)) {
        require(held[wanted.order_id].remove(part), "what is released is held");
        released.items.push_back({wanted.order_id, part});
      }
    }
    append(released);
  }
  for (const ReferralAnswered& answer : reply.decisions) {
    if (!is_new(answer.referral_id)) continue;
    answers.push_back(answer);
    append(answer);
  }
  told_pending.insert(told_pending.end(), reply.pending.begin(), reply.pending.end());
}

void FakeNode::sync() {
  for (int round = 0; round < 20; ++round) {
    const std::size_t before = journal.size();
    push();
    pull();
    if (journal.size() == before && acked == before) return;
  }
  require(false, "hub and store become quiet");
}

bool FakeNode::claim(const ReturnCaseId& case_id, const OrderUnits& units) {
  if (!held[units.order_id].remove(units.units)) return false;
  append(
      UnitsClaimed{.case_id = case_id, .line_no = 1, .claims = {{.order_id = units.order_id, .units = units.units}}});
  return true;
}

ReferralId FakeNode::refer(const std::string& customer, const std::string& sku, std::int64_t quantity) {
  const auto subject = m_world.ids.make<SubjectId>();
  {
    hub::Work work(m_world.store(), m_world.clock.now_ms());
    m_world.store().put_subject(subject, m_world.customer_key(customer));
    work.commit();
  }
  return refer(LineReferred{.case_id = m_world.ids.make<ReturnCaseId>(),
                            .ask = {.line_no = 1, .sku = sku, .quantity = quantity},
                            .subject = subject});
}

ReferralId FakeNode::refer(const LineReferred& asked) {
  LineReferred whole = asked;
  whole.referral_id = m_world.ids.make<ReferralId>();
  if (whole.asked_at_ms == 0) whole.asked_at_ms = m_world.clock.now_ms();
  append(whole);
  return whole.referral_id;
}

const ReferralAnswered* FakeNode::answer_to(const ReferralId& referral) const {
  for (const ReferralAnswered& answer : answers) {
    if (answer.referral_id == referral) return &answer;
  }
  return nullptr;
}

std::int64_t FakeNode::held_units() const {
  std::int64_t sum = 0;
  for (const auto& [order, ranges] : held) {
    for (const UnitRange& units : ranges.ranges()) sum += units.count;
  }
  return sum;
}

OrderId web_order_id(const std::string& number) {
  return codec::derive_order_id("web", number);
}

ports::SourceItem web_order(const std::string& number, const std::string& customer, const std::vector<WebLine>& lines,
                            std::int64_t sold_at_ms) {
  Order order{.id = web_order_id(number), .authority = "web", .number = number};
  order.currency = *Currency::parse("GBP");
  order.sold_at_ms = sold_at_ms;
  order.sold_on = CivilDate::of_ms(sold_at_ms);
  Minor total = 0;
  for (const WebLine& line : lines) {
    const Minor amount = line.price_minor * line.quantity;
    order.lines.push_back({.line_no = static_cast<std::uint32_t>(order.lines.size() + 1),
                           .sku = line.sku,
                           .quantity = line.quantity,
                           .unit_price = {line.price_minor, 2},
                           .net_minor = amount});
    total += amount;
  }
  order.tenders = {{.tender_no = 1, .kind = TenderKind::card, .reference = "psp-" + number, .paid_minor = total}};
  return ports::SourceOrder{.order = std::move(order), .customer_ref = customer};
}

std::uint16_t catchment_of(const std::string& customer, std::size_t stores) {
  const Hash256 hash = codec::sha256({reinterpret_cast<const std::uint8_t*>(customer.data()), customer.size()});
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8; ++i) first = first << 8 | hash.bytes[i];
  return static_cast<std::uint16_t>(1 + first % stores);
}

std::string customer_of_catchment(std::uint16_t catchment, std::size_t stores) {
  for (int n = 12'000;; ++n) {
    const std::string customer = std::to_string(n);
    if (catchment_of(customer, stores) == catchment) return customer;
  }
}

}  // namespace retour::testing
