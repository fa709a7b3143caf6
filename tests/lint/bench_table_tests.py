"""The table of docs/performance.md is written from what a run printed: nothing rounded away, what falls short in bold."""
import importlib.util
import json
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location('bench_table', ROOT / 'tools' / 'dev' / 'bench_table.py')
bench_table = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench_table)

SHORT = {'bench': 'store_commit', 'figure': 'a commit', 'value': 555.6, 'unit': 'us', 'yardstick': 330.2, 'ratio': 1.683,
         'must': 'ratio <= 1.3', 'reached': False, 'note': '1,005 bytes'}
FAST = {'bench': 'replica_lookup', 'figure': 'a decision', 'value': 25.0, 'unit': 'us', 'must': 'value <= 1000.0',
        'reached': True}
COUNTED = {'bench': 'store_commit', 'figure': 'a commit', 'value': 262800.0, 'unit': 'instructions',
           'yardstick': 20670.0, 'ratio': 12.71}
DOCUMENT = '\n'.join(['# Title'] + [f'<!-- {name}:{end} -->' for name in ('machine', 'figures', 'instructions')
                                    for end in ('begin', 'end')] + ['the end', ''])


def said(*figures):
    return 'Building: 3 steps\n' + '\n'.join(json.dumps(figure) for figure in figures)


class BenchTableTests(unittest.TestCase):
    def test_a_figure_that_falls_short_stands_in_bold_beside_its_yardstick(self):
        self.assertEqual(bench_table.table([SHORT])[2],
                         '| a commit (1,005 bytes) | ratio ≤ 1.3 | **556 us** | 330 us | 1.68 | `store_commit` |')

    def test_figures_come_in_the_order_of_what_they_are_held_against(self):
        figures = bench_table.read_figures(said(SHORT, FAST))
        self.assertEqual([figure['bench'] for figure in figures], ['replica_lookup', 'store_commit'])

    def test_the_document_keeps_what_stands_around_the_tables(self):
        text = bench_table.written(DOCUMENT, bench_table.read_figures(said(SHORT, FAST, COUNTED)), 'today, here')
        again = bench_table.written(text, bench_table.read_figures(said(SHORT, FAST, COUNTED)), 'today, here')
        self.assertEqual(text, again)
        self.assertTrue(text.startswith('# Title\n<!-- machine:begin -->\ntoday, here\n<!-- machine:end -->'))
        self.assertTrue(text.endswith('the end\n'))
        self.assertIn('| a commit | 262,800 | 20,670 | 12.7 | `store_commit` |', text)

    def test_a_run_without_counting_leaves_the_counted_ones_as_they_were(self):
        text = bench_table.written(DOCUMENT, [COUNTED], 'today, here')
        self.assertIn('262,800', bench_table.written(text, [FAST], 'today, here'))

    def test_a_document_without_its_place_is_refused(self):
        with self.assertRaises(SystemExit):
            bench_table.written('# Title\n', [FAST], 'today, here')


if __name__ == '__main__':
    unittest.main()
