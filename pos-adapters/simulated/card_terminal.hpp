#pragma once
// A card terminal that behaves like a real one on a bad day, and remembers every leg it was ever asked about.
// Law 6 is held against `moves()`: at most one move a leg, whatever was lost on the way.

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <vector>

#include "plugin/ports/devices.hpp"

namespace retour::simulated {

enum class CardFault : std::uint8_t {
  none = 0,
  question_lost = 1,  // the terminal never heard it: `unknown` now, `failed` when asked what became of it
  answer_lost = 2,    // the money moved, the till hears nothing: `unknown` now, `settled` when asked
  answer_late = 3,    // as answer_lost, but the terminal is busy for `late_polls` further questions
  declined = 4,       // `failed`, no money moved
  died_before = 5,    // throws before the money moved: the cable is out, the terminal restarts
  died_after = 6,     // throws after the money moved
  card_expired = 7,   // from here on `failed` with the problem of this name, no money moved
  card_closed = 8,
  other_card = 9,
  over_limit = 10,
  export_stamped = 11,
};

/// How often each fault is drawn, in thousandths of the questions; the rest goes well.
struct CardFaultRates {
  std::uint32_t question_lost = 0;
  std::uint32_t answer_lost = 0;
  std::uint32_t answer_late = 0;
  std::uint32_t declined = 0;
};

class CardTerminal final : public ports::CardTerminal {
 public:
  struct Options {
    std::filesystem::path memory_file;     // one line a move; empty: forgets when the program ends
    std::filesystem::path offline_switch;  // while this file exists the terminal has no network; empty: `set_online`
    std::filesystem::path says_file = {};  // while it holds the code of a LegProblem, each refund fails with that
    std::uint64_t seed = 0;
    CardFaultRates rates;
    std::uint32_t late_polls = 2;
  };
  struct Move {
    LegId leg_id;
    Minor minor = 0;
    std::string currency;
    friend bool operator==(const Move&, const Move&) = default;
  };

  /// Throws Error when the memory file cannot be opened.
  explicit CardTerminal(Options options);
  CardTerminal() : CardTerminal(Options{}) {}

  /// A leg that moved before gets its first answer again. Without network the leg is `queued` as a referenced refund
  /// and moves when the network is back and `status_of` asks; a wallet cannot be queued and fails.
  ports::DeviceAnswer refund(const ports::RefundRequest& request) override;
  ports::DeviceAnswer status_of(const LegId& leg) override;

  /// Scripts the next question that reaches the terminal, be it the settlement of what was queued; goes before what
  /// the seed draws.
  void fail_next(CardFault fault);
  void set_online(bool online);
  std::vector<Move> moves() const;

 private:
  void remember(const ports::RefundRequest& request);
  void load();
  [[noreturn]] static void die();
  bool online() const;
  LegProblem problem_in_file() const;
  CardFault draw(const LegId& leg);
  ports::DeviceAnswer settled(const LegId& leg) const;

  Options m_options;
  mutable std::mutex m_mutex;
  bool m_online = true;
  std::vector<CardFault> m_scripted;
  std::map<LegId, Move> m_moved;
  std::vector<LegId> m_order;  // of the moves
  std::map<LegId, ports::RefundRequest> m_queued;
  std::map<LegId, std::uint32_t> m_busy_polls;
  std::map<LegId, std::uint64_t> m_asked;  // how often, so that a second try draws anew
  std::ofstream m_file;
};

}  // namespace retour::simulated
