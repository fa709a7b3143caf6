"""docs/quote.md is the test: every example goes through the program, question and answer are held against the schema."""

import json
import pathlib
import re
import subprocess
import unittest

import openapi
import shop

DOCS = shop.ROOT / "docs"
PROGRAM = shop.BIN / "retour"
SCHEMA = json.loads((DOCS / "quote.schema.json").read_text(encoding="utf-8"))
EXAMPLE = re.compile(r"^### (\d+)\. (.*?)$(.*?)^```question\n(.*?)^```(.*?)^```answer\n(.*?)^```", re.M | re.S)


FORM = openapi.Schema(SCHEMA["$defs"])


def quote(question):
    return subprocess.run([PROGRAM, "quote"], input=json.dumps(question), capture_output=True, text=True, timeout=30)


def examples():
    text = (DOCS / "quote.md").read_text(encoding="utf-8")
    return [(int(number), title, json.loads(question), json.loads(answer))
            for number, title, _, question, _, answer in EXAMPLE.findall(text)]


class QuoteTests(unittest.TestCase):
    def test_every_worked_example_is_what_the_program_says(self):
        found = examples()
        self.assertEqual([number for number, *_ in found], list(range(1, 11)))
        for number, title, question, answer in found:
            with self.subTest(f"{number}. {title}"):
                FORM.check(SCHEMA["$defs"]["question"], question, "question")
                FORM.check(SCHEMA["$defs"]["answer"], answer, "answer")
                done = quote(question)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(json.loads(done.stdout), answer)

    def test_the_legs_of_every_example_are_its_claims_less_what_is_kept_plus_rounding(self):
        for number, title, _, answer in examples():
            with self.subTest(f"{number}. {title}"):
                refund = answer["refund"]
                accounts = [one for item in answer["returns"] + answer["shipments"] for one in item["accounts"]]
                self.assertEqual(refund["claimed_minor"], sum(one["total_minor"] for one in accounts))
                kept = sum(fee["minor"] for fee in refund["kept"])
                self.assertEqual(refund["total_minor"], refund["claimed_minor"] - kept + refund["rounding_minor"])
                self.assertEqual(refund["total_minor"], sum(leg["pays_minor"] for leg in refund["legs"]))

    def test_what_cannot_be_meant_is_refused_with_its_path_and_reason(self):
        good = examples()[0][2]
        for path, value, words in (
                (("order", "tenders", 0, "paid_minor"), 1, "tenders_do_not_sum"),
                (("order", "lines", 0, "quantity"), 0, "order.lines[0].quantity"),
                (("order", "currency"), "EURO", "order.currency"),
                (("order", "colour"), "red", "colour"),
                (("returns", 0, "line"), 2, "returns[0].line"),
                (("refunded_before",), [{"line": 1, "first": 0, "count": 1}] * 2, "twice"),
                (("policy", "tenders"), [{"paid_by": "cash", "ways": [{"tender": "card"}]}], "tenders[0].ways[0].tender"),
                (("policy", "cash_rounding"), [{"currency": "CHF", "step_minor": 0}], "cash_rounding[0].step_minor"),
                (("policy", "shipping"), [{"id": "a", "reasons": ["boredom"]}], "shipping[0].reasons")):
            question = json.loads(json.dumps(good))
            place = question
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            done = quote(question)
            with self.subTest(str(path)):
                self.assertEqual(done.returncode, 2)
                self.assertIn(words, done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
