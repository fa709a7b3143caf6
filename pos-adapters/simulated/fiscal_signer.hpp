#pragma once
// A fiscal signer that behaves like a real one on a bad day and remembers what it signed.

#include <filesystem>
#include <map>
#include <mutex>
#include <vector>

#include "plugin/ports/fiscal_signer.hpp"

namespace retour::simulated {

enum class SignerFault : std::uint8_t {
  none = 0,
  refuses = 1,      // `failed`, in words
  died_before = 2,  // throws, nothing was signed
  died_after = 3,   // throws, the note is signed and the till has not heard it
};

class FiscalSigner final : public ports::FiscalSigner {
 public:
  /// `memory_file`: one line a signature; empty: forgets when the program ends. `out_of_order`: while this file
  /// exists the device cannot be reached; empty: `set_reachable`. Throws Error when the memory cannot be written.
  explicit FiscalSigner(std::filesystem::path memory_file = {}, std::filesystem::path out_of_order = {});

  ports::FiscalAnswer sign(const ports::FiscalNote& note) override;

  /// Scripts the next question that reaches the device.
  void fail_next(SignerFault fault);
  void set_reachable(bool reachable);
  /// In the order in which they were signed.
  std::vector<ports::FiscalNote> signed_notes() const;

 private:
  bool reachable() const;
  ports::FiscalAnswer answer_of(std::uint64_t number) const;
  void remember(const ports::FiscalNote& note);
  void load();

  std::filesystem::path m_memory_file;
  std::filesystem::path m_out_of_order;
  mutable std::mutex m_mutex;
  bool m_reachable = true;
  std::vector<SignerFault> m_scripted;
  std::map<std::uint64_t, std::uint64_t> m_counters;  // of the device, by number of the note
  std::vector<ports::FiscalNote> m_notes;
};

}  // namespace retour::simulated
