#include "tests/support/policy_cases.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "plugin/core/inspection/grade.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/policy/trade_in.hpp"

namespace retour::policy_cases {

namespace {

const OrderId the_order{{1}};

/// What a situation may name, with what holds when it does not.
const Situation usual{{"channel", "online"},
                      {"sold", "2026-03-01"},
                      {"delivered", "2026-03-03"},
                      {"last_parcel", ""},
                      {"today", "2026-03-05"},
                      {"reason", "changed_mind"},
                      {"category", "apparel"},
                      {"grade", "ungraded"},
                      {"tier", ""},
                      {"paid", "1999"},
                      {"currency", "EUR"},
                      {"total", "1999"},
                      {"role", "cashier"},
                      {"data_age", "0"},
                      {"approved_by", ""},
                      {"risk", ""},
                      {"alerts", ""},
                      {"lowest", ""},
                      {"wants", "refund"},
                      {"beyond_repair", "0"},
                      {"shipment", ""},
                      {"came_back", "all"},
                      {"confirmed_final", "no"},
                      {"gift", "no"},
                      {"trade_in", "no"}};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

template <class T>
T known(const std::optional<T>& value, const std::string& text) {
  if (!value) throw std::runtime_error("\"" + text + "\" cannot be read");
  return *value;
}

std::optional<CivilDate> date(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return known(CivilDate::parse(text), text);
}

/// "returns_30_days:5,stores_30_days:1"
std::vector<RiskCount> risk(const std::string& text) {
  std::vector<RiskCount> counts;
  for (const std::string& part : split(text, ',')) {
    const auto colon = part.find(':');
    for (int signal = 1; signal <= 7; ++signal) {
      const auto one = static_cast<RiskSignal>(signal);
      if (to_string(one) == part.substr(0, colon)) counts.push_back({one, std::stoll(part.substr(colon + 1))});
    }
  }
  return counts;
}

std::vector<Alert> alerts(const std::string& text) {
  std::vector<Alert> raised;
  for (const std::string& part : split(text, ',')) raised.push_back(known(parse_alert(part), part));
  return raised;
}

/// Nobody can prove a purchase: what the article is worth, and a budget that is large enough.
void without_receipt(DecisionFacts& facts, const Situation& s) {
  facts.has_customer = true;
  facts.line.unproven =
      UnprovenSale{known(Currency::parse(s.at("currency")), s.at("currency")), std::stoll(s.at("lowest"))};
  facts.lots = {{.order_id = the_order, .line_no = 1, .bought = 1'000'000, .free = {{1, 0, 1'000'000}}}};
  facts.lots[0].channel = SaleChannel::value;
}

Lot lot_of(const Situation& s) {
  return {.order_id = the_order,
          .line_no = 1,
          .sold_at_ms = 1,
          .unit_price = {},
          .bought = 1,
          .free = {{1, 0, 1}},
          .channel = known(parse_channel(s.at("channel")), s.at("channel")),
          .sold_on = *date(s.at("sold")),
          .delivered_on = date(s.at("delivered")),
          .last_delivered_on = date(s.at(s.at("last_parcel").empty() ? "delivered" : "last_parcel")),
          .paid_minor = std::stoll(s.at("paid"))};
}

DecisionFacts facts_of(const Situation& s) {
  DecisionFacts facts;
  facts.lots = {lot_of(s)};
  facts.asked_at_ms = 2;
  facts.business_date = *date(s.at("today"));
  facts.line.category = s.at("category");
  facts.line.tier = s.at("tier");
  facts.line.grade = known(parse_grade(s.at("grade")), s.at("grade"));
  facts.line.role = known(parse_role(s.at("role")), s.at("role"));
  if (s.at("data_age") != "never") facts.line.data_age_minutes = std::stoll(s.at("data_age"));
  facts.line.risk = risk(s.at("risk"));
  facts.line.alerts = alerts(s.at("alerts"));
  facts.line.beyond_repair = std::stoll(s.at("beyond_repair"));
  if (!s.at("lowest").empty()) without_receipt(facts, s);
  if (!s.at("approved_by").empty()) {
    facts.line.approval = Approval{known(parse_role(s.at("approved_by")), s.at("approved_by")), "s-7", "goodwill"};
  }
  return facts;
}

/// An order does not say yet what its buyer confirmed, so such a situation asks the exclusions themselves.
std::string exclusion_of(const PolicyPack& pack, const Situation& s) {
  const DecisionFacts facts = facts_of(s);
  const Circumstance what{.channel = facts.lots[0].channel,
                          .category = facts.line.category,
                          .tier = facts.line.tier,
                          .reason = known(parse_return_reason(s.at("reason")), s.at("reason")),
                          .grade = facts.line.grade,
                          .unit_paid_minor = facts.lots[0].paid_minor,
                          .sold_on = facts.lots[0].sold_on,
                          .confirmed_final = true};
  for (const ExclusionRule& rule : pack.exclusions) {
    if (matches(rule.when, what)) return "refused by exclusions/" + rule.name.id;
  }
  return "no exclusion";
}

/// What the delivery cost, once the goods came back.
Decision decide_shipment(const PolicyPack& pack, const Situation& s) {
  const ReturnAsk ask{.line_no = 1,
                      .order_id = the_order,
                      .order_line_no = line_of_shipment(1),
                      .quantity = 1,
                      .reason = known(parse_return_reason(s.at("reason")), s.at("reason"))};
  DecisionFacts facts = facts_of(s);
  facts.final_word = true;
  facts.lots[0].free = {{ask.order_line_no, 0, 1}};
  facts.lots[0].paid_minor = std::stoll(s.at("shipment"));
  facts.line.delivery =
      DeliveryFacts{known(Currency::parse(s.at("currency")), s.at("currency")), true, s.at("came_back") == "all"};
  return decide_delivery(ask, facts, pack);
}

/// What the article is worth against new goods.
std::string worth_of(const PolicyPack& pack, const Situation& s, const Currency& currency) {
  Circumstance what;
  what.category = s.at("category");
  what.grade = known(parse_grade(s.at("grade")), s.at("grade"));
  const auto worth = trade_in_worth(pack, what, currency);
  return worth ? "worth " + std::to_string(worth->each_minor) + " by " + worth->rule : "not taken";
}

std::string terms_of(const UnitTerms& terms) {
  std::string text;
  for (const FeeTerms& fee : terms.fees) {
    text += "; " + (fee.each_minor > 0 ? std::to_string(fee.each_minor) + " a unit"
                                       : std::to_string(fee.share.value) + " bp");
    text += " " + std::string(to_string(fee.kind)) + " (" + fee.rule + "), rounded " +
            std::string(to_string(fee.rounding));
  }
  if (terms.refund_as) text += "; as " + std::string(to_string(*terms.refund_as));
  return text;
}

std::string in_words(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += " " + std::string(to_string(decision.refusal));
  if (decision.verdict != Verdict::approved) text += " by " + decision.trace.rule;
  if (decision.trace.needs) text += ", " + std::string(to_string(*decision.trace.needs)) + " may";
  if (!decision.trace.would_change.empty()) text += ", " + decision.trace.would_change + " would help";
  for (const std::string& rule : decision.trace.applied) text += "; " + rule;
  if (!decision.terms.empty()) text += terms_of(decision.terms.front());
  return text;
}

/// "a=1|2 b=3" after what was there: two situations.
std::vector<Situation> situations(const std::string& text, const Situation& usual_here) {
  std::vector<Situation> all{usual_here};
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    const auto equals = word.find('=');
    const std::string key = word.substr(0, equals);
    if (equals == std::string::npos || !usual.contains(key))
      throw std::runtime_error("\"" + word + "\" is no KEY=VALUE");
    std::vector<std::string> values = split(word.substr(equals + 1), '|');
    if (values.empty()) values.emplace_back();
    std::vector<Situation> next;
    for (const Situation& one : all) {
      for (const std::string& value : values) next.emplace_back(one)[key] = value;
    }
    all = std::move(next);
  }
  return all;
}

}  // namespace

