#include <algorithm>
#include <nlohmann/json.hpp>

#include "db/policy_pack/check_pack.hpp"
#include "db/policy_pack/checklists_json.hpp"
#include "db/policy_pack/fields.hpp"
#include "db/policy_pack/limits.hpp"
#include "db/policy_pack/names.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "db/policy_pack/payout_sections.hpp"

namespace retour::policy_pack {

namespace {

template <class T, std::size_t n>
std::span<const T> all(const std::array<T, n>& names) {
  return names;
}

RuleText read_words(Fields fields) {
  RuleText text{fields.text("en", text_characters_max), fields.text("zh", text_characters_max)};
  fields.done();
  return text;
}

/// Reads one section after the other into the file; each knows its own fields only.
class Reader {
 public:
  Reader(Fields& fields, PackFile& file, Faults& faults)
      : m_fields(fields), m_file(file), m_pack(file.pack), m_faults(faults) {}

  void read() {
    head();
    for (Fields rule : m_fields.objects("exclusions", rules_max)) exclusion(rule);
    for (Fields rule : m_fields.objects("windows", rules_max)) window(rule);
    for (Fields rule : m_fields.objects("conditions", rules_max)) condition(rule);
    for (Fields rule : m_fields.objects("fees", rules_max)) fee(rule);
    for (Fields levels : m_fields.objects("levels", rules_max)) amount_levels_of(levels);
    for (Fields rule : m_fields.objects("authority", rules_max)) authority(rule);
    for (Fields rule : m_fields.objects("risk", rules_max)) risk(rule);
    for (Fields rule : m_fields.objects("compensation", rules_max)) compensation(rule);
    for (Fields rule : m_fields.objects("trade_in", rules_max)) trade_in(rule);
    for (Fields rule : m_fields.objects("notes", rules_max)) note(rule);
    if (auto section = m_fields.object("no_receipt")) no_receipt(*section);
    payout("tenders", m_pack.payout.tenders, read_tenders);
    payout("cash_rounding", m_pack.payout.cash_rounding, read_cash_rounding);
    payout("cash_identity_above", m_pack.payout.cash_identity_above, read_cash_identity_above);
    payout("shipping", m_pack.shipping, read_shipping);
    promises();
    for (Fields rule : m_fields.objects("reasons", rules_max)) reason(rule);
    if (const auto* lists = m_fields.section("checklists")) m_pack.checklists = read_checklists(*lists, m_faults);
    m_fields.done();
  }

 private:
  void head() {
    m_fields.text_or_empty("$schema", text_characters_max);  // for editors
    m_pack.id = m_fields.id("id");
    m_pack.version = static_cast<std::uint32_t>(m_fields.integer("version", {1, version_max}));
    if (auto title = m_fields.object("title")) m_file.title = read_words(*title);
    m_pack.valid_from = m_fields.optional_date("valid_from");
    m_pack.valid_until = m_fields.optional_date("valid_until");
    m_pack.merchandise_sku_leading_digits = static_cast<std::uint8_t>(
        m_fields.optional_integer("merchandise_sku_leading_digits", {0, sku_digits_max}).value_or(0));
    m_pack.assumed_delivery_days = days("assumed_delivery_days", assumed_days_max);
    m_pack.risk_points_max =
        static_cast<std::int32_t>(m_fields.optional_integer("risk_points_max", {0, points_sum_max}).value_or(0));
  }

  std::int32_t days(const char* name, std::int64_t max) {
    return static_cast<std::int32_t>(m_fields.optional_integer(name, {0, max}).value_or(0));
  }

  /// Id, source and words, which every rule has.
  RuleName name(Fields& rule, const char* section) {
    RuleName name{rule.id("id"), rule.text_or_empty("source", text_characters_max)};
    if (auto words = rule.object("text")) m_file.texts[std::string(section) + "/" + name.id] = read_words(*words);
    return name;
  }

  static Match when(Fields& rule, bool with_age) {
    Match match;
    auto fields = rule.object("when");
    if (!fields) return match;
    match.channels = fields->choices("channels", all(channels));
    match.skus = fields->texts("skus", value_characters_max);
    match.categories = fields->texts("categories", value_characters_max);
    match.brands = fields->texts("brands", value_characters_max);
    match.sellers = fields->texts("sellers", value_characters_max);
    match.tiers = fields->texts("tiers", value_characters_max);
    match.stores = fields->texts("stores", value_characters_max);
    match.regions = fields->texts("regions", value_characters_max);
    match.reasons = fields->choices("reasons", all(reasons));
    match.grades = fields->choices("grades", all(grades));
    match.alerts = fields->choices("alerts", all(alerts));
    ranges(*fields, match, with_age);
    match.confirmed_final = fields->optional_boolean("confirmed_final");
    match.gift = fields->optional_boolean("gift");
    fields->done();
    return match;
  }

