#include "plugin/app/explain_case.hpp"

#include <algorithm>

#include "db/policy_pack/pack_file.hpp"
#include "plugin/app/adopt_policy.hpp"
#include "plugin/app/case_code.hpp"

namespace retour::app {

namespace {

/// The pack that came into force last before the answer: an id and version mean one set of rules.
std::optional<PolicyPack> pack_of(const DecisionTrace& trace, const std::vector<PolicyAdopted>& adopted) {
  for (const PolicyAdopted& one : adopted) {
    if (one.policy_id != trace.policy_id || one.policy_version != trace.policy_version) continue;
    auto read = policy_pack::read_pack(one.pack);
    if (read.file) return std::move(read.file->pack);
  }
  return std::nullopt;
}

std::string verdict_of(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += " (" + std::string(to_string(decision.refusal)) + ")";
  if (decision.trace.needs) text += ", " + std::string(to_string(*decision.trace.needs)) + " may say yes";
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// What a person would have to bring: docs/policy.md, "The trace".
std::string help_of(std::string_view would_change) {
  static constexpr std::pair<std::string_view, const char*> sentences[] = {
      {"valid_quantity", "a quantity between 1 and a billion"},
      {"customer_or_order", "the customer, or the order"},
      {"nothing", "nothing"},
      {"other_reason", "another reason of the customer"},
      {"within_window", "an earlier return: the time was over"},
      {"delivery_date", "the date of the delivery, which nobody wrote down"},
      {"approval", "the approval of a person who may give it"},
      {"hub_answers", "the hub's answer"},
      {"proof_of_purchase", "a proof of the purchase"},
      {"other_purchase", "another purchase: all units of this one have come back"},
      {"smaller_quantity", "a smaller quantity"},
      {"whole_order", "the rest of the order coming back"},
  };
  for (const auto& [code, sentence] : sentences) {
    if (code == would_change) return sentence;
  }
  return std::string(would_change);
}

class Explainer {
 public:
  Explainer(const PastAnswer& answer, const std::vector<PolicyAdopted>& adopted)
      : m_answer(answer), m_decision(answer.decision), m_trace(answer.decision.trace), m_adopted(adopted) {}

  std::string explain() {
    question();
    line("rule", m_trace.rule + " of pack " + m_trace.policy_id + ", version " +
                     std::to_string(m_trace.policy_version) + (m_answer.by_hub ? ", by the hub" : ""));
    if (!m_trace.applied.empty()) line("rests on", joined(m_trace.applied));
    facts();
    line("known then", age() + ", " + std::to_string(m_trace.feed_position) + " orders received");
    for (const Lot& lot : m_trace.lots) purchase(lot);
    for (const UnitTerms& terms : m_decision.terms) conditions_of(terms);
    if (!m_trace.would_change.empty()) line("would change it", help_of(m_trace.would_change));
    again();
    return std::move(m_text);
  }

 private:
  void line(const std::string& name, const std::string& what) { m_text += "  " + name + ": " + what + "\n"; }

  void question() {
    const ReturnAsk& ask = m_answer.ask;
    m_text += "Line " + std::to_string(ask.line_no) + ": " + std::to_string(ask.quantity) + " of " + ask.sku +
              ", reason " + std::string(to_string(ask.reason)) + ": " + verdict_of(m_decision) + " (event " +
              std::to_string(m_answer.seq) + ")\n";
  }

  void facts() {
    const LineFacts& facts = m_trace.facts;
    std::vector<std::string> parts;
    const auto add = [&](std::string_view name, std::string_view value) {
      if (!value.empty()) parts.push_back(std::string(name) + " " + std::string(value));
    };
    add("business date", m_answer.business_date.to_string());
    add("category", facts.category);
    add("brand", facts.brand);
    add("tier", facts.tier);
    add("store", facts.store);
    add("region", facts.region);
    add("grade", to_string(facts.grade));
    add("served by a", to_string(facts.role));
    if (m_trace.total_minor > 0 && m_answer.currency) {
      add("visit of", to_string(m_trace.total_minor, *m_answer.currency));
    }
    if (facts.delivery) add("of the order came back", facts.delivery->whole_order ? "all" : "a part");
    for (const RiskCount& count : facts.risk) add(to_string(count.signal), std::to_string(count.count));
    if (facts.approval) {
      add("approved by a", std::string(to_string(facts.approval->role)) + " (" + facts.approval->reason + ")");
    }
    line("facts", joined(parts));
  }

  std::string age() const {
    if (m_trace.final_word) return "the hub, with all journals";
    const auto& minutes = m_trace.facts.data_age_minutes;
    return minutes ? "the hub was heard " + std::to_string(*minutes) + " min before"
                   : "when the hub was heard is not known";
  }

  void purchase(const Lot& lot) {
    std::string text = lot.order_id.to_string() + " line " + std::to_string(lot.line_no) + ", " +
                       std::string(to_string(lot.channel)) + ", sold " + lot.sold_on.to_string();
    if (lot.delivered_on) text += ", delivered " + lot.delivered_on->to_string();
    if (lot.last_delivered_on) text += ", last parcel " + lot.last_delivered_on->to_string();
    text += ": " + std::to_string(lot.bought) + " bought, " + std::to_string(free_units(lot)) + " free here";
    line("purchase", text);
  }

  void conditions_of(const UnitTerms& terms) {
    for (const FeeTerms& fee : terms.fees) {
      line("kept back", std::string(to_string(fee.kind)) + " by " + fee.rule + ", " +
                            (fee.each_minor > 0 ? std::to_string(fee.each_minor) + " minor units a unit"
                                                : Decimal{fee.share.value, 2}.normalized().to_string() + " %"));
    }
    if (terms.refund_as) line("paid as", std::string(to_string(*terms.refund_as)));
  }

  void again() {
    const GivenAgain given = give_again(m_answer, m_adopted);
    if (!given.pack_known) return line("given again", "this journal does not hold that pack");
    line("given again", given.same
                            ? "the same answer"
                            : "another answer: " + verdict_of(given.decision) + " by " + given.decision.trace.rule);
  }

  const PastAnswer& m_answer;
  const Decision& m_decision;
  const DecisionTrace& m_trace;
  const std::vector<PolicyAdopted>& m_adopted;
  std::string m_text;
};

}  // namespace

GivenAgain give_again(const PastAnswer& answer, const std::vector<PolicyAdopted>& adopted) {
  const auto pack = pack_of(answer.decision.trace, adopted);
  if (!pack) return {};
  GivenAgain given{.pack_known = true,
                   .decision = decide_again(answer.ask, answer.decision, answer.asked_at_ms, answer.business_date,
                                            answer.currency.value_or(Currency{}), *pack)};
  Decision recorded = answer.decision;
  recorded.assurance = Assurance::none;
  given.decision.assurance = Assurance::none;
  given.same = given.decision == recorded;
  return given;
}

std::string explain_case(sqlite::Database& journal, const ReturnCaseId& case_id) {
  const auto adopted = adopted_policies(journal);
  std::string text;
  for (const PastAnswer& answer : past_answers(journal)) {
    if (answer.case_id == case_id) text += Explainer(answer, adopted).explain();
  }
  return text.empty() ? text : "Case " + case_code(case_id) + " (" + case_id.to_string() + ")\n" + text;
}

}  // namespace retour::app
