#pragma once
// Returns that this store's customers made at other stores, beside the journal, as the hub told of them. Plain
// functions; call them inside the transaction whose state they should see. Counting is in counts.hpp.

#include "db/sqlite/database.hpp"
#include "plugin/core/base/id.hpp"
#include "plugin/core/time/time.hpp"

namespace retour::projections {

struct ReturnElsewhere {
  ReturnCaseId case_id;
  NodeId node;
  LookupKey customer;
  BusinessDate day;
  bool given_back = false;
  bool no_receipt = false;
  friend bool operator==(const ReturnElsewhere&, const ReturnElsewhere&) = default;
};

/// Takes the place of what was known of the case; one that neither gave back nor was without receipt is forgotten.
void put_elsewhere(sqlite::Database& database, const ReturnElsewhere& known);
/// Everything, and the lane begins anew.
void forget_elsewhere(sqlite::Database& database);
void drop_elsewhere_before(sqlite::Database& database, BusinessDate day);

/// Number of the last item taken of the hub's lane; 0: none yet.
std::uint64_t counted_cursor(sqlite::Database& database);
void set_counted_cursor(sqlite::Database& database, std::uint64_t seq);

}  // namespace retour::projections
