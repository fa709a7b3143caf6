#include "plugin/cli/policy_journal.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "db/journal/journal.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "plugin/app/case_code.hpp"
#include "plugin/app/explain_case.hpp"
#include "plugin/app/what_if.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t id_digits_min = 8;       // of a case's id: 32 bits tell the cases of one store apart
constexpr std::size_t changed_shown_max = 20;  // lines of the table; --json has all

/// Reads only; a running store is not disturbed.
sqlite::Database open_journal(const std::string& path) {
  return sqlite::Database::open(path, {.mode = sqlite::Mode::read_only,
                                       .application_id = journal::journal_application_id,
                                       .user_version_max = sqlite::newest_version(journal::store_migrations())});
}

bool is_named(const ReturnCaseId& id, const std::string& name) {
  if (name.size() >= id_digits_min && id.to_string().starts_with(name)) return true;
  const auto code = app::parse_case_code(name);
  return code && std::equal(code->begin(), code->end(), id.bytes.begin());
}

ReturnCaseId find_case(const std::vector<app::PastAnswer>& answers, const std::string& name,
                       const std::string& path) {
  std::set<ReturnCaseId> found;
  for (const app::PastAnswer& answer : answers) {
    if (is_named(answer.case_id, name)) found.insert(answer.case_id);
  }
  if (found.size() == 1) return *found.begin();
  throw Error({.operation = "find case " + name + " in",
               .object = path,
               .cause = found.empty() ? "no answered line is of such a case" : "several cases begin like that",
               .consequence = {}});
}

std::string shown(Minor minor, const std::string& currency) {
  const auto known = Currency::parse(currency);
  return known ? to_string(minor, *known) : std::to_string(minor);
}

void print_row(const std::string& name, const std::vector<std::string>& columns) {
  std::cout << std::left << std::setw(34) << name << std::right;
  for (const std::string& column : columns) std::cout << std::setw(18) << column;
  std::cout << '\n';
}

void print_money(const std::string& currency, const app::ThenAndNow& money) {
  const auto row = [&](const char* what, Minor then, Minor now) {
    print_row(what,
              {shown(then, currency), shown(now, currency), (now > then ? "+" : "") + shown(now - then, currency)});
  };
  const auto cost = [](const app::DecisionMoney& m) { return m.refunded_minor - m.kept_minor - m.as_credit_minor; };
  row("refunded", money.then.refunded_minor, money.now.refunded_minor);
  row("  of it kept as fees", money.then.kept_minor, money.now.kept_minor);
  row("  of it paid as credit", money.then.as_credit_minor, money.now.as_credit_minor);
  row("cost in money", cost(money.then), cost(money.now));
}

std::string in_short(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += " " + std::string(to_string(decision.refusal));
  text += " by " + decision.trace.rule;
  if (decision.terms.empty()) return text;
  for (const FeeTerms& fee : decision.terms.front().fees) text += ", less " + fee.rule;
  const auto& refund_as = decision.terms.front().refund_as;
  return refund_as ? text + ", as " + std::string(to_string(*refund_as)) : text;
}

void print_table(const PolicyPack& pack, const app::WhatIf& result) {
  std::cout << result.lines << " answered lines; under pack " << pack.id << ", version " << pack.version << ", "
            << result.changed.size() << " would get another answer.\n";
  if (result.lines == 0) return;
  std::cout << '\n';
  print_row("verdict then -> now", {"lines"});
  for (const auto& [verdicts, lines] : result.verdicts) {
    print_row(std::string(to_string(verdicts.first)) + " -> " + std::string(to_string(verdicts.second)),
              {std::to_string(lines)});
  }
  for (const auto& [currency, money] : result.money) {
    if (money == app::ThenAndNow{}) continue;
    std::cout << '\n';
    print_row("money", {"then", "now", "change"});
    print_money(currency, money);
  }
  if (!result.changed.empty()) std::cout << '\n';
  for (std::size_t i = 0; i < std::min(result.changed.size(), changed_shown_max); ++i) {
    const app::ChangedAnswer& one = result.changed[i];
    std::cout << "case " << app::case_code(one.past.case_id) << " line " << one.past.ask.line_no << ": "
              << in_short(one.past.decision) << " -> " << in_short(one.now) << '\n';
  }
  if (result.changed.size() > changed_shown_max) {
    std::cout << "and " << result.changed.size() - changed_shown_max << " more: --json names them all\n";
  }
}

Json json_of(const Decision& decision, const app::DecisionMoney& money) {
  return {{"verdict", to_string(decision.verdict)},
          {"refusal", to_string(decision.refusal)},
          {"rule", decision.trace.rule},
          {"refunded_minor", money.refunded_minor},
          {"kept_minor", money.kept_minor},
          {"as_credit_minor", money.as_credit_minor}};
}

Json json_of(const app::DecisionMoney& money) {
  return {{"refunded_minor", money.refunded_minor},
          {"kept_minor", money.kept_minor},
          {"as_credit_minor", money.as_credit_minor}};
}

Json json_of(const PolicyPack& pack, const app::WhatIf& result) {
  Json json{{"policy", {{"id", pack.id}, {"version", pack.version}}}, {"lines", result.lines}};
  json["verdicts"] = Json::array();
  for (const auto& [verdicts, lines] : result.verdicts) {
    json["verdicts"].push_back(
        {{"then", to_string(verdicts.first)}, {"now", to_string(verdicts.second)}, {"lines", lines}});
  }
  json["money"] = Json::object();
  for (const auto& [currency, money] : result.money) {
    if (money == app::ThenAndNow{}) continue;
    json["money"][currency] = {{"then", json_of(money.then)}, {"now", json_of(money.now)}};
  }
  json["changed"] = Json::array();
  for (const app::ChangedAnswer& one : result.changed) {
    json["changed"].push_back({{"case", one.past.case_id.to_string()},
                               {"line", one.past.ask.line_no},
                               {"sku", one.past.ask.sku},
                               {"then", json_of(one.past.decision, one.money.then)},
                               {"now", json_of(one.now, one.money.now)}});
  }
  return json;
}

}  // namespace

int explain(const std::string& path, const std::string& case_name) {
  sqlite::Database journal = open_journal(path);
  const ReturnCaseId id = find_case(app::past_answers(journal), case_name, path);
  std::cout << app::explain_case(journal, id);
  return 0;
}

int what_if(const std::string& policy, const std::string& path, bool as_json) {
  const PolicyPack pack = policy_pack::read_policy(policy);
  sqlite::Database journal = open_journal(path);
  const app::WhatIf result = app::what_if(app::past_answers(journal), pack);
  if (as_json) {
    std::cout << json_of(pack, result).dump(2) << '\n';
  } else {
    print_table(pack, result);
  }
  return 0;
}

}  // namespace retour::cli
