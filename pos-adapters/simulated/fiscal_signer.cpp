#include "pos-adapters/simulated/fiscal_signer.hpp"

#include <fstream>

#include "plugin/core/base/error.hpp"

namespace retour::simulated {

namespace {
[[noreturn]] void die() {
  throw Error({.operation = "ask the simulated fiscal signer",
               .object = "signer",
               .cause = "the connection broke",
               .consequence = "whether the credit note is signed is not known"});
}
}  // namespace

FiscalSigner::FiscalSigner(std::filesystem::path memory_file, std::filesystem::path out_of_order)
    : m_memory_file(std::move(memory_file)), m_out_of_order(std::move(out_of_order)) {
  if (m_memory_file.empty()) return;
  load();
  if (std::ofstream(m_memory_file, std::ios::app)) return;
  throw Error({.operation = "open the memory of the simulated fiscal signer",
               .object = m_memory_file.string(),
               .cause = "cannot be written",
               .consequence = "no credit note can be signed"});
}

void FiscalSigner::load() {
  std::ifstream file(m_memory_file);
  for (std::uint64_t number = 0, counter = 0; file >> number >> counter;) m_counters.emplace(number, counter);
}

void FiscalSigner::remember(const ports::FiscalNote& note) {
  const std::uint64_t counter = m_counters.size() + 1;
  m_counters.emplace(note.number, counter);
  m_notes.push_back(note);
  if (!m_memory_file.empty()) std::ofstream(m_memory_file, std::ios::app) << note.number << ' ' << counter << '\n';
}

bool FiscalSigner::reachable() const {
  if (!m_out_of_order.empty() && std::filesystem::exists(m_out_of_order)) return false;
  return m_reachable;
}

ports::FiscalAnswer FiscalSigner::answer_of(std::uint64_t number) const {
  const std::string counter = std::to_string(m_counters.at(number));
  return {FiscalState::signed_, "SIM-TSE-1", "SIM;" + std::to_string(number) + ";" + counter, ""};
}

ports::FiscalAnswer FiscalSigner::sign(const ports::FiscalNote& note) {
  const std::lock_guard lock(m_mutex);
  if (!reachable()) return {FiscalState::unsigned_yet, "", "", "the signing device cannot be reached"};
  if (m_counters.contains(note.number)) return answer_of(note.number);
  SignerFault fault = SignerFault::none;
  if (!m_scripted.empty()) {
    fault = m_scripted.front();
    m_scripted.erase(m_scripted.begin());
  }
  switch (fault) {
    case SignerFault::none:
      remember(note);
      return answer_of(note.number);
    case SignerFault::refuses:
      return {FiscalState::failed, "SIM-TSE-1", "", "the signing device refuses: its certificate has run out"};
    case SignerFault::died_before:
      die();
    case SignerFault::died_after:
      remember(note);
      die();
  }
  die();
}

void FiscalSigner::fail_next(SignerFault fault) {
  const std::lock_guard lock(m_mutex);
  m_scripted.push_back(fault);
}

void FiscalSigner::set_reachable(bool reachable) {
  const std::lock_guard lock(m_mutex);
  m_reachable = reachable;
}

std::vector<ports::FiscalNote> FiscalSigner::signed_notes() const {
  const std::lock_guard lock(m_mutex);
  return m_notes;
}

}  // namespace retour::simulated
