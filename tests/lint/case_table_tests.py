"""The table of cases and the folder of cases: each way in which they can differ is found."""
import tempfile
import unittest
from pathlib import Path

import case_table

TABLE = '''<!-- cases:begin -->
| what | verdict | online | offline |
| --- | --- | --- | --- |
| windows | `approved` | `last-day` | — |
<!-- cases:end -->
<!-- complaints:begin -->
| complaint | case |
| --- | --- |
| double click | `clicked`, `last-day` |
<!-- complaints:end -->
'''


class CaseTableTests(unittest.TestCase):
    def found(self, table=TABLE, cases=('last-day', 'clicked')):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / 'docs').mkdir()
            (root / 'docs/policy.md').write_text(table, encoding='utf-8')
            (root / 'tests/golden/cases').mkdir(parents=True)
            for name in cases:
                (root / f'tests/golden/cases/{name}.case').write_text('money\n')
            return case_table.check(root)

    def test_a_table_and_a_folder_that_agree_have_no_violation(self):
        self.assertEqual(self.found(), [])

    def test_a_case_that_stands_nowhere_is_found(self):
        self.assertEqual(self.found(cases=('last-day', 'clicked', 'new')),
                         ['tests/golden/cases/new.case: does not stand in the tables of docs/policy.md'])

    def test_a_case_that_does_not_exist_is_found(self):
        self.assertEqual(self.found(cases=('last-day',)),
                         ['docs/policy.md: names the case clicked, which does not exist'])

    def test_a_row_without_a_verdict_is_found(self):
        self.assertIn('"windows"', self.found(table=TABLE.replace('`approved`', '`fine`'))[0])

    def test_a_cell_that_says_nothing_is_found(self):
        self.assertIn('neither', self.found(table=TABLE.replace('—', ''))[0])

    def test_a_document_without_its_tables_is_found(self):
        self.assertIn('missing', self.found(table='# Policy\n')[0])


if __name__ == '__main__':
    unittest.main()
