#pragma once
// From the answers to a checklist to a grade: the worst answer wins, and says why.

#include <string>
#include <vector>

#include "plugin/core/base/result.hpp"
#include "plugin/core/inspection/checklist.hpp"

namespace retour {

struct Inspection {
  Grade grade = Grade::ungraded;
  std::string because;                               // question whose answer gave the grade; empty: nothing was found
  Disposition disposition = Disposition::undecided;  // what the same answer proposes
  std::string department;                            // that has to know; may be empty
  friend bool operator==(const Inspection&, const Inspection&) = default;
};

/// Why answers are no inspection. From most to least basic; the first that applies is the answer.
enum class InspectionFault : std::uint8_t {
  question_unknown = 1,
  answer_unknown = 2,
  answered_twice = 3,
  not_answered = 4,
};
std::string_view to_string(InspectionFault);

struct InspectionRefusal {
  InspectionFault fault = InspectionFault::question_unknown;
  std::string question;
  std::string answer;  // empty with `not_answered`
  friend bool operator==(const InspectionRefusal&, const InspectionRefusal&) = default;
};

/// Every question of the checklist, answered once, in any order. Of equally bad answers the first question of the
/// checklist counts.
Result<Inspection, InspectionRefusal> inspect(const Checklist& checklist, const std::vector<CheckAnswer>& answers);

}  // namespace retour
