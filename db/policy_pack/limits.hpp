#pragma once
// How large a policy pack and what is in it may be. The same figures stand in installer/policies/policy.schema.json.

#include <cstddef>
#include <cstdint>

namespace retour::policy_pack {

inline constexpr std::size_t pack_bytes_max = 500'000;           // it stands whole in an event, and a push holds 2 MB
inline constexpr std::size_t faults_told_max = 100;              // more are counted: nobody reads on
inline constexpr int json_depth_max = 8;                         // our deepest pack has 5
inline constexpr std::size_t rules_max = 1'000;                  // of a section
inline constexpr std::size_t values_max = 10'000;                // of a list in `when`: SKUs of a recall
inline constexpr std::size_t id_characters_max = 64;             // of a pack, of a rule
inline constexpr std::size_t value_characters_max = 200;         // an SKU, a category, a store
inline constexpr std::size_t text_characters_max = 1'000;        // for people, and the name of a source
inline constexpr std::int64_t days_max = 36'500;                 // a hundred years: longer is a slip of the finger
inline constexpr std::int64_t assumed_days_max = 365;            // no parcel is longer under way
inline constexpr std::int64_t sku_digits_max = 32;               // leading digits that make an SKU merchandise
inline constexpr std::int64_t version_max = 1'000'000'000;       // raised by one with each change
inline constexpr std::int64_t data_age_minutes_max = 5'256'000;  // ten years: longer is "any age"
inline constexpr std::int64_t lookback_days_max = 730;           // of the lowest price; older prices say nothing
inline constexpr std::int64_t no_receipt_visits_max = 1'000;     // of one person in a year
inline constexpr std::int64_t points_max = 1'000;                // of a risk rule
inline constexpr std::int64_t points_sum_max = 1'000'000;        // of all rules of a pack

}  // namespace retour::policy_pack
