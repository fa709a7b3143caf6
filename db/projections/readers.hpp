#pragma once
// Questions to a node's journal.db that use cases ask, and the tables beside the journal (people, keys of own sales,
// referrals that take longer). Plain functions; call them inside the transaction whose state they should see.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/sqlite/database.hpp"
#include "plugin/core/event/event.hpp"
#include "plugin/core/return_case/return_case.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::projections {

// ---- folded from events ----------------------------------------------------------------------------------------
/// What this node may claim of an order.
HeldRanges held_ranges(sqlite::Database& database, const OrderId& order);
/// Whether a case of this node has claimed a unit of the line and still has it.
bool is_claimed(sqlite::Database& database, const OrderId& order, std::uint32_t line_no);

struct OpenLeg {
  ReturnCaseId case_id;
  LegId leg_id;
  LegState state = LegState::planned;
  friend bool operator==(const OpenLeg&, const OpenLeg&) = default;
};
/// Legs whose money has not arrived.
std::vector<OpenLeg> open_legs(sqlite::Database& database);

/// The hub's answers to lines that have none in their case yet, oldest question first.
std::vector<ReferralAnswered> answers_to_open_referrals(sqlite::Database& database);
/// Whether a line of this customer and SKU waits for the hub.
bool has_open_referral(sqlite::Database& database, const LookupKey& customer, std::string_view sku);
std::uint64_t open_referral_count(sqlite::Database& database);

/// Rights, recalls and decisions taken by events behind `seq`.
std::vector<TransferId> transfers_since(sqlite::Database& database, std::uint64_t seq);

struct StockLevel {
  std::string sku;
  Bucket bucket = Bucket::sellable;
  std::int64_t quantity = 0;
  friend bool operator==(const StockLevel&, const StockLevel&) = default;
};
std::vector<StockLevel> stock_levels(sqlite::Database& database);

/// Own sales.
std::vector<OrderId> sales_of_number(sqlite::Database& database, std::string_view number);
std::vector<OrderId> sales_of_customer(sqlite::Database& database, const LookupKey& customer);
/// The event that recorded the sale and keeps its evidence.
std::optional<std::uint64_t> seq_of_sale(sqlite::Database& database, const OrderId& order);

/// The case whose id begins with these bytes; empty when none or several do.
std::optional<ReturnCaseId> case_of_prefix(sqlite::Database& database, const std::array<std::uint8_t, 5>& prefix);

struct CaseRow {
  ReturnCaseId case_id;
  std::string till;
  std::string reference;
  BusinessDate business_date;
  std::int64_t opened_at_ms = 0;
  bool closed = false;
  std::uint32_t lines = 0;
  std::uint32_t lines_waiting = 0;      // referred, deferred or for a person
  std::uint32_t lines_for_manager = 0;  // of these: for a person with authority
};
struct Refunded {
  std::string currency;
  Minor minor = 0;
};
/// What all cases planned to give back, by currency.
std::vector<Refunded> refunded(sqlite::Database& database);
/// Newest first.
std::vector<CaseRow> cases_of_day(sqlite::Database& database, BusinessDate day, std::size_t max);
std::vector<CaseRow> open_cases(sqlite::Database& database, std::size_t max);

// ---- beside the journal ----------------------------------------------------------------------------------------
struct Subject {
  SubjectId subject;
  LookupKey customer;
};
void insert_subject(sqlite::Database& database, const Subject& subject);
std::optional<SubjectId> subject_of_customer(sqlite::Database& database, const LookupKey& customer);
std::optional<LookupKey> customer_of_subject(sqlite::Database& database, const SubjectId& subject);

struct SaleKey {
  OrderId order_id;
  LookupKey customer;  // zero: none
  LookupKey card;
};
void insert_sale_key(sqlite::Database& database, const SaleKey& key);
std::optional<SaleKey> sale_key_of(sqlite::Database& database, const OrderId& order);

/// Referrals of which the hub said that they take longer. Returns whether it is news.
bool insert_pending(sqlite::Database& database, const ReferralId& referral);
bool is_pending(sqlite::Database& database, const ReferralId& referral);

}  // namespace retour::projections
