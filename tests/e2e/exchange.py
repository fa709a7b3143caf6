"""Exchanges and value on paper at the local API: a part of StoreApiTests, whose document they must fill."""

import os


def command_id():
    return os.urandom(16).hex()


class ExchangeCases:
    """To be mixed into StoreApiTests: uses its `sale`, `a_return`, `call` and `refused`."""

    CREDIT = "/api/v1/credits/{credit}"

    def goods(self, number, price, tenders=None):
        tax = price // 6
        body = {"number": number, "currency": "GBP", "sold_on": "2026-11-22",
                "lines": [{"sku": "COAT", "description": "COAT", "quantity": 1, "unit_price": f"{price / 100:.2f}",
                           "net_minor": price - tax, "taxes": [{"rate_percent": "20", "minor": tax}]}]}
        return {**body, "tenders": tenders} if tenders else body

    def exchange(self, order, quantity, goods, **fields):
        return self.a_return([{"order": order, "order_line": 1, "quantity": quantity, "reason": "size"}], new_goods=goods, **fields)

    def a_credit(self, number, quantity=4):
        """A store credit of this store, from a return of goods that one of another system had paid."""
        order, _ = self.sale(number, [{"kind": "store_credit", "reference": "old-" + number, "paid_minor": quantity * 306}],
                             quantity=quantity)
        body = self.a_return([{"order": order, "order_line": 1, "quantity": quantity}])
        return self.call("POST", "/api/v1/return-cases", body, expect=201)["credits"][0]

    def spending(self, credit, minor, goods):
        return {**self.a_return([]), "credits": [{"number": credit, "minor": minor}], "new_goods": goods}

    def test_goods_are_exchanged_in_one_visit_and_come_back_to_the_first_card(self):
        card = [{"kind": "card", "reference": "auth-7", "paid_minor": 1224}]
        order, _ = self.sale("X-1", card)
        body = self.exchange(order, 4, self.goods("X-2", 2000))
        quote = self.call("POST", "/api/v1/quotes", {k: body[k] for k in ("business_date", "lines", "new_goods")})
        self.assertEqual((quote["exchange"]["carried_minor"], quote["exchange"]["to_add_minor"]), (1224, 776))
        self.assertEqual(quote["refund"]["total_minor"], 0)
        self.refused(422, "exchange_not_paid", "POST", "/api/v1/return-cases", body)
        self.refused(422, "exchange_overpaid", "POST", "/api/v1/return-cases",
                     self.exchange(order, 4, self.goods("X-2", 2000, [{"kind": "cash", "paid_minor": 777}])))

        paid = self.exchange(order, 4, self.goods("X-2", 2000, [{"kind": "cash", "paid_minor": 776}]))
        case = self.call("POST", "/api/v1/return-cases", paid, expect=201)
        self.assertEqual((case["state"], case["paid_minor"], case["due_minor"]), ("closed", 0, 0))
        done = case["exchanges"][0]
        self.assertEqual([(t["tender"], t["reference"], t["minor"]) for t in done["carried"]], [("card", "auth-7", 1224)])
        self.assertEqual([t["minor"] for t in done["added"]], [776])
        self.assertTrue(self.call("POST", "/api/v1/return-cases", paid)["already_recorded"])
        receipt = self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"])
        self.assertIn("In exchange for", receipt)
        self.assertIn("Tax 20 %, included                    3.33", receipt)
        undo = {"command_id": command_id(), "staff": "boss", "reason": "mistake"}
        self.refused(409, "exchanged", "POST", "/api/v1/return-cases/{case}/reversal", undo, case=case["case"])

        back = self.a_return([{"order": done["sale"], "order_line": 1, "quantity": 1}])
        legs = self.call("POST", "/api/v1/return-cases", back, expect=201)["refunds"][0]["legs"]
        self.assertEqual([(leg["tender"], leg["reference"], leg["pays_minor"]) for leg in legs],
                         [("card", "auth-7", 1224), ("cash", "", 776)])

    def test_an_exchange_that_cannot_be_whole_is_refused_by_name(self):
        order, _ = self.sale("X-10")
        many, _ = self.sale("X-11", quantity=400)
        for status, code, body in (
                (409, "value_elsewhere", self.exchange(order, 5, self.goods("X-12", 1530), wait_ms=0)),
                (409, "value_not_available", self.exchange(many, 400, self.goods("X-12", 122_400))),
                (422, "nothing_to_carry", self.exchange(order, 1, self.goods("X-12", 0))),
                (422, "credit_unknown", self.spending("0000-0000-0000", 1, self.goods("X-12", 1))),
                (422, "slip_unreadable", self.spending("RC1.X", 1, self.goods("X-12", 1))),
                (422, "field_missing", {**self.a_return([]), "credits": [{"number": "1", "minor": 1}]})):
            with self.subTest(code=code):
                self.refused(status, code, "POST", "/api/v1/return-cases", body)

    def test_a_credit_is_given_shown_printed_and_spent_and_never_twice(self):
        credit = self.a_credit("X-20")
        seen = self.call("GET", self.CREDIT, credit=credit["number"])
        self.assertEqual((seen["issued_minor"], seen["left_here_minor"], seen["paper"]), (1224, 1224, "not_shown"))
        self.assertEqual(self.call("GET", self.CREDIT, credit=credit["qr_text"])["paper"], "sealed")
        paper = self.call("GET", self.CREDIT + "/paper", credit=credit["number"].lower())
        self.assertIn(credit["number"], paper)
        self.assertIn(credit["qr_text"], paper.replace("\n", ""))
        self.assertEqual(self.call("GET", "/api/v1/orders", query="?q=" + credit["number"])["orders"][0]["channel"], "value")

        part = self.spending(credit["qr_text"], 1000, self.goods("X-21", 1000))
        case = self.call("POST", "/api/v1/return-cases", part, expect=201)
        self.assertEqual(case["exchanges"][0]["carried"][0]["reference"], credit["number"])
        self.assertTrue(self.call("POST", "/api/v1/return-cases", part)["already_recorded"])
        self.assertEqual(self.call("GET", self.CREDIT, credit=credit["number"])["left_here_minor"], 224)
        rest = self.spending(credit["number"], 225, self.goods("X-22", 225))
        self.refused(409, "credit_spent", "POST", "/api/v1/return-cases", rest)

    def test_a_credit_that_was_changed_or_is_not_known_is_refused(self):
        credit = self.a_credit("X-30", 1)
        changed = credit["qr_text"].replace(".306.", ".906.")
        self.refused(422, "slip_changed", "GET", self.CREDIT, credit=changed)
        self.refused(422, "slip_unreadable", "GET", self.CREDIT, credit="RC1.X")
        self.refused(404, "credit_unknown", "GET", self.CREDIT, credit="4F7K-29QX-M3RT")
        self.refused(404, "credit_unknown", "GET", self.CREDIT + "/paper", credit="4F7K-29QX-M3RT")
        self.refused(422, "slip_changed", "POST", "/api/v1/return-cases", self.spending(changed, 306, self.goods("X-31", 306)))
        plain = {"command_id": command_id(), "till": "1", **self.goods("X-31", 306,
                 [{"kind": "store_credit", "reference": credit["number"], "paid_minor": 306}])}
        self.refused(422, "tender_is_credit", "POST", "/api/v1/sales", plain)
        twice = self.spending(credit["number"], 100, self.goods("X-31", 200))
        twice["credits"] *= 2
        self.refused(422, "credit_twice", "POST", "/api/v1/return-cases", twice)
        self.refused(422, "credit_exceeds_goods", "POST", "/api/v1/return-cases",
                     self.spending(credit["number"], 306, self.goods("X-31", 305)))

    GIFT = "/api/v1/orders/{order}/gift-receipt"

    def test_a_gift_receipt_is_printed_and_its_bearer_gets_a_gift_card(self):
        card = [{"kind": "card", "reference": "auth-9", "paid_minor": 1224}]
        order, sale = self.sale("X-40", card)
        made = self.call("POST", self.GIFT, {"lines": [{"order_line": 1, "quantity": 2}]}, order=order)
        self.assertIn(made["qr_text"], made["paper"].replace("\n", ""))
        self.assertNotIn("3.06", made["paper"])
        self.assertEqual(self.call("POST", self.GIFT, {"lines": [{"order_line": 1, "quantity": 2}]}, order=order), made)

        body = self.a_return([{"quantity": 2}], gift_receipt=made["qr_text"].lower())
        quote = self.call("POST", "/api/v1/quotes", {k: body[k] for k in ("business_date", "lines", "gift_receipt")})
        self.assertEqual([(leg["tender"], leg["reference"], leg["pays_minor"]) for leg in quote["refund"]["legs"]], [("gift_card", "", 612)])
        case = self.call("POST", "/api/v1/return-cases", body, expect=201)
        self.assertEqual((case["state"], case["credits"][0]["minor"], case["lines"][0]["reason"]), ("closed", 612, "gift"))
        self.assertTrue(self.call("POST", "/api/v1/return-cases", body)["already_recorded"])
        again = self.call("POST", "/api/v1/sales", {**sale, "gift_receipt": [{"order_line": 1, "quantity": 2}]})
        self.assertEqual((again["already_recorded"], again["gift_receipt"]), (True, made))

    def test_the_bearer_of_a_gift_is_told_no_points(self):
        body = {"command_id": command_id(), "till": "1", **self.goods("X-42", 1200, [{"kind": "cash", "paid_minor": 1200}]),
                "loyalty": {"points_earned": 120, "points_spent": 12}, "gift_receipt": [{"order_line": 1}]}
        made = self.call("POST", "/api/v1/sales", body, expect=201)["gift_receipt"]
        case = self.call("POST", "/api/v1/return-cases", self.a_return([{"quantity": 1}], gift_receipt=made["qr_text"]), expect=201)
        self.assertEqual(case["lines"][0]["claims"][0]["points"], {"taken_back": 0, "given_back": 0})
        self.assertNotIn("Points", self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"]))

    def test_what_is_no_gift_is_refused_by_name(self):
        order, _ = self.sale("X-45")
        made = self.call("POST", self.GIFT, {"lines": [{"order_line": 1, "quantity": 2}]}, order=order)["qr_text"]
        for status, code, lines in ((422, "gift_quantity_invalid", [{"order_line": 1, "quantity": 5}]),
                                    (422, "gift_quantity_invalid", [{"order_line": 1}] * 2),
                                    (404, "order_line_unknown", [{"order_line": 2}])):
            self.refused(status, code, "POST", self.GIFT, {"lines": lines}, order=order)
        self.refused(404, "order_unknown", "POST", self.GIFT, {"lines": [{"order_line": 1}]}, order="ab" * 16)
        for code, text, line in (("gift_receipt_unreadable", "RG1.X", {"quantity": 1}),
                                 ("gift_receipt_changed", made.replace("1X2", "1X4"), {"quantity": 1}),
                                 ("gift_quantity_exceeded", made, {"quantity": 3}),
                                 ("gift_line_not_named", made, {"quantity": 1, "order": order, "order_line": 2})):
            with self.subTest(code=code):
                self.refused(422, code, "POST", "/api/v1/return-cases", self.a_return([line], gift_receipt=text))
        sale = {"command_id": command_id(), "till": "1", **self.goods("X-46", 1, [{"kind": "cash", "paid_minor": 1}])}
        self.refused(422, "value_invalid", "POST", "/api/v1/sales", {**sale, "gift_receipt": [{"order_line": 2}]})

    def trading_in(self, goods, *articles):
        return {**self.a_return([]), "trade_in": list(articles), "new_goods": goods}

    def test_an_old_article_pays_a_part_of_new_goods_and_comes_back_as_a_voucher(self):
        body = self.trading_in(self.goods("X-50", 30000, [{"kind": "cash", "paid_minor": 22000}]), {"sku": "OLD-PHONE", "serial": "A1"})
        quote = self.call("POST", "/api/v1/quotes", {k: body[k] for k in ("business_date", "lines", "new_goods", "trade_in")})
        self.assertEqual((quote["exchange"]["traded_in"][0]["minor"], quote["exchange"]["to_add_minor"]), (8000, 22000))
        case = self.call("POST", "/api/v1/return-cases", body, expect=201)
        done = case["exchanges"][0]
        self.assertEqual([(t["sku"], t["serial"], t["rule"], t["minor"]) for t in done["traded_in"]],
                         [("OLD-PHONE", "A1", "trade_in/phones", 8000)])
        self.assertEqual(([t["minor"] for t in done["added"]], done["carried"]), ([22000], []))
        self.assertTrue(self.call("POST", "/api/v1/return-cases", body)["already_recorded"])
        self.assertIn("Traded in", self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"]))
        undo = {"command_id": command_id(), "staff": "boss", "reason": "mistake"}
        self.refused(409, "exchanged", "POST", "/api/v1/return-cases/{case}/reversal", undo, case=case["case"])
        back = self.a_return([{"order": done["sale"], "order_line": 1, "quantity": 1}])
        legs = self.call("POST", "/api/v1/return-cases", back, expect=201)["refunds"][0]["legs"]
        self.assertEqual([(leg["tender"], leg["pays_minor"]) for leg in legs], [("voucher", 8000), ("cash", 22000)])

    def test_what_is_not_traded_in_is_refused_by_name(self):
        old = {"sku": "OLD-PHONE"}
        for code, body in (("trade_in_not_taken", self.trading_in(self.goods("X-55", 9000), {"sku": "KETTLE"})),
                           ("trade_in_exceeds_goods", self.trading_in(self.goods("X-55", 7999), old)),
                           ("trade_in_too_much", self.trading_in(self.goods("X-55", 9000), {**old, "sku": "GOLD", "quantity": 1_000_000_000})),
                           ("field_missing", {**self.a_return([]), "trade_in": [old]}),
                           ("value_invalid", self.trading_in(self.goods("X-55", 9000), {**old, "serial": "A1", "quantity": 2})),
                           ("check_not_answered", self.trading_in(self.goods("X-55", 9000), {"sku": "CREAM"}))):
            with self.subTest(code=code):
                self.refused(422, code, "POST", "/api/v1/return-cases", body)
