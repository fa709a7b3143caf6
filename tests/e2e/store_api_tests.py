"""The local API of retour-store held against openapi.json: every path and method is called, every reply validated."""

import concurrent.futures
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import tempfile
import threading
import time
import unittest

import aftercare
import chain
import disk
import exchange
import openapi
import shop

DOCUMENT = openapi.Document(shop.ROOT / "plugin" / "store" / "http" / "openapi.json")
# Told, and not to be had by asking: a fault of ours, and two hands on one payment within microseconds, and a month
# later. Unit tests show them.
NOT_BY_ASKING = ["goods_no_longer_kept", "internal_error", "leg_in_motion"]
# Needs a hub, which this store has never met: started_tests.py shows it.
NEEDS_A_HUB = [("get", "/api/v1/started-returns/{started_return}", "200")]
shop.Program.outlives_us = False


def command_id():
    return os.urandom(16).hex()


def enrol_by_hand(folder):
    """What enrolment leaves behind, without a hub: this store has never been online."""
    folder.mkdir(parents=True)
    config = {"node": "00" * 15 + "01", "epoch": 7, "name": "anna", "catchment": 1, "hub_host": "localhost", "hub_port": 1}
    (folder / "store.json").write_text(json.dumps(config))
    policy = {"id": "test", "version": 1,
              "levels": [{"currency": code, "up_to_minor": [1_000, 5_000, 10_000, 50_000, 100_000]} for code in ("GBP", "EUR")],
              "authority": [{"id": "cashier", "role": "cashier", "up_to_level": 5},
                            {"id": "manager", "role": "manager", "up_to_level": 6}],
              "tenders": [{"paid_by": "card", "ways": [{"tender": "card"}, {"tender": "cash", "up_to": {"GBP": 100}},
                                                       {"tender": "store_credit"}]}],
              "cash_identity_above": {"EUR": 1_000},
              "windows": [{"id": "always", "days": 36_500, "remedy": True, "remedies": ["refund", "repair"]}],
              "compensation": [{"id": "kept", "share_max_basis_points": 2_000},
                               {"id": "more", "share_max_basis_points": 5_000, "needs": "manager"}],
              "trade_in": [{"id": "phones", "when": {"skus": ["OLD-PHONE"]}, "credit": {"GBP": 8_000}},
                           {"id": "gold", "when": {"skus": ["GOLD"]}, "credit": {"GBP": 10**15}}],
              "checklists": json.loads((shop.ROOT / "installer" / "checklists.json").read_text())}
    (folder / "policy.json").write_text(json.dumps(policy))
    (folder / "catalogue.json").write_text(json.dumps({"sku": "CREAM", "category": "beauty/face"}) + "\n")
    (folder / "lookup.secret").write_bytes(bytes(32))


