// Decisions a second: a pack of more than a hundred rules over ten thousand different orders, one core, no I/O, and
// nothing kept from one decision to the next.

#include <string>

#include "plugin/core/policy/policy.hpp"
#include "tests/bench/harness.hpp"
#include "tests/support/property_run.hpp"

namespace {

using namespace retour;
using namespace retour::bench;
using retour::testing::Draw;

constexpr std::size_t orders = 10'000;
constexpr std::size_t rounds = 10;
constexpr std::int32_t today = 20'700;  // days since 1970
const Currency eur = *Currency::parse("EUR");

const std::vector<std::string> departments{"apparel", "electronics", "beauty", "home",
                                           "toys",    "garden",      "food",   "media"};

std::string category_of(std::int64_t number) {
  return departments[static_cast<std::size_t>(number) % departments.size()] + "/group-" + std::to_string(number % 40);
}

RuleName named(const char* section, std::int64_t number) {
  return {section + std::string("-") + std::to_string(number), "the retailer's own decision"};
}

/// 30 exclusions, 30 windows, 30 conditions, 20 fees, 6 rules of authority and 8 of risk: 124. Most speak of goods
/// that only few orders have, as in a real pack, so that an order passes many rules before one fits.
PolicyPack pack() {
  PolicyPack pack{.id = "bench", .version = 1};
  for (std::int64_t i = 0; i < 30; ++i) {
    Match few;
    few.categories = {category_of(i * 7), category_of(i * 11)};
    few.skus = {"9" + std::to_string(i) + "*", "sku-" + std::to_string(i * 331)};
    pack.exclusions.push_back({named("exclusion", i), few});
    Match some;
    some.categories = {departments[static_cast<std::size_t>(i) % departments.size()]};
    if (i < 24) some.tiers = {"vip-" + std::to_string(i % 3)};
    if (i < 29) some.paid_from_minor = 100 * i;
    if (i == 29) some = {};
    pack.windows.push_back({.name = named("window", i), .when = some, .days = static_cast<std::int32_t>(14 + i)});
    Match graded;
    graded.grades = {i % 2 == 0 ? Grade::unsellable : Grade::refurbishable};
    graded.categories = {category_of(i)};
    pack.conditions.push_back(
        {named("condition", i), graded, i % 3 == 0 ? std::optional(Role::manager) : std::nullopt});
  }
  for (std::int64_t i = 0; i < 20; ++i) {
    Match opened;
    opened.categories = {departments[static_cast<std::size_t>(i) % departments.size()]};
    opened.reasons = {i % 2 == 0 ? ReturnReason::changed_mind : ReturnReason::size};
    pack.fees.push_back({named("fee", i),
                         opened,
                         {.rule = {}, .kind = static_cast<FeeKind>(1 + i % 3), .share = {1'500}, .each_minor = 0}});
  }
  pack.levels = {{eur, {2'000, 5'000, 10'000, 50'000, 100'000}}};
  for (std::uint8_t level = 1; level <= amount_levels; ++level) {
    pack.authority.push_back({named("authority", level), level < 4 ? Role::cashier : Role::manager, {}, {}, level});
  }
  for (std::int32_t i = 1; i <= 8; ++i) {
    pack.risk.push_back({named("risk", i), static_cast<RiskSignal>(i), 5 + i, 10});
  }
  pack.risk_points_max = 40;
  return pack;
}

struct Question {
  ReturnAsk ask;
  DecisionFacts facts;
  Minor total_minor = 0;
};

Lot a_lot(std::size_t number, Draw& draw) {
  Lot lot;
  lot.order_id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  lot.order_id.bytes[15] = static_cast<std::uint8_t>(number);
  lot.line_no = static_cast<std::uint32_t>(draw.between(1, 9));
  lot.sold_on = {today - static_cast<std::int32_t>(draw.between(1, 60))};
  lot.sold_at_ms = std::int64_t{lot.sold_on.days} * 86'400'000;
  lot.unit_price = {draw.between(99, 20'000), 2};
  lot.bought = draw.between(1, 12);
  lot.paid_minor = lot.bought * lot.unit_price.mantissa;
  lot.free = {{lot.line_no, 0, lot.bought}};
  lot.channel = static_cast<SaleChannel>(draw.between(1, 4));
  lot.delivered_on = CivilDate{lot.sold_on.days + 2};
  return lot;
}

/// Of a named order, or of what the customer bought of the article in up to five purchases.
Question a_question(std::size_t number, Draw& draw) {
  Question question;
  const auto lots = draw.between(1, 5);
  for (std::int64_t i = 0; i < lots; ++i) question.facts.lots.push_back(a_lot(number, draw));
  const Lot& first = question.facts.lots.front();
  question.ask.line_no = 1;
  question.ask.sku = "sku-" + std::to_string(draw.between(0, 9'999));
  question.ask.quantity = draw.between(1, 2);
  question.ask.reason = static_cast<ReturnReason>(draw.between(0, 10));
  if (draw.once_in(2)) {
    question.ask.order_id = first.order_id;
    question.ask.order_line_no = first.line_no;
  }
  DecisionFacts& facts = question.facts;
  facts.has_customer = true;
  facts.asked_at_ms = std::int64_t{today} * 86'400'000;
  facts.business_date = {today};
  facts.line = {.category = category_of(draw.between(0, 320)),
                .brand = "brand-" + std::to_string(draw.between(0, 200)),
                .tier = "vip-" + std::to_string(draw.between(0, 9)),
                .store = "northside",
                .region = "north",
                .grade = static_cast<Grade>(draw.between(0, 3)),
                .role = Role::cashier,
                .data_age_minutes = draw.between(0, 90),
                .risk = {{RiskSignal::returns_30_days, draw.between(0, 9)}, {RiskSignal::value_minor, 4'000}},
                .approval = {}};
  question.total_minor = first.unit_price.mantissa * question.ask.quantity;
  return question;
}

Verdict decide(const Question& question, const PolicyPack& policy) {
  return authorise(decide_line(question.ask, question.facts, policy), question.ask, question.total_minor, eur, policy)
      .verdict;
}

void policy_decision(const Options& options) {
  const PolicyPack policy = pack();
  std::vector<Question> questions;
  Draw draw(options.seed);
  for (std::size_t i = 0; i < orders; ++i) questions.push_back(a_question(i, draw));

  std::size_t verdicts[5] = {};
  const Stopwatch watch;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const Question& question : questions) ++verdicts[static_cast<std::size_t>(decide(question, policy))];
  }
  const double seconds = watch.seconds();
  std::vector<double> times;
  for (const Question& question : questions) {
    const Stopwatch one;
    ++verdicts[static_cast<std::size_t>(decide(question, policy))];
    times.push_back(one.seconds() * 1e6);
  }
  const auto approved = verdicts[static_cast<std::size_t>(Verdict::approved)];
  require(approved > orders && approved < orders * rounds, "the pack must both permit and refuse");
  report({.bench = "policy",
          .figure = "decisions, 124 rules, 10,000 orders, one core",
          .value = static_cast<double>(orders * rounds) / seconds,
          .unit = "1/s",
          .must = 100'000.0,
          .sense = Must::at_least,
          .note = std::to_string(approved * 100 / (orders * (rounds + 1))) + " % of them approved"});
  report({.bench = "policy",
          .figure = "one decision, p99",
          .value = value_at(times, 0.99),
          .unit = "us",
          .must = 100.0});
  report({.bench = "policy", .figure = "one decision, p50", .value = value_at(times, 0.5), .unit = "us"});
}

const Registration policy_bench("policy", policy_decision, {5, 5});

}  // namespace
