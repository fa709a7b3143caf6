#pragma once
// The world failed: disk, network, device. Business refusals are `Result`, our own bugs are `require`.

#include <stdexcept>
#include <string>

namespace retour {

/// Message form: what was tried, on what, what happened, what it means for goods and money.
class Error : public std::runtime_error {
 public:
  struct Parts {
    std::string operation;    // "append to"
    std::string object;       // "/var/lib/retour/journal.db"
    std::string cause;        // "SQLITE_FULL (13): database or disk is full"
    std::string consequence;  // "return case 01JX… not recorded, no tender was moved"; may be empty
  };

  explicit Error(Parts parts) : std::runtime_error(sentence(parts)), m_parts(std::move(parts)) {}

  const Parts& parts() const { return m_parts; }

 private:
  static std::string sentence(const Parts& p) {
    std::string text = p.operation + " " + p.object + " failed: " + p.cause;
    return p.consequence.empty() ? text : text + "; " + p.consequence;
  }

  Parts m_parts;
};

}  // namespace retour
