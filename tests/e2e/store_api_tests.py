"""The local API of retour-store held against openapi.json: every path and method is called, every reply validated."""

import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
import unittest

import shop

DOCUMENT = json.loads((shop.ROOT / "plugin" / "store" / "http" / "openapi.json").read_text(encoding="utf-8"))
shop.Program.outlives_us = False


def command_id():
    return os.urandom(16).hex()


def today():
    """The day of the machine: the page of the store lists the returns of its own day."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def enrol_by_hand(folder):
    """What enrolment leaves behind, without a hub: this store has never been online."""
    folder.mkdir(parents=True)
    config = {"node": "00" * 15 + "01", "epoch": 7, "name": "anna", "catchment": 1, "hub_host": "localhost", "hub_port": 1}
    (folder / "store.json").write_text(json.dumps(config))
    (folder / "policy.json").write_text(json.dumps({"id": "test", "version": 1}))
    (folder / "lookup.secret").write_bytes(bytes(32))


class Schema:
    """The part of JSON Schema that openapi.json uses; an unknown keyword fails, so that nothing is passed over."""

    known = {"type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "minimum", "maximum",
             "minItems", "maxItems", "maxLength", "anyOf", "$ref", "description", "default"}
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}

    def check(self, schema, value, where):
        unknown = set(schema) - self.known
        assert not unknown, f"{where}: keywords this test does not know: {unknown}"
        if "$ref" in schema:
            return self.check(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], value, where)
        if "anyOf" in schema:
            return self.check_any(schema["anyOf"], value, where)
        if "type" in schema:
            expected = self.types[schema["type"]]
            assert isinstance(value, expected) and not (expected is int and isinstance(value, bool)), f"{where} is {value!r}"
        assert value in schema.get("enum", [value]), f"{where} is {value!r}, not one of {schema['enum']}"
        if "pattern" in schema:
            assert re.search(schema["pattern"], value), f"{where} is {value!r}, not like {schema['pattern']}"
        if isinstance(value, int) and not isinstance(value, bool):
            assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{where} is {value}"
        if isinstance(value, dict):
            self.check_object(schema, value, where)
        if isinstance(value, list):
            for number, item in enumerate(value):
                self.check(schema["items"], item, f"{where}[{number}]")

    def check_any(self, schemas, value, where):
        failures = []
        for schema in schemas:
            try:
                return self.check(schema, value, where)
            except AssertionError as failure:
                failures.append(str(failure))
        raise AssertionError(f"{where} fits none: {failures}")

    def check_object(self, schema, value, where):
        properties = schema.get("properties", {})
        missing = set(schema.get("required", [])) - set(value)
        assert not missing, f"{where} lacks {missing}"
        if schema.get("additionalProperties", True) is False:
            assert set(value) <= set(properties), f"{where} has {set(value) - set(properties)}, which the document does not"
        others = schema.get("additionalProperties")
        for name, item in value.items():
            rule = properties.get(name, others if isinstance(others, dict) else None)
            if rule is not None:
                self.check(rule, item, f"{where}.{name}")


class StoreApiTests(unittest.TestCase):
    called = set()  # (path template, method) with a reply of status 2xx that was validated
    ran = set()     # names of the tests

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-store-api-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        enrol_by_hand(cls.folder / "anna")
        cls.store = shop.Store("anna", cls.folder / "anna")
        cls.addClassCleanup(lambda: cls.store.service and cls.store.service.kill())
        cls.start_service()

    @classmethod
    def start_service(cls):
        cls.store.service = shop.Program("retour-store", [shop.BIN / "retour-store", "--data", cls.store.folder, "--port",
                                                          cls.store.port, "--drop", cls.folder / "drop"],
                                         cls.folder / "store.log").start()
        shop.until(lambda: cls.store.service.check() or cls.store.status(), "retour-store to answer")

    def setUp(self):
        self.ran.add(self._testMethodName)

    def call(self, method, template, body=None, query="", expect=200, **path):
        """Calls a path of the document and holds request and reply against it."""
        operation = DOCUMENT["paths"][template][method.lower()]
        if body is not None and expect < 300:
            Schema().check(operation["requestBody"]["content"]["application/json"]["schema"], body, "request")
        connection = http.client.HTTPConnection("127.0.0.1", self.store.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, template.format(**path) + query, None if body is None else json.dumps(body),
                           {"Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read().decode()
        self.assertEqual(reply.status, expect, text)
        described = operation["responses"].get(str(reply.status)) or operation["responses"]["default"]
        kind = reply.headers["Content-Type"].split(";")[0]
        self.assertIn(kind, described["content"])
        value = json.loads(text) if kind == "application/json" else text
        Schema().check(described["content"][kind]["schema"] if "openapi.json" not in template else {}, value, "reply")
        if reply.status < 300:
            self.called.add((template, method.lower()))
        return value

    def sale(self, number, tenders=None, customer="17850", quantity=4):
        total = quantity * 306
        body = {"command_id": command_id(), "till": "1", "number": number, "currency": "GBP", "sold_on": today(),
                "customer": customer, "card_token": "tok-1",
                "lines": [{"sku": "85123A", "gtin": "4006381333931", "description": "T-LIGHT HOLDER", "quantity": quantity,
                           "unit_price": "3.06", "net_minor": quantity * 255,
                           "taxes": [{"rate_percent": "20", "minor": quantity * 51}]}],
                "tenders": tenders or [{"kind": "cash", "paid_minor": total}]}
        return self.call("POST", "/api/v1/sales", body, expect=201)["order"], body

    def a_return(self, lines, **fields):
        return {"command_id": command_id(), "till": "1", "cashier": "anna", "business_date": today(), "lines": lines, **fields}

    def test_a_visit_from_search_to_receipt(self):
        order, sale = self.sale("T-1")
        self.assertTrue(self.call("POST", "/api/v1/sales", sale)["already_recorded"])
        found = self.call("GET", "/api/v1/orders", query="?number=T-1")["orders"]
        self.assertEqual([one["order"] for one in found], [order])
        self.assertEqual(found[0]["lines"][0]["returnable_here"], 4)
        self.assertEqual(self.call("GET", "/api/v1/orders", query="?q=T-1")["orders"], found)
        by_customer = self.call("GET", "/api/v1/orders", query="?customer=17850&item=04006381333931")["orders"]
        self.assertIn(order, [one["order"] for one in by_customer])
        self.assertEqual(self.call("GET", "/api/v1/orders/{order}", order=order), found[0])

        lines = [{"order": order, "order_line": 1, "quantity": 3, "reason": "size"}]
        quote = self.call("POST", "/api/v1/quotes", {"business_date": today(), "lines": lines})
        self.assertEqual(quote["refund"]["total_minor"], 3 * 306)
        body = self.a_return(lines, reference="C1")
        case = self.call("POST", "/api/v1/return-cases", body, expect=201)
        self.assertEqual((case["state"], case["paid_minor"]), ("closed", 3 * 306))
        self.assertEqual(case["lines"][0]["claims"], quote["lines"][0]["claims"])
        again = self.call("POST", "/api/v1/return-cases", body)
        self.assertEqual({**again, "already_recorded": False}, case)
        self.assertEqual(self.call("GET", "/api/v1/return-cases/{case}", case=case["case"]), case)
        self.assertEqual(self.call("GET", "/api/v1/return-cases/{case}", case=case["code"].lower()), case)
        listed = self.call("GET", "/api/v1/return-cases", query=f"?business_date={today()}")["return_cases"]
        self.assertIn(case["case"], [one["case"] for one in listed])
        self.call("GET", "/api/v1/return-cases")
        receipt = self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"])
        self.assertIn("Refund GBP                            9.18", receipt)
        self.assertTrue(all(len(line) <= 42 for line in receipt.splitlines()))
        stock = self.call("GET", "/api/v1/stock", query="?sku=85123A")["stock"]
        self.assertIn("hold", {level["bucket"] for level in stock})
        self.assertIn(case["code"], self.call("GET", "/"))
        self.assertIn("Offline, ", self.call("GET", "/"))
        self.assertEqual(self.call("GET", "/api/v1/openapi.json"), DOCUMENT)

    def test_goods_that_only_the_hub_knows_get_a_slip(self):
        case = self.call("POST", "/api/v1/return-cases",
                         self.a_return([{"sku": "NOWHERE", "quantity": 1}], customer="99999"), expect=201)
        self.assertEqual(case["lines"][0]["state"], "deferred")
        slip = self.call("GET", "/api/v1/return-cases/{case}/slip", case=case["code"])
        self.assertIn(case["code"], slip)
        self.assertEqual(self.call("POST", "/api/v1/return-cases/{case}/collect", {}, case=case["case"])["state"], "open")
        self.assertIn(case["case"], [one["case"] for one in self.call("GET", "/api/v1/status")["open_cases"]])

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
        refused = self.call("POST", "/api/v1/return-cases/{case}/legs/{leg}/confirm", confirm, expect=409, **path)
        self.assertEqual(refused["code"], "leg_not_unknown")
        refused = self.call("POST", "/api/v1/return-cases/{case}/legs/{leg}/pay", {}, expect=409, **path)
        self.assertEqual(refused["code"], "leg_not_payable")
        switch.unlink()
        shop.until(lambda: self.call("GET", "/api/v1/return-cases/{case}", case=case["case"])["state"] == "closed",
                   "the queued payment to settle by itself")

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

    def test_a_return_is_called_off_before_money_moved_and_reversed_afterwards(self):
        order, _ = self.sale("T-9")
        case = self.kill_while_paying(order)
        confirm = {"command_id": command_id(), "outcome": "failed", "staff": "boss"}
        self.call("POST", "/api/v1/return-cases/{case}/legs/{leg}/confirm", confirm, case=case["case"],
                  leg=case["refunds"][0]["legs"][0]["leg"])
        undo = {"command_id": command_id(), "staff": "boss", "reason": "wrong customer"}
        voided = self.call("POST", "/api/v1/return-cases/{case}/void", undo, case=case["case"])
        self.assertEqual((voided["state"], voided["paid_minor"], voided["lines"][0]["handed_back"]), ("voided", 0, 1))
        self.assertTrue(self.call("POST", "/api/v1/return-cases/{case}/void", undo, case=case["code"])["already_recorded"])
        receipt = self.call("GET", "/api/v1/return-cases/{case}/receipt", case=case["case"])
        self.assertIn("called off", receipt)

        again = self.call("POST", "/api/v1/return-cases",
                          self.a_return([{"order": order, "order_line": 1, "quantity": 4}]), expect=201)
        self.assertEqual((again["state"], again["due_minor"]), ("closed", 4 * 306))
        undo = {"command_id": command_id(), "staff": "boss", "reason": "keeps it"}
        refused = self.call("POST", "/api/v1/return-cases/{case}/void", undo, expect=409, case=again["case"])
        self.assertEqual(refused["code"], "money_has_moved")
        self.assertIn("reversal", refused["message"])
        undone = self.call("POST", "/api/v1/return-cases/{case}/reversal", undo, case=again["case"])
        self.assertEqual((undone["state"], undone["lines"][0]["handed_back"]), ("reversed", 4))
        found = self.call("GET", "/api/v1/orders", query="?number=T-9")["orders"]
        self.assertEqual(found[0]["lines"][0]["returnable_here"], 4)

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
        self.assertEqual(len(self.call("GET", "/api/v1/orders", query="?number=T-6")["orders"]), 1)

    def test_refusals_have_the_documented_form(self):
        for method, template, body, query, status, code, path in (
                ("GET", "/api/v1/orders/{order}", None, "", 404, "order_unknown", {"order": "00" * 16}),
                ("GET", "/api/v1/orders", None, "", 400, "query_missing", {}),
                ("GET", "/api/v1/orders", None, "?name=x", 400, "query_unknown", {}),
                ("GET", "/api/v1/orders", None, "?q=%ff", 400, "invalid_utf8", {}),
                ("GET", "/api/v1/return-cases", None, "?business_date=2026-13-01", 400, "value_invalid", {}),
                ("GET", "/api/v1/return-cases/{case}", None, "", 404, "case_unknown", {"case": "0000-0000-00"}),
                ("GET", "/api/v1/return-cases/{case}/receipt", None, "", 404, "case_unknown", {"case": "00" * 16}),
                ("GET", "/api/v1/return-cases/{case}/slip", None, "", 404, "case_unknown", {"case": "00" * 16}),
                ("POST", "/api/v1/return-cases/{case}/collect", {}, "", 404, "case_unknown", {"case": "00" * 16}),
                ("POST", "/api/v1/return-cases/{case}/collect", {"x": 1}, "", 422, "field_unknown", {"case": "00" * 16}),
                ("POST", "/api/v1/return-cases/{case}/void", {"command_id": "00" * 15 + "01", "staff": "boss", "reason": ""}, "",
                 422, "field_missing", {"case": "00" * 16}),
                ("POST", "/api/v1/return-cases/{case}/reversal",
                 {"command_id": "00" * 15 + "01", "staff": "boss", "reason": "x"}, "", 404, "case_unknown", {"case": "00" * 16}),
                ("POST", "/api/v1/return-cases", [], "", 422, "value_invalid", {}),
                ("POST", "/api/v1/quotes", {"business_date": today(), "lines": [{"gtin": "4006381333932", "quantity": 1}]},
                 "", 422, "barcode_malformed", {}),
                ("POST", "/api/v1/sales", {}, "", 422, "field_missing", {})):
            with self.subTest(code=code, template=template):
                problem = self.call(method, template, body, query, status, **path)
                self.assertEqual(problem["code"], code)
                self.assertTrue(problem["detail"])

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

    @classmethod
    def tearDownClass(cls):
        """Nothing in the document is left out; only when all tests ran, not one that was chosen."""
        if cls.ran < {name for name in dir(cls) if name.startswith("test_")}:
            return
        operations = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
        missing = operations - cls.called
        assert not missing, f"never answered with success: {sorted(missing)}"


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
