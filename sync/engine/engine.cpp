#include "sync/engine/engine.hpp"

#include <algorithm>

namespace retour::engine {

namespace {

void note_contact(State& state, std::int64_t now_ms) {
  state.failures = 0;
  state.trouble = Trouble::none;
  state.detail.clear();
  state.last_contact_ms = now_ms;
  state.push_after_ms = now_ms;
  state.pull_after_ms = now_ms;
}

void pause(State& state, Trouble trouble, std::string detail, std::int64_t until_ms) {
  state.trouble = trouble;
  state.detail = std::move(detail);
  state.push_after_ms = until_ms;
  state.pull_after_ms = until_ms;
}

/// False when an older copy of the hub answered: nothing it says is taken.
bool accept_epoch(State& state, std::uint64_t hub_epoch, std::int64_t now_ms) {
  if (hub_epoch < state.hub_epoch) {
    pause(state, Trouble::hub_went_back,
          "the hub answered with an older epoch than this store has seen: a restored copy of the hub is running; "
          "its answers are not taken",
          now_ms + refused_retry_ms);
    return false;
  }
  state.hub_epoch = hub_epoch;
  return true;
}

struct Take {
  State& state;
  std::int64_t now_ms;

  void operator()(const Tick&) const {}

  void operator()(const JournalGrew& grew) const {
    state.journal_seq = std::max(state.journal_seq, grew.journal_seq);
  }

  void operator()(const PushAnswered& answer) const {
    state.pushing = false;
    if (!accept_epoch(state, answer.hub_epoch, now_ms)) return;
    switch (answer.code) {
      case protocol::PushCode::accepted:
      case protocol::PushCode::gap:
        // The hub names its head. Below what it once acknowledged: it lost its tail, and gets it again.
        note_contact(state, now_ms);
        state.acked_seq = std::min(answer.head_seq, state.journal_seq);
        return;
      case protocol::PushCode::forked:
        pause(state, Trouble::journal_forked, answer.detail, now_ms + refused_retry_ms);
        return;
      case protocol::PushCode::chain_broken:
      case protocol::PushCode::signature_wrong:
      case protocol::PushCode::unknown_node:
        pause(state, Trouble::refused_by_hub, answer.detail, now_ms + refused_retry_ms);
        return;
    }
  }

  void operator()(const PullAnswered& answer) const {
    state.pulling = false;
    if (accept_epoch(state, answer.hub_epoch, now_ms) && state.trouble != Trouble::journal_forked) {
      note_contact(state, now_ms);
    }
  }

  void operator()(const BootstrapEnded& ended) const {
    state.pulling = false;
    if (!accept_epoch(state, ended.hub_epoch, now_ms)) return;
    note_contact(state, now_ms);
    state.has_replica = true;
  }

  void operator()(const PhotosWait& wait) const { state.photos_waiting = wait.count; }

  void operator()(const PhotoSent& sent) const {
    state.sending_photo = false;
    state.photos_waiting = sent.left;
    state.photo_failures = 0;
    state.photo_detail.clear();
  }

  void operator()(const CallFailed& failed) const {
    if (failed.lane == Lane::photos) return photo_failed(failed);
    (failed.lane == Lane::up ? state.pushing : state.pulling) = false;
    ++state.failures;
    if (failed.refused) {
      pause(state, Trouble::refused_by_hub, failed.detail, now_ms + refused_retry_ms);
    } else {
      pause(state, Trouble::hub_unreachable, failed.detail, now_ms + backoff_ms(state.node, state.failures - 1));
    }
  }

  /// Whether the hub is there is for the other lanes to find out: nothing urgent waits longer because of a photo.
  void photo_failed(const CallFailed& failed) const {
    state.sending_photo = false;
    state.photo_detail = failed.detail;
    const std::int64_t pause_ms = failed.refused ? refused_retry_ms : backoff_ms(state.node, state.photo_failures);
    ++state.photo_failures;
    state.photo_after_ms = now_ms + pause_ms;
  }
};

/// Nothing more urgent waits: the hub is there, has the whole journal, and the store has its orders.
bool has_time_for_photos(const State& state) {
  const bool in_step = state.trouble == Trouble::none && state.last_contact_ms > 0 && state.has_replica;
  return in_step && !state.pushing && state.acked_seq >= state.journal_seq;
}

std::vector<Action> due(State& state, std::int64_t now_ms) {
  std::vector<Action> actions;
  if (!state.pushing && state.journal_seq > state.acked_seq && now_ms >= state.push_after_ms) {
    state.pushing = true;
    actions.push_back(Push{.from_seq = state.acked_seq + 1});
  }
  if (!state.pulling && now_ms >= state.pull_after_ms) {
    state.pulling = true;
    if (state.has_replica) {
      // Out of contact it asks without waiting: a hub that is back but has no news would else be silent for a minute,
      // and the store would count as offline that long.
      const bool in_contact = state.trouble == Trouble::none && state.last_contact_ms > 0;
      actions.push_back(Pull{.wait_ms = in_contact ? protocol::pull_wait_ms_max : 0});
    } else {
      actions.push_back(Bootstrap{});
    }
  }
  const bool photo_due = state.photos_waiting > 0 && !state.sending_photo && now_ms >= state.photo_after_ms;
  if (photo_due && has_time_for_photos(state)) {
    state.sending_photo = true;
    actions.push_back(SendPhoto{});
  }
  return actions;
}

}  // namespace

Step step(State state, const Input& input, std::int64_t now_ms) {
  std::visit(Take{state, now_ms}, input);
  std::vector<Action> actions = due(state, now_ms);
  return {std::move(state), std::move(actions)};
}

std::int64_t next_tick_ms(const State& state, std::int64_t now_ms) {
  std::int64_t next = now_ms + 2 * retry_last_ms;  // idle: nothing is due, a tick is harmless
  if (!state.pushing && state.journal_seq > state.acked_seq) next = std::min(next, state.push_after_ms);
  if (!state.pulling) next = std::min(next, state.pull_after_ms);
  if (state.photos_waiting > 0 && !state.sending_photo && has_time_for_photos(state)) {
    next = std::min(next, state.photo_after_ms);
  }
  return std::max(next, now_ms);
}

std::int64_t backoff_ms(const NodeId& node, std::uint32_t failures) {
  const std::uint32_t doublings = std::min<std::uint32_t>(failures, 16);
  const std::int64_t pause_ms = std::min(retry_last_ms, retry_first_ms << doublings);
  const std::int64_t spread = (node.bytes[0] * 256 + node.bytes[1]) % 1000;  // ids are random
  return pause_ms + pause_ms * spread / 4000;
}

std::string_view to_string(Trouble trouble) {
  switch (trouble) {
    case Trouble::none:
      return "none";
    case Trouble::hub_unreachable:
      return "hub_unreachable";
    case Trouble::refused_by_hub:
      return "refused_by_hub";
    case Trouble::hub_went_back:
      return "hub_went_back";
    case Trouble::journal_forked:
      return "journal_forked";
  }
  return "unknown";
}

}  // namespace retour::engine
