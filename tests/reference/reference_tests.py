"""The reference program agrees with the committed year, and its checker catches a wrong answer of every kind."""
import contextlib
import io
import json
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

import check
import data_file
import expectation
import reference
import summary
from rule import Sale

DATA = Path(__file__).resolve().parents[1] / 'data'
HEAD = ','.join(data_file.COLUMNS)

# One customer, 100, of home store 0 of two; 22423 is bought three times. Worked out by hand:
#   row 5 wants 2 at 1.95: the newest at 1.95 is row 3 (2 units)               -> A2#3:2
#   row 6 wants 3 at 2.00: row 4 (1 unit at 2.00), then 2 of row 1 at 1.95     -> A3#4:1 A1#1:2
#   row 7 wants 9: 3 are left                                                  -> OVER_RETURN
SMALL = f'''{HEAD}
501,22423,CAKESTAND,5,2011-01-01T10:00:00,1.95,100,UK
501,POST,POSTAGE,1,2011-01-01T10:00:00,3.00,100,UK
502,22423,CAKESTAND,2,2011-01-02T10:00:00,1.95,100,UK
503,22423,CAKESTAND,1,2011-01-03T10:00:00,2.00,100,UK
C504,22423,CAKESTAND,-2,2011-01-04T10:00:00,1.95,100,UK
C505,22423,CAKESTAND,-3,2011-01-05T10:00:00,2.00,100,UK
C506,22423,CAKESTAND,-9,2011-01-06T10:00:00,1.95,100,UK
C506,POST,POSTAGE,-1,2011-01-06T10:00:00,3.00,100,UK
C507,22423,CAKESTAND,-1,2011-01-06T11:00:00,1.95,,UK
C508,99999,NEVER,-1,2011-01-06T12:00:00,1.95,100,UK
509,12345,PLATE,2,2011-01-07T10:00:00,0,100,UK
C510,12345,PLATE,-2,2011-01-07T11:00:00,0.00,100,UK
C511,12345,PLATE,-1,2011-01-07T12:00:00,0,100,UK
512,99999,NEVER,1,2011-01-08T10:00:00,1.95,100,UK
513,22423,DAMAGED,-4,2011-01-08T11:00:00,0,,UK
'''
VERDICTS = ['MATCHED', 'MATCHED', 'OVER_RETURN', 'NON_MERCH', 'NO_CUSTOMER', 'NEVER_BOUGHT', 'MATCHED', 'EXHAUSTED']
ALLOCATIONS = ['502#3:2', '503#4:1 501#1:2', '', '', '', '', '509#11:2', '']
RIGHT = f'''{",".join(check.COLUMNS)}
5,C504,22423,100,2,1.95,approved,,held,0,0,0,0,1,502#3:2,501#1:5@1.95 502#3:2@1.95 503#4:1@2.00
6,C505,22423,100,3,2.00,approved,none,confirmed,1,0,0,0,2,503#4:1 501#1:2,501#1:5@1.95 502#3:0@1.95 503#4:1@2.00
7,C506,22423,100,9,1.95,refused,quantity_exceeds_returnable,none,0,0,0,0,3,,501#1:3@1.95
8,C506,POST,100,1,3.00,refused,not_merchandise,,0,0,0,0,4,,
9,C507,22423,,1,1.95,refused,no_customer,,1,,0,0,5,,
10,C508,99999,100,1,1.95,refused,no_purchase_found,,0,0,0,0,6,,
12,C510,12345,100,2,0.00,approved,,held,0,0,0,0,7,509#11:2,509#11:2@0
13,C511,12345,100,1,0,refused,already_returned,,0,0,0,0,8,,509#11:0@0
'''
# What a replay of SMALL with the answers of RIGHT counts, worked out by hand.
SUMS = {
    'orders': {'orders': 5, 'lines': 6, 'units': 12, 'asked_milli': 20_600, 'total_minor': 2_060, 'corrections': 0,
               'correction_milli': 0, 'stock_moves': 1, 'stock_units': -4, 'notes': 0, 'rejects': 0},
    'return_cases': 7,
    'outcomes': {'approved': {'lines': 3, 'units': 7, 'asked_milli': 9_900},
                 'refused/quantity_exceeds_returnable': {'lines': 1, 'units': 9, 'asked_milli': 17_550},
                 'refused/not_merchandise': {'lines': 1, 'units': 1, 'asked_milli': 3_000},
                 'refused/no_customer': {'lines': 1, 'units': 1, 'asked_milli': 1_950},
                 'refused/no_purchase_found': {'lines': 1, 'units': 1, 'asked_milli': 1_950},
                 'refused/already_returned': {'lines': 1, 'units': 1, 'asked_milli': 0}},
    'paid_minor': 980,
    'asked_above': {'lines': 1, 'milli': 100},
    'asked_below': {'lines': 0, 'milli': 0},
    'ledger': {'keys': 3, 'lots': 5, 'open_units': 4, 'fully_returned_lots': 3},
}


