#include "plugin/app/counted_returns.hpp"

namespace retour::app {

void take_counted(journal::Journal& journal, const std::vector<projections::ReturnElsewhere>& news,
                  std::uint64_t cursor, BusinessDate oldest) {
  sqlite::Transaction transaction(journal.database(), sqlite::Transaction::Kind::write);
  for (const projections::ReturnElsewhere& one : news) projections::put_elsewhere(journal.database(), one);
  projections::drop_elsewhere_before(journal.database(), oldest);
  projections::set_counted_cursor(journal.database(), cursor);
  transaction.commit();
}

void forget_counted(journal::Journal& journal) {
  sqlite::Transaction transaction(journal.database(), sqlite::Transaction::Kind::write);
  projections::forget_elsewhere(journal.database());
  transaction.commit();
}

}  // namespace retour::app