std::string answer(const PolicyPack& pack, const Situation& s) {
  if (s.at("confirmed_final") == "yes") return exclusion_of(pack, s);
  if (!s.at("shipment").empty()) return in_words(decide_shipment(pack, s));
  ReturnAsk ask;
  ask.line_no = 1;
  ask.no_receipt = !s.at("lowest").empty();
  if (!ask.no_receipt) ask.order_id = the_order;
  ask.order_line_no = ask.no_receipt ? 0 : 1;
  ask.sku = "10001";
  ask.quantity = 1;
  ask.reason = known(parse_return_reason(s.at("reason")), s.at("reason"));
  ask.remedy = known(parse_remedy(s.at("wants")), s.at("wants"));
  ask.gift = s.at("gift") == "yes";
  const Currency currency = known(Currency::parse(s.at("currency")), s.at("currency"));
  if (s.at("trade_in") == "yes") return worth_of(pack, s, currency);
  return in_words(authorise(decide_line(ask, facts_of(s), pack), ask, std::stoll(s.at("total")), currency, pack));
}

std::vector<PolicyCase> read(const std::filesystem::path& file) {
  std::vector<PolicyCase> cases;
  std::ifstream in(file);
  Situation usual_here = usual;
  int number = 0;
  for (std::string line; std::getline(in, line);) try {
      ++number;
      if (line.empty() || line[0] == '#') continue;
      if (line.starts_with("default ")) {
        usual_here = situations(line.substr(8), usual_here).front();
        continue;
      }
      const auto arrow = line.find(" => ");
      if (arrow == std::string::npos) throw std::runtime_error("there is no \" => \"");
      for (Situation& one : situations(line.substr(0, arrow), usual_here)) {
        cases.push_back({number, std::move(one), line.substr(arrow + 4)});
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + error.what());
    }
  if (cases.empty()) throw std::runtime_error(file.string() + " holds no case");
  return cases;
}

}  // namespace retour::policy_cases
