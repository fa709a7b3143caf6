#include "plugin/app/receipt_text.hpp"

#include <algorithm>

#include "plugin/app/messages.hpp"

namespace retour::app {

namespace {

/// Characters as a printer counts them: code points, not bytes.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return columns;
}

std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    if ((static_cast<unsigned char>(text[bytes]) & 0xc0) != 0x80 && columns-- == 0) break;
    ++bytes;
  }
  return text.substr(0, bytes);
}

/// Control characters of a source's text must not reach a printer, which would obey them.
std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return clean;
}

class Paper {
 public:
  void line(std::string_view text = {}) { m_text.append(first_columns(text, paper_columns)).append("\n"); }
  void rule() { line(std::string(paper_columns, '-')); }

  void centred(std::string_view text) {
    const std::size_t used = std::min(columns_of(text), paper_columns);
    line(std::string((paper_columns - used) / 2, ' ').append(text));
  }

  /// Left and right in one line when both fit, else the left one wrapped above the right one.
  void pair(std::string_view left, std::string_view right, std::size_t indent = 0) {
    const std::string padded = std::string(indent, ' ').append(left);
    const std::size_t used = columns_of(padded) + columns_of(right);
    if (used + 1 <= paper_columns) {
      line(padded + std::string(paper_columns - used, ' ').append(right));
      return;
    }
    wrapped(left, indent);
    const std::size_t right_columns = std::min(columns_of(right), paper_columns);
    line(std::string(paper_columns - right_columns, ' ').append(right));
  }

  void wrapped(std::string_view text, std::size_t indent = 0) {
    const std::size_t width = paper_columns - indent;
    std::string row;
    const auto end_row = [&] {
      if (!row.empty()) line(std::string(indent, ' ') + row);
      row.clear();
    };
    while (!text.empty()) {
      const std::size_t blank = std::min(text.find(' '), text.size());
      std::string_view word = text.substr(0, blank);
      text.remove_prefix(std::min(blank + 1, text.size()));
      if (!row.empty() && columns_of(row) + 1 + columns_of(word) > width) end_row();
      while (columns_of(word) > width) {  // a word longer than the paper is cut, never lost
        const std::string_view part = first_columns(word, width);
        line(std::string(indent, ' ').append(part));
        word.remove_prefix(part.size());
      }
      if (!word.empty()) row.append(row.empty() ? "" : " ").append(word);
    }
    end_row();
  }

  std::string take() { return std::move(m_text); }

 private:
  std::string m_text;
};

std::string amount(Minor minor, const Currency& currency) {
  const std::string with_code = to_string(minor, currency);  // "12.34 GBP"
  return with_code.substr(0, with_code.find(' '));
}

std::string units(std::int64_t quantity) {
  return std::to_string(quantity) + (quantity == 1 ? " unit" : " units");
}

void write_head(Paper& paper, const PaperHead& head) {
  paper.centred(printable(head.store));
  paper.centred(head.title);
  paper.centred(head.code);
  paper.line();
  paper.pair(head.date.to_string(), printable("till " + head.till + ", " + head.cashier));
  if (!head.reference.empty()) paper.pair("Document", printable(head.reference));
  paper.rule();
}

std::string words_with_date(std::string_view code, CivilDate date) {
  std::string text = words(code);
  const std::string_view date_mark = "{date}";
  return text.replace(text.find(date_mark), date_mark.size(), date.to_string());
}

/// "Delivery of order W-1      4.95"
void write_delivery(Paper& paper, const PaperLine& line) {
  Minor total = 0;
  for (const PaperClaim& claim : line.claims) total += claim.total_minor;
  paper.pair(printable(line.sku),
             line.claims.empty() ? words("verdict." + line.verdict) : amount(total, line.currency));
  if (line.refusal == Refusal::none || line.would_change.empty()) return;
  paper.wrapped(words("would_change." + line.would_change), 2);
}

