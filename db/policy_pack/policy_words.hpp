#pragma once
// The words of policy_text in each language. Internal to db/policy_pack.

#include <string>
#include <vector>

#include "db/policy_pack/policy_text.hpp"

namespace retour::policy_pack {

/// Sentences; {0} and {1} stand for what is filled in.
struct Sentences {
  const char* windows_heading;
  const char* exclusions_heading;
  const char* conditions_heading;
  const char* fees_heading;
  const char* trade_in_heading;
  const char* notes_heading;
  const char* counting;  // how days are counted
  const char* no_time_limit;
  const char* any_reason;
  const char* these_reasons;  // {0}: a list
  const char* within;         // {0}: receipt, {1}: days
  const char* within_a_day;   // {0}: receipt
  const char* open_until;     // {0}: a date
  const char* refund_as;      // {0}: a tender
  const char* decides;        // {0}: a role
  const char* remedy;
  const char* remedies;      // {0}: a list
  const char* after_repair;  // what follows where a refund is not among them
  const char* refused;
  const char* kept;  // {0}: how much, {1}: kind of fee
  const char* each;  // {0}: an amount
  const char* shipping_heading;
  const char* whole_order;     // once it came back
  const char* delivery;        // goes back
  const char* delivery_up_to;  // {0}: amounts
  const char* no_receipt_heading;
  const char* no_receipt;  // {0}: days, {1}: amounts
  const char* all_goods;
  const char* version;      // {0}: id, {1}: version
  const char* valid_from;   // {0}: a date
  const char* valid_until;  // {0}: a date
  const char* between;      // a rule's subject and what holds for it
  const char* end;          // of a sentence
  const char* list_comma;
  const char* list_or;
  const char* source_open;
  const char* source_close;
};

/// Conditions of a rule that has no words of its own; {0}: what is named.
struct Conditions {
  const char* channels;
  const char* skus;
  const char* categories;
  const char* brands;
  const char* sellers;
  const char* tiers;
  const char* stores;
  const char* regions;
  const char* grades;
  const char* paid_from;
  const char* paid_to;
  const char* sold_from;
  const char* sold_until;
  const char* age_from;
  const char* age_to;
  const char* alerts;
  const char* confirmed_final;
  const char* not_confirmed_final;
  const char* gift;
  const char* not_gift;
  const char* minor_units;  // {0}: a number, when the currency is not known
};

const Sentences& sentences(Language language);
const Conditions& conditions(Language language);

std::string word(SaleChannel, Language language);
std::string word(ReturnReason, Language language);
std::string word(Grade, Language language);
std::string word(Role, Language language);
std::string word(TenderKind, Language language);
std::string word(Remedy, Language language);
std::string word(CountFrom, Language language);
std::string word(FeeKind, Language language);
std::string word(Alert, Language language);

std::string fill(std::string_view sentence, std::string_view first = {}, std::string_view second = {});
/// "a, b or c".
std::string any_of(const std::vector<std::string>& parts, Language language);

}  // namespace retour::policy_pack
