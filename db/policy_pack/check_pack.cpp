#include "db/policy_pack/check_pack.hpp"

#include <algorithm>
#include <map>

#include "db/policy_pack/match_sets.hpp"

namespace retour::policy_pack {

namespace {

constexpr const char* never = ": this rule can never answer";

std::string place(const char* section, std::size_t index) {
  return std::string(section) + "[" + std::to_string(index) + "]";
}

/// Receipts in the order in which they can come: a window that counts from a later one is open longer.
int order_of(CountFrom from) {
  switch (from) {
    case CountFrom::sale:
      return 0;
    case CountFrom::delivery:
      return 1;
    case CountFrom::last_parcel:
      return 2;
  }
  return 0;
}

/// Whether `a` owes whatever `b` does.
bool owes_as_much(const WindowRule& a, const WindowRule& b) {
  const std::vector<Remedy> refund{Remedy::refund};
  const std::vector<Remedy>& of_a = a.remedies.empty() ? refund : a.remedies;
  const std::vector<Remedy>& of_b = b.remedies.empty() ? refund : b.remedies;
  return std::all_of(of_b.begin(), of_b.end(),
                     [&](Remedy remedy) { return std::find(of_a.begin(), of_a.end(), remedy) != of_a.end(); });
}

/// Whether `a` is open whenever `b` is, and owes as much.
bool outlasts(const WindowRule& a, const WindowRule& b) {
  if (!owes_as_much(a, b)) return false;
  const bool days = order_of(a.from) >= order_of(b.from) && a.days >= b.days;
  return days && (!b.open_until || (a.open_until && *a.open_until >= *b.open_until));
}

class Checker {
 public:
  Checker(const PackFile& file, const std::set<std::string>& broken)
      : m_file(file), m_pack(file.pack), m_broken(broken) {}

  Faults check() {
    validity();
    names();
    ranges();
    shadowed();
    excluded();
    fees_after_refusals();
    levels();
    authority();
    risk();
    return std::move(m_faults);
  }