void write_line(Paper& paper, const PaperLine& line) {
  if (line.is_delivery) return write_delivery(paper, line);
  const std::string verdict = line.verdict.starts_with("needs.") ? line.verdict : "verdict." + line.verdict;
  paper.pair(printable(line.sku), words(verdict));
  if (!line.description.empty()) paper.wrapped(printable(line.description), 2);
  if (line.claims.empty()) paper.line("  " + units(line.quantity));
  for (const PaperClaim& claim : line.claims) {
    const std::string from = claim.quantity == 0          ? "of credit "
                             : claim.order_number.empty() ? units(claim.quantity) + ", " + words("receipt.no_receipt")
                                                          : units(claim.quantity) + " of order ";
    paper.pair(from + printable(claim.order_number), amount(claim.total_minor, line.currency), 2);
  }
  if (!line.serial.empty()) paper.pair(words("receipt.serial"), printable(line.serial), 2);
  if (line.part_of_offer) paper.wrapped(words("receipt.part_of_offer"), 2);
  if (line.repaired_by) paper.wrapped(words_with_date("receipt.repair", *line.repaired_by), 2);
  if (line.handed_back > 0) paper.line("  " + units(line.handed_back) + " " + words("receipt.handed_back"));
  if (line.refusal == Refusal::none) return;
  paper.wrapped(words_of(line.refusal), 2);
  if (!line.would_change.empty()) paper.wrapped(words("would_change." + line.would_change), 2);
}

void write_refused_line(Paper& paper, const PaperLine& line) {
  paper.pair(printable(line.sku), units(line.quantity));
  if (!line.description.empty()) paper.wrapped(printable(line.description), 2);
  paper.wrapped(words("refusal_slip.brought_because") + " " + words("reason." + line.reason), 2);
  paper.wrapped(words_of(line.refusal), 2);
  const std::string help = words("would_change." + line.would_change);
  paper.wrapped(line.would_change.empty() || help.empty() ? words("refusal_slip.no_help") : help, 2);
}

void write_refund(Paper& paper, const PaperRefund& refund) {
  paper.rule();
  paper.pair("Net", amount(refund.net_minor, refund.currency));
  for (const PaperTax& tax : refund.taxes) {
    paper.pair("Tax " + tax.rate_percent + " %", amount(tax.minor, refund.currency));
  }
  for (const PaperFee& fee : refund.fees) {
    paper.pair(words("fee." + fee.kind), "-" + amount(fee.minor, refund.currency));
  }
  if (refund.rounding_minor != 0) {
    const bool less = refund.rounding_minor < 0;
    paper.pair(words("receipt.rounding"),
               (less ? "-" : "+") + amount(less ? -refund.rounding_minor : refund.rounding_minor, refund.currency));
  }
  paper.pair("Refund " + std::string(refund.currency.name()), amount(refund.total_minor, refund.currency));
  for (const PaperLeg& leg : refund.legs) {
    paper.line();
    const std::string name =
        words_of(leg.tender) + (leg.reference.empty() ? "" : ", payment " + printable(leg.reference));
    paper.pair(name, amount(leg.minor, refund.currency));
    const bool told = leg.state == "failed" && !leg.problem.empty();
    paper.wrapped(told ? words("leg.not_paid") + " " + words("problem." + leg.problem)
                       : words_of_payment(leg.tender, leg.state),
                  2);
  }
}

void write_tenders(Paper& paper, const char* code, const std::vector<PaperTender>& tenders,
                   const Currency& currency) {
  for (const PaperTender& tender : tenders) {
    const std::string reference = tender.reference.empty() ? "" : ", payment " + printable(tender.reference);
    paper.pair(words(code) + " " + words_of(tender.tender) + reference, amount(tender.minor, currency));
  }
}

void write_exchange(Paper& paper, const PaperExchange& exchange) {
  paper.rule();
  paper.line(words("receipt.exchange"));
  for (const PaperGoods& goods : exchange.goods) {
    paper.pair(std::to_string(goods.quantity) + " " + printable(goods.sku),
               amount(goods.total_minor, exchange.currency));
    if (!goods.description.empty()) paper.wrapped(printable(goods.description), 2);
  }
  for (const PaperTax& tax : exchange.taxes) {
    paper.pair("Tax " + tax.rate_percent + " %, included", amount(tax.minor, exchange.currency));
  }
  paper.pair("Sale " + printable(exchange.sale_number) + " " + std::string(exchange.currency.name()),
             amount(exchange.total_minor, exchange.currency));
  write_tenders(paper, "receipt.carried", exchange.carried, exchange.currency);
  for (const PaperGoods& old : exchange.traded_in) {
    paper.pair(words("receipt.traded_in") + " " + std::to_string(old.quantity) + " " + printable(old.sku) + ", " +
                   old.description,
               amount(old.total_minor, exchange.currency));
  }
  write_tenders(paper, "receipt.added", exchange.added, exchange.currency);
}

