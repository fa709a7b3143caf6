#include "plugin/app/fiscal_notes.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/projections/credit_notes.hpp"

namespace retour::app {

namespace {

using ports::FiscalEntry;
using ports::FiscalNote;

bool same_rates(const FiscalEntry& entry, const std::vector<TaxAmount>& taxes) {
  return std::ranges::equal(entry.taxes, taxes, {}, &TaxAmount::rate_percent, &TaxAmount::rate_percent);
}

void add_entry(FiscalNote& note, Minor net_minor, const std::vector<TaxAmount>& taxes) {
  const auto known =
      std::ranges::find_if(note.entries, [&](const FiscalEntry& entry) { return same_rates(entry, taxes); });
  if (known == note.entries.end()) {
    note.entries.push_back({net_minor, taxes});
    return;
  }
  known->net_minor += net_minor;
  for (std::size_t i = 0; i < taxes.size(); ++i) known->taxes[i].minor += taxes[i].minor;
}

void add_payment(FiscalNote& note, TenderKind tender, Minor minor) {
  const auto known = std::ranges::find(note.payments, tender, &ports::FiscalPayment::tender);
  if (known == note.payments.end()) {
    note.payments.push_back({tender, minor});
  } else {
    known->minor += minor;
  }
}

void add_number(std::vector<std::string>& numbers, const std::string& number) {
  if (!number.empty() && std::ranges::find(numbers, number) == numbers.end()) numbers.push_back(number);
}

class Notes {
 public:
  explicit Notes(const ReturnOutcome& outcome) : m_outcome(outcome) {}

  void take(const EventBody& body, std::int64_t at_ms) {
    if (const auto* claimed = std::get_if<UnitsClaimed>(&body)) {
      m_open.insert(m_open.end(), claimed->claims.begin(), claimed->claims.end());
    } else if (const auto* less = std::get_if<UnitsLowered>(&body)) {
      for (const LoweredUnits& lowered : less->lowered) m_open.push_back(claim_on(lowered));
    } else if (const auto* plan = std::get_if<RefundPlanned>(&body)) {
      write(*plan, at_ms);
    } else if (std::holds_alternative<CaseVoided>(body) || std::holds_alternative<RefundReversed>(body)) {
      if (m_outcome.taken_back) take_back(at_ms);
    }
  }

  std::map<std::uint32_t, FiscalNote> result() { return std::move(m_notes); }

 private:
  FiscalNote head(std::uint64_t number, const Currency& currency, std::int64_t at_ms) const {
    const CaseOpened& opened = *m_outcome.state.opened;
    FiscalNote note;
    note.number = number;
    note.till = opened.till;
    note.cashier = opened.cashier;
    note.business_date = opened.business_date;
    note.written_at_ms = at_ms;
    note.currency = currency;
    return note;
  }

  std::string number_of(const OrderId& order) const {
    const auto found = std::ranges::find(m_outcome.evidence, order, &EvidenceNote::order_id);
    return found == m_outcome.evidence.end() ? std::string{} : found->number;
  }

  /// A plan takes up all that was claimed since the plan before it.
  void write(const RefundPlanned& planned, std::int64_t at_ms) {
    const std::vector<Claim> claims = std::exchange(m_open, {});
    if (planned.credit_note_no == 0) return;
    FiscalNote note = head(planned.credit_note_no, planned.currency, at_ms);
    for (const Claim& claim : claims) {
      add_entry(note, claim.paid.net_minor, claim.paid.taxes);
      add_number(note.original_orders, number_of(claim.order_id));
    }
    note.kept = planned.kept;
    for (const CarriedPart& part : planned.carried) note.carried_minor += part.minor;
    for (const CasePlan& plan : m_outcome.state.plans) {
      if (plan.plan_no == planned.plan_no) note.rounding_minor = plan.rounding_minor;
    }
    for (const CaseLeg& leg : m_outcome.state.legs) {
      if (leg.plan_no != planned.plan_no || leg.state == LegState::rerouted) continue;
      add_payment(note, leg.leg.planned.tender, leg.leg.planned.pays_minor);
    }
    m_notes.emplace(planned.plan_no, std::move(note));
  }

  void take_back(std::int64_t at_ms) {
    FiscalNote back = head(m_outcome.taken_back->number, m_outcome.state.plans.front().currency, at_ms);
    back.kind = ports::FiscalKind::taken_back;
    for (const auto& [plan_no, note] : m_notes) {
      back.takes_back.push_back(note.number);
      for (const FiscalEntry& entry : note.entries) add_entry(back, entry.net_minor, entry.taxes);
      for (const ports::FiscalPayment& payment : note.payments) add_payment(back, payment.tender, payment.minor);
      for (const std::string& number : note.original_orders) add_number(back.original_orders, number);
      back.kept.insert(back.kept.end(), note.kept.begin(), note.kept.end());
      back.carried_minor += note.carried_minor;
      back.rounding_minor += note.rounding_minor;
    }
    m_notes.emplace(projections::taking_back, std::move(back));
  }

  const ReturnOutcome& m_outcome;
  std::vector<Claim> m_open;  // claimed and not planned yet
  std::map<std::uint32_t, FiscalNote> m_notes;
};

}  // namespace

std::map<std::uint32_t, FiscalNote> fiscal_notes(std::span<const EventEnvelope> events,
                                                 const ReturnOutcome& outcome) {
  Notes notes(outcome);
  for (const EventEnvelope& event : events) {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (body) notes.take(*body, event.hlc.ms());
  }
  return notes.result();
}

}  // namespace retour::app