 private:
  template <class Rule, class Check>
  void each(const char* section, const std::vector<Rule>& rules, Check check) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (!m_broken.contains(place(section, i))) check(rules[i], place(section, i));
    }
  }
  /// Calls `check(earlier, later, path of the later)` for the pairs of a section until it says that one was told.
  template <class Rule, class Check>
  void each_pair(const char* section, const std::vector<Rule>& rules, Check is_told) {
    for (std::size_t later = 1; later < rules.size(); ++later) {
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        if (m_broken.contains(place(section, earlier)) || m_broken.contains(place(section, later))) continue;
        if (is_told(rules[earlier], rules[later], place(section, later))) break;
      }
    }
  }
  void fault(std::string path, std::string reason) { m_faults.push_back({std::move(path), std::move(reason)}); }

  void validity() {
    if (m_pack.valid_from && m_pack.valid_until && *m_pack.valid_until < *m_pack.valid_from) {
      fault("valid_from", "lies after valid_until: this pack never holds");
    }
  }

  template <class Rule>
  void names_of(const char* section, const std::vector<Rule>& rules) {
    each_pair(section, rules, [&](const Rule& earlier, const Rule& later, const std::string& path) {
      if (earlier.name.id != later.name.id) return false;
      return fault(path + ".id", "is \"" + later.name.id + "\", as of an earlier rule: a trace could mean both"),
             true;
    });
  }
  void names() {
    names_of("exclusions", m_pack.exclusions);
    names_of("windows", m_pack.windows);
    names_of("conditions", m_pack.conditions);
    names_of("fees", m_pack.fees);
    names_of("authority", m_pack.authority);
    names_of("risk", m_pack.risk);
    names_of("compensation", m_pack.compensation);
    names_of("trade_in", m_pack.trade_in);
    names_of("notes", m_file.notes);
  }

  template <class Rule>
  void ranges_of(const char* section, const std::vector<Rule>& rules) {
    each(section, rules, [&](const Rule& rule, const std::string& path) {
      for (Fault& found : empty_ranges(rule.when, path)) m_faults.push_back(std::move(found));
      if (rule.when.sold_from && m_pack.valid_until && *m_pack.valid_until < *rule.when.sold_from) {
        fault(path + ".when.sold_from", std::string("lies after the end of the pack") + never);
      }
    });
  }
  void ranges() {
    ranges_of("exclusions", m_pack.exclusions);
    ranges_of("windows", m_pack.windows);
    ranges_of("conditions", m_pack.conditions);
    ranges_of("fees", m_pack.fees);
    ranges_of("compensation", m_pack.compensation);
  }

  template <class Rule, class Also>
  void shadowed_in(const char* section, const std::vector<Rule>& rules, Also also) {
    each_pair(section, rules, [&](const Rule& earlier, const Rule& later, const std::string& path) {
      if (!contains(earlier.when, later.when) || !also(earlier, later)) return false;
      fault(path, "fits only what \"" + earlier.name.id + "\" before it fits" + never);
      return true;
    });
  }
  void shadowed() {
    const auto always = [](const auto&, const auto&) { return true; };
    shadowed_in("exclusions", m_pack.exclusions, always);
    shadowed_in("windows", m_pack.windows, outlasts);
    shadowed_in("conditions", m_pack.conditions, always);
    // A later rule answers only when it permits more.
    shadowed_in("compensation", m_pack.compensation, [](const CompensationRule& a, const CompensationRule& b) {
      return a.share_max.value >= b.share_max.value && (a.up_to.empty() || a.up_to == b.up_to);
    });
    shadowed_in("trade_in", m_pack.trade_in, [](const TradeInRule& a, const TradeInRule& b) {
      return std::ranges::all_of(
          b.credit, [&](const CurrencyAmount& one) { return amount_in(a.credit, one.currency).has_value(); });
    });
    trade_in_worth();
    shadowed_in("fees", m_pack.fees, [](const FeeRule& a, const FeeRule& b) { return a.terms.kind == b.terms.kind; });
  }

  void trade_in_worth() {
    each("trade_in", m_pack.trade_in, [&](const TradeInRule& rule, const std::string& path) {
      if (std::ranges::any_of(rule.credit, [](const CurrencyAmount& one) { return one.minor == 0; }))
        fault(path + ".credit", "is 0: without a rule the article is not taken at all");
    });
  }

  template <class Rule>
  void excluded_in(const char* section, const std::vector<Rule>& rules) {
    each("exclusions", m_pack.exclusions, [&](const ExclusionRule& exclusion, const std::string&) {
      each(section, rules, [&](const Rule& rule, const std::string& path) {
        if (!contains(exclusion.when, rule.when)) return;
        fault(path, "fits only what the exclusion \"" + exclusion.name.id + "\" refuses" + never);
      });
    });
  }
  void excluded() {
    excluded_in("windows", m_pack.windows);
    excluded_in("conditions", m_pack.conditions);
    excluded_in("fees", m_pack.fees);
  }

  void fees_after_refusals() {
    each("conditions", m_pack.conditions, [&](const ConditionRule& condition, const std::string&) {
      if (condition.needs) return;
      each("fees", m_pack.fees, [&](const FeeRule& rule, const std::string& path) {
        if (!contains(condition.when, rule.when)) return;
        fault(path, "fits only what the condition \"" + condition.name.id + "\" refuses" + never);
      });
    });
  }

  void levels() {
    each("levels", m_pack.levels, [&](const AmountLevels& levels, const std::string& path) {
      const auto& ends = levels.up_to_minor;
      const bool rising = std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>{}) == ends.end();
      if (!rising) fault(path + ".up_to_minor", "does not rise: a level would hold no amount");
    });
    each_pair("levels", m_pack.levels, [&](const AmountLevels& a, const AmountLevels& b, const std::string& path) {
      if (a.currency != b.currency) return false;
      return fault(path + ".currency", "is \"" + std::string(b.currency.name()) + "\" for the second time"), true;
    });
  }

  /// Whether `a` alone permits whatever `b` permits, to everybody whom `b` permits it.
  static bool permits_as_much(const AuthorityRule& a, const AuthorityRule& b) {
    Match reasons_a, reasons_b;
    reasons_a.reasons = a.reasons;
    reasons_b.reasons = b.reasons;
    const bool age =
        !a.data_age_minutes_max || (b.data_age_minutes_max && *b.data_age_minutes_max <= *a.data_age_minutes_max);
    return age && a.role <= b.role && b.up_to_level <= a.up_to_level && contains(reasons_a, reasons_b);
  }
  void authority() {
    each("authority", m_pack.authority, [&](const AuthorityRule& rule, const std::string& path) {
      if (m_pack.levels.empty() && rule.up_to_level < amount_levels) {
        fault(path + ".up_to_level", std::string("is below the last, and no currency has levels") + never);
      }
      bool told = false;
      each("authority", m_pack.authority, [&](const AuthorityRule& other, const std::string&) {
        if (told || &other == &rule || !permits_as_much(other, rule)) return;
        if (permits_as_much(rule, other) && &rule < &other) return;  // of two alike the later one is told
        fault(path, "permits nothing that \"" + other.name.id + "\" does not permit");
        told = true;
      });
    });
    if (!m_pack.levels.empty() && m_pack.authority.empty()) {
      fault("levels", "are named, and no rule of authority asks for them");
    }
  }

  void risk() {
    if (m_broken.lower_bound("risk[") != m_broken.lower_bound("risk\\")) return;  // a sum of what was not read
    std::int64_t sum = 0;
    for (const RiskRule& rule : m_pack.risk) sum += rule.points;
    if (m_pack.risk.empty() ? m_pack.risk_points_max > 0 : sum <= m_pack.risk_points_max) {
      fault("risk_points_max", "is " + std::to_string(m_pack.risk_points_max) +
                                   ", and all rules of risk together give " + std::to_string(sum) +
                                   " points: nobody would ever be asked");
    }
  }

  const PackFile& m_file;
  const PolicyPack& m_pack;
  const std::set<std::string>& m_broken;
  Faults m_faults;
};

}  // namespace

Faults check_pack(const PackFile& file, const std::set<std::string>& broken) {
  return Checker(file, broken).check();
}

}  // namespace retour::policy_pack
