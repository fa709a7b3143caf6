#pragma once
// What rules may look at besides the purchase: the article, who serves, what inspection saw, how old this store's
// knowledge is, what speaks for caution. Reads the journal's tables; writes nothing.

#include "plugin/app/answer_lines.hpp"

namespace retour::app {

/// What is the same for all lines of a visit. Risk counts are those before this visit.
LineFacts visit_facts(StoreContext& store, const Visit& visit);

/// Counts once more, for an answer that came later: what the hub told meanwhile counts too. The case itself does not.
void count_again(StoreContext& store, const CaseOpened& opened, LineFacts& facts);

/// Category and brand, as far as the catalogue knows the article.
void add_article(StoreContext& store, const std::string& sku, LineFacts& facts);

struct Looked {
  const Checklist* checklist = nullptr;  // that speaks of the category; null: none
  std::optional<Inspection> inspection;  // empty: no checklist, or nobody has looked yet
};

/// Holds the answers of a line against its checklist. Refused by name: an unknown question or answer, one that is
/// given twice or missing, and answers where nothing is asked.
Result<Looked, CommandRefusal> look_at(const PolicyPack& policy, const Visit& visit, const ReturnAsk& ask,
                                       std::string_view category);

}  // namespace retour::app
