#pragma once
// What a person looks at before goods come back, as data of the policy pack: questions, and what each answer means.
// The JSON form, field by field: docs/policy.md, "Checklists".

#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/inspection/grade.hpp"

namespace retour {

/// For people, in both languages that the tills speak; neither is empty.
struct ChecklistWords {
  std::string en;
  std::string zh;
  friend bool operator==(const ChecklistWords&, const ChecklistWords&) = default;
};

struct ChecklistAnswer {
  std::string id;  // unique within the question: "missing"
  ChecklistWords words;
  Grade grade = Grade::resalable;  // never `ungraded`
  Disposition disposition = Disposition::restock;
  std::string department;  // that has to know: "quality"; may be empty
  friend bool operator==(const ChecklistAnswer&, const ChecklistAnswer&) = default;
};

struct ChecklistQuestion {
  std::string id;  // unique within the checklist: "tag"
  ChecklistWords words;
  std::vector<ChecklistAnswer> answers;  // at least two
  friend bool operator==(const ChecklistQuestion&, const ChecklistQuestion&) = default;
};

struct Checklist {
  std::string id;                       // unique in the pack: "apparel"
  std::vector<std::string> categories;  // with all that lies below them; at least one
  std::vector<ChecklistQuestion> questions;
  friend bool operator==(const Checklist&, const Checklist&) = default;
};

/// What was answered; kept in `item_inspected`.
struct CheckAnswer {
  std::string question;  // code of the checklist's question: "tag"
  std::string answer;    // code of one of its answers: "missing"
  friend bool operator==(const CheckAnswer&, const CheckAnswer&) = default;
};

/// The first checklist that speaks of the category; null when none does, or when the category is not known.
/// The pointer lives as long as `checklists`.
const Checklist* checklist_for(const std::vector<Checklist>& checklists, std::string_view category);

}  // namespace retour
