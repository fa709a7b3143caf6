#pragma once
// Papers for the customer, as plain text of 42 columns: the narrowest printer in use. Pure: a model in, text out.
// Papers carry no personal data: they are reprinted from the journal, which has none.

#include <optional>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::app {

inline constexpr std::size_t paper_columns = 42;

struct PaperHead {
  std::string store;
  std::string title;
  std::string code;  // case_code
  std::string till;
  std::string cashier;
  BusinessDate date;
  std::string reference;  // of the document the customer brought; may be empty
  std::uint64_t journal_seq = 0;
  std::string journal_head;  // eight characters
};

struct PaperClaim {
  std::string order_number;
  std::int64_t quantity = 0;  // 0: value on paper, whose amount says all
  Minor total_minor = 0;
};

struct PaperLine {
  std::string sku;
  std::string description;  // of the order, empty when no order is known
  std::int64_t quantity = 0;
  std::string verdict;  // the state of the line: "approved", "refused", "deferred", "referred"; or "needs.manager"
  Refusal refusal = Refusal::none;
  std::string would_change;  // code; told only when the line was refused
  std::vector<PaperClaim> claims;
  Currency currency;
  std::int64_t handed_back = 0;               // units that had been taken in and went back to the customer
  std::string reason = {};                    // code of why it was brought, "size"; told on a refusal slip
  std::optional<CivilDate> repaired_by = {};  // goods that are being repaired: the day that was promised
  bool part_of_offer = false;                 // a promotion over some lines of the order took a share off it
  std::string serial = {};
  bool is_delivery = false;  // what a delivery cost: `sku` names it, and the verdict is one of "delivery."
};

struct PaperTax {
  std::string rate_percent;
  Minor minor = 0;
};

/// A fee that was kept back, by its code: "restocking".
struct PaperFee {
  std::string kind;
  Minor minor = 0;
};

struct PaperLeg {
  TenderKind tender = TenderKind::cash;
  std::string reference;
  Minor minor = 0;
  std::string state;         // "settled", "failed", "unknown", "queued", "started", "planned"
  std::string problem = {};  // why it failed, as a code; empty when nobody said
};

/// What other goods cost and how they were paid: in part by what came back.
struct PaperGoods {
  std::string sku;
  std::string description;
  std::int64_t quantity = 0;
  Minor total_minor = 0;
};
struct PaperTender {
  TenderKind tender = TenderKind::cash;
  std::string reference;
  Minor minor = 0;
};
struct PaperExchange {
  std::string sale_number;
  Currency currency;
  std::vector<PaperGoods> goods;
  std::vector<PaperTax> taxes;
  Minor total_minor = 0;
  std::vector<PaperTender> carried;
  std::vector<PaperTender> added;
  std::vector<PaperGoods> traded_in = {};  // old articles, and what each line of them pays
};

/// Value given on paper.
struct CreditPaper {
  std::string store;
  std::string title;
  std::string number;
  CivilDate given_on;
  Minor minor = 0;
  Currency currency;
  std::string qr_text;
};

/// What a gift receipt tells: all but what it cost.
struct PaperGift {
  std::uint32_t order_line_no = 0;
  std::int64_t quantity = 0;
  std::string sku;
  std::string description;
};
struct GiftPaper {
  std::string store;
  std::string order_number;
  CivilDate sold_on;
  std::vector<PaperGift> goods = {};
  std::string qr_text;
};

/// One currency's part of a refund; nearly always the only one.
struct PaperRefund {
  Currency currency;
  Minor net_minor = 0;
  std::vector<PaperTax> taxes;
  std::vector<PaperFee> fees;
  Minor rounding_minor = 0;  // below zero when coins pay less
  Minor total_minor = 0;     // net and taxes, less the fees, plus the rounding
  std::vector<PaperLeg> legs;
  Loyalty points = {};  // earned ones are taken back, spent ones given back
};

/// A credit note and what the fiscal signer said of it.
struct PaperNote {
  std::uint64_t number = 0;
  bool takes_back = false;  // those before it on this paper
  std::string state = {};   // FiscalState; empty: no signer is asked
  std::string signer = {};
  std::string signature = {};
  std::string problem = {};
};

struct ReceiptPaper {
  PaperHead head;
  std::vector<PaperLine> lines;
  std::vector<PaperRefund> refunds;
  std::vector<PaperExchange> exchanges = {};
  std::vector<PaperNote> notes = {};
  std::string undone = {};  // "voided" or "reversed"; empty: neither
};

struct SlipPaper {
  PaperHead head;
  std::vector<PaperLine> lines;  // only those that wait
  BusinessDate kept_until;       // refused goods are kept for the customer until then
};

/// For a customer whose goods were not taken back: what was brought, why not, and what would help.
struct RefusalPaper {
  PaperHead head;
  std::vector<PaperLine> lines;  // only those that were refused
};

std::string receipt_text(const ReceiptPaper& paper);
std::string slip_text(const SlipPaper& paper);
std::string refusal_slip_text(const RefusalPaper& paper);
std::string credit_text(const CreditPaper& paper);
std::string gift_text(const GiftPaper& paper);

}  // namespace retour::app
