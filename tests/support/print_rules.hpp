#pragma once
// Short texts of the rules' values, so that a failed test shows what it compared.

#include <ostream>
#include <span>
#include <sstream>
#include <string>

#include "plugin/core/policy/policy.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour {

inline std::ostream& operator<<(std::ostream& out, const UnitRange& units) {
  return out << units.line_no << ":[" << units.first << ',' << units.end() << ')';
}
inline std::ostream& operator<<(std::ostream& out, const Holder& holder) {
  out << to_string(holder.kind);
  if (holder.id[0] != 0) out << static_cast<int>(holder.id[0]);
  return out;
}
inline std::ostream& operator<<(std::ostream& out, const HeldRange& range) {
  return out << range.units << ' ' << range.holder;
}
/// The first byte of the order's id stands for the order.
inline std::ostream& operator<<(std::ostream& out, const OrderUnits& units) {
  return out << static_cast<int>(units.order_id.bytes[0]) << '/' << units.units;
}
inline std::ostream& operator<<(std::ostream& out, RightsRefusal refusal) {
  return out << to_string(refusal);
}
inline std::ostream& operator<<(std::ostream& out, Shortage shortage) {
  return out << to_string(shortage);
}
inline std::ostream& operator<<(std::ostream& out, Verdict verdict) {
  return out << to_string(verdict);
}
inline std::ostream& operator<<(std::ostream& out, Refusal refusal) {
  return out << to_string(refusal);
}
inline std::ostream& operator<<(std::ostream& out, Assurance assurance) {
  return out << to_string(assurance);
}

/// "1:[0,2) hub, 1:[2,3) node1"
template <class T>
std::string text_of(const std::vector<T>& values) {
  std::ostringstream out;
  for (std::size_t i = 0; i < values.size(); ++i) out << (i == 0 ? "" : ", ") << values[i];
  return out.str();
}

}  // namespace retour
