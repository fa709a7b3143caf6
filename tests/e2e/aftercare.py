"""Money for goods that stay, customers who do not wait, and repairs, at the local API: a part of StoreApiTests."""

import http.client
import json
import os


def command_id():
    return os.urandom(16).hex()


class AftercareCases:
    """To be mixed into StoreApiTests: uses its `sale`, `a_return`, `call` and `refused`."""

    COMPENSATIONS = "/api/v1/compensations"
    LINE = "/api/v1/return-cases/{case}/lines/{line}"

    def compensation(self, order, **fields):
        return {"command_id": command_id(), "till": "1", "cashier": "anna", "business_date": "2026-11-22", "order": order,
                "order_line": 1, "reason": "quality", **fields}

    def compensation_refused(self, status, code, body):
        self.refused(status, code, "POST", self.COMPENSATIONS, body)

    def test_money_is_given_for_goods_that_stay_and_the_rest_comes_back_later(self):
        order, _ = self.sale("K-1")
        body = self.compensation(order, quantity=1, amount_minor=50)
        case = self.call("POST", self.COMPENSATIONS, body, expect=201)
        self.assertEqual((case["state"], case["paid_minor"], case["lines"][0]["received"]), ("closed", 50, 0))
        self.assertTrue(self.call("POST", self.COMPENSATIONS, body)["already_recorded"])
        back = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"order": order, "order_line": 1, "quantity": 4}]), expect=201)
        self.assertEqual(back["paid_minor"], 4 * 306 - 50)
        self.compensation_refused(409, "rights_elsewhere", self.compensation(order, amount_minor=1))

    def test_a_compensation_has_limits_and_a_second_person(self):
        order, _ = self.sale("K-2")
        self.compensation_refused(404, "order_unknown", self.compensation("ab" * 16, amount_minor=1))
        self.compensation_refused(422, "compensation_too_high", self.compensation(order, amount_minor=200))
        self.compensation_refused(422, "field_missing", self.compensation(order))
        above = self.compensation(order, amount_minor=100)
        self.compensation_refused(403, "approval_needed", above)
        agreed = {**above, "approver": "maria", "pin": "2468", "approval_reason": "regular customer"}
        self.compensation_refused(403, "approver_not_verified", {**agreed, "pin": "1234"})
        case = self.call("POST", self.COMPENSATIONS, agreed, expect=201)
        self.assertEqual(case["paid_minor"], 100)
        self.compensation_refused(422, "quantity_invalid", self.compensation(order, quantity=9, amount_minor=1))
        self.compensation_refused(422, "amount_invalid", self.compensation(order, amount_minor=0))
        half = self.compensation(order, quantity=4, amount_minor=4 * 153 - 100)
        self.call("POST", self.COMPENSATIONS, {**half, **{k: agreed[k] for k in ("approver", "pin", "approval_reason")}}, expect=201)
        self.compensation_refused(422, "compensation_not_given", self.compensation(order, quantity=4, amount_minor=1))

    def test_a_person_who_agrees_with_wrong_pins_is_locked_out_of_compensations_too(self):
        order, _ = self.sale("K-3")
        shared = {"approver": "kate", "pin": "0000", "approval_reason": "guess"}
        while (problem := self.call_any("POST", self.COMPENSATIONS, self.compensation(order, amount_minor=100, **shared)))[
                "code"] == "approver_not_verified":
            pass
        self.assertEqual(problem["code"], "approver_locked")
        self.compensation_refused(429, "approver_locked", self.compensation(order, amount_minor=100, **shared))

    def call_any(self, method, template, body):
        """A reply of whatever status, for a number of tries that is the program's affair."""
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, template, json.dumps(body), {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())

    def test_a_customer_who_does_not_wait_takes_the_goods_home(self):
        case = self.call("POST", "/api/v1/return-cases", self.a_return([{"sku": "22423", "quantity": 1}], customer="13048"),
                         expect=201)
        self.assertEqual(case["lines"][0]["state"], "deferred")
        path = {"case": case["case"], "line": "1"}
        command = {"command_id": command_id(), "staff": "anna"}
        self.refused(404, "line_unknown", "POST", self.LINE + "/withdrawal", command, case=case["case"], line="2")
        self.refused(422, "field_missing", "POST", self.LINE + "/withdrawal", {"command_id": command_id(), "staff": ""}, **path)
        withdrawn = self.call("POST", self.LINE + "/withdrawal", command, **path)
        self.assertEqual((withdrawn["state"], withdrawn["lines"][0]["refusal"], withdrawn["lines"][0]["handed_back"]),
                         ("closed", "withdrawn", 1))
        self.assertTrue(self.call("POST", self.LINE + "/withdrawal", command, **path)["already_recorded"])
        self.refused(409, "line_not_waiting", "POST", self.LINE + "/withdrawal", {**command, "command_id": command_id()}, **path)

    def test_faulty_goods_are_repaired_and_handed_back(self):
        order, _ = self.sale("K-4")
        case = self.call("POST", "/api/v1/return-cases", self.a_return(
            [{"order": order, "order_line": 1, "quantity": 1, "reason": "quality", "remedy": "repair"}]), expect=201)
        self.assertEqual((case["paid_minor"], case["lines"][0]["received"]), (0, 1))
        path = {"case": case["case"], "line": "1"}
        end = {"command_id": command_id(), "outcome": "repaired"}
        self.refused(404, "line_unknown", "POST", self.LINE + "/repair-end", end, case=case["case"], line="7")
        self.refused(422, "value_invalid", "POST", self.LINE + "/repair-end", {**end, "outcome": "lost"}, **path)
        done = self.call("POST", self.LINE + "/repair-end", end, **path)
        self.assertEqual(done["lines"][0]["handed_back"], 1)
        self.refused(409, "line_not_in_repair", "POST", self.LINE + "/repair-end",
                     {"command_id": command_id(), "outcome": "not_repairable"}, **path)
        found = self.call("GET", "/api/v1/orders", query="?number=K-4")["orders"]
        self.assertEqual(found[0]["lines"][0]["returnable_here"], 4)  # she keeps her purchase
