#pragma once
// The section `checklists` of a policy pack. Form, field by field: docs/policy.md, "Checklists".

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "db/policy_pack/fault.hpp"
#include "plugin/core/inspection/checklist.hpp"

namespace retour::policy_pack {

// Limits of the section: a till shows a checklist on one screen.
inline constexpr std::size_t checklists_max = 100;
inline constexpr std::size_t checklist_categories_max = 200;
inline constexpr std::size_t checklist_questions_max = 20;
inline constexpr std::size_t checklist_answers_max = 10;     // to a question
inline constexpr std::size_t checklist_code_bytes_max = 64;  // of an id, a department
inline constexpr std::size_t checklist_words_bytes_max = 200;

/// `section`: the value of the field. What cannot be meant is added to `faults`, all of it; what was read is then
/// good for nothing but looking for further faults.
std::vector<Checklist> read_checklists(const nlohmann::json& section, Faults& faults);

}  // namespace retour::policy_pack