void write_note(Paper& paper, const PaperNote& note) {
  paper.pair(words(note.takes_back ? "receipt.taken_back" : "receipt.credit_note"), std::to_string(note.number));
  if (note.state.empty()) return;
  paper.wrapped(words("fiscal." + note.state) + (note.signer.empty() ? "" : " " + printable(note.signer)), 2);
  paper.wrapped(printable(note.signature), 2);
  if (note.state == "failed") paper.wrapped(printable(note.problem), 2);
}

void write_points(Paper& paper, const Loyalty& points) {
  if (points != Loyalty{}) paper.line();
  if (points.points_earned != 0) paper.pair(words("receipt.points_taken_back"), std::to_string(points.points_earned));
  if (points.points_spent != 0) paper.pair(words("receipt.points_given_back"), std::to_string(points.points_spent));
}

void write_foot(Paper& paper, const PaperHead& head) {
  paper.rule();
  paper.pair("Journal " + std::to_string(head.journal_seq), head.journal_head);
}

}  // namespace

std::string receipt_text(const ReceiptPaper& receipt) {
  Paper paper;
  write_head(paper, receipt.head);
  for (const PaperLine& line : receipt.lines) write_line(paper, line);
  for (const PaperExchange& exchange : receipt.exchanges) write_exchange(paper, exchange);
  for (const PaperRefund& refund : receipt.refunds) {
    write_refund(paper, refund);
    write_points(paper, refund.points);
  }
  if (!receipt.undone.empty()) {
    paper.rule();
    paper.wrapped(words("receipt." + receipt.undone));
  } else if (receipt.refunds.empty()) {
    const bool all_answered = std::ranges::none_of(receipt.lines, [](const PaperLine& line) {
      return line.verdict == "deferred" || line.verdict == "referred";
    });
    paper.rule();
    paper.wrapped(words(all_answered ? "receipt.nothing" : "receipt.not_yet"));
  }
  if (!receipt.notes.empty()) paper.rule();
  for (const PaperNote& note : receipt.notes) write_note(paper, note);
  write_foot(paper, receipt.head);
  return paper.take();
}

std::string slip_text(const SlipPaper& slip) {
  Paper paper;
  write_head(paper, slip.head);
  for (const PaperLine& line : slip.lines) write_line(paper, line);
  paper.rule();
  const bool goods = !std::ranges::all_of(slip.lines, &PaperLine::is_delivery);
  paper.wrapped(words(goods ? "slip.next" : "slip.delivery"));
  paper.line();
  paper.wrapped(words(goods ? "slip.card" : "slip.delivery.card"));
  paper.wrapped(words("slip.cash"));
  if (goods) paper.wrapped(words_with_date("slip.refused", slip.kept_until));
  write_foot(paper, slip.head);
  return paper.take();
}

std::string refusal_slip_text(const RefusalPaper& slip) {
  Paper paper;
  write_head(paper, slip.head);
  paper.wrapped(words("refusal_slip.opening"));
  paper.rule();
  for (const PaperLine& line : slip.lines) write_refused_line(paper, line);
  paper.rule();
  paper.wrapped(words("refusal_slip.next"));
  write_foot(paper, slip.head);
  return paper.take();
}

std::string credit_text(const CreditPaper& credit) {
  Paper paper;
  paper.centred(printable(credit.store));
  paper.centred(credit.title);
  paper.centred(printable(credit.number));
  paper.line();
  paper.pair(credit.given_on.to_string(),
             amount(credit.minor, credit.currency) + " " + std::string(credit.currency.name()));
  paper.rule();
  paper.wrapped(words("credit.how"));
  paper.line();
  paper.wrapped(credit.qr_text);
  return paper.take();
}

std::string gift_text(const GiftPaper& gift) {
  Paper paper;
  paper.centred(printable(gift.store));
  paper.centred(words("gift.title"));
  paper.line();
  paper.pair(gift.sold_on.to_string(), printable(gift.order_number));
  paper.rule();
  for (const PaperGift& goods : gift.goods) {
    paper.pair(std::to_string(goods.quantity) + " " + printable(goods.sku),
               words("gift.line") + " " + std::to_string(goods.order_line_no));
    if (!goods.description.empty()) paper.wrapped(printable(goods.description), 2);
  }
  paper.rule();
  paper.wrapped(words("gift.how"));
  paper.line();
  paper.wrapped(gift.qr_text);
  return paper.take();
}

}  // namespace retour::app
