#include "plugin/app/open_case.hpp"

#include "db/codec/digest.hpp"
#include "db/journal/journal.hpp"
#include "db/projections/readers.hpp"

namespace retour::app {

std::optional<SubjectId> subject_of(StoreContext& store, const std::string& customer_ref) {
  if (customer_ref.empty()) return std::nullopt;
  sqlite::Database& database = store.journal.database();
  const LookupKey key = codec::hmac_key(store.lookup_secret, customer_ref);
  if (const auto known = projections::subject_of_customer(database, key)) return known;
  const auto subject = store.ids.make<SubjectId>();
  projections::insert_subject(database, {subject, key});
  return subject;
}

void open_case(CaseDraft& draft, const ReturnCaseId& case_id, const CaseHead& head, const Visit& visit,
               const std::optional<SubjectId>& subject) {
  draft.add(CaseOpened{.case_id = case_id,
                       .till = head.till,
                       .cashier = head.cashier,
                       .business_date = visit.business_date,
                       .reference = head.reference,
                       .subject = subject,
                       .opened_at_ms = visit.asked_at_ms});
}

}  // namespace retour::app