  static void ranges(Fields& fields, Match& match, bool with_age) {
    match.paid_from_minor = fields.optional_integer("paid_from_minor", {0, minor_max});
    match.paid_to_minor = fields.optional_integer("paid_to_minor", {0, minor_max});
    match.sold_from = fields.optional_date("sold_from");
    match.sold_until = fields.optional_date("sold_until");
    if (!with_age) return;  // how old goods may be is what a window itself says
    match.age_from_days = fields.optional_integer("age_from_days", {0, days_max});
    match.age_to_days = fields.optional_integer("age_to_days", {0, days_max});
  }

  void exclusion(Fields& rule) {
    m_pack.exclusions.push_back({.name = name(rule, "exclusions"), .when = when(rule, true)});
    rule.done();
  }

  void window(Fields& rule) {
    m_pack.windows.push_back({.name = name(rule, "windows"),
                              .when = when(rule, false),
                              .days = static_cast<std::int32_t>(rule.integer("days", {0, days_max})),
                              .from = rule.optional_choice("from", all(receipts)).value_or(CountFrom::delivery),
                              .open_until = rule.optional_date("open_until"),
                              .needs = rule.optional_choice("needs", all(roles)),
                              .refund_as = rule.optional_choice("refund_as", all(tender_kinds)),
                              .remedy = rule.optional_boolean("remedy").value_or(false),
                              .remedies = rule.choices("remedies", all(remedies))});
    if (rule.has("remedies") && !m_pack.windows.back().remedy) rule.fault("remedies", "means nothing without remedy");
    rule.done();
  }

  void condition(Fields& rule) {
    m_pack.conditions.push_back({.name = name(rule, "conditions"),
                                 .when = when(rule, true),
                                 .needs = rule.optional_choice("needs", all(roles))});
    rule.done();
  }

  /// Amounts by currency, as everywhere; without any nothing would be given, so one is expected.
  static std::vector<CurrencyAmount> amounts(Fields& section, const char* name) {
    std::vector<CurrencyAmount> amounts;
    const nlohmann::json* object = section.section(name);
    const bool fits = object != nullptr && object->is_object() && !object->empty();
    if (!fits) section.fault(name, "is no object of currencies and minor units: no visit could get anything");
    if (!fits) return amounts;
    for (const auto& [code, minor] : object->items()) {
      const auto currency = Currency::parse(code);
      if (!currency || !minor.is_number_integer() || minor < 1 || minor > minor_max) {
        section.fault(
            name, "has \"" + code + "\": " + minor.dump() + "; a currency and minor units from 1 up are expected");
        continue;
      }
      amounts.push_back({*currency, minor.template get<Minor>()});
    }
    return amounts;
  }

  void no_receipt(Fields& section) {
    m_pack.no_receipt = NoReceiptRule{
        .lookback_days = static_cast<std::int32_t>(section.integer("lookback_days", {1, lookback_days_max})),
        .up_to = amounts(section, "up_to"),
        .refund_as = section.optional_choice("refund_as", all(tender_kinds)).value_or(TenderKind::store_credit),
        .needs = section.optional_choice("needs", all(roles)),
        .visits_365_max = static_cast<std::int32_t>(
            section.optional_integer("visits_365_max", {1, no_receipt_visits_max}).value_or(0))};
    section.done();
  }

