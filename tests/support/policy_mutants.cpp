#include "tests/support/policy_mutants.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "plugin/core/time/time.hpp"

namespace retour::policy_cases {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

/// What a field may also say.
const std::map<std::string, std::vector<std::string>> words{
    {"channels", {"online", "store", "phone", "marketplace"}},
    {"reasons",
     {"unspecified", "size", "quality", "not_as_described", "damaged_in_transit", "wrong_item", "late",
      "changed_mind", "gift", "recall", "other"}},
    {"alerts", {"own_purchase", "recalled", "return_started", "under_repair"}},
    {"remedies", {"refund", "replacement", "repair"}},
    {"grades", {"ungraded", "resalable", "refurbishable", "unsellable"}},
    {"from", {"delivery", "last_parcel", "sale"}},
    {"needs", {"cashier", "supervisor", "manager", "regional_manager"}},
    {"role", {"cashier", "supervisor", "manager", "regional_manager"}},
    {"refund_as", {"cash", "gift_card", "store_credit", "voucher"}},
    {"kind", {"restocking", "return_shipping", "diminished_value"}},
    {"rounding", {"down", "half_up", "half_even"}},
    {"signal",
     {"returns_30_days", "returns_365_days", "no_receipt_365_days", "stores_30_days", "value_minor",
      "overrides_30_days"}}};

/// `remedy` changes no verdict: it says what customers are told, and the golden texts hold it. `lookback_days` says
/// which sales are looked through before a pack is asked: golden case no-receipt-look-back holds its 90 days.
const std::set<std::string> left_alone{"$schema", "id",         "version",     "title",  "text",         "source",
                                       "notes",   "valid_from", "valid_until", "remedy", "lookback_days"};

class Maker {
 public:
  explicit Maker(const json& pack) : m_pack(pack) {}

  std::vector<Mutant> make() {
    visit(m_pack, Pointer());
    return std::move(m_mutants);
  }

 private:
  void visit(const json& value, const Pointer& at) {
    if (value.is_object()) {
      for (const auto& [key, member] : value.items()) {
        if (left_alone.contains(key)) continue;
        if (!member.is_array() || !at.empty()) without(at / key, key);
        visit(member, at / key);
      }
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        without(at / i, std::to_string(i));
        visit(value[i], at / i);
      }
      further_values(value, at);
    } else {
      other_values(value, at);
    }
  }

  void with(const Pointer& at, json value) {
    if (m_pack.at(at) == value) return;
    json changed = m_pack;
    changed[at] = value;
    m_mutants.push_back({at.to_string() + ": " + m_pack.at(at).dump() + " -> " + value.dump(), std::move(changed)});
  }

  /// Without a field, a rule or a value of a list; a list that would be empty goes with it.
  void without(const Pointer& at, const std::string& key) {
    json changed = m_pack;
    json& parent = changed[at.parent_pointer()];
    if (parent.is_array()) {
      parent.erase(static_cast<std::size_t>(std::stoul(key)));
      if (parent.empty() && !at.parent_pointer().parent_pointer().empty()) return;  // the field's own mutant
    } else {
      parent.erase(key);
    }
    m_mutants.push_back({"without " + at.to_string(), std::move(changed)});
  }

  void further_values(const json& list, const Pointer& at) {
    const auto known = words.find(at.back());
    if (known == words.end()) return;
    for (const std::string& word : known->second) {
      if (std::find(list.begin(), list.end(), word) != list.end()) continue;
      json longer = list;
      longer.push_back(word);
      with(at, std::move(longer));
    }
  }

  void other_values(const json& value, const Pointer& at) {
    if (value.is_boolean()) return with(at, !value.get<bool>());
    if (value.is_number()) return other_numbers(value.get<std::int64_t>(), at);
    const auto date = CivilDate::parse(value.get<std::string>());
    if (date) {
      with(at, CivilDate{date->days + 1}.to_string());
      return with(at, CivilDate{date->days - 1}.to_string());
    }
    const auto known = words.find(at.back());
    if (known == words.end()) return with(at, "something_else");
    for (const std::string& word : known->second) with(at, word);
  }

  /// One more and one less. Points of risk come in tens, so that only a change by ten, or one that breaks a sum which
  /// just holds, is a change at all; above the limit, more is no change.
  void other_numbers(std::int64_t number, const Pointer& at) {
    const std::int64_t limit = m_pack.value("risk_points_max", 0);
    if (at.back() == "risk_points_max") return with(at, number - 1), with(at, number + 10);
    if (at.back() == "points") return with(at, number > limit ? limit : number + 1), with(at, number - 10);
    with(at, number + 1);
    with(at, number - 1);
  }

  const json& m_pack;
  std::vector<Mutant> m_mutants;
};

}  // namespace

std::vector<Mutant> mutants_of(const json& pack) {
  return Maker(pack).make();
}

}  // namespace retour::policy_cases
