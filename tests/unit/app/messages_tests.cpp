#include "plugin/app/messages.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/return_case/return_case.hpp"

using namespace retour;
using namespace retour::app;

namespace {

/// A code without words is shown as itself.
void has_words(std::string_view group, std::string_view code) {
  const std::string whole = std::string(group) + "." + std::string(code);
  BOOST_TEST(words(whole) != whole);
}

template <class Code>
void all_have_words(std::string_view group, Code first, Code last) {
  for (int code = static_cast<int>(first); code <= static_cast<int>(last); ++code)
    has_words(group, to_string(static_cast<Code>(code)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_tests)

BOOST_AUTO_TEST_CASE(every_state_and_reason_that_people_see_has_words) {
  all_have_words("verdict", Verdict::approved, Verdict::refused);
  all_have_words("verdict", LineState::approved, LineState::deferred);
  all_have_words("refusal", Refusal::none, Refusal::window_closed);
  all_have_words("leg", LegState::planned, LegState::queued);
  for (int kind = static_cast<int>(TenderKind::cash); kind <= static_cast<int>(TenderKind::bank_transfer); ++kind)
    has_words("tender", to_string(static_cast<TenderKind>(kind)));
}

BOOST_AUTO_TEST_SUITE_END()
