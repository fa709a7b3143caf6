"""A return that the customer starts at home: the hub answers by the rules, the store finishes it in one scan, offline too."""

import datetime
import json
import os
import unittest

import chain
import openapi
import shop

DOCUMENT = openapi.Document(shop.ROOT / "plugin" / "store" / "http" / "openapi.json")
TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
PATH = "/api/v1/started-returns/{started_return}"


class StartedTests(chain.ChainTest):
    def hub_call(self, method, path, body=None):
        return shop.call(method, self.hub.page + "api/v1/" + path, body)

    def start_return(self, number, customer, **line):
        return {"id": os.urandom(16).hex(), "number": number, "customer": customer, "today": TODAY,
                "lines": [{"order_line": 1, "quantity": 1, "reason": "size", "declared": "resalable", **line}]}

    def sold(self, store, number, customer):
        _, sold = store.api("POST", "sales", {**chain.a_sale(number, customer=customer), "sold_on": TODAY})
        self.in_step(store)
        return sold["order"]

    def seen_at(self, store, code):
        status, seen = store.api("GET", f"started-returns/{code}")
        DOCUMENT.check_reply("GET", PATH, status, "application/json", seen)
        return seen if status == 200 else None

    def test_what_was_started_at_home_is_finished_in_one_scan_without_network(self):
        anna = self.running("anna")
        order = self.sold(anna, "S-1", "c-41")
        body = self.start_return("S-1", "c-41")
        status, started = self.hub_call("POST", "started-returns", body)
        self.assertEqual((status, started["state"]), (201, "approved"), started)
        status, again = self.hub_call("POST", "started-returns", body)
        self.assertEqual((status, again["code"]), (200, started["code"]), again)

        code = started["code"]
        self.assertIsNone(self.seen_at(anna, "AAAA-AAAA-AA"))
        shop.until(lambda: self.seen_at(anna, code), "anna to be told of the started return")
        anna.go_offline()
        seen = self.seen_at(anna, code)
        self.assertEqual([(line["order"], line["order_line"], line["quantity"]) for line in seen["lines"]], [(order, 1, 1)])
        lines = [{key: line[key] for key in ("order", "order_line", "quantity", "reason")} for line in seen["lines"]]
        case = chain.take_back(anna, chain.a_return(lines, business_date=TODAY, reference=seen["reference"]))
        self.assertEqual((case["state"], case["paid_minor"]), ("closed", 250))
        self.assert_journal_is_sound(anna)

    def test_goods_that_nobody_vouches_for_wait_for_a_person_and_somebody_else_s_order_is_unknown(self):
        bert = self.running("bert")
        self.sold(bert, "S-2", "c-42")
        status, unknown = self.hub_call("POST", "started-returns", self.start_return("S-2", "c-43"))
        self.assertEqual((status, unknown["code"]), (404, "order_unknown"), unknown)
        body = self.start_return("S-2", "c-42", declared="ungraded")
        status, started = self.hub_call("POST", "started-returns", body)
        self.assertEqual((status, started["state"]), (201, "waiting"), started)
        _, queue = self.hub_call("GET", "started-returns")
        self.assertIn(started["code"], json.dumps(queue))
        yes = {"decision": "approve", "by": "m-1", "reason": "looks fine"}
        status, decided = self.hub_call("POST", f"started-returns/{body['id']}/decision", yes)
        self.assertEqual(status, 200, decided)
        status, twice = self.hub_call("POST", f"started-returns/{body['id']}/decision", {**yes, "decision": "refuse"})
        self.assertEqual((status, twice["code"]), (409, "not_waiting"), twice)
        shop.until(lambda: (self.seen_at(bert, started["code"]) or {}).get("state") == "approved", "bert to hear of the yes")
        self.assertEqual(self.seen_at(bert, started["code"])["approved_by"], "m-1")


if __name__ == "__main__":
    unittest.main()
