"""Value on paper across the chain: given in one store, spent in another through the hub, and never twice."""

import datetime
import unittest

import chain
import shop

# Other stores keep what is not older than 90 days.
TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()


def goods(number, price):
    return {"number": number, "currency": "GBP", "sold_on": TODAY,
            "lines": [{"sku": "22423", "quantity": 1, "unit_price": f"{price / 100:.2f}", "net_minor": price}]}


def spending(credit, minor, number):
    return {**chain.a_return([], command=f"spend {number}", business_date=TODAY), "credits": [{"number": credit["qr_text"], "minor": minor}],
            "new_goods": goods(number, minor)}


class CreditTests(chain.ChainTest):
    def left(self, store, credit):
        code, seen = store.api("GET", f"credits/{credit['number']}")
        return seen["left_here_minor"] if code == 200 else None

    def spent(self, store, body):
        """The same command until head office has brought the right; what was answered in the end."""
        answers = []

        def answered():
            answers.append(store.api("POST", "return-cases", body))
            return answers[-1][1].get("code") != "value_elsewhere"

        shop.until(answered, f"{store.name} to get the right to the credit")
        return answers[-1]

    def test_a_credit_is_spent_in_parts_where_it_was_given_and_elsewhere_and_never_twice(self):
        anna, bert = self.running("anna"), self.running("bert")
        _, sold = anna.api("POST", "sales", {**chain.a_sale("K-1", tender="voucher"), "sold_on": TODAY})
        credit = chain.take_back(anna, chain.a_return([chain.of_order(sold["order"], 3)], business_date=TODAY))["credits"][0]
        self.assertEqual((credit["kind"], credit["minor"]), ("voucher", 750))
        shop.until(lambda: self.left(bert, credit) == 0, "bert to know the credit, whose right is anna's")

        code, case = self.spent(bert, spending(credit, 500, "K-2"))
        self.assertIn(code, (200, 201), case)
        self.assertEqual(case["exchanges"][0]["carried"][0]["minor"], 500)
        shop.until(lambda: self.left(anna, credit) == 250, "anna to have given the right away")
        code, refused = self.spent(bert, spending(credit, 251, "K-3"))
        self.assertEqual((code, refused["code"]), (409, "value_not_available"), refused)

        anna.go_offline()
        code, case = anna.api("POST", "return-cases", spending(credit, 250, "K-4"))
        self.assertEqual(code, 201, case)
        self.assertEqual(self.left(anna, credit), 0)
        for store in (anna, bert):
            self.assert_journal_is_sound(store)


if __name__ == "__main__":
    unittest.main()
