#pragma once
// The plain page at /: what a cashier or a visitor wants to know at a glance. No script; loads itself again.

#include "plugin/app/status.hpp"
#include "plugin/store/sync_status.hpp"

namespace retour::store {

inline constexpr int page_refresh_seconds = 5;

struct StatusPage {
  app::StoreStatus status;
  std::vector<app::CaseSummary> today;
  SyncStatus sync;
  std::string policy_trouble;                  // empty: none
  std::vector<std::string> documents_refused;  // the reasons
  std::int64_t now_ms = 0;
  std::size_t photos_waiting = 0;  // for the hub
};

std::string status_page(const StatusPage& page);
std::string html_escaped(std::string_view text);

}  // namespace retour::store
