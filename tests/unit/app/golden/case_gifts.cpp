// Gift receipts and articles that are traded in.
#include "plugin/app/gift_receipt.hpp"
#include "plugin/app/print_receipt.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

/// "policy trade_in 80.00 for resalable in electronics"
void CaseWorld::trade_in_rule(Words& words) {
  const Minor credit = words.amount();
  words.expect("for");
  const auto grade = parse_grade(words.next());
  if (!grade) words.fail("no grade");
  auto& rules = m_till->policy.trade_in;
  rules.push_back({.name = {"t" + std::to_string(rules.size() + 1), ""}, .credit = {{gbp, credit}}});
  rules.back().when.grades = {*grade};
  if (words.skip("in")) rules.back().when.categories = {words.next()};
}

/// "gift G1 of W-1 line 1: 1", or "gift G2 is G1 made out for 2": the units of its first line, under the old seal
void CaseWorld::gift(Words& words) {
  const std::string name = words.next();
  if (words.skip("is")) {
    std::string text = m_gifts.at(words.next());
    words.expect("made out for");
    const std::size_t units = text.find('X', text.find('.', text.find('.') + 1)) + 1;
    m_gifts[name] = text.replace(units, text.find_first_of("-.", units) - units, std::to_string(words.number()));
    return;
  }
  words.expect("of");
  const OrderId order = order_of(words.next());
  words.expect("line");
  std::string line = words.next();
  if (line.ends_with(':')) line.pop_back();
  const auto made =
      app::make_gift_receipt(store(), order, {{static_cast<std::uint32_t>(std::stoul(line)), words.number()}});
  if (!made.ok()) {
    m_screen = screen_of(made.error());
    return;
  }
  app::print_paper(store(), made->paper);
  m_gifts[name] = made->qr_text;
}

}  // namespace retour::testing
