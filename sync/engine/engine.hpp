#pragma once
// The sync engine of a node: decides what to send next. No thread, no I/O, no clock: (state, input) -> (state,
// actions). `sync/daemon` carries the actions out over HTTPS, the replay in memory; both run this code.
//
// Lanes that do not wait for each other: up (journal batches, as soon as there is something), down (one pull that the
// hub holds until it has news) and photos (one at a time, begun only while the hub has the whole journal).
// What must survive a crash is in journal.db and orders.db; a new engine
// starts from what they say.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "sync/protocol/messages.hpp"

namespace retour::engine {

inline constexpr std::int64_t retry_first_ms = 500;        // a hub that restarts is back within seconds
inline constexpr std::int64_t retry_last_ms = 60'000;      // 10,000 stores then ask 170 times a second together
inline constexpr std::int64_t refused_retry_ms = 300'000;  // a person has to act first; asking often does not help

/// Why the engine does not talk to the hub, or not fully. Shown on the status page, told by `retour status`.
enum class Trouble : std::uint8_t {
  none = 0,
  hub_unreachable = 1,
  refused_by_hub = 2,  // certificate revoked or expired, node unknown: a person must act
  hub_went_back = 3,   // the hub's epoch is lower than one already seen: an old copy of the hub runs
  journal_forked = 4,  // the hub knows another event at one of our numbers: this journal is a copy
};
std::string_view to_string(Trouble trouble);

struct State {
  NodeId node;
  std::uint64_t journal_seq = 0;  // the node's own head
  std::uint64_t acked_seq = 0;    // what the hub has durably
  std::uint64_t hub_epoch = 0;    // the highest ever seen
  bool has_replica = false;       // false: bootstrap before the first pull
  bool pushing = false;           // an action is out and not answered
  bool pulling = false;
  std::int64_t push_after_ms = 0;  // not before; set by failures
  std::int64_t pull_after_ms = 0;
  std::uint32_t failures = 0;  // in a row, both lanes together
  Trouble trouble = Trouble::none;
  std::string detail;  // for people, of the last trouble
  std::int64_t last_contact_ms = 0;
  std::uint64_t photos_waiting = 0;  // that the hub has not confirmed
  bool sending_photo = false;
  std::int64_t photo_after_ms = 0;
  std::uint32_t photo_failures = 0;  // in a row; a photo that fails is no trouble of the store's
  std::string photo_detail;          // for people, of the last failure
  friend bool operator==(const State&, const State&) = default;
};

// ---- inputs ----------------------------------------------------------------------------------------------------
struct Tick {};
struct JournalGrew {
  std::uint64_t journal_seq = 0;
};
struct PushAnswered {
  std::uint64_t hub_epoch = 0;
  protocol::PushCode code = protocol::PushCode::accepted;
  std::uint64_t head_seq = 0;
  std::string detail;
};
struct PullAnswered {
  std::uint64_t hub_epoch = 0;
  bool more = false;
};
struct BootstrapEnded {
  std::uint64_t hub_epoch = 0;
};
struct PhotosWait {
  std::uint64_t count = 0;
};
struct PhotoSent {
  std::uint64_t left = 0;  // that still wait
};
enum class Lane : std::uint8_t { up = 1, down = 2, photos = 3 };
struct CallFailed {
  Lane lane = Lane::up;
  bool refused = false;  // the hub answered 4xx; otherwise nobody answered, or 5xx
  std::string detail;
};
using Input =
    std::variant<Tick, JournalGrew, PushAnswered, PullAnswered, BootstrapEnded, CallFailed, PhotosWait, PhotoSent>;

// ---- actions ---------------------------------------------------------------------------------------------------
struct Push {
  std::uint64_t from_seq = 0;
  friend bool operator==(const Push&, const Push&) = default;
};
struct Pull {
  std::int64_t wait_ms = 0;
  friend bool operator==(const Pull&, const Pull&) = default;
};
struct Bootstrap {
  friend bool operator==(const Bootstrap&, const Bootstrap&) = default;
};
/// The first that waits. Asks the hub whether it has it, and sends it if not.
struct SendPhoto {
  friend bool operator==(const SendPhoto&, const SendPhoto&) = default;
};
using Action = std::variant<Push, Pull, Bootstrap, SendPhoto>;

struct Step {
  State state;
  std::vector<Action> actions;
};

/// `now_ms`: any clock that does not stop; only differences count. Never asks for a lane that is still out.
Step step(State state, const Input& input, std::int64_t now_ms);

/// When a tick is due at the latest; a tick before is harmless.
std::int64_t next_tick_ms(const State& state, std::int64_t now_ms);

/// Pause before try number `failures + 1`: doubling, spread by up to a quarter by the node's id, so that a chain does
/// not come back as one.
std::int64_t backoff_ms(const NodeId& node, std::uint32_t failures);

}  // namespace retour::engine
