#pragma once
// Everything a use case may touch. One context per thread: journal and replica are connections of that thread;
// devices, policy and the registry of legs in motion are shared. Owns nothing.

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "plugin/core/event/event.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/ports/article_lookup.hpp"
#include "plugin/ports/clock.hpp"
#include "plugin/ports/devices.hpp"
#include "plugin/ports/fiscal_signer.hpp"
#include "plugin/ports/ids.hpp"
#include "plugin/ports/recall_list.hpp"
#include "plugin/ports/staff_registry.hpp"

namespace retour::journal {
class Journal;
}
namespace retour::orders {
class OrderReplica;
}

namespace retour::app {

// Limits of one visit.
inline constexpr std::size_t case_lines_max = 1'000;  // the longest real return document has 101
inline constexpr std::size_t sku_bytes_max = 64;
inline constexpr std::size_t staff_code_bytes_max = 32;
inline constexpr std::size_t reference_bytes_max = 64;
inline constexpr std::int64_t referral_wait_ms_max = 5'000;  // a customer waits this long at the till, no longer
inline constexpr std::int64_t referral_poll_ms = 20;
inline constexpr std::int32_t refused_goods_kept_days = 30;  // then they are no longer handed back
inline constexpr std::size_t check_answers_max = 50;     // of a line; the longest shipped checklist has 4 questions
inline constexpr std::size_t photos_max = 20;            // of a line
inline constexpr std::size_t check_code_bytes_max = 64;  // of a question or an answer
inline constexpr std::size_t override_reason_bytes_max = 120;

/// Legs whose device is being asked by some thread of this program right now: nobody else may judge them lost.
class LegsInMotion {
 public:
  /// False when another thread has the leg.
  bool take(const LegId& leg) {
    const std::lock_guard lock(m_mutex);
    return m_legs.insert(leg).second;
  }
  void put_back(const LegId& leg) {
    const std::lock_guard lock(m_mutex);
    m_legs.erase(leg);
  }

 private:
  std::mutex m_mutex;
  std::set<LegId> m_legs;
};

struct StoreContext {
  journal::Journal& journal;
  orders::OrderReplica& orders;
  ports::Clock& clock;
  ports::Ids& ids;
  ports::CardTerminal& terminal;
  ports::CashDrawer& drawer;
  ports::Printer& printer;
  LegsInMotion& legs_in_motion;
  PolicyPack policy;
  Bytes lookup_secret;  // makes look-up keys from customer and card references
  std::string store_name;
  std::string authority;  // that numbers this store's own sales: the node's id, unless a number range is configured
  std::function<bool()> hub_reachable;  // as far as retour-sync knows; nobody is kept waiting for a hub that is not
  std::function<void(std::int64_t ms)> pause;           // how to wait for the hub; tests let the hub answer here
  std::string region = {};                              // of the store, for rules; may be empty
  ports::ArticleLookup* articles = nullptr;             // null: no catalogue, so no category and no brand is known
  ports::StaffRegistry* staff = nullptr;                // null: everybody is a cashier and nobody can approve
  std::function<std::int64_t()> last_contact_ms = {};   // with the hub; 0 or empty: never
  std::function<bool(const Hash256&)> photo_kept = {};  // in the folder of photos; empty: there is none here
  ports::RecallList* recalls = nullptr;                 // null: nothing is recalled
  ports::FiscalSigner* fiscal = nullptr;                // null: the store's country asks for no signature
};

/// Why a command was not carried out; nothing was recorded. Codes are stable: docs and openapi.json list them.
struct CommandRefusal {
  std::string code;    // "command_reused"
  std::string reason;  // one sentence for people
  friend bool operator==(const CommandRefusal&, const CommandRefusal&) = default;
};

}  // namespace retour::app
