#include "plugin/core/inspection/grade.hpp"

#include "plugin/core/base/words.hpp"

namespace retour {

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::ungraded:
      return "ungraded";
    case Grade::resalable:
      return "resalable";
    case Grade::refurbishable:
      return "refurbishable";
    case Grade::unsellable:
      return "unsellable";
  }
  return "unknown";
}

std::string_view to_string(Disposition disposition) {
  switch (disposition) {
    case Disposition::undecided:
      return "undecided";
    case Disposition::restock:
      return "restock";
    case Disposition::outlet:
      return "outlet";
    case Disposition::refurbish:
      return "refurbish";
    case Disposition::parts:
      return "parts";
    case Disposition::return_to_vendor:
      return "return_to_vendor";
    case Disposition::donate:
      return "donate";
    case Disposition::recycle:
      return "recycle";
    case Disposition::scrap:
      return "scrap";
    case Disposition::hold:
      return "hold";
  }
  return "unknown";
}

std::optional<Grade> parse_grade(std::string_view text) {
  return parse_word<Grade>(text, Grade::ungraded, Grade::unsellable);
}

std::optional<Disposition> parse_disposition(std::string_view text) {
  return parse_word<Disposition>(text, Disposition::undecided, Disposition::hold);
}

}  // namespace retour
