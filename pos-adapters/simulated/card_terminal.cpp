#include "pos-adapters/simulated/card_terminal.hpp"

#include <sstream>

#include "plugin/core/base/error.hpp"
#include "pos-adapters/simulated/seeded.hpp"

namespace retour::simulated {

namespace {
std::uint64_t first_eight(const LegId& leg) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) word = (word << 8) | leg.bytes[i];
  return word;
}
ports::DeviceAnswer failed(LegProblem problem) {
  return {LegOutcome::failed, "SIM-DECLINED", problem};
}
/// None: the fault is not that the provider says no.
LegProblem problem_of(CardFault fault) {
  switch (fault) {
    case CardFault::declined:
      return LegProblem::declined;
    case CardFault::card_expired:
      return LegProblem::card_expired;
    case CardFault::card_closed:
      return LegProblem::card_closed;
    case CardFault::other_card:
      return LegProblem::other_card;
    case CardFault::over_limit:
      return LegProblem::over_limit;
    case CardFault::export_stamped:
      return LegProblem::export_stamped;
    case CardFault::none:
    case CardFault::question_lost:
    case CardFault::answer_lost:
    case CardFault::answer_late:
    case CardFault::died_before:
    case CardFault::died_after:
      break;
  }
  return LegProblem::none;
}
}  // namespace

CardTerminal::CardTerminal(Options options) : m_options(std::move(options)) {
  if (m_options.memory_file.empty()) return;
  load();
  m_file.open(m_options.memory_file, std::ios::app);
  if (!m_file) {
    throw Error({.operation = "open the memory of the simulated card terminal",
                 .object = m_options.memory_file.string(),
                 .cause = "cannot be written",
                 .consequence = "no card refund can be made"});
  }
}

void CardTerminal::load() {
  std::ifstream file(m_options.memory_file);
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // a line without end was cut off by a kill before the move was complete
    std::istringstream fields(line);
    std::string kind, leg_hex;
    Move move;
    fields >> kind >> leg_hex >> move.minor >> move.currency;
    const auto leg = LegId::parse(leg_hex);
    if (!fields || !leg) continue;
    move.leg_id = *leg;
    if (m_moved.emplace(*leg, move).second) m_order.push_back(*leg);
  }
}

void CardTerminal::remember(const ports::RefundRequest& request) {
  const Move move{request.leg_id, request.minor, std::string(request.currency.name())};
  if (!m_moved.emplace(request.leg_id, move).second) return;
  m_order.push_back(request.leg_id);
  if (!m_file.is_open()) return;
  m_file << "moved " << move.leg_id.to_string() << ' ' << move.minor << ' ' << move.currency << '\n' << std::flush;
}

bool CardTerminal::online() const {
  if (!m_options.offline_switch.empty() && std::filesystem::exists(m_options.offline_switch)) return false;
  return m_online;
}

LegProblem CardTerminal::problem_in_file() const {
  std::string code;
  if (m_options.says_file.empty() || !(std::ifstream(m_options.says_file) >> code)) return LegProblem::none;
  for (int number = 1; number <= static_cast<int>(leg_problem_last); ++number) {
    const auto problem = static_cast<LegProblem>(number);
    if (to_string(problem) == code) return problem;
  }
  return LegProblem::none;
}

CardFault CardTerminal::draw(const LegId& leg) {
  if (!m_scripted.empty()) {
    const CardFault fault = m_scripted.front();
    m_scripted.erase(m_scripted.begin());
    return fault;
  }
  const CardFaultRates& rates = m_options.rates;
  Draws draws(m_options.seed ^ first_eight(leg) ^ (m_asked[leg]++ << 32));
  std::uint64_t roll = draws.below(1000);
  const auto hit = [&roll](std::uint32_t rate) {
    if (roll < rate) return true;
    roll -= rate;
    return false;
  };
  if (hit(rates.question_lost)) return CardFault::question_lost;
  if (hit(rates.answer_lost)) return CardFault::answer_lost;
  if (hit(rates.answer_late)) return CardFault::answer_late;
  if (hit(rates.declined)) return CardFault::declined;
  return CardFault::none;
}

void CardTerminal::die() {
  throw Error({.operation = "ask the simulated card terminal",
               .object = "terminal",
               .cause = "the connection broke",
               .consequence = "what became of the refund is not known"});
}

ports::DeviceAnswer CardTerminal::settled(const LegId& leg) const {
  return {LegOutcome::settled, "SIM-" + leg.to_string().substr(0, 8)};
}

ports::DeviceAnswer CardTerminal::refund(const ports::RefundRequest& request) {
  const std::lock_guard lock(m_mutex);
  if (m_moved.contains(request.leg_id)) return settled(request.leg_id);
  if (!online()) {
    if (request.tender == TenderKind::wallet) return {LegOutcome::failed, "SIM-OFFLINE", LegProblem::needs_network};
    m_queued.emplace(request.leg_id, request);
    return {LegOutcome::queued, "SIM-QUEUED"};
  }
  if (const LegProblem told = problem_in_file(); told != LegProblem::none) return failed(told);
  const CardFault fault = draw(request.leg_id);
  if (const LegProblem says_no = problem_of(fault); says_no != LegProblem::none) return failed(says_no);
  if (fault == CardFault::question_lost) return {LegOutcome::unknown, ""};
  if (fault == CardFault::died_before) die();
  remember(request);
  if (fault == CardFault::died_after) die();
  if (fault == CardFault::none) return settled(request.leg_id);
  if (fault == CardFault::answer_late) m_busy_polls[request.leg_id] = m_options.late_polls;
  return {LegOutcome::unknown, ""};
}

ports::DeviceAnswer CardTerminal::status_of(const LegId& leg) {
  const std::lock_guard lock(m_mutex);
  if (!online()) return {LegOutcome::unknown, ""};
  if (const auto queued = m_queued.find(leg); queued != m_queued.end()) {
    const LegProblem says_no = m_scripted.empty() ? LegProblem::none : problem_of(draw(leg));
    if (says_no == LegProblem::none) remember(queued->second);
    m_queued.erase(queued);
    if (says_no != LegProblem::none) return failed(says_no);
  }
  if (!m_moved.contains(leg)) return {LegOutcome::failed, ""};
  if (auto& polls = m_busy_polls[leg]; polls > 0) {
    --polls;
    return {LegOutcome::unknown, ""};
  }
  return settled(leg);
}

void CardTerminal::fail_next(CardFault fault) {
  const std::lock_guard lock(m_mutex);
  m_scripted.push_back(fault);
}

void CardTerminal::set_online(bool is_online) {
  const std::lock_guard lock(m_mutex);
  m_online = is_online;
}

std::vector<CardTerminal::Move> CardTerminal::moves() const {
  const std::lock_guard lock(m_mutex);
  std::vector<Move> moves;
  for (const LegId& leg : m_order) moves.push_back(m_moved.at(leg));
  return moves;
}

}  // namespace retour::simulated
