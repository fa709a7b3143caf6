#include "db/policy_pack/payout_sections.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace retour::policy_pack {

namespace {

using Json = nlohmann::json;

constexpr std::size_t rules_max = 100;    // of a section; a pack of a large chain has a dozen
constexpr std::size_t id_bytes_max = 64;  // of a rule
constexpr std::size_t source_bytes_max = 200;
constexpr std::int32_t promise_hours_max = 720;  // a month: nobody waits longer for a word
constexpr Minor coin_minor_max = 1'000'000;      // no coin is worth more

std::string at(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

const Json& list(const Json& value, const std::string& path) {
  if (!value.is_array()) throw SectionFault(path, "is not a list");
  if (value.size() > rules_max) throw SectionFault(path, "has more than " + std::to_string(rules_max) + " entries");
  return value;
}

/// The named fields and no other.
void check_fields(const Json& object, const std::string& path, std::initializer_list<std::string_view> known) {
  if (!object.is_object()) throw SectionFault(path, "is not an object");
  for (const auto& [name, value] : object.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw SectionFault(path + "." + name, "is not known to this version");
    }
  }
}

std::string text(const Json& object, const std::string& path, const char* name, std::size_t bytes_max, bool needed) {
  const auto found = object.find(name);
  if (found == object.end() && !needed) return {};
  if (found == object.end()) throw SectionFault(path + "." + name, "is missing");
  if (!found->is_string() || found->get_ref<const std::string&>().size() > bytes_max ||
      (needed && found->get_ref<const std::string&>().empty())) {
    throw SectionFault(path + "." + name, "is not a text of at most " + std::to_string(bytes_max) + " bytes");
  }
  return found->get<std::string>();
}

Currency currency_named(const std::string& code, const std::string& path) {
  if (const auto known = Currency::parse(code)) return *known;
  throw SectionFault(path, "is \"" + code + "\", which is not a currency known here");
}

Minor amount(const Json& value, const std::string& path, Minor min, Minor max) {
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number >= min && number <= max && !(value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
      return number;
  }
  throw SectionFault(path, "is " + value.dump() + "; expected minor units from " + std::to_string(min) + " to " +
                               std::to_string(max));
}

/// Missing: none.
std::vector<CurrencyAmount> amounts(const Json& object, const std::string& path, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? std::vector<CurrencyAmount>{} : read_amounts(*found, path + "." + name);
}

bool yes_or_no(const Json& object, const std::string& path, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return false;
  if (!found->is_boolean()) throw SectionFault(path + "." + name, "is not true or false");
  return found->get<bool>();
}

/// A list of codes, each once; missing: empty, which means any.
template <class T>
std::vector<T> codes(const Json& object, const std::string& path, const char* name,
                     std::optional<T> (*parse)(std::string_view)) {
  std::vector<T> read;
  const auto found = object.find(name);
  if (found == object.end()) return read;
  const std::string here = path + "." + name;
  if (list(*found, here).empty()) throw SectionFault(here, "is empty: leave it out when everything fits");
  for (const Json& value : *found) {
    const auto code = value.is_string() ? parse(value.get_ref<const std::string&>()) : std::nullopt;
    if (!code) throw SectionFault(here, "has " + value.dump() + ", which is not known here");
    if (std::find(read.begin(), read.end(), *code) != read.end())
      throw SectionFault(here, "has " + value.dump() + " twice");
    read.push_back(*code);
  }
  return read;
}

TenderKind tender(const Json& object, const std::string& path, const char* name) {
  const std::string code = text(object, path, name, id_bytes_max, true);
  if (const auto known = parse_tender_kind(code)) return *known;
  throw SectionFault(path + "." + name, "is \"" + code + "\", which is not a way of paying known here");
}

/// A card or a wallet can only be credited for its own payment: there is nothing else to refer to.
bool needs_own_payment(TenderKind kind) {
  return kind == TenderKind::card || kind == TenderKind::wallet;
}

RefundWay read_way(const Json& json, const std::string& path, TenderKind paid_by) {
  check_fields(json, path, {"tender", "up_to", "online_only"});
  RefundWay way{tender(json, path, "tender"), amounts(json, path, "up_to"), yes_or_no(json, path, "online_only")};
  if (needs_own_payment(way.tender) && way.tender != paid_by) {
    throw SectionFault(path + ".tender",
                       "is " + std::string(to_string(way.tender)) + ", which can only give back what it paid itself");
  }
  return way;
}

TenderRule read_tender_rule(const Json& json, const std::string& path) {
  check_fields(json, path, {"paid_by", "ways"});
  TenderRule rule{tender(json, path, "paid_by"), {}};
  const auto ways = json.find("ways");
  if (ways == json.end()) throw SectionFault(path + ".ways", "is missing");
  for (std::size_t i = 0; i < list(*ways, path + ".ways").size(); ++i) {
    const std::string here = at(path + ".ways", i);
    RefundWay way = read_way((*ways)[i], here, rule.paid_by);
    // A way behind one without a cap is for a payment that fails; the same tender again is for nothing.
    for (const RefundWay& before : rule.ways) {
      if (before.tender == way.tender) throw SectionFault(here + ".tender", "is a way of this rule already");
    }
    rule.ways.push_back(std::move(way));
  }
  if (rule.ways.empty()) throw SectionFault(path + ".ways", "is empty: leave the rule out");
  return rule;
}

ShippingRule read_shipping_rule(const Json& json, const std::string& path) {
  check_fields(json, path, {"id", "source", "channels", "reasons", "whole_order", "up_to"});
  ShippingRule rule;
  rule.name = {text(json, path, "id", id_bytes_max, true), text(json, path, "source", source_bytes_max, false)};
  rule.channels = codes(json, path, "channels", parse_channel);
  rule.reasons = codes(json, path, "reasons", parse_return_reason);
  rule.whole_order = yes_or_no(json, path, "whole_order");
  rule.up_to = amounts(json, path, "up_to");
  return rule;
}

}  // namespace