class Small(unittest.TestCase):
    """A data file and its answers in a folder of their own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.data = self.write('data.csv', SMALL)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding='utf-8')
        return self.folder / name

    def check(self, answers=RIGHT, **options):
        """The figures, or the sentence that names the first difference."""
        sales, expected = expectation.expect(self.data)
        try:
            return check.check(sales, expected, check.read_answers(self.write('answers.csv', answers)),
                               check.Options(**options))
        except check.Wrong as difference:
            return str(difference)

    def changed(self, row, **fields):
        """RIGHT with some fields of one row changed."""
        lines = RIGHT.splitlines()
        place = next(i for i, line in enumerate(lines) if line.startswith(f'{row},'))
        cells = dict(zip(check.COLUMNS, lines[place].split(',')))
        cells.update({name: str(value) for name, value in fields.items()})
        lines[place] = ','.join(cells.values())
        return '\n'.join(lines) + '\n'


class RuleTests(Small):
    def test_the_small_file_gets_the_answers_worked_out_by_hand(self):
        _, expected = expectation.expect(self.data)
        self.assertEqual([answer.verdict for answer in expected], VERDICTS)
        self.assertEqual([answer.allocation for answer in expected], ALLOCATIONS)

    def test_sums_follow_what_was_paid_and_not_what_was_asked(self):
        sums = expectation.totals(*expectation.expect(self.data))
        self.assertEqual(sums['refunded_gbp'], '9.800')             # 2 x 1.95 + 2.00 + 2 x 1.95 + 2 x 0
        self.assertEqual(sums['value_gbp']['MATCHED'], '9.900')     # 2 x 1.95 + 3 x 2.00 + 2 x 0
        self.assertEqual(sums['of_these_refund_above_paid'], [1, '0.100'])
        self.assertEqual(sums['open_units_after_replay'], 4)        # 11 sold of the matching, 7 back; the plate bought late is open
        self.assertEqual((sums['ledger_keys'], sums['ledger_lots'], sums['fully_returned_lots']), (3, 5, 3))


class CheckerTests(Small):
    def test_right_answers_are_accepted_and_counted(self):
        figures = self.check(stores=0)
        self.assertEqual(figures['lines'], 8)
        self.assertEqual(figures['assurance'], {'held': 2, 'confirmed': 1})

    def assertWrong(self, answers, part, **options):
        found = self.check(answers, **options)
        self.assertIsInstance(found, str, 'the wrong answer was accepted')
        self.assertIn(part, found)

    def test_a_missing_answer(self):
        self.assertWrong(''.join(line for line in RIGHT.splitlines(True) if not line.startswith('10,')), 'row 10 (C508): has no answer')

    def test_an_answer_given_twice(self):
        self.assertWrong(RIGHT + RIGHT.splitlines(True)[1], 'row 5 (C504, customer 100, sku 22423, quantity 2): is answered twice')

    def test_an_answer_to_a_line_that_does_not_exist(self):
        self.assertWrong(RIGHT + RIGHT.splitlines(True)[1].replace('5,', '99,', 1), 'row 99')

    def test_an_answer_about_another_line(self):
        for fields in ({'document': 'C505'}, {'sku': '22424'}, {'customer': '101'}, {'quantity': 3}, {'asked_price': '1.96'}):
            with self.subTest(fields):
                self.assertWrong(self.changed(5, **fields), 'must be')

    def test_a_wrong_verdict(self):
        self.assertWrong(self.changed(5, verdict='refused', refusal='already_returned', assurance='', allocation=''),
                         'the answer is refused/already_returned, must be approved')

    def test_a_wrong_refusal(self):
        self.assertWrong(self.changed(13, refusal='no_purchase_found'), 'must be refused/already_returned')

    def test_a_refusal_with_an_allocation(self):
        self.assertWrong(self.changed(13, allocation='509#11:1'), 'is refused and has an allocation')

    def test_an_approval_without_assurance(self):
        self.assertWrong(self.changed(5, assurance='none'), 'must be held or confirmed')

    def test_lots_where_no_purchase_is_needed(self):
        self.assertWrong(self.changed(8, lots='501#2:1@3.00'), 'needs no purchase')

    def test_other_units_without_outages(self):
        self.assertWrong(self.changed(5, allocation='501#1:2'), 'the allocation is "501#1:2", must be "502#3:2"')

    def test_units_in_another_order(self):
        self.assertWrong(self.changed(6, allocation='501#1:2 503#4:1'), 'must be "503#4:1 501#1:2"')

    def test_held_away_from_home(self):
        self.assertWrong(self.changed(5, store=1), 'is held by store 1, and the home store is 0')

    def test_held_without_a_home(self):
        self.assertWrong(self.changed(5, home_store=''), 'the home store is none')

    def test_an_offline_store_without_outages(self):
        self.assertWrong(self.changed(5, offline=1), 'was offline in a run without outages')

    def test_an_offline_store_that_says_no_by_itself(self):
        self.assertWrong(self.changed(7, offline=1), 'only the hub may say quantity_exceeds_returnable', profile='mixed')

    def test_an_offline_store_that_confirms_by_itself(self):
        self.assertWrong(self.changed(6, offline=1), 'is confirmed at once by store 1, which was offline', profile='mixed')

    def test_a_moment_used_twice(self):
        self.assertWrong(self.changed(6, settled_no=1), 'settled_no 1 is used by row 5 too')

    def test_lines_of_one_key_settled_in_another_order(self):
        self.assertWrong(self.changed(5, settled_no=99), 'became final before row 5')

    def test_a_wrong_home_store(self):
        home = check.home_store('100', 2)
        right = RIGHT.replace(',0,0,0,0,', f',{home},{home},0,0,').replace(',1,0,0,0,', f',{1 - home},{home},0,0,')
        self.assertIsInstance(self.check(right, stores=2), dict)
        self.assertWrong(right.replace(f',{home},{home},0,0,', f',{home},{1 - home},0,0,', 1), 'the home store is', stores=2)

    def test_a_store_that_does_not_exist(self):
        home = check.home_store('100', 2)
        right = RIGHT.replace(',0,0,0,0,', f',{home},{home},0,0,').replace(',1,0,0,0,', f',{1 - home},{home},0,0,')
        self.assertWrong(right.replace(f',{1 - home},{home},0,0,', f',2,{home},0,0,'), 'store 2 is none of 2', stores=2)

    def test_a_document_at_two_stores(self):
        home = check.home_store('100', 2)
        right = RIGHT.replace(',0,0,0,0,', f',{home},{home},0,0,').replace(',1,0,0,0,', f',{1 - home},{home},0,0,')
        lines = right.splitlines()
        lines[4] = lines[4].replace(f',{home},{home},0,0,', f',{1 - home},{home},0,0,')  # the postage of C506
        self.assertWrong('\n'.join(lines) + '\n', 'an earlier line of the document', stores=2)

    def test_too_few_answered_at_once_offline(self):
        answers = self.changed(5, offline=1, waited=1, assurance='confirmed')
        self.assertWrong(answers, '0 of 1 matched lines', profile='mixed', offline_share_min=check.Decimal('0.6'))
        at_once = self.changed(5, offline=1)
        self.assertIsInstance(self.check(at_once, profile='mixed', offline_share_min=check.Decimal('0.6')), dict)

    def test_a_file_that_cannot_be_read(self):
        for text in ('', 'row\n', RIGHT + 'x\n', self.changed(5, settled_no='soon'), self.changed(5, lots='501'),
                     self.changed(5, allocation='502#3:0'), self.changed(5, offline='no'), self.changed(5, asked_price='dear')):
            with self.subTest(text[-40:]):
                self.assertIsInstance(self.check(text), str)


class OutageTests(Small):
    """Row 5 is answered alone by the home store, which has not yet received invoices 502 and 503."""

    def setUp(self):
        super().setUp()
        self.alone = self.changed(5, offline=1, allocation='501#1:2', lots='501#1:5@1.95')
        self.alone = self.alone.replace('503#4:1 501#1:2,501#1:5@1.95 502#3:0@1.95 503#4:1@2.00',
                                        '503#4:1 502#3:2,501#1:3@1.95 502#3:2@1.95 503#4:1@2.00')

    def alone_but(self, old, new):
        self.assertIn(old, self.alone)
        return self.alone.replace(old, new, 1)

    def assertWrong(self, answers, part):
        found = self.check(answers, profile='harsh')
        self.assertIsInstance(found, str, 'the wrong answer was accepted')
        self.assertIn(part, found)

    def test_other_units_are_right_where_the_store_knew_fewer_purchases(self):
        figures = self.check(self.alone, profile='harsh')
        self.assertEqual(figures['keys_answered_alone'], 1)
        self.assertEqual(figures['matched_at_offline_home'], {'answered_at_once': 1, 'lines': 1})

    def test_the_same_answers_are_wrong_without_outages(self):
        self.assertIsInstance(self.check(self.alone), str)

    def test_other_units_on_a_key_that_nobody_answered_alone(self):
        # Online the store had the whole feed, so that nothing excuses the other units.
        self.assertWrong(self.alone.replace('held,0,0,1,', 'held,0,0,0,'), 'must be "502#3:2"')

    def test_units_that_the_rule_would_not_take_from_the_named_lots(self):
        self.assertWrong(self.alone_but('503#4:1 502#3:2,', '503#4:1 501#1:2,'), 'over the lots of its trace it must be "503#4:1 502#3:2"')

    def test_a_trace_that_names_more_units_than_are_free(self):
        self.assertWrong(self.alone_but('501#1:3@1.95 502#3:2@1.95', '501#1:4@1.95 502#3:2@1.95'), 'a unit is given back twice')

    def test_units_given_back_twice(self):
        # Both lines take row 3, which has two units: the second one's trace must be wrong about them.
        answers = self.changed(5, offline=1).replace('503#4:1 501#1:2,501#1:5@1.95 502#3:0@1.95', '503#4:1 502#3:2,501#1:5@1.95 502#3:2@1.95')
        self.assertWrong(answers, '2 units of row 3 are free, 0 of 2 were')

    def test_a_trace_that_knows_fewer_units_is_right(self):
        self.assertIsInstance(self.check(self.alone_but('501#1:3@1.95 502#3:2', '502#3:2'), profile='harsh'), dict)

    def test_an_approval_that_the_named_lots_do_not_cover(self):
        self.assertWrong(self.alone_but('501#1:5@1.95', '501#1:1@1.95'), 'do not cover it')

    def test_a_refusal_whose_trace_names_more_units_than_are_free(self):
        refused = self.alone_but('3,,501#1:3@1.95', '3,,501#1:9@1.95')
        self.assertWrong(refused, 'row 7 (C506, customer 100, sku 22423, quantity 9): the trace says that 9 units of row 1')

    def test_a_trace_with_a_purchase_of_somebody_else(self):
        self.assertWrong(self.alone_but('501#1:5@1.95', '509#11:2@0 501#1:5@1.95'), 'which is no purchase of this customer and sku')

    def test_a_trace_with_a_later_purchase(self):
        self.data.write_text(SMALL + '514,22423,CAKESTAND,1,2011-01-09T10:00:00,1.95,100,UK\n')
        self.assertWrong(self.alone_but('501#1:5@1.95', '514#16:1@1.95 501#1:5@1.95'), 'which was sold later')

    def test_a_trace_with_another_price_or_invoice(self):
        self.assertWrong(self.alone_but('501#1:5@1.95', '501#1:5@1.96'), 'it is 501 at 1.95')
        self.assertWrong(self.alone_but('501#1:2,501#1:5@1.95', '502#1:2,502#1:5@1.95'), 'it is 501 at 1.95')

    def test_a_trace_that_names_a_lot_twice(self):
        self.assertWrong(self.alone_but('501#1:5@1.95', '501#1:3@1.95 501#1:2@1.95'), 'names a lot twice')


class SummaryTests(Small):
    def differences(self, sums):
        sales, expected = expectation.expect(self.data)
        return summary.differences(sums, sales, expected)

    def test_the_sums_worked_out_by_hand_agree(self):
        self.assertEqual(self.differences(SUMS), [])

    def test_each_sum_that_is_one_off_is_named(self):
        for path in (('orders', 'orders'), ('orders', 'total_minor'), ('orders', 'rejects'), ('return_cases',), ('paid_minor',),
                     ('outcomes', 'approved', 'units'), ('outcomes', 'refused/no_customer', 'asked_milli'), ('asked_above', 'lines'),
                     ('asked_below', 'milli'), ('ledger', 'open_units'), ('ledger', 'fully_returned_lots')):
            with self.subTest(path=path):
                sums = json.loads(json.dumps(SUMS))
                place = sums
                for key in path[:-1]:
                    place = place[key]
                place[path[-1]] += 1
                found = self.differences(sums)
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith('sum ' + ' '.join(path) + ' is '), found[0])

    def test_a_sum_that_is_missing_is_named(self):
        self.assertEqual(self.differences({**SUMS, 'paid_minor': None}), ['sum paid_minor is None, must be 980'])

    def test_what_is_below_a_penny_is_cut_from_each_line_and_told(self):
        sales = [Sale(1, '1', 'A', '', 3, Decimal('0.001'), ''), Sale(2, '1', 'A', '', 7, Decimal('1.005'), '')]
        sums = summary.order_sums(sales)
        self.assertEqual((sums['total_minor'], sums['corrections'], sums['correction_milli']), (703, 2, 8))

    def test_published_figures_of_the_year_are_held_against_what_was_read(self):
        truth = json.loads((DATA / 'online_retail_truth.json').read_text(encoding='utf-8'))
        found = summary.truth_differences({'orders': {'orders': 20_725, 'lines': 531_282, 'units': 5_660_978, 'asked_milli': 10_655_622_484,
                                                      'corrections': 4, 'stock_moves': 1_336, 'stock_units': -206_957, 'notes': 3,
                                                      'rejects': 1}, 'return_cases': 3_836}, truth)
        self.assertEqual(found, ['published sum orders rejects is 1, must be 0'])


class YearTests(unittest.TestCase):
    """The committed year, once read."""

    @classmethod
    def setUpClass(cls):
        cls.sales, cls.answers = expectation.expect(DATA / 'online_retail.csv.gz')

    def test_every_line_of_the_committed_expectation_agrees(self):
        self.assertEqual(expectation.first_difference(DATA / 'online_retail_expected.csv.gz', self.answers), '')

    def test_every_sum_of_the_committed_truth_agrees(self):
        truth = json.loads((DATA / 'online_retail_truth.json').read_text())
        sums = expectation.totals(self.sales, self.answers)
        self.assertEqual(expectation.totals_differences(sums, truth['replay']), [])
        self.assertEqual(sums['refunded_gbp'], '449491.490')
        self.assertEqual((len(self.sales), sum(sale.quantity for sale in self.sales)),
                         (truth['lines']['sale'], truth['units']['sale']))

    def test_a_changed_expectation_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'expected.csv'
            expectation.write_expectation(path, self.answers)
            self.assertEqual(expectation.first_difference(path, self.answers), '')
            path.write_text(path.read_text().replace('NEVER_BOUGHT', 'EXHAUSTED', 1))
            self.assertIn('the file says', expectation.first_difference(path, self.answers))
            expectation.write_expectation(path, self.answers[:-1])
            self.assertIn('the file says None', expectation.first_difference(path, self.answers))

    def test_a_sum_that_differs_is_named(self):
        truth = json.loads((DATA / 'online_retail_truth.json').read_text())['replay']
        sums = {**expectation.totals(self.sales, self.answers), 'ledger_keys': 1, 'fully_returned_lots': 2}
        self.assertEqual(len(expectation.totals_differences(sums, truth)), 2)
        self.assertEqual(len(expectation.totals_differences(sums, truth, with_allocation=False)), 1)


class DeriveTests(Small):
    def test_a_seed_gives_the_same_file_again_and_another_seed_another(self):
        rows = [list(data_file.derive_rows(self.data, seed)) for seed in (1, 1, *range(2, 12))]
        self.assertEqual(rows[0], rows[1])
        self.assertTrue(any(rows[0] != other for other in rows[2:]))

    def test_customers_are_renamed_one_to_one_and_every_third_document_is_missing(self):
        text = SMALL.replace('502,22423,CAKESTAND,2,2011-01-02T10:00:00,1.95,100', '502,22423,CAKESTAND,2,2011-01-02T10:00:00,1.95,101')
        self.data.write_text(text)
        before, after = list(data_file.read_rows(self.data)), list(data_file.derive_rows(self.data, 7))
        documents = list(dict.fromkeys(cells[0] for cells in before if cells[0].startswith('C')))
        missing = set(documents) - {cells[0] for cells in after}
        self.assertIn(missing, [set(documents[first::3]) for first in range(3)])
        kept = [cells for cells in before if cells[0] not in missing]
        self.assertEqual([cells[:6] for cells in kept], [cells[:6] for cells in after])
        pairs = {(old[6], new[6]) for old, new in zip(kept, after)}
        self.assertEqual(len(pairs), 3)                      # two customers and none
        self.assertEqual(len({new for _, new in pairs}), 3)
        self.assertIn(('', ''), pairs)
        self.assertTrue(all(old != new for old, new in pairs if old))


class CommandTests(Small):
    def run_command(self, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = reference.main([str(argument) for argument in arguments])
        return code, out.getvalue()

    def test_check_says_what_differs_and_exits_1(self):
        answers = self.write('answers.csv', RIGHT)
        self.assertEqual(self.run_command('check', answers, self.data)[0], 0)
        answers.write_text(self.changed(5, allocation='501#1:2'))
        code, output = self.run_command('check', answers, self.data)
        self.assertEqual((code, output.startswith('differs: row 5 (C504')), (1, True))

    def test_check_holds_the_sums_against_a_truth_file(self):
        sums = expectation.totals(*expectation.expect(self.data))
        answers, truth = self.write('answers.csv', RIGHT), self.write('truth.json', json.dumps({'replay': sums}))
        self.assertEqual(self.run_command('check', answers, self.data, '--truth', truth)[0], 0)
        truth.write_text(json.dumps({'replay': {**sums, 'open_units_after_replay': 5}}))
        self.assertEqual(self.run_command('check', answers, self.data, '--truth', truth)[0], 1)

    def test_check_holds_the_sums_that_the_replay_printed(self):
        answers, printed = self.write('answers.csv', RIGHT), self.write('summary.json', json.dumps(SUMS))
        self.assertEqual(self.run_command('check', answers, self.data, '--summary', printed)[0], 0)
        printed.write_text(json.dumps({**SUMS, 'paid_minor': 981}))
        code, output = self.run_command('check', answers, self.data, '--summary', printed)
        self.assertEqual((code, output), (1, 'differs: sum paid_minor is 981, must be 980\n'))

    def test_a_derived_file_can_be_expected_and_held_against_its_own_expectation(self):
        derived, expected = self.folder / 'derived.csv.gz', self.folder / 'expected.csv.gz'
        self.assertEqual(self.run_command('derive', self.data, derived, '--seed', 3)[0], 0)
        self.assertEqual(self.run_command('expect', derived, '--out', expected)[0], 0)
        self.assertEqual(self.run_command('expect', derived, '--equals', expected)[0], 0)
        self.assertEqual(self.run_command('expect', self.data, '--equals', expected)[0], 1)

    def test_a_file_that_is_not_there_is_said_and_exits_2(self):
        code, output = self.run_command('totals', self.folder / 'gone.csv')
        self.assertEqual((code, 'gone.csv' in output), (2, True))


if __name__ == '__main__':
    unittest.main()
