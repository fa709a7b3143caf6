"""`retour replay` as somebody runs it: what it says when an expectation differs, and when a file cannot be replayed.

The whole year is the suite `replay`; here a few thousand rows do.
"""

import csv
import gzip
import itertools
import json
import pathlib
import shutil
import tempfile
import unittest

import shop

ROWS = 4_000
REFERENCE = shop.ROOT / "tests" / "reference" / "reference.py"
TABLE_COLUMNS_MAX = 80


class ReplayTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-replay-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.data, cls.expectation = cls.folder / "data.csv", cls.folder / "expected.csv"
        with gzip.open(shop.DATA / "online_retail.csv.gz", "rt", newline="", encoding="utf-8") as file:
            cls.data.write_text("".join(itertools.islice(file, ROWS + 1)), encoding="utf-8", newline="")
        shop.run("python3", REFERENCE, "expect", cls.data, "--out", cls.expectation)

    def replay(self, *options, data=None):
        return shop.run(shop.BIN / "retour", "replay", data or self.data, "--stores", 3, *options, check=False, timeout=120)

    def answers(self, name, *options):
        done = self.replay("--answers", self.folder / name, "--profile", "mixed", *options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return (self.folder / name).read_text()

    def doctored(self, change):
        """The expectation with its rows as `change` makes them."""
        with open(self.expectation, newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        changed = self.folder / "doctored.csv"
        with open(changed, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *change([dict(zip(head, row)) for row in rows])])
        return changed

    def difference(self, change):
        """What the replay says about such an expectation."""
        done = self.replay("--expect", self.doctored(lambda rows: [row.values() for row in change(rows)]))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("DIFFERS", done.stdout)
        return done.stderr

    def test_a_right_expectation_agrees_in_a_table_that_fits_a_screen(self):
        done = self.replay("--expect", self.expectation)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("answers against expected.csv: agrees", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), TABLE_COLUMNS_MAX)

    def test_json_is_one_object_with_the_same_figures(self):
        done = self.replay("--expect", self.expectation, "--json")
        summary = json.loads(done.stdout)
        with open(self.expectation, newline="", encoding="utf-8") as file:
            lines = len(list(csv.reader(file))) - 1
        self.assertEqual(sum(outcome["lines"] for outcome in summary["outcomes"].values()), lines)
        self.assertEqual(set(summary["agreement"].values()), {""})

    def test_the_first_difference_is_named_by_its_row(self):
        def change(field, value):
            def in_row(rows):
                rows[3][field] = value
                rows[5]["Verdict"] = "NO_CUSTOMER"  # later, so not what is named
                return rows
            return in_row

        with open(self.expectation, newline="", encoding="utf-8") as file:
            row = list(csv.DictReader(file))[3]
        place = f"row {row['Row']} ({row['InvoiceNo']}, {row['StockCode']}, customer {row['CustomerID']}, {row['Quantity']} units)"
        self.assertIn(f"{place}: expected refused/already_returned, answered", self.difference(change("Verdict", "EXHAUSTED")))
        self.assertIn(f"{place}: expected units 1#1:1, took", self.difference(change("Allocation", "1#1:1")))
        self.assertIn(f"{place}: the expectation is about", self.difference(change("Quantity", "77")))
        self.assertIn(f"{place}: the expectation is about", self.difference(change("StockCode", "X")))

    def test_a_line_too_few_and_one_too_many_are_named(self):
        self.assertIn("answered, but not expected here", self.difference(lambda rows: rows[:3] + rows[4:]))
        self.assertIn("answered, but not expected here", self.difference(lambda rows: rows[:-1]))
        self.assertIn("row 999999: expected", self.difference(lambda rows: [*rows, {**rows[-1], "Row": "999999"}]))

    def test_an_expectation_that_is_none_is_refused_before_anything_is_replayed(self):
        for change, words in ((lambda rows: [["x", *list(rows[0].values())[1:]]], 'line 2 failed: column Row: "x" is no number'),
                              (lambda rows: [[*list(rows[0].values())[:7], "MAYBE", ""]], 'line 2 failed: column Verdict: "MAYBE" is no verdict'),
                              (lambda rows: [["1", "2"]], "line 2 failed: 2 fields where the header names 9")):
            done = self.replay("--expect", self.doctored(change))
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(words, done.stderr)

    def test_the_same_seed_gives_the_same_answers_and_another_seed_others(self):
        once = self.answers("once.csv", "--seed", 7)
        self.assertEqual(self.answers("again.csv", "--seed", 7), once)
        self.assertNotEqual(self.answers("other.csv", "--seed", 8), once)

    def test_real_sockets_give_the_same_answers(self):
        self.assertEqual(self.answers("tls.csv", "--seed", 7, "--over", "tls"), self.answers("memory.csv", "--seed", 7))

    def test_a_file_with_nothing_in_it_or_with_a_bad_row_is_refused_in_words(self):
        empty, bad = self.folder / "empty.csv", self.folder / "bad.csv"
        head = self.data.read_text(encoding="utf-8").splitlines()[0]
        empty.write_text(head + "\n")
        bad.write_text(head + "\n1,2,3,many,2010-12-01T08:26:00,1.00,1,UK\n")
        for file, words in ((empty, "holds no order and no return"), (bad, "line 2, column Quantity")):
            done = self.replay(data=file)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(words, done.stderr)

    def test_answers_that_cannot_be_written_cost_nothing_but_themselves(self):
        done = self.replay("--answers", self.folder / "no such folder" / "answers.csv")
        self.assertEqual(done.returncode, 2)
        self.assertIn("return cases", done.stdout)
        self.assertIn("write answers to", done.stderr)


if __name__ == "__main__":
    unittest.main()
