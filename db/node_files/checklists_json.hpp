#pragma once
// The section `checklists` of a policy pack. Form, field by field: docs/policy.md, "Checklists".

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "plugin/core/inspection/checklist.hpp"

namespace retour::node_files {

// Limits of the section: a till shows a checklist on one screen.
inline constexpr std::size_t checklists_max = 100;
inline constexpr std::size_t checklist_categories_max = 200;
inline constexpr std::size_t checklist_questions_max = 20;
inline constexpr std::size_t checklist_answers_max = 10;     // to a question
inline constexpr std::size_t checklist_code_bytes_max = 64;  // of an id, a department
inline constexpr std::size_t checklist_words_bytes_max = 200;

struct ChecklistFault {
  std::string path;    // "checklists[2].questions[0].answers"
  std::string reason;  // "has one entry; at least two are expected"
};

/// `section`: the value of the field. What cannot be meant is added to `faults`, all of it; what was read is then
/// good for nothing but looking for further faults.
std::vector<Checklist> read_checklists(const nlohmann::json& section, std::vector<ChecklistFault>& faults);

}  // namespace retour::node_files