/// Each currency once, because a key stands once in an object.
std::vector<CurrencyAmount> read_amounts(const Json& object, const std::string& path) {
  std::vector<CurrencyAmount> read;
  if (!object.is_object() || object.empty()) throw SectionFault(path, "is not an object of amounts by currency");
  for (const auto& [code, value] : object.items()) {
    read.push_back({currency_named(code, path + "." + code), amount(value, path + "." + code, 0, minor_max)});
  }
  return read;
}

std::vector<TenderRule> read_tenders(const Json& section) {
  std::vector<TenderRule> rules;
  for (std::size_t i = 0; i < list(section, "tenders").size(); ++i) {
    const std::string path = at("tenders", i);
    TenderRule rule = read_tender_rule(section[i], path);
    for (const TenderRule& other : rules) {
      if (other.paid_by == rule.paid_by) throw SectionFault(path + ".paid_by", "has a rule already");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::vector<CashRounding> read_cash_rounding(const Json& section) {
  std::vector<CashRounding> rules;
  for (std::size_t i = 0; i < list(section, "cash_rounding").size(); ++i) {
    const std::string path = at("cash_rounding", i);
    check_fields(section[i], path, {"currency", "step_minor"});
    const Currency currency = currency_named(text(section[i], path, "currency", 8, true), path + ".currency");
    for (const CashRounding& other : rules) {
      if (other.currency == currency) throw SectionFault(path + ".currency", "has a rule already");
    }
    const auto step = section[i].find("step_minor");
    if (step == section[i].end()) throw SectionFault(path + ".step_minor", "is missing");
    rules.push_back({currency, amount(*step, path + ".step_minor", 2, coin_minor_max)});
  }
  return rules;
}

std::vector<CurrencyAmount> read_cash_identity_above(const Json& section) {
  return read_amounts(section, "cash_identity_above");
}

std::vector<ShippingRule> read_shipping(const Json& section) {
  std::vector<ShippingRule> rules;
  for (std::size_t i = 0; i < list(section, "shipping").size(); ++i) {
    const std::string path = at("shipping", i);
    ShippingRule rule = read_shipping_rule(section[i], path);
    for (const ShippingRule& other : rules) {
      if (other.name.id == rule.name.id) throw SectionFault(path + ".id", "is in use already");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Promises read_promises(const Json& section) {
  check_fields(section, "promises", {"decide_hours", "when_missed"});
  Promises promises;
  const auto hours = section.find("decide_hours");
  if (hours == section.end()) throw SectionFault("promises.decide_hours", "is missing");
  if (!hours->is_number_integer() || *hours < 1 || *hours > promise_hours_max) {
    throw SectionFault("promises.decide_hours", "is " + hours->dump() + "; hours from 1 to " +
                                                    std::to_string(promise_hours_max) + " are expected");
  }
  promises.decide_hours = hours->get<std::int32_t>();
  promises.when_missed = amounts(section, "promises", "when_missed");
  return promises;
}

}  // namespace retour::policy_pack
