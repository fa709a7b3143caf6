#include "plugin/core/inspection/inspect.hpp"

#include <algorithm>

#include "plugin/core/inspection/category.hpp"

namespace retour {

namespace {

template <class T>
const T* with_id(const std::vector<T>& values, const std::string& id) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const T& value) { return value.id == id; });
  return found == values.end() ? nullptr : &*found;
}

const CheckAnswer* answer_to(const std::vector<CheckAnswer>& answers, const std::string& question) {
  const auto found = std::find_if(answers.begin(), answers.end(),
                                  [&](const CheckAnswer& answer) { return answer.question == question; });
  return found == answers.end() ? nullptr : &*found;
}

Failure<InspectionRefusal> refuse(InspectionFault fault, const std::string& question, const std::string& answer) {
  return failure(InspectionRefusal{fault, question, answer});
}

/// "Nothing was found" names no question.
Inspection result_of(const ChecklistQuestion& question, const ChecklistAnswer& answer) {
  const bool flawless = answer.grade == Grade::resalable && answer.disposition == Disposition::restock;
  return {answer.grade, flawless ? "" : question.id, answer.disposition, answer.department};
}

}  // namespace

const Checklist* checklist_for(const std::vector<Checklist>& checklists, std::string_view category) {
  if (category.empty()) return nullptr;
  for (const Checklist& checklist : checklists) {
    const auto& wanted = checklist.categories;
    if (std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) { return category_fits(one, category); })) {
      return &checklist;
    }
  }
  return nullptr;
}

std::string_view to_string(InspectionFault fault) {
  switch (fault) {
    case InspectionFault::question_unknown:
      return "question_unknown";
    case InspectionFault::answer_unknown:
      return "answer_unknown";
    case InspectionFault::answered_twice:
      return "answered_twice";
    case InspectionFault::not_answered:
      return "not_answered";
  }
  return "unknown";
}

Result<Inspection, InspectionRefusal> inspect(const Checklist& checklist, const std::vector<CheckAnswer>& answers) {
  for (const CheckAnswer& given : answers) {
    const ChecklistQuestion* question = with_id(checklist.questions, given.question);
    if (!question) return refuse(InspectionFault::question_unknown, given.question, given.answer);
    if (!with_id(question->answers, given.answer)) {
      return refuse(InspectionFault::answer_unknown, given.question, given.answer);
    }
    if (answer_to(answers, given.question) != &given) {
      return refuse(InspectionFault::answered_twice, given.question, given.answer);
    }
  }
  Inspection worst;
  for (const ChecklistQuestion& question : checklist.questions) {
    const CheckAnswer* given = answer_to(answers, question.id);
    if (!given) return refuse(InspectionFault::not_answered, question.id, "");
    const Inspection seen = result_of(question, *with_id(question.answers, given->answer));
    const bool as_bad_and_says_why = seen.grade == worst.grade && worst.because.empty() && !seen.because.empty();
    if (seen.grade > worst.grade || as_bad_and_says_why) worst = seen;
  }
  return worst;
}

}  // namespace retour
