#include "sync/hub/questions.hpp"

namespace retour::hub {

/// Questions with one key wait for one another: of one customer, else of one order, else each for itself.
Questions::Queue Questions::queue_of(const ReferralRow& row) {
  if (!row.customer.is_zero()) return {row.customer.bytes};
  if (row.asked.ask.order_id) return {row.asked.ask.order_id->bytes};
  return {row.referral_id.bytes};
}

void Questions::begin(std::span<const ReferralRow> rows) {
  forget();
  m_known = true;
  for (const ReferralRow& row : rows) {
    if (!row.decided) add(row, Turn::later);
  }
}

void Questions::add(const ReferralRow& row) {
  if (m_known) add(row, Turn::soon);
}

void Questions::add(const ReferralRow& row, Turn turn) {
  const Queue queue = queue_of(row);
  const Place place{row.asked_at_ms, row.node, row.asked.case_id, row.asked.ask.line_no, row.referral_id};
  m_questions[row.referral_id] = {queue, place};
  Waiting& waiting = m_queues[queue];
  waiting.questions.insert(place);
  if (*waiting.questions.begin() == place) make_due(queue, waiting, turn);
}

void Questions::remove(const ReferralId& id) {
  const auto known = m_questions.extract(id);
  if (known.empty()) return;
  const auto queue = m_queues.find(known.mapped().queue);
  queue->second.questions.erase(known.mapped().place);
  make_due(queue->first, queue->second, Turn::soon);  // also an emptied one: next() lets it go
}

void Questions::touch(const ReferralId& id) {
  const auto known = m_questions.find(id);
  if (known != m_questions.end()) make_due(known->second.queue, m_queues[known->second.queue], Turn::soon);
}

void Questions::touch(const Occasion& occasion) {
  const auto waiting = m_occasions.find(occasion);
  if (waiting == m_occasions.end()) return;
  const std::set<Queue> queues = std::move(waiting->second);
  m_occasions.erase(waiting);
  for (const Queue& queue : queues) make_due(queue, m_queues[queue], Turn::later);
}

/// A queue that is due waits for nothing.
void Questions::make_due(const Queue& queue, Waiting& waiting, Turn turn) {
  for (const Occasion& awaited : std::exchange(waiting.occasions, {})) {
    const auto others = m_occasions.find(awaited);
    if (others == m_occasions.end()) continue;
    others->second.erase(queue);
    if (others->second.empty()) m_occasions.erase(others);
  }
  if (std::exchange(waiting.due, true)) return;
  m_due.emplace(turn, waiting.questions.empty() ? Place{} : *waiting.questions.begin(), queue);
}

std::optional<ReferralId> Questions::next() {
  while (!m_due.empty()) {
    const auto queue = m_queues.find(std::get<Queue>(m_due.extract(m_due.begin()).value()));
    queue->second.due = false;
    if (!queue->second.questions.empty()) return std::get<ReferralId>(*queue->second.questions.begin());
    m_queues.erase(queue);
  }
  return std::nullopt;
}

void Questions::wait(const ReferralId& id, const Occasion& occasion) {
  const auto known = m_questions.find(id);
  if (known == m_questions.end()) return;
  m_occasions[occasion].insert(known->second.queue);
  m_queues[known->second.queue].occasions.insert(occasion);
}

}  // namespace retour::hub
