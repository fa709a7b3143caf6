"""Policy packs as files: the JSON Schema and the reader agree, and `retour policy` says what it finds.

python3-jsonschema judges the schema; everything else here is the program.
"""
import copy
import json
import pathlib
import shutil
import tempfile
import unittest

import jsonschema

import shop
from store_api_tests import command_id, enrol_by_hand

shop.Program.outlives_us = False

POLICIES = pathlib.Path(__file__).resolve().parents[2] / "installer/policies"
SCHEMA = json.loads((POLICIES / "policy.schema.json").read_text())
SHIPPED = sorted(path for path in POLICIES.glob("*.json") if path.name != "policy.schema.json")

# What is wrong with a pack as a whole: where, and what is written there. None: the field is taken away.
WRONG = [
    ("id", None), ("id", ""), ("id", "a b"), ("id", "x" * 65), ("id", 3),
    ("version", None), ("version", 0), ("version", -1), ("version", 1.5), ("version", "1"), ("version", 10**9 + 1), ("version", True),
    ("unknown", 1), ("title", {"en": "x"}), ("title", "x"), ("title", {"en": "x", "zh": "y", "fr": "z"}),
    ("valid_from", "2026-13-01"), ("valid_from", "yesterday"), ("valid_until", 20260101), ("valid_until", "2026-1-1"),
    ("merchandise_sku_leading_digits", 33), ("assumed_delivery_days", -1), ("assumed_delivery_days", 366),
    ("risk_points_max", -1), ("exclusions", {}), ("windows", None, "is not a list"), ("notes", [{"id": "n"}]),
]
# The same for one rule of a section: what is set in it.
WRONG_RULES = [
    ("windows", {"days": -1}), ("windows", {"days": 36501}), ("windows", {"days": None}), ("windows", {"dayz": 3}),
    ("windows", {"from": "purchase"}), ("windows", {"open_until": "soon"}), ("windows", {"needs": "boss"}),
    ("windows", {"refund_as": "gold"}), ("windows", {"remedy": 1}), ("windows", {"when": {"age_to_days": 3}}),
    ("windows", {"id": "x y"}), ("windows", {"source": ""}), ("windows", {"text": {"en": "a\nb", "zh": "c"}}),
    ("exclusions", {"when": {"channels": []}}), ("exclusions", {"when": {"channels": ["fax"]}}),
    ("exclusions", {"when": {"skus": ["a", "a"]}}), ("exclusions", {"when": {"skus": [""]}}),
    ("exclusions", {"when": {"skus": "a"}}), ("exclusions", {"when": {"reasons": ["bored"]}}),
    ("exclusions", {"when": {"grades": ["good"]}}), ("exclusions", {"when": {"paid_from_minor": -1}}),
    ("exclusions", {"when": {"paid_to_minor": 10**15 + 1}}), ("exclusions", {"when": {"sold_from": "2026-02-30"}}),
    ("exclusions", {"when": {"confirmed_final": "yes"}}), ("exclusions", {"when": {"colour": ["red"]}}),
    ("exclusions", {"when": []}), ("exclusions", {"days": 3}),
    ("conditions", {"needs": "nobody"}), ("conditions", {"when": {"age_from_days": 36501}}),
    ("fees", {"kind": "tip"}), ("fees", {"kind": None}), ("fees", {"share_basis_points": 10001}), ("fees", {"share_basis_points": None}),
    ("fees", {"each_minor": 5}), ("fees", {"rounding": "up"}),
    ("fees", {"share_basis_points": None, "each_minor": 5, "rounding": "down"}),
    ("levels", {"up_to_minor": [1, 2, 3, 4]}), ("levels", {"up_to_minor": [1, 2, 3, 4, 5, 6]}), ("levels", {"currency": "euro"}),
    ("levels", {"currency": None}), ("levels", {"up_to_minor": [0, 1, 2, 3, 4]}),
    ("authority", {"up_to_level": 7}), ("authority", {"up_to_level": 0}), ("authority", {"role": "king"}),
    ("authority", {"reasons": []}), ("authority", {"data_age_minutes_max": -1}),
    ("risk", {"signal": "mood"}), ("risk", {"points": 0}), ("risk", {"at_least": 0}), ("risk", {"at_least": None}),
    ("risk", {"at_most": 3}), ("risk", {"signal": "days_left_in_window"}),
]
# Each rule alone is possible, together they are not: only the program sees it.
CONTRADICTIONS = [
    ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "valid_from lies after valid_until"),
    ({"windows": [{"id": "a", "days": 30}, {"id": "b", "days": 30}]}, "windows[1] fits only what \"a\" before it fits"),
    ({"exclusions": [{"id": "a", "when": {"paid_from_minor": 2, "paid_to_minor": 1}}]}, "can never match"),
    ({"windows": [{"id": "a", "days": 3}, {"id": "a", "days": 4}]}, "windows[1].id is \"a\""),
    ({"risk_points_max": 9}, "nobody would ever be asked"),
]


