#include "plugin/app/messages.hpp"

#include <array>

namespace retour::app {

namespace {

struct Entry {
  std::string_view code;
  std::string_view english;
};

// A table: one line a message, grouped by who says it.
constexpr std::array table{
    Entry{"refusal.none", ""},
    Entry{"refusal.quantity_invalid", "The quantity is not a number of units that can be returned."},
    Entry{"refusal.no_customer", "No order and no customer was given, so no purchase can be looked up."},
    Entry{"refusal.not_merchandise", "This is a charge or a voucher, not goods. It cannot be returned at the till."},
    Entry{"refusal.no_purchase_found", "No earlier purchase of this article by this customer was found."},
    Entry{"refusal.already_returned", "Every unit that was bought has already been returned."},
    Entry{"refusal.quantity_exceeds_returnable", "Fewer units can still be returned than were brought."},
    Entry{"refusal.window_closed", "The time in which this article could be returned is over."},
    Entry{"refusal.not_returnable", "This article cannot be returned."},
    Entry{"refusal.condition_not_accepted", "The goods are not in a condition in which they can be taken back."},
    Entry{"refusal.serial_not_sold", "The serial number is none of this purchase."},
    Entry{"refusal.withdrawn", "The customer did not want to wait and took the goods home."},
    Entry{"refusal.serial_missing", "The units of this purchase are told apart by serial number: scan it first."},
    Entry{"would_change.serial", "The serial number of the article would change the answer."},
    Entry{"refusal.declined_by_manager", "A manager has looked at it and did not agree."},
    Entry{"refusal.no_receipt_not_taken", "Without a receipt this cannot be taken back."},
    Entry{"refusal.remedy_not_owed", "Faulty goods of this age are made good in another way first."},
    Entry{"refusal.delivery_stays_paid", "What the delivery cost is not paid back."},
    Entry{"would_change.whole_order", "Bringing back the rest of the order would change the answer."},
    Entry{"line.delivery", "Delivery of order"},
    Entry{"verdict.delivery.approved", "paid back"},
    Entry{"verdict.delivery.deferred", "answer follows"},
    Entry{"verdict.delivery.referred", "being asked"},
    Entry{"verdict.delivery.refused", "stays paid"},
    Entry{"would_change.valid_quantity", "A whole number of units from 1 up would change the answer."},
    Entry{"would_change.customer_or_order", "The order number or the customer would change the answer."},
    Entry{"would_change.proof_of_purchase", "A proof of purchase would change the answer."},
    Entry{"would_change.other_purchase", "Another purchase of the same article would change the answer."},
    Entry{"would_change.smaller_quantity", "Bringing back fewer units would change the answer."},
    Entry{"would_change.within_window", "A purchase that is still within its time would change the answer."},
    Entry{"would_change.hub_answers", "Head office has to answer: this till does not know all returns."},
    Entry{"would_change.earlier_line", "An earlier return of the same article has to be answered first."},
    Entry{"would_change.records_agree",
          "Head office has to look into it: the records of two places do not agree about these units."},
    Entry{"would_change.other_reason", "Another reason for the return would change the answer."},
    Entry{"would_change.delivery_date", "Knowing the day of delivery would change the answer."},
    Entry{"would_change.approval", "The word of a person with authority would change the answer."},
    Entry{"would_change.budget",
          "More money for returns without receipt, granted by head office, would change the answer."},
    Entry{"would_change.refund", "Taking the money back would change the answer."},
    Entry{"would_change.replacement", "Taking the same article anew would change the answer."},
    Entry{"would_change.repair", "Having it repaired would change the answer."},
    Entry{"would_change.nothing", ""},
    Entry{"repair.open", "being repaired"},
    Entry{"repair.repaired", "repaired and handed back"},
    Entry{"repair.not_repairable", "cannot be repaired; handed back"},
    Entry{"receipt.no_receipt", "without a receipt"},
    Entry{"receipt.repair", "Goes to be repaired. Promised for {date}. The purchase stays yours; bring this paper."},
    Entry{"alert.own_purchase",
          "This was bought by the one who serves, or by her family: somebody else has to agree."},
    Entry{"alert.recalled", "This article is recalled. Take it in, whatever its age and state, and put it aside."},
    Entry{"alert.return_started", "A return of this was started elsewhere."},
    Entry{"alert.under_repair", "The unit with this serial number is being repaired."},
    Entry{"needs.cashier", "a cashier has to agree"},
    Entry{"needs.supervisor", "a supervisor has to agree"},
    Entry{"needs.manager", "a manager has to agree"},
    Entry{"needs.regional_manager", "the regional manager has to agree"},
    Entry{"reason.unspecified", "No reason given"},
    Entry{"reason.size", "Size does not fit"},
    Entry{"reason.quality", "Quality defect"},
    Entry{"reason.not_as_described", "Not as described"},
    Entry{"reason.damaged_in_transit", "Damaged on the way"},
    Entry{"reason.wrong_item", "Wrong article"},
    Entry{"reason.late", "Came too late"},
    Entry{"reason.changed_mind", "Changed my mind"},
    Entry{"reason.gift", "Was a gift"},
    Entry{"reason.recall", "Recalled by the maker"},
    Entry{"reason.other", "Another reason"},
    Entry{"verdict.approved", "accepted"},
    Entry{"verdict.needs_manager", "a manager has to agree"},
    Entry{"verdict.compensated", "you keep it"},
    Entry{"verdict.deferred", "taken in, answer follows"},
    Entry{"verdict.refused", "not accepted"},
    Entry{"verdict.waiting", "being asked"},
    Entry{"verdict.referred", "being asked"},
    Entry{"leg.settled", "paid"},
    Entry{"leg.failed", "not paid. Please ask at the till."},
    Entry{"leg.unknown", "being checked: the device has not confirmed it yet."},
    Entry{"leg.unknown.cash", "being checked: somebody has to count the drawer and say whether it was paid."},
    Entry{"leg.queued", "on its way: the card is credited when the terminal has a network again."},
    Entry{"leg.started", "in progress"},
    Entry{"leg.rerouted", "goes another way"},
    Entry{"leg.not_paid", "not paid:"},
    Entry{"problem.none", ""},
    Entry{"problem.declined", "declined. Please ask at the till."},
    Entry{"problem.card_expired", "the card has expired. Another way of paying back is possible."},
    Entry{"problem.card_closed", "the card's account is closed. Another way of paying back is possible."},
    Entry{"problem.other_card", "this is not the card that paid. Bring that card, or choose another way."},
    Entry{"problem.over_limit", "above what this wallet or instalment plan takes back. Choose another way."},
    Entry{"problem.needs_network", "works with network only. Choose another way, or come again."},
    Entry{"problem.not_enough_cash", "there is not enough cash in the drawer. Fill it, or choose another way."},
    Entry{"problem.identity_needed", "so much cash is paid only to somebody who shows a document with her name."},
    Entry{"problem.other_currency", "the drawer has no money of this currency. Choose another way."},
    Entry{"problem.export_stamped", "The tax of this purchase was given back at the border."},
    Entry{"help.export_stamped",
          "Have the export undone where it was stamped; then the goods can be returned. Nothing is paid before."},
    Entry{"leg.planned", "to be paid against this paper"},
    Entry{"tender.cash", "Cash"},
    Entry{"tender.card", "Card"},
    Entry{"tender.gift_card", "Gift card"},
    Entry{"tender.store_credit", "Store credit"},
    Entry{"tender.voucher", "Voucher"},
    Entry{"tender.wallet", "Wallet"},
    Entry{"tender.bank_transfer", "Bank transfer"},
    Entry{"slip.title", "Slip for goods taken in"},
    Entry{"slip.title.delivery", "Slip for what a delivery cost"},
    Entry{
        "slip.delivery",
        "Head office looks at what the delivery cost, once it knows all that came back of the order. If it is owed, "
        "it is paid back too."},
    Entry{"slip.delivery.card", "If it was paid by card, the money goes back to the card by itself."},
    Entry{"slip.next",
          "We have taken in the goods above. Head office checks the purchase; usually the answer is there within the "
          "day, at the latest when all stores are connected again."},
    Entry{"slip.card", "If the goods were paid by card, the money goes back to the card by itself."},
    Entry{"slip.cash", "Otherwise bring this slip: the money is paid out against the code above."},
    Entry{"slip.refused",
          "If the answer is no, the goods are kept for you until {date} and handed back against the code."},
    Entry{"refusal_slip.title", "Why goods were not taken back"},
    Entry{"refusal_slip.opening", "These goods were brought back, and we could not take them:"},
    Entry{"refusal_slip.brought_because", "Brought back because:"},
    Entry{"refusal_slip.no_help", "Nothing that could be shown at the till would change the answer."},
    Entry{"refusal_slip.next",
          "Bring this paper if you come back or write to us: the code above shows what was looked at. It is no "
          "receipt, and your rights under the law stay as they are."},
    Entry{"receipt.title", "Return receipt"},
    Entry{"receipt.voided", "This return was called off. Nothing is paid, and the goods go back to the customer."},
    Entry{"receipt.reversed", "This refund was reversed: the money was given back, and so were the goods."},
    Entry{"receipt.rounding", "Rounded to coins"},
    Entry{"receipt.credit_note", "Credit note"},
    Entry{"receipt.taken_back", "Taken back by note"},
    Entry{"fiscal.signed", "signed by"},
    Entry{"fiscal.unsigned_yet", "unsigned, device out of order"},
    Entry{"fiscal.failed", "not signed:"},
    Entry{"fiscal.none", ""},
    Entry{"fee.restocking", "Restocking fee"},
    Entry{"fee.return_shipping", "Return shipping"},
    Entry{"fee.diminished_value", "Loss of value"},
    Entry{"fee.faster_delivery", "Faster delivery"},
    Entry{"receipt.nothing", "No money is paid back for this return."},
    Entry{"receipt.not_yet", "No money has been paid back yet: the answer follows."},
    Entry{"receipt.handed_back", "handed back to you"},
    Entry{"receipt.exchange", "In exchange for"},
    Entry{"receipt.carried", "Carried over:"},
    Entry{"receipt.traded_in", "Traded in:"},
    Entry{"receipt.added", "Paid:"},
    Entry{"credit.title.store_credit", "Store credit"},
    Entry{"credit.title.voucher", "Voucher"},
    Entry{"credit.title.gift_card", "Gift card"},
    Entry{"credit.how",
          "Pay with it here at once, in every other store after the stores have synced. Keep this paper: whoever has "
          "it can spend it. What you do not spend stays on it."},
    Entry{
        "receipt.part_of_offer",
        "This article was part of an offer. What was paid for it is given back; what you keep keeps its share of the "
        "offer."},
    Entry{"gift.title", "Gift receipt"},
    Entry{"gift.line", "line"},
    Entry{
        "gift.how",
        "Does it not fit? Bring it with this paper: you get its value as a gift card, or other goods for it. Whoever "
        "gave it to you is not told."},
    Entry{"receipt.serial", "Serial number"},
    Entry{"receipt.points_taken_back", "Points taken back"},
    Entry{"receipt.points_given_back", "Points given back"},
};

}  // namespace

std::string words(std::string_view code) {
  for (const Entry& entry : table) {
    if (entry.code == code) return std::string(entry.english);
  }
  return std::string(code);
}

std::string words_of(Refusal refusal) {
  return words("refusal." + std::string(to_string(refusal)));
}
std::string words_of(LegOutcome outcome) {
  return words("leg." + std::string(to_string(outcome)));
}
std::string words_of(TenderKind tender) {
  return words("tender." + std::string(to_string(tender)));
}
std::string words_of_payment(TenderKind tender, std::string_view state) {
  const bool nobody_knows = tender == TenderKind::cash && state == "unknown";
  return words(nobody_knows ? "leg.unknown.cash" : "leg." + std::string(state));
}

}  // namespace retour::app
