#pragma once
// What is wrong with a policy pack: where, and why. A file is read to its end, so that a person sees all faults at
// once.

#include <string>
#include <vector>

namespace retour::policy_pack {

struct Fault {
  std::string path;    // "windows[2].days"; empty: the whole file
  std::string reason;  // "is -1; a whole number from 0 to 36500 is expected"
  friend bool operator==(const Fault&, const Fault&) = default;
};
using Faults = std::vector<Fault>;

/// "windows[2].days is -1; ..."
std::string to_string(const Fault& fault);

}  // namespace retour::policy_pack