def changed(target, changes):
    for name, value in changes.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value


class PolicyTests(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-policy-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.schema = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())

    def policy(self, *words):
        return shop.run(shop.BIN / "retour", "policy", *words, check=False, timeout=20)

    def write(self, pack, name="pack.json"):
        path = self.folder / name
        path.write_text(json.dumps(pack, ensure_ascii=False))
        return path

    def test_the_schema_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_every_shipped_pack_is_valid_under_both(self):
        self.assertGreaterEqual(len(SHIPPED), 6)
        for path in SHIPPED:
            self.assertEqual([error.message for error in self.schema.iter_errors(json.loads(path.read_text()))], [], path.name)
        done = self.policy("check", *SHIPPED)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("retail.json: pack retail, version 1, 2 exclusions, 6 windows", done.stdout)

    def refused_by_both(self, pack, what):
        self.assertNotEqual(list(self.schema.iter_errors(pack)), [], f"the schema permits {what}")
        done = self.policy("check", self.write(pack))
        self.assertEqual(done.returncode, 1, f"the program permits {what}: {done.stdout}")

    def test_what_is_wrong_with_a_pack_is_refused_by_both(self):
        retail = json.loads((POLICIES / "retail.json").read_text())
        for name, value, *instead in WRONG:
            pack = copy.deepcopy(retail)
            changed(pack, {name: instead[0] if instead else value})
            self.refused_by_both(pack, f"{name} = {value!r}")

    def test_what_is_wrong_with_a_rule_is_refused_by_both(self):
        retail = json.loads((POLICIES / "retail.json").read_text())
        for section, changes in WRONG_RULES:
            pack = copy.deepcopy(retail)
            changed(pack[section][0], changes)
            self.refused_by_both(pack, f"{section}[0] with {changes}")

    def test_what_contradicts_itself_is_told_by_the_program(self):
        for sections, fault in CONTRADICTIONS:
            done = self.policy("check", self.write({"id": "p", "version": 1, **sections}))
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(fault, done.stdout)

    def test_all_faults_of_all_files_are_told(self):
        first = self.write({"id": "p", "version": 0, "windowz": []}, "first.json")
        second = self.write({"id": "p", "version": 1, "windows": [{"id": "w", "days": -1}]}, "second.json")
        done = self.policy("check", first, second)
        self.assertEqual(done.stdout.splitlines(), [
            f"{first}: version is 0; a whole number from 1 to 1000000000 is expected",
            f"{first}: windowz is not known to this version",
            f"{second}: windows[0].days is -1; a whole number from 0 to 36500 is expected"])

    def test_two_packs_of_one_name_for_the_same_days_are_told(self):
        first = self.write({"id": "eu", "version": 1, "valid_until": "2026-06-30"}, "first.json")
        second = self.write({"id": "eu", "version": 2, "valid_from": "2026-06-01"}, "second.json")
        done = self.policy("check", first, second)
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds on the same days in both", done.stdout)

    def test_a_pack_is_told_in_words_for_page_mail_and_receipt(self):
        golden = POLICIES.parents[1] / "tests/golden/policies"
        for language in ("en", "zh"):
            done = self.policy("text", POLICIES / "retail.json", "--lang", language)
            self.assertEqual(done.stdout, (golden / f"retail.{language}.txt").read_text())
            done = self.policy("text", POLICIES / "retail.json", "--lang", language, "--for", "receipt")
            self.assertEqual(done.stdout, (golden / f"retail.receipt.{language}.txt").read_text())
        self.assertNotIn("[", self.policy("text", POLICIES / "cn.json", "--for", "mail").stdout)

    def test_a_pack_with_a_fault_is_not_told_in_words(self):
        done = self.policy("text", self.write({"id": "p", "version": 0}))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("version is 0", done.stderr)