  /// A share or an amount, never both: a person who reads the receipt can then check the sum.
  void fee(Fields& rule) {
    FeeRule fee{.name = name(rule, "fees"), .when = when(rule, true), .terms = {}};
    fee.terms.kind = rule.choice("kind", all(fee_kinds));
    fee.terms.share.value =
        static_cast<std::int32_t>(rule.optional_integer("share_basis_points", {1, 10'000}).value_or(0));
    fee.terms.each_minor = rule.optional_integer("each_minor", {1, minor_max}).value_or(0);
    fee.terms.rounding = rule.optional_choice("rounding", all(roundings)).value_or(Rounding::down);
    if (rule.has("share_basis_points") == rule.has("each_minor")) {
      rule.fault("share_basis_points", "and each_minor: exactly one of them is expected");
    }
    if (rule.has("each_minor") && rule.has("rounding")) rule.fault("rounding", "means nothing without a share");
    m_pack.fees.push_back(std::move(fee));
    rule.done();
  }

  void amount_levels_of(Fields& fields) {
    const std::string code = fields.text("currency", 3);
    const auto currency = Currency::parse(code);
    if (!currency && !code.empty()) fields.fault("currency", "is \"" + code + "\"; a code of ISO 4217 is expected");
    m_pack.levels.push_back(
        {currency.value_or(Currency{}), fields.integers("up_to_minor", amount_levels - 1, {1, minor_max})});
    fields.done();
  }

  void authority(Fields& rule) {
    m_pack.authority.push_back(
        {.name = name(rule, "authority"),
         .role = rule.choice("role", all(roles)),
         .reasons = rule.choices("reasons", all(reasons)),
         .data_age_minutes_max = rule.optional_integer("data_age_minutes_max", {0, data_age_minutes_max}),
         .up_to_level =
             static_cast<std::uint8_t>(rule.integer("up_to_level", {1, static_cast<std::int64_t>(amount_levels)}))});
    rule.done();
  }

  /// The end of a window is near when few days are left: that signal alone fires from above.
  void risk(Fields& rule) {
    RiskRule risk{.name = name(rule, "risk"), .signal = rule.choice("signal", all(risk_signals))};
    const bool counts_down = risk.signal == RiskSignal::days_left_in_window;
    risk.at_least = counts_down ? rule.integer("at_most", {0, days_max}) : rule.integer("at_least", {1, minor_max});
    risk.points = static_cast<std::int32_t>(rule.integer("points", {1, points_max}));
    m_pack.risk.push_back(std::move(risk));
    rule.done();
  }

  void reason(Fields& rule) {
    const ReasonRule read{.reason = rule.choice("reason", std::span(all(reasons)).subspan(1)),
                          .department = rule.id("department"),
                          .merchant_at_fault = rule.optional_boolean("merchant_at_fault")};
    if (std::ranges::find(m_pack.reasons, read.reason, &ReasonRule::reason) != m_pack.reasons.end()) {
      rule.fault("reason", "stands twice");
    }
    m_pack.reasons.push_back(read);
    rule.done();
  }

  void compensation(Fields& rule) {
    CompensationRule read{.name = name(rule, "compensation"), .when = when(rule, true)};
    read.share_max.value = static_cast<std::int32_t>(rule.integer("share_max_basis_points", {1, 10'000}));
    if (const nlohmann::json* up_to = rule.section("up_to"))
      read_amounts_into(read.up_to, *up_to, rule.path_of("up_to"));
    read.needs = rule.optional_choice("needs", all(roles));
    m_pack.compensation.push_back(std::move(read));
    rule.done();
  }

  /// Nothing is known of where and when an old article was bought: `when` may name the article itself alone.
  void trade_in(Fields& rule) {
    TradeInRule read{.name = name(rule, "trade_in")};
    if (auto when = rule.object("when")) {
      read.when.skus = when->texts("skus", value_characters_max);
      read.when.categories = when->texts("categories", value_characters_max);
      read.when.brands = when->texts("brands", value_characters_max);
      read.when.stores = when->texts("stores", value_characters_max);
      read.when.regions = when->texts("regions", value_characters_max);
      read.when.grades = when->choices("grades", all(grades));
      when->done();
    }
    if (const nlohmann::json* credit = rule.section("credit")) {
      read_amounts_into(read.credit, *credit, rule.path_of("credit"));
    } else {
      m_faults.push_back({rule.path_of("credit"), "is missing: what a unit is worth, by currency"});
    }
    m_pack.trade_in.push_back(std::move(read));
    rule.done();
  }

  void read_amounts_into(std::vector<CurrencyAmount>& amounts, const nlohmann::json& object,
                         const std::string& path) {
    try {
      amounts = read_amounts(object, path);
    } catch (const SectionFault& fault) {
      m_faults.push_back({fault.path, fault.reason});
    }
  }

  template <class Rule>
  void payout(const char* name, std::vector<Rule>& rules, std::vector<Rule> (*read_section)(const nlohmann::json&)) {
    const nlohmann::json* section = m_fields.section(name);
    if (section == nullptr) return;
    try {
      rules = read_section(*section);
    } catch (const SectionFault& fault) {
      m_faults.push_back({fault.path, fault.reason});
    }
  }

  void promises() {
    const nlohmann::json* section = m_fields.section("promises");
    if (section == nullptr) return;
    try {
      m_pack.promises = read_promises(*section);
    } catch (const SectionFault& fault) {
      m_faults.push_back({fault.path, fault.reason});
    }
  }

  void note(Fields& rule) {
    Note note{{rule.id("id"), rule.text_or_empty("source", text_characters_max)}, {}};
    if (!rule.has("text")) rule.fault("text", "is missing");
    if (auto words = rule.object("text")) note.text = read_words(*words);
    m_file.notes.push_back(std::move(note));
    rule.done();
  }

  Fields& m_fields;
  PackFile& m_file;
  PolicyPack& m_pack;
  Faults& m_faults;
};

/// "windows[2]" of "windows[2].when.reasons". Such a rule is compared with no other: the answer would be about values
/// that nobody wrote.
std::set<std::string> broken_rules(const Faults& faults) {
  std::set<std::string> rules;
  for (const Fault& fault : faults) rules.insert(fault.path.substr(0, fault.path.find(']') + 1));
  return rules;
}

}  // namespace

ReadPack read_pack(std::string_view text) {
  ReadPack read;
  const auto json = parse_object(text, read.faults);
  if (!json) return read;
  PackFile file;
  Fields fields(*json, "", read.faults);
  Reader(fields, file, read.faults).read();
  for (Fault& fault : check_pack(file, broken_rules(read.faults))) read.faults.push_back(std::move(fault));
  if (read.faults.empty()) read.file = std::move(file);
  return read;
}

}  // namespace retour::policy_pack