class StoreApiTests(exchange.ExchangeCases, aftercare.AftercareCases, unittest.TestCase):
    ran = set()  # names of the tests

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-store-api-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        enrol_by_hand(cls.folder / "anna")
        for code, role, pin in (("maria", "manager", "2468"), ("sue", "supervisor", "1111"), ("kate", "manager", "9753")):
            shop.run(shop.BIN / "retour", "staff", "set", "--data", cls.folder / "anna", "--code", code, "--role", role,
                     input=pin + "\n")
        cls.store = shop.Store("anna", cls.folder / "anna")
        cls.addClassCleanup(lambda: cls.store.service and cls.store.service.kill())
        cls.start_service()

    @classmethod
    def start_service(cls):
        cls.store.service = shop.Program("retour-store", [shop.BIN / "retour-store", "--data", cls.store.folder, "--port",
                                                          cls.store.port, "--drop", cls.folder / "drop",
                                                          "--fiscal-signer", "simulated"],
                                         cls.folder / "store.log", **disk.GROWING).start()
        shop.until(lambda: cls.store.service.check() or cls.store.status(), "retour-store to answer")

    def setUp(self):
        self.ran.add(self._testMethodName)

    def call(self, method, template, body=None, query="", expect=200, **path):
        """Calls a path of the document and holds request and reply against it."""
        if body is not None and expect < 300:
            DOCUMENT.check_request(method, template, body)
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, template.format(**path) + query, None if body is None else json.dumps(body),
                           {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read().decode()
        self.assertEqual(reply.status, expect, text)
        kind = reply.headers["Content-Type"].split(";")[0]
        value = json.loads(text) if kind == "application/json" else text
        DOCUMENT.check_reply(method, template, reply.status, kind, value)
        return value

    def refused(self, status, code, method, template, body=None, query="", **path):
        problem = self.call(method, template, body, query, status, **path)
        self.assertEqual(problem["code"], code, problem)
        self.assertTrue(problem["detail"])

    def sale(self, number, tenders=None, customer="17850", quantity=4, sku="85123A"):
        total = quantity * 306
        body = {"command_id": command_id(), "till": "1", "number": number, "currency": "GBP", "sold_on": "2026-11-22",
                "customer": customer, "card_token": "tok-1",
                "lines": [{"sku": sku, "gtin": "4006381333931", "description": "T-LIGHT HOLDER", "quantity": quantity,
                           "unit_price": "3.06", "net_minor": quantity * 255,
                           "taxes": [{"rate_percent": "20", "minor": quantity * 51}]}],
                "tenders": tenders or [{"kind": "cash", "paid_minor": total}]}
        return self.call("POST", "/api/v1/sales", body, expect=201)["order"], body

    def a_return(self, lines, **fields):
        return {"command_id": command_id(), "till": "1", "cashier": "anna", "business_date": "2026-11-22", "lines": lines, **fields}

    def a_quote(self, lines, **fields):
        return {"business_date": "2026-11-22", "lines": lines, **fields}

    def test_a_visit_from_search_to_receipt(self):
        order, sale = self.sale("T-1")
        self.assertTrue(self.call("POST", "/api/v1/sales", sale)["already_recorded"])
        found = self.call("GET", "/api/v1/orders", query="?number=T-1")["orders"]
        self.assertEqual([one["order"] for one in found], [order])
        self.assertEqual(found[0]["lines"][0]["returnable_here"], 4)
        self.assertEqual(self.call("GET", "/api/v1/orders", query="?q=T-1")["orders"], found)
        by_customer = self.call("GET", "/api/v1/orders", query="?customer=17850&item=4006381333931")["orders"]
        self.assertIn(order, [one["order"] for one in by_customer])
        self.assertEqual(self.call("GET", "/api/v1/orders/{order}", order=order), found[0])

        lines = [{"order": order, "order_line": 1, "quantity": 3, "reason": "size"}]
        quote = self.call("POST", "/api/v1/quotes", {"business_date": "2026-11-22", "lines": lines})
        self.assertEqual(quote["refund"]["total_minor"], 3 * 306)
        today = self.call("GET", "/api/v1/return-cases")["business_date"]  # what the page below lists
        body = self.a_return(lines, reference="C1", business_date=today)
        case = self.call("POST", "/api/v1/return-cases", body, expect=201)
        self.assertEqual((case["state"], case["paid_minor"]), ("closed", 3 * 306))
        self.assertEqual(case["lines"][0]["claims"], quote["lines"][0]["claims"])
        again = self.call("POST", "/api/v1/return-cases", body)
        self.assertEqual({**again, "already_recorded": False}, case)
        self.assertEqual(self.call("GET", "/api/v1/return-cases/{case}", case=case["case"]), case)
        self.assertEqual(self.call("GET", "/api/v1/return-cases/{case}", case=case["code"].lower()), case)
        listed = self.call("GET", "/api/v1/return-cases", query=f"?business_date={today}")["return_cases"]
        self.assertIn(case["case"], [one["case"] for one in listed])
        receipt = self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"])
        self.assertIn("Refund GBP                            9.18", receipt)
        self.assertTrue(all(len(line) <= 42 for line in receipt.splitlines()))
        stock = self.call("GET", "/api/v1/stock", query="?sku=85123A")["stock"]
        self.assertIn("hold", {level["bucket"] for level in stock})
        self.assertIn(case["code"], self.call("GET", "/"))
        self.assertIn("Offline, ", self.call("GET", "/"))
        self.assertEqual(self.call("GET", "/api/v1/openapi.json"), DOCUMENT.text)

    def above_authority(self, number):
        """A return of 400 at 3.06 by the cashier anna, who may give back 1,000.00."""
        order, _ = self.sale(number, quantity=400)
        case = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"order": order, "order_line": 1, "quantity": 400}]), expect=201)
        self.assertEqual((case["lines"][0]["state"], case["lines"][0]["needs"]["role"]), ("needs_manager", "manager"))
        self.assertEqual(case["refunds"], [])
        return case["case"]

    LINE_OVERRIDE = "/api/v1/return-cases/{case}/lines/{line}/override"
    OVERRIDE = "/api/v1/return-cases/{case}/override"

    def test_a_second_person_says_yes_by_pin(self):
        case = self.above_authority("O-1")
        waiting = {one["case"]: one["lines_for_manager"] for one in self.call("GET", "/api/v1/status")["open_cases"]}
        self.assertEqual(waiting[case], 1)
        self.assertIn("waits for a manager", self.call("GET", "/"))
        yes = {"command_id": command_id(), "approver": "maria", "pin": "2468", "reason": "regular customer"}
        for change, status, code in (({"pin": "1357"}, 403, "approver_not_verified"),
                                     ({"approver": "nobody"}, 403, "approver_not_verified"),
                                     ({"approver": "anna"}, 403, "approver_is_requester"),
                                     ({"approver": "sue", "pin": "1111"}, 403, "approver_role_too_low"),
                                     ({"code": "0000-0000-00"}, 422, "field_missing"),
                                     ({"decision": "maybe"}, 422, "value_invalid"),
                                     ({"reason": ""}, 422, "field_missing")):
            for template in (self.LINE_OVERRIDE, self.OVERRIDE):
                self.refused(status, code, "POST", template, {**yes, **change}, case=case, line=1)
        for line in ("7", "x"):
            self.refused(404, "line_unknown", "POST", self.LINE_OVERRIDE, yes, case=case, line=line)
        self.refused(404, "case_unknown", "POST", self.OVERRIDE, yes, case="00" * 16)
        agreed = self.call("POST", self.LINE_OVERRIDE, yes, case=case, line=1)
        self.assertEqual((agreed["state"], agreed["paid_minor"]), ("closed", 400 * 306))
        self.assertTrue(self.call("POST", self.LINE_OVERRIDE, yes, case=case, line=1)["already_recorded"])
        late = {**yes, "command_id": command_id()}
        for template in (self.LINE_OVERRIDE, self.OVERRIDE):
            self.refused(409, "line_not_waiting", "POST", template, late, case=case, line=1)

    def test_a_second_person_says_yes_and_no_by_one_time_codes(self):
        first, second = self.above_authority("O-2"), self.above_authority("O-3")
        listed = shop.run(shop.BIN / "retour", "approval-codes", "--data", self.store.folder, "--approver", "maria",
                          "--first", "3", "--count", "2").stdout
        codes = dict(line.split("\t") for line in listed.splitlines())
        by_code = {"command_id": command_id(), "approver": "maria", "code": codes["3"].lower(), "reason": "by telephone"}
        self.assertEqual(self.call("POST", self.OVERRIDE, by_code, case=first)["state"], "closed")
        again = {**by_code, "command_id": command_id()}
        self.refused(409, "code_spent", "POST", self.OVERRIDE, again, case=second)
        declined = self.call("POST", self.OVERRIDE, {**again, "code": codes["4"], "decision": "decline"}, case=second)
        self.assertEqual((declined["state"], declined["lines"][0]["refusal"]), ("closed", "declined_by_manager"))
        written = (self.folder / "store.log").read_text() + json.dumps(declined)
        for secret in codes.values():
            self.assertNotIn(secret, written)

    def test_wrong_pins_lock_a_person_out(self):
        case = self.above_authority("O-4")
        shop.run(shop.BIN / "retour", "staff", "set", "--data", self.store.folder, "--code", "rob", "--role", "manager",
                 input="1111\n")
        body = {"command_id": command_id(), "approver": "rob", "pin": "9999", "reason": "x"}
        seen = []

        def locked():
            status, text = self.post_plain(f"/api/v1/return-cases/{case}/override", body)
            seen.append(json.loads(text)["code"])
            return status == 429
        shop.until(locked, "rob to be locked out")  # the store takes him up within a second
        self.assertEqual(set(seen), {"approver_not_verified", "approver_locked"})
        for template in (self.LINE_OVERRIDE, self.OVERRIDE):
            self.refused(429, "approver_locked", "POST", template, {**body, "pin": "1111"}, case=case, line=1)

    def post_plain(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        return reply.status, text

    def test_goods_with_a_checklist_are_looked_at(self):
        order, _ = self.sale("O-5", sku="CREAM")
        line = {"order": order, "order_line": 1, "quantity": 1, "reason": "changed_mind"}
        quote = self.call("POST", "/api/v1/quotes", self.a_quote([line], cashier="anna"))
        checklist = quote["lines"][0]["checklist"]
        self.assertEqual([question["question"] for question in checklist["questions"]], ["seal"])
        self.assertEqual(checklist["questions"][0]["words"], {"en": "Is the seal whole?", "zh": "封签完好吗？"})
        seal = {"question": "seal", "answer": "broken"}
        for checks, code in (([], "check_not_answered"), ([{**seal, "question": "tag"}], "check_question_unknown"),
                             ([{**seal, "answer": "melted"}], "check_answer_unknown"), ([seal, seal], "check_answered_twice")):
            self.refused(422, code, "POST", "/api/v1/return-cases", self.a_return([{**line, "checks": checks}]))
        other, _ = self.sale("O-6")
        self.refused(422, "check_not_asked", "POST", "/api/v1/return-cases",
                     self.a_return([{**line, "order": other, "checks": [seal]}]))
        looked = {**line, "checks": [seal], "photos": [{"sha256": "ab" * 32}]}
        self.refused(422, "photo_missing", "POST", "/api/v1/return-cases", self.a_return([looked]))
        looked["photos"] = [{"sha256": self.photo(b"seal", expect=201)["sha256"]}]
        case = self.call("POST", "/api/v1/return-cases", self.a_return([looked]), expect=201)
        self.assertEqual(case["lines"][0]["inspection"],
                         {"grade": "unsellable", "because": "seal", "disposition": "scrap"})
        stock = self.call("GET", "/api/v1/stock", query="?sku=CREAM")["stock"]
        self.assertIn({"sku": "CREAM", "bucket": "scrap", "quantity": 1}, stock)
        reasons = self.call("GET", "/api/v1/return-reasons")["reasons"]
        self.assertIn({"reason": "late", "words": "Came too late", "department": "logistics", "merchant_at_fault": True}, reasons)

    PHOTO = "/api/v1/photos/{sha256}"

    def photo(self, content, method="PUT", expect=200, kind="image/png", name=None, begins=b"\x89PNG\r\n\x1a\n"):
        """Puts or gets a photo and holds the reply against the document; a name of its own is its hash."""
        body = begins + content
        name = hashlib.sha256(body).hexdigest() if name is None else name
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, self.PHOTO.format(sha256=name), body if method == "PUT" else None, {"Content-Type": kind})
        reply = connection.getresponse()
        value, given = reply.read(), reply.headers["Content-Type"].split(";")[0]
        self.assertEqual(reply.status, expect, value[:300])
        value = json.loads(value) if given == "application/json" else value
        DOCUMENT.check_reply(method, self.PHOTO, reply.status, given, value.decode("latin-1") if isinstance(value, bytes) else value)
        return value

    def test_a_photo_is_kept_by_its_hash_and_given_back(self):
        kept = self.photo(b"a stain", expect=201)
        self.assertFalse(kept["already_kept"])
        self.assertTrue(self.photo(b"a stain")["already_kept"])
        self.assertEqual(self.photo(b"a stain", "GET"), b"\x89PNG\r\n\x1a\na stain")
        file = self.store.folder / "photos" / kept["sha256"]
        self.assertEqual((file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777), (0o600, 0o700))
        self.assertGreater(self.call("GET", "/api/v1/status")["photos"]["waiting"], 0)
        self.assertIn("for the hub", self.call("GET", "/"))

    def test_what_is_no_photo_is_refused_and_leaves_nothing(self):
        before = sorted((self.store.folder / "photos").glob("**/*"))
        for status, code, wrong in ((422, "photo_hash_differs", {"name": "ab" * 32}),
                                    (422, "photo_hash_invalid", {"name": "AB" * 32}),
                                    (422, "photo_hash_invalid", {"name": "%2E%2E"}),
                                    (422, "photo_hash_invalid", {"name": "%00" * 64}),
                                    (415, "photo_type_unsupported", {"begins": b"<svg>"}),
                                    (415, "photo_type_unsupported", {"kind": "text/html"}),
                                    (415, "photo_type_unsupported", {"begins": b""}),
                                    (415, "photo_type_differs", {"kind": "image/jpeg"}),
                                    (413, "photo_too_large", {"content": bytes(6 << 20)})):
            with self.subTest(code=code, wrong=str(wrong)[:60]):
                self.assertEqual(self.photo(**{"content": b"x", "expect": status, **wrong})["code"], code)
        for name, status, code in (("cd" * 32, 404, "photo_unknown"), ("%2E%2E", 422, "photo_hash_invalid")):
            self.assertEqual(self.photo(b"", "GET", status, name=name)["code"], code)
        for path in ("photos/..%2Fstore.json", "photos/../store.json", "photos/sent/" + "cd" * 32):
            self.assertEqual(self.store.api("GET", path)[0], 404)
        self.assertEqual(sorted((self.store.folder / "photos").glob("**/*")), before)

    def test_a_full_folder_of_photos_is_named_and_returns_go_on(self):
        self.photo(b"the folder is there", expect=201)
        ballast = self.store.folder / "photos" / "ballast"
        with open(ballast, "wb") as file:
            file.truncate(9 << 30)  # a hole: takes no room
        self.addCleanup(ballast.unlink)
        self.store.service.stop()  # it counts what is there when the first photo comes
        self.start_service()
        self.assertEqual(self.photo(b"one more", expect=507)["code"], "photos_full")
        order, _ = self.sale("T-photo")
        case = self.call("POST", "/api/v1/return-cases", self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        self.assertEqual(case["state"], "closed")

    def test_goods_that_only_the_hub_knows_get_a_slip(self):
        case = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"sku": "NOWHERE", "quantity": 1}], customer="99999"), expect=201)
        self.assertEqual(case["lines"][0]["state"], "deferred")
        slip = self.call("GET", "/api/v1/return-cases/{case}/slip", case=case["code"])
        self.assertIn(case["code"], slip)
        self.assertEqual(self.call("POST", "/api/v1/return-cases/{case}/collect", {}, case=case["case"])["state"], "open")
        self.assertIn(case["case"], [one["case"] for one in self.call("GET", "/api/v1/status")["open_cases"]])

    def test_refused_goods_get_a_paper_with_the_reason(self):
        case = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"sku": "NOWHERE", "quantity": 1, "reason": "size"}]), expect=201)
        self.assertEqual(case["lines"][0]["state"], "refused")
        slip = self.call("GET", "/api/v1/return-cases/{case}/refusal-slip", case=case["code"])
        for words in (case["code"], "NOWHERE", "Size does not fit", "would change"):
            self.assertIn(words, " ".join(slip.split()))
        order, _ = self.sale("O-7")
        taken = self.call("POST", "/api/v1/return-cases",
                          self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        self.refused(404, "no_refusal_slip", "GET", "/api/v1/return-cases/{case}/refusal-slip", case=taken["case"])

    def test_a_payment_that_failed_is_paid_later_and_one_that_nobody_knows_is_confirmed(self):
        order, _ = self.sale("T-2", [{"kind": "card", "reference": "pay-1", "paid_minor": 4 * 306}])
        switch = self.store.folder / "devices" / "card-terminal-offline"
        switch.touch()
        case = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        leg = case["refunds"][0]["legs"][0]
        self.assertEqual(leg["state"], "queued")
        path = {"case": case["case"], "leg": leg["leg"]}
        confirm = {"command_id": command_id(), "outcome": "settled", "staff": "boss"}
        self.refused(409, "leg_not_unknown", "POST", "/api/v1/return-cases/{case}/legs/{leg}/confirm", confirm, **path)
        self.refused(409, "leg_not_payable", "POST", "/api/v1/return-cases/{case}/legs/{leg}/pay", {}, **path)
        switch.unlink()
        shop.until(lambda: self.call("GET", "/api/v1/return-cases/{case}", case=case["case"])["state"] == "closed",
                   "the queued payment to settle by itself")

    LEG = "/api/v1/return-cases/{case}/legs/{leg}"

    def failed_card(self, number, problem):
        """A return whose card refund fails with this problem, and the place of its payment."""
        order, _ = self.sale(number, [{"kind": "card", "reference": "pay-1", "paid_minor": 4 * 306}])
        says = self.store.folder / "devices" / "card-terminal-says"
        says.write_text(problem)
        case = self.call("POST", self.CASES, self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        says.unlink()
        leg = case["refunds"][0]["legs"][0]
        self.assertEqual((leg["state"], leg["problem"]["code"]), ("failed", problem))
        self.assertTrue(leg["problem"]["message"])
        return {"case": case["case"], "leg": leg["leg"]}

    def test_a_payment_that_cannot_go_its_way_is_rerouted(self):
        path = self.failed_card("T-20", "card_expired")
        ways = self.call("GET", self.LEG + "/ways", **path)
        self.assertEqual([(way["tender"], way["pays_minor"], way["rest_minor"]) for way in ways["ways"]],
                         [("cash", 100, 206), ("store_credit", 306, 0)])
        reroute = {"command_id": command_id(), "tender": "cash", "staff": "anna"}
        self.refused(422, "way_not_permitted", "POST", self.LEG + "/reroute", {**reroute, "tender": "voucher"}, **path)
        self.refused(422, "value_invalid", "POST", self.LEG + "/reroute", {**reroute, "identity": "library card"}, **path)
        case = self.call("POST", self.LEG + "/reroute", reroute, **path)
        legs = case["refunds"][0]["legs"]
        self.assertEqual([(leg["tender"], leg["state"], leg["pays_minor"]) for leg in legs],
                         [("card", "rerouted", 306), ("cash", "settled", 100), ("store_credit", "settled", 206)])
        self.assertEqual((case["state"], case["paid_minor"]), ("closed", 306))
        self.assertTrue(self.call("POST", self.LEG + "/reroute", reroute, **path)["already_recorded"])
        self.refused(409, "command_reused", "POST", self.LEG + "/reroute", {**reroute, "staff": "bert"}, **path)

    def test_a_payment_on_its_way_or_with_an_export_stamp_goes_no_other_way(self):
        path = self.failed_card("T-21", "export_stamped")
        self.refused(422, "export_stamped", "GET", self.LEG + "/ways", **path)
        order, _ = self.sale("T-22", [{"kind": "card", "reference": "pay-1", "paid_minor": 4 * 306}])
        line = {"order": order, "order_line": 1, "quantity": 1}
        self.refused(422, "export_stamped", "POST", self.CASES, self.a_return([line], export_stamped=True, tier="vip"))
        switch = self.store.folder / "devices" / "card-terminal-offline"
        switch.touch()
        case = self.call("POST", self.CASES, self.a_return([line]), expect=201)
        path = {"case": case["case"], "leg": case["refunds"][0]["legs"][0]["leg"]}
        self.refused(409, "leg_not_reroutable", "GET", self.LEG + "/ways", **path)
        self.refused(409, "leg_not_reroutable", "POST", self.LEG + "/reroute",
                     {"command_id": command_id(), "tender": "cash", "staff": "anna"}, **path)
        switch.unlink()
        shop.until(lambda: self.call("GET", self.CASE, case=case["case"])["state"] == "closed", "the queued payment to settle")

    def test_much_cash_waits_for_a_document(self):
        _, sale = self.sale("T-23")
        euro = {**sale, "command_id": command_id(), "number": "T-24", "currency": "EUR"}
        order = self.call("POST", "/api/v1/sales", euro, expect=201)["order"]
        case = self.call("POST", self.CASES, self.a_return([{"order": order, "order_line": 1, "quantity": 4}]), expect=201)
        leg = case["refunds"][0]["legs"][0]
        self.assertEqual((leg["state"], leg["problem"]["code"]), ("failed", "identity_needed"))
        path = {"case": case["case"], "leg": leg["leg"]}
        self.refused(422, "identity_needed", "POST", self.LEG + "/pay", {}, **path)
        ways = self.call("GET", self.LEG + "/ways", **path)["ways"]
        self.assertEqual([(way["tender"], way["identity_first"]) for way in ways], [("cash", True), ("store_credit", False)])
        shown = {"command_id": command_id(), "tender": "cash", "staff": "anna", "identity": "passport"}
        case = self.call("POST", self.LEG + "/reroute", shown, **path)
        self.assertEqual((case["state"], case["paid_minor"]), ("closed", 4 * 306))

    def test_credit_notes_are_numbered_and_signed_when_the_device_works(self):
        broken = self.store.folder / "devices" / "fiscal-signer-out-of-order"
        broken.touch()
        order, _ = self.sale("T-25")
        case = self.call("POST", self.CASES, self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        note = case["refunds"][0]["credit_note"]
        self.assertEqual((case["state"], note["state"]), ("closed", "unsigned_yet"))
        self.assertIn("out of order", self.call("GET", self.CASE + "/receipt", case=case["case"]))
        broken.unlink()
        note_of = lambda: self.call("GET", self.CASE, case=case["case"])["refunds"][0]["credit_note"]
        shop.until(lambda: note_of()["state"] == "signed", "the credit note to be signed")
        self.assertIn(note_of()["signature"], self.call("GET", self.CASE + "/receipt", case=case["case"]))
        undo = {"command_id": command_id(), "staff": "boss", "reason": "wrong_customer"}
        undone = self.call("POST", self.CASE + "/reversal", undo, case=case["case"])
        self.assertGreater(undone["taken_back"]["number"], note["number"])
        self.assertEqual(undone["taken_back"]["state"], "signed")

    def test_after_a_kill_in_the_drawer_a_person_decides(self):
        """The journal says `started`, the program is gone: what became of the cash only a person can say."""
        for number, outcome in (("T-3", "settled"), ("T-4", "failed")):
            order, _ = self.sale(number)
            case = self.kill_while_paying(order)
            leg = case["refunds"][0]["legs"][0]
            self.assertEqual(leg["state"], "unknown")
            confirm = {"command_id": command_id(), "outcome": outcome, "staff": "boss"}
            path = {"case": case["case"], "leg": leg["leg"]}
            case = self.call("POST", "/api/v1/return-cases/{case}/legs/{leg}/confirm", confirm, **path)
            if outcome == "failed":
                self.assertEqual(case["state"], "open")
                case = self.call("POST", "/api/v1/return-cases/{case}/legs/{leg}/pay", {}, **path)
            self.assertEqual((case["state"], case["paid_minor"]), ("closed", 306))
            # In the first round the drawer's own note was lost with the program: only the person's word says it was paid.
            tally = (self.store.folder / "devices" / "cash-drawer.txt").read_text()
            self.assertEqual(tally.count(leg["leg"]), 0 if outcome == "settled" else 1)

    def kill_while_paying(self, order):
        """The tally of the drawer becomes a pipe that nobody empties, so that the program stops in the drawer."""
        tally = self.store.folder / "devices" / "cash-drawer.txt"
        kept = tally.read_bytes()
        self.store.service.stop()
        tally.unlink()
        os.mkfifo(tally)
        reader = os.open(tally, os.O_RDWR)
        os.set_blocking(reader, False)
        filler = os.open(tally, os.O_WRONLY | os.O_NONBLOCK)
        try:
            while True:
                os.write(filler, b" " * 4096)
        except BlockingIOError:
            pass
        self.start_service()
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        body = self.a_return([{"order": order, "order_line": 1, "quantity": 1}])
        connection.request("POST", "/api/v1/return-cases", json.dumps(body), {"Content-Type": "application/json"})
        seen = shop.until(lambda: [one for one in self.store.status()["open_cases"] if self.is_started(one["case"])],
                          "the drawer leg to be started")
        self.store.service.kill()
        connection.close()
        os.close(filler)
        os.close(reader)
        tally.unlink()
        tally.write_bytes(kept)
        self.start_service()
        return self.call("GET", "/api/v1/return-cases/{case}", case=seen[0]["case"])

    def is_started(self, case):
        _, document = self.store.api("GET", f"return-cases/{case}")
        return any(leg["state"] == "started" for refund in document["refunds"] for leg in refund["legs"])

    def at_once(self, bodies):
        """Sends each body on a connection of its own, all at the same moment; the outcomes with status 2xx."""
        start = threading.Barrier(len(bodies))

        def send(body):
            start.wait()
            return self.store.api("POST", "return-cases", body)

        with concurrent.futures.ThreadPoolExecutor(len(bodies)) as threads:
            answers = list(threads.map(send, bodies))
        for status, answer in answers:
            self.assertIn(status, (200, 201), answer)
        return [answer for _, answer in answers]

    def test_clicking_eight_times_at_once_pays_once(self):
        order, _ = self.sale("T-7")
        body = self.a_return([{"order": order, "order_line": 1, "quantity": 1}])
        cases = self.at_once([body] * 8)
        self.assertEqual(len({case["case"] for case in cases}), 1)
        self.assertEqual(sum(not case["already_recorded"] for case in cases), 1)
        case = shop.until(lambda: (lambda c: c["state"] == "closed" and c)(
            self.call("GET", "/api/v1/return-cases/{case}", case=cases[0]["case"])), "the one payment")
        self.assertEqual(case["paid_minor"], 306)

    def test_eight_tills_at_once_get_no_more_units_than_were_sold(self):
        order, _ = self.sale("T-8", quantity=3)
        cases = self.at_once([self.a_return([{"order": order, "order_line": 1, "quantity": 1}]) for _ in range(8)])
        self.assertEqual(sorted(case["lines"][0]["state"] for case in cases), ["approved"] * 3 + ["deferred"] * 5)
        claimed = [claim["units"]["first"] for case in cases for claim in case["lines"][0]["claims"]]
        self.assertEqual(sorted(claimed), [0, 1, 2])

    def test_sale_files_are_taken_up_or_rejected_with_a_reason(self):
        _, body = self.sale("T-5")
        drop = self.folder / "drop"
        for name, content in (("good.json", json.dumps({**body, "command_id": command_id(), "number": "T-6"})),
                              ("bad.json", "{"), ("reused.json", json.dumps({**body, "command_id": command_id(), "till": "2", "currency": "EUR"}))):
            (drop / (name + ".tmp")).write_text(content)
            (drop / (name + ".tmp")).rename(drop / name)
        shop.until(lambda: (drop / "done" / "good.json").exists() and (drop / "rejected" / "bad.json").exists()
                   and (drop / "rejected" / "reused.json").exists(), "the files to be moved")
        self.assertIn("json_invalid", (drop / "rejected" / "bad.json.reason.txt").read_text())
        self.assertIn("sale_number_reused", (drop / "rejected" / "reused.json.reason.txt").read_text())
        for name in ("bad", "reused"):
            self.assertIn("Nothing was recorded and no money was moved.", (drop / "rejected" / f"{name}.json.reason.txt").read_text())
        self.assertEqual(len(self.call("GET", "/api/v1/orders", query="?number=T-6")["orders"]), 1)

    CASES, CASE = "/api/v1/return-cases", "/api/v1/return-cases/{case}"
    UNKNOWN = {"case": "00" * 15 + "01", "leg": "00" * 15 + "01"}

    def test_what_is_not_here_is_named(self):
        self.refused(404, "started_return_unknown", "GET", "/api/v1/started-returns/{started_return}", started_return="AAAA-AAAA-AA")
        self.refused(404, "order_unknown", "GET", "/api/v1/orders/{order}", order="00" * 15 + "01")
        for template in (self.CASE, self.CASE + "/receipt", self.CASE + "/slip"):
            self.refused(404, "case_unknown", "GET", template, **self.UNKNOWN)
        self.refused(404, "case_unknown", "GET", self.CASE, case="0000-0000-00")
        confirm = {"command_id": command_id(), "outcome": "settled", "staff": "boss"}
        undo = {"command_id": command_id(), "staff": "boss", "reason": "x"}
        for step, body in (("/collect", {}), ("/legs/{leg}/confirm", confirm), ("/legs/{leg}/pay", {}), ("/void", undo),
                           ("/legs/{leg}/reroute", {"command_id": command_id(), "tender": "cash", "staff": "anna"}),
                           ("/reversal", undo)):
            self.refused(404, "case_unknown", "POST", self.CASE + step, body, **self.UNKNOWN)
        self.refused(404, "case_unknown", "GET", self.CASE + "/legs/{leg}/ways", **self.UNKNOWN)
        order, _ = self.sale("T-9")
        case = self.call("POST", self.CASES, self.a_return([{"order": order, "order_line": 1, "quantity": 1}]), expect=201)
        self.refused(404, "no_slip", "GET", self.CASE + "/slip", case=case["case"])
        self.refused(404, "leg_unknown", "POST", self.CASE + "/legs/{leg}/pay", {}, case=case["case"], leg=self.UNKNOWN["leg"])
        for template, wrap in (("/api/v1/quotes", self.a_quote), (self.CASES, self.a_return)):
            unknown = {"order": "00" * 15 + "01", "order_line": 1, "quantity": 1}
            self.refused(404, "order_unknown", "POST", template, wrap([unknown]))
            self.refused(404, "order_line_unknown", "POST", template, wrap([{**unknown, "order": order, "order_line": 7}]))
            self.refused(422, "article_unknown", "POST", template, wrap([{"gtin": "96385074", "quantity": 1}], customer="17850"))
            self.refused(422, "sku_differs", "POST", template, wrap([{**unknown, "order": order, "sku": "OTHER"}]))

    def test_a_search_for_nothing_or_by_what_nobody_knows_is_refused(self):
        orders = "/api/v1/orders"
        self.refused(400, "query_missing", "GET", orders)
        self.refused(400, "query_unknown", "GET", orders, query="?name=x")
        self.refused(400, "query_twice", "GET", orders, query="?number=1&number=2")
        self.refused(400, "invalid_utf8", "GET", orders, query="?q=%ff")
        self.refused(422, "value_too_long", "GET", orders, query="?q=" + "x" * 100)
        self.refused(422, "value_too_long", "GET", "/api/v1/stock", query="?sku=" + "x" * 100)
        self.refused(422, "value_invalid", "GET", self.CASES, query="?business_date=2026-13-01")

    def test_fields_that_cannot_be_meant_are_refused_by_name(self):
        self.refused(422, "value_invalid", "POST", self.CASES, [])
        for step in ("/collect", "/legs/{leg}/confirm", "/legs/{leg}/pay"):
            self.refused(422, "field_missing" if "confirm" in step else "field_unknown", "POST", self.CASE + step, {"x": 1}, **self.UNKNOWN)
        line = {"sku": "85123A", "quantity": 1}
        for code, lines in (("barcode_malformed", [{"gtin": "4006381333932", "quantity": 1}]), ("field_missing", []),
                            ("value_out_of_range", [{**line, "quantity": 0}]), ("value_too_long", [{**line, "sku": "x" * 65}]),
                            ("list_too_long", [line] * 1_001), ("card_number_refused", [{**line, "source_ref": "4111111111111111"}])):
            self.refused(422, code, "POST", "/api/v1/quotes", self.a_quote(lines))
        self.refused(422, "value_invalid", "POST", self.CASES, {**self.a_return([line]), "command_id": "00" * 16})
        self.refused(422, "field_missing", "POST", "/api/v1/sales", {})

    def test_money_that_does_not_fit_together_is_refused(self):
        order, sale = self.sale("T-10")
        unpaid = {**sale, "command_id": command_id(), "number": "T-11", "tenders": [{"kind": "cash", "paid_minor": 1}]}
        self.refused(422, "order_invalid", "POST", "/api/v1/sales", unpaid)
        self.refused(409, "sale_number_reused", "POST", "/api/v1/sales", {**sale, "command_id": command_id(), "sold_on": "2026-11-23"})
        euro = {**sale, "command_id": command_id(), "number": "T-12", "currency": "EUR"}
        other = self.call("POST", "/api/v1/sales", euro, expect=201)["order"]
        self.refused(409, "command_reused", "POST", "/api/v1/sales", {**euro, "number": "T-13"})
        lines = [{"order": one, "order_line": 1, "quantity": 1} for one in (order, other)]
        self.refused(422, "currencies_differ", "POST", "/api/v1/quotes", self.a_quote(lines))
        body = self.a_return(lines[:1])
        self.call("POST", self.CASES, body, expect=201)
        self.refused(409, "command_reused", "POST", self.CASES, {**body, "till": "2"})

    def test_bytes_that_are_no_request_of_this_api_are_refused(self):
        for status, code, body, length in ((400, "body_truncated", b"{", 9), (400, "json_invalid", b"{", None),
                                           (400, "json_key_twice", b'{"a": 1, "a": 2}', None),
                                           (400, "json_too_deep", b"[" * 100, None), (413, "body_too_large", b" " * 2_000_000, None)):
            got, problem = chain.post_raw(self.store.port, "/api/v1/quotes", body, length, shut=length is not None)
            DOCUMENT.check_reply("POST", "/api/v1/quotes", got, "application/json", problem)
            self.assertEqual((got, problem["code"]), (status, code))
        got, problem = chain.send_raw(self.store.port, b"GET /api/v1/stock?sku=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        DOCUMENT.check_reply("GET", "/api/v1/stock", got, "application/json", problem)
        self.assertEqual((got, problem["code"]), (400, "target_invalid"))

    def test_a_store_that_cannot_write_says_so_and_takes_the_same_sale_when_it_can(self):
        _, sale = self.sale("T-14")
        sale = {**sale, "command_id": command_id(), "number": "T-15"}
        disk.limit_files(self.store.service.process, 0)
        self.refused(503, "store_unavailable", "POST", "/api/v1/sales", sale)
        disk.limit_files(self.store.service.process)
        self.call("POST", "/api/v1/sales", sale, expect=201)

    def undone(self, step, case, status=200, code=None, **fields):
        """A void or a reversal, and what came of it."""
        undo = {"command_id": command_id(), "staff": "boss", "reason": "wrong customer", **fields}
        reply = self.call("POST", self.CASE + "/" + step, undo, expect=status, case=case)
        if code:
            self.assertEqual(reply["code"], code, reply)
        return reply

    def test_a_return_is_called_off_before_money_moved_and_reversed_afterwards(self):
        order, _ = self.sale("T-30")
        case = self.kill_while_paying(order)
        self.undone("reversal", case["case"], 409, "money_not_all_out")
        confirm = {"command_id": command_id(), "outcome": "failed", "staff": "boss"}
        self.call("POST", self.CASE + "/legs/{leg}/confirm", confirm, case=case["case"],
                  leg=case["refunds"][0]["legs"][0]["leg"])
        command = command_id()
        voided = self.undone("void", case["case"], command_id=command)
        self.assertEqual((voided["state"], voided["paid_minor"], voided["lines"][0]["handed_back"]), ("voided", 0, 1))
        self.assertTrue(self.undone("void", case["code"], command_id=command)["already_recorded"])
        self.undone("reversal", case["case"], 409, "case_voided")
        self.assertIn("called off", self.call("GET", self.CASE + "/receipt", case=case["case"]))

        again = self.call("POST", self.CASES, self.a_return([{"order": order, "order_line": 1, "quantity": 4}]), expect=201)
        self.assertEqual((again["state"], again["due_minor"]), ("closed", 4 * 306))
        refused = self.undone("void", again["case"], 409, "money_has_moved")
        self.assertIn("reversal", refused["message"])
        undone = self.undone("reversal", again["case"])
        self.assertEqual((undone["state"], undone["lines"][0]["handed_back"]), ("reversed", 4))
        self.undone("void", again["case"], 409, "case_reversed")
        found = self.call("GET", "/api/v1/orders", query="?number=T-30")["orders"]
        self.assertEqual(found[0]["lines"][0]["returnable_here"], 4)

    def test_what_cannot_be_called_off_or_reversed_says_why(self):
        refused = self.call("POST", self.CASES, self.a_return([{"sku": "85123A", "quantity": 1}]), expect=201)
        self.assertEqual(refused["lines"][0]["refusal"], "no_customer")
        self.undone("void", refused["case"], 409, "case_closed")
        self.undone("reversal", refused["case"], 409, "nothing_refunded")
        deferred = self.call("POST", self.CASES, self.a_return([{"sku": "22423", "quantity": 1}], customer="13047"), expect=201)
        self.assertEqual(deferred["lines"][0]["state"], "deferred")
        self.undone("void", deferred["case"], 409, "answer_awaited")
        self.undone("reversal", deferred["case"], 409, "case_open")

    def test_other_paths_methods_hosts_origins_and_types_are_refused(self):
        for method, path, headers, status, code in (
                ("GET", "/api/v1/nothing", {}, 404, "path_unknown"),
                ("DELETE", "/api/v1/status", {"Content-Type": "application/json"}, 405, "method_not_allowed"),
                ("GET", "/api/v1/status", {"Host": "evil.example"}, 403, "host_not_allowed"),
                ("GET", "/api/v1/status", {"Host": "127.0.0.1.evil.example"}, 403, "host_not_allowed"),
                ("GET", "/api/v1/status", {"Origin": "https://evil.example"}, 403, "origin_not_allowed"),
                ("POST", "/api/v1/quotes", {"Content-Type": "text/plain"}, 415, "content_type_not_json")):
            with self.subTest(code=code, path=path):
                connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
                connection.request(method, path, "{}" if method != "GET" else None, headers)
                reply = connection.getresponse()
                problem = json.loads(reply.read())
                connection.close()
                self.assertEqual((reply.status, problem["code"]), (status, code))
                DOCUMENT.check_code(status, code)

    @classmethod
    def tearDownClass(cls):
        """Nothing in the document is left out; only when all tests ran, not one that was chosen."""
        if cls.ran < {name for name in dir(cls) if name.startswith("test_")}:
            return
        replies, codes = DOCUMENT.unseen()
        replies = [reply for reply in replies if reply not in NEEDS_A_HUB]
        assert not replies, f"told by the document and never answered: {replies}"
        assert codes == NOT_BY_ASKING, f"codes that the document tells and nothing showed: {codes}"


class StartTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-store-start-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def refused(self, folder):
        done = shop.run(shop.BIN / "retour-store", "--data", folder, "--port", 0, check=False, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_a_directory_that_is_not_enrolled_is_refused_with_what_to_do_and_left_empty(self):
        self.assertIn("retour-sync enrol", self.refused(self.folder))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_policy_with_an_unknown_rule_stops_the_program(self):
        enrol_by_hand(self.folder / "anna")
        (self.folder / "anna" / "policy.json").write_text('{"id": "x", "version": 1, "window_dayz": 3}')
        self.assertIn("window_dayz", self.refused(self.folder / "anna"))

    def adopted(self, folder):
        """What came into force, as the journal says."""
        dump = shop.run(shop.BIN / "retour", "journal", "dump", folder / "journal.db").stdout
        events = [json.loads(line) for line in dump.splitlines()]
        return [(e["body"]["policy_id"], e["body"]["policy_version"]) for e in events if e["kind"] == "policy_adopted"]

    def run_once(self, folder):
        """Starts and stops the service; what it said."""
        store = shop.Store("anna", folder)
        store.start_service()
        self.addCleanup(store.service.kill)
        store.service.stop(signal.SIGTERM)
        return store.service.words()

    def test_a_policy_that_will_not_do_leaves_the_one_in_force(self):
        folder = self.folder / "anna"
        enrol_by_hand(folder)
        policy = folder / "policy.json"
        self.assertNotIn("policy", self.run_once(folder))
        self.run_once(folder)
        self.assertEqual(self.adopted(folder), [("test", 1)])

        policy.write_text('{"id": "test", "version": 2, "windows": [{"id": "w", "days": -1}]}')
        said = self.run_once(folder)
        self.assertIn(f"{policy}", said)
        self.assertIn("windows[0].days is -1", said)
        self.assertIn('pack "test", version 1, stays in force', said)
        policy.write_text('{"id": "test", "version": 1, "windows": [{"id": "w", "days": 9}]}')
        self.assertIn("raise the version", self.run_once(folder))
        self.assertEqual(self.adopted(folder), [("test", 1)])

        policy.write_text('{"id": "test", "version": 2, "windows": [{"id": "w", "days": 9}]}')
        self.assertNotIn("stays in force", self.run_once(folder))
        self.assertEqual(self.adopted(folder), [("test", 1), ("test", 2)])

    def test_a_port_in_use_is_named(self):
        enrol_by_hand(self.folder / "anna")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = shop.run(shop.BIN / "retour-store", "--data", self.folder / "anna", "--port", port, check=False, timeout=20)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"127.0.0.1:{port}", done.stderr)

    def test_it_ends_within_seconds_although_a_keep_alive_connection_is_open(self):
        enrol_by_hand(self.folder / "anna")
        store = shop.Store("anna", self.folder / "anna")
        store.start_service()
        self.addCleanup(store.service.kill)
        connection = http.client.HTTPConnection("127.0.0.1", store.port, timeout=10)
        connection.request("GET", "/api/v1/status")
        connection.getresponse().read()
        started = time.monotonic()
        store.service.stop(signal.SIGTERM)
        self.assertLess(time.monotonic() - started, 6)
        self.assertEqual(store.service.process.returncode, 0, store.service.words())
        connection.close()


if __name__ == "__main__":
    unittest.main()
