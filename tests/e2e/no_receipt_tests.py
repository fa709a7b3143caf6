"""Goods without receipt, with the real programs: paid from a budget that the hub granted, and never beyond it."""

import json
import unittest

import chain
import shop
from counts_tests import SOON, TODAY, publish, sold

PACK = {"id": "default", "version": 2, "windows": [{"id": "general", "days": 30}],
        "no_receipt": {"lookback_days": 90, "up_to": {"GBP": 5000}, "visits_365_max": 2}}
LAMP, CUP = "84029", "21232"


def of_article(sku, price, quantity=1):
    return {"lines": [{"sku": sku, "description": "ARTICLE", "quantity": quantity, "unit_price": f"{price / 100:.2f}",
                       "net_minor": quantity * price}],
            "tenders": [{"kind": "cash", "reference": "", "paid_minor": quantity * price}]}


def without_receipt(sku, quantity=1):
    return {"sku": sku, "quantity": quantity, "reason": "changed_mind", "no_receipt": True}


class NoReceiptTests(chain.ChainTest):
    def sold_to_nobody(self, store, number, sku, price):
        code, answer = store.api("POST", "sales", {**chain.a_sale(number), **of_article(sku, price), "sold_on": TODAY})
        self.assertIn(code, (200, 201), answer)

    def budget(self, store, amount):
        shop.run(shop.BIN / "retour-hub", "budget", "--data", self.hub.folder, "--name", store.name, "--currency", "GBP",
                 "--amount", amount, "--by", "rita")

    def asked(self, sku, customer, quantity=1):
        return chain.a_return([without_receipt(sku, quantity)], customer=customer, business_date=TODAY)

    def quoted(self, store, sku, customer, quantity=1):
        quote = self.asked(sku, customer, quantity)
        del quote["command_id"], quote["till"]
        code, answer = store.api("POST", "quotes", quote)
        self.assertEqual(code, 200, answer)
        return answer["lines"][0]

    def would_pay(self, store, sku, customer):
        shop.until(lambda: self.quoted(store, sku, customer)["state"] == "approved", f"{store.name} to have budget and prices", SOON)

    def decisions(self, store, case):
        dump = shop.run(shop.BIN / "retour", "journal", "dump", store.folder / "journal.db").stdout
        events = [json.loads(line) for line in dump.splitlines()]
        return [e["body"]["decision"] for e in events if e["kind"] == "line_answered" and e["return_case_id"] == case]

    def test_a_budget_pays_store_credit_at_the_lowest_price_also_offline_and_never_more_than_it_holds(self):
        publish(self, PACK)
        anna = self.running("anna")
        self.sold_to_nobody(anna, "N-1", LAMP, 250)
        self.sold_to_nobody(anna, "N-2", LAMP, 200)
        self.budget(anna, "20.00")
        self.would_pay(anna, LAMP, "carol")

        paid = chain.take_back(anna, self.asked(LAMP, "carol"))
        self.assertEqual((paid["state"], paid["paid_minor"]), ("closed", 200), paid)
        self.assertEqual([leg["tender"] for refund in paid["refunds"] for leg in refund["legs"]], ["store_credit"])
        self.assertEqual([d["assurance"] for d in self.decisions(anna, paid["case"])], ["provisional"])

        anna.go_offline()
        offline = chain.take_back(anna, self.asked(LAMP, "carol"))
        self.assertEqual((offline["state"], offline["paid_minor"]), ("closed", 200), offline)
        # Two visits are what the pack lets pass; the third goes to a person.
        third = chain.take_back(anna, self.asked(LAMP, "carol"))
        self.assertEqual([line["state"] for line in third["lines"]], ["needs_manager"], third)
        # 16.00 are left: nine lamps are 18.00, eight are not too many, and then there is nothing.
        for quantity, state in ((9, "refused"), (8, "approved"), (1, "refused")):
            case = chain.take_back(anna, self.asked(LAMP, "dora", quantity))
            self.assertEqual([line["state"] for line in case["lines"]], [state], case)
            if state == "refused":
                [decision] = self.decisions(anna, case["case"])
                self.assertEqual((decision["refusal"], decision["trace"]["would_change"]), ("no_receipt_not_taken", "budget"))
        anna.start_sync()
        self.in_step(anna)
        self.assert_journal_is_sound(anna)

        # Her own store hears of the visits at anna's and counts them as its own.
        bert = self.running("bert")
        sold(bert, "N-3", customer="carol")
        self.sold_to_nobody(bert, "N-4", CUP, 300)
        self.budget(bert, "50.00")
        self.would_pay(bert, CUP, "erik")
        shop.until(lambda: self.quoted(bert, CUP, "carol")["state"] == "needs_manager", "bert to be told of the visits at anna's", SOON)


if __name__ == "__main__":
    unittest.main()