class JournalTests(unittest.TestCase):
    """A store that took four T-lights back, one of them by another line: what its journal tells of it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-policy-journal-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        enrol_by_hand(cls.folder / "anna")
        (cls.folder / "anna" / "policy.json").write_text('{"id": "ours", "version": 1, "windows": [{"id": "month", "days": 30}]}')
        store = shop.Store("anna", cls.folder / "anna").start_service()
        try:
            order = cls.sell(store)
            cls.early = cls.give_back(store, order, "2026-12-22", 3)
            cls.late = cls.give_back(store, order, "2026-12-23", 1)
        finally:
            store.stop()
        cls.journal = cls.folder / "anna" / "journal.db"

    @staticmethod
    def sell(store):
        sale = {"command_id": command_id(), "till": "1", "number": "T-1", "currency": "GBP", "sold_on": "2026-11-22",
                "lines": [{"sku": "85123A", "description": "T-LIGHT HOLDER", "quantity": 4, "unit_price": "3.06",
                           "net_minor": 1224, "taxes": []}], "tenders": [{"kind": "cash", "paid_minor": 1224}]}
        status, body = store.api("POST", "sales", sale)
        assert status == 201, body
        return body["order"]

    @staticmethod
    def give_back(store, order, date, quantity):
        lines = [{"order": order, "order_line": 1, "quantity": quantity, "reason": "size"}]
        status, body = store.api("POST", "return-cases", {"command_id": command_id(), "till": "1", "cashier": "anna",
                                                          "business_date": date, "lines": lines})
        assert status == 201, body
        return body

    def policy(self, *words, check=True):
        return shop.run(shop.BIN / "retour", "policy", *words, check=check, timeout=20)

    def test_a_case_is_explained_by_its_code_and_by_its_id(self):
        text = self.policy("explain", self.journal, self.early["code"]).stdout
        self.assertIn("Line 1: 3 of 85123A, reason size: approved", text)
        self.assertIn("rule: matching of pack ours, version 1", text)
        self.assertIn("given again: the same answer", text)
        self.assertEqual(self.policy("explain", self.journal, self.early["case"]).stdout, text)

        late = self.policy("explain", self.journal, self.late["case"][:12]).stdout
        self.assertIn("refused (window_closed)", late)
        self.assertIn("would change it: an earlier return", late)
        self.assertIn("given again: the same answer", late)

    def test_a_case_that_is_not_there_is_named(self):
        done = self.policy("explain", self.journal, "00000000", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("no answered line is of such a case", done.stderr)

    def what_if(self, pack):
        path = self.folder / "changed.json"
        path.write_text(json.dumps({"id": "ours", "version": 2, **pack}))
        table = self.policy("what-if", path, "--over", self.journal).stdout
        return table, json.loads(self.policy("what-if", path, "--over", self.journal, "--json").stdout)

    def test_a_longer_window_would_have_taken_more_back(self):
        table, told = self.what_if({"windows": [{"id": "month", "days": 31}]})
        self.assertIn("2 answered lines; under pack ours, version 2, 1 would get another answer.", table)
        self.assertIn("refused window_closed by windows/month -> approved by matching", table)
        self.assertEqual(told["verdicts"], [{"then": "approved", "now": "approved", "lines": 1},
                                            {"then": "refused", "now": "approved", "lines": 1}])
        self.assertEqual([one["now"]["refunded_minor"] for one in told["changed"]], [306])
        self.assertEqual({side: told["money"]["GBP"][side]["refunded_minor"] for side in ("then", "now")}, {"then": 918, "now": 1224})

    def test_a_fee_and_store_credit_would_have_cost_less(self):
        table, told = self.what_if({"windows": [{"id": "month", "days": 30, "refund_as": "store_credit"}],
                                    "fees": [{"id": "f", "kind": "restocking", "share_basis_points": 1000}]})
        self.assertEqual(told["money"]["GBP"], {"then": {"refunded_minor": 918, "kept_minor": 0, "as_credit_minor": 0},
                                                "now": {"refunded_minor": 918, "kept_minor": 91, "as_credit_minor": 827}})
        self.assertIn("approved by matching -> approved by matching, less fees/f, as store_credit", table)
        self.assertRegex(table, r"cost in money +9\.18 GBP +0\.00 GBP +-9\.18 GBP")


if __name__ == "__main__":
    unittest.main()
