#pragma once
// What a cashier or a store manager wants to see at a glance.

#include "plugin/app/store_context.hpp"

namespace retour::app {

struct CaseSummary {
  ReturnCaseId case_id;
  std::string code;
  std::string till;
  BusinessDate business_date;
  std::int64_t opened_at_ms = 0;
  bool closed = false;
  std::size_t lines = 0;
  std::size_t lines_waiting = 0;      // referred, deferred or for a person
  std::size_t lines_for_manager = 0;  // of these: for a person with authority
  std::size_t legs_unknown = 0;       // need a person's word or the terminal's
  std::size_t legs_failed = 0;
  std::size_t legs_planned = 0;  // cash that waits for the customer to come
};

struct StoreStatus {
  std::string store_name;
  NodeId node;
  std::uint64_t journal_seq = 0;
  std::string journal_head;                             // eight characters
  std::uint64_t waiting_events = 0;                     // recorded here and not yet acknowledged by the hub
  std::uint64_t orders = 0;                             // in the replica
  std::vector<std::pair<std::string, Minor>> refunded;  // by currency: what all returns planned to give back, ever
  std::vector<CaseSummary> open_cases;                  // newest first
};

inline constexpr std::size_t listed_cases_max = 500;  // what a page can show; the newest come first
inline constexpr std::size_t listed_stock_max = 10'000;

struct StockLevel {
  std::string sku;
  Bucket bucket = Bucket::sellable;
  std::int64_t quantity = 0;  // below zero: sold or given back more than was ever counted in
};

StoreStatus status(StoreContext& store);
/// Cases opened on a business date, newest first.
std::vector<CaseSummary> cases_of_day(StoreContext& store, BusinessDate date);
/// Of one SKU, or of all when `sku` is empty; by SKU and bucket.
std::vector<StockLevel> stock(StoreContext& store, const std::string& sku);

}  // namespace retour::app
