#include "plugin/core/policy/pack.hpp"

namespace retour {

std::string_view to_string(CountFrom from) {
  switch (from) {
    case CountFrom::delivery:
      return "delivery";
    case CountFrom::last_parcel:
      return "last_parcel";
    case CountFrom::sale:
      return "sale";
  }
  return "unknown";
}

std::string_view to_string(FeeKind kind) {
  switch (kind) {
    case FeeKind::restocking:
      return "restocking";
    case FeeKind::return_shipping:
      return "return_shipping";
    case FeeKind::diminished_value:
      return "diminished_value";
    case FeeKind::faster_delivery:
      return "faster_delivery";
  }
  return "unknown";
}

std::string_view to_string(RiskSignal signal) {
  switch (signal) {
    case RiskSignal::returns_30_days:
      return "returns_30_days";
    case RiskSignal::returns_365_days:
      return "returns_365_days";
    case RiskSignal::no_receipt_365_days:
      return "no_receipt_365_days";
    case RiskSignal::stores_30_days:
      return "stores_30_days";
    case RiskSignal::value_minor:
      return "value_minor";
    case RiskSignal::days_left_in_window:
      return "days_left_in_window";
    case RiskSignal::overrides_30_days:
      return "overrides_30_days";
  }
  return "unknown";
}

}  // namespace retour
