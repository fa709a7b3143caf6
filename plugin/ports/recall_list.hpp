#pragma once
// Articles that their maker or an authority has called back, and what the cashier does when one is brought.

#include <optional>
#include <string>
#include <string_view>

namespace retour::ports {

struct Recall {
  std::string id;  // "2026-014", as the notice is numbered
  std::string en;  // what to do, in words
  std::string zh;
  friend bool operator==(const Recall&, const Recall&) = default;
};

class RecallList {
 public:
  virtual ~RecallList() = default;
  /// Empty: nothing of this is recalled. Where only some serial numbers of an article are, a unit without a known
  /// number (`serial` empty) counts as one of them: nobody is sent home with what may be dangerous.
  /// Safe from any thread.
  virtual std::optional<Recall> find(std::string_view sku, std::string_view serial) = 0;
};

}  // namespace retour::ports
