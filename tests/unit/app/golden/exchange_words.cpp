#include "tests/unit/app/golden/exchange_words.hpp"

#include "plugin/core/base/words.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

namespace {

std::vector<std::string> comma_parts(std::string text) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = text.find(", ");
    parts.push_back(text.substr(0, end));
    if (end != std::string::npos) text.erase(0, end + 2);
  }
  return parts;
}

/// "exchange S-1, 1 coat at 50.00, paid card 10.00": priced with a tax of a sixth, included.
Order goods_of(const std::string& detail, CivilDate today) {
  const std::vector<std::string> parts = comma_parts(detail);
  Words head(parts.front());
  head.expect("exchange");
  std::vector<PlainLine> lines;
  std::vector<Tender> added;
  const std::string number = head.next();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Words part(parts[i]);
    if (part.skip("paid")) {
      const std::string name = part.next();
      const auto kind = parse_tender_kind(name);
      if (!kind) part.fail("\"" + name + "\" is no way of paying");
      const auto no = static_cast<std::uint32_t>(added.size() + 1);
      added.push_back({no, *kind, *kind == TenderKind::cash ? "" : "new-" + std::to_string(no), part.amount()});
    } else {
      const std::int64_t quantity = part.number();
      const std::string sku = part.next();
      part.expect("at");
      lines.push_back({sku, quantity, part.amount()});
    }
    if (!part.empty()) part.fail("nothing is known");
  }
  Order goods = plain_order(number, lines, {});
  goods.channel = SaleChannel::store;
  goods.tenders = std::move(added);
  goods.sold_on = today;
  goods.sold_at_ms = 0;
  for (OrderLine& line : goods.lines) {
    const Minor tax = line.net_minor / 6;
    line.net_minor -= tax;
    line.taxes = {{Decimal{20, 0}, tax}};
  }
  return goods;
}

/// "credit C1, 20.00"
app::CreditToSpend credit_of(const std::string& detail, const CreditNumbers& credits) {
  const std::vector<std::string> parts = comma_parts(detail);
  Words words(parts.front());
  words.expect("credit");
  const std::string name = words.next();
  const std::size_t place = name.size() > 1 ? std::stoul(name.substr(1)) : 0;
  if (place == 0 || place > credits.size() || parts.size() != 2) words.fail("no credit \"" + name + "\"");
  Words amount(parts[1]);
  return {credits[place - 1], amount.amount()};
}

/// "trade in 1 old-phone, seal whole"
app::TradeInAsk trade_in_of(const std::string& detail) {
  const std::vector<std::string> parts = comma_parts(detail);
  Words words(parts.front());
  words.expect("trade");
  words.expect("in");
  app::TradeInAsk article;
  article.quantity = words.number();
  article.sku = words.next();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Words answer(parts[i]);
    std::string question = answer.next();
    article.check.answers.push_back({std::move(question), answer.next()});
  }
  return article;
}

}  // namespace

bool is_exchange_detail(const std::string& detail) {
  return detail.starts_with("exchange ") || detail.starts_with("credit ") || detail.starts_with("trade in ");
}

std::optional<app::ExchangeAsk> exchange_in(const std::vector<std::string>& details, const CreditNumbers& credits,
                                            CivilDate today) {
  std::optional<app::ExchangeAsk> ask;
  for (const std::string& detail : details) {
    if (!is_exchange_detail(detail)) continue;
    if (!ask) ask.emplace();
    if (detail.starts_with("exchange ")) {
      ask->goods = goods_of(detail, today);
    } else if (detail.starts_with("trade in ")) {
      ask->trade_ins.push_back(trade_in_of(detail));
    } else {
      ask->credits.push_back(credit_of(detail, credits));
    }
  }
  return ask;
}

}  // namespace retour::testing
