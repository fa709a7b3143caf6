#!/usr/bin/env python3
"""The table "Which case shows what" of docs/policy.md and the folder tests/golden/cases say the same.

usage: case_table.py [ROOT]      prints one line a violation, exit 1 if there is any

Every case stands in the table, every case that the table names exists, and each row has one of the four verdicts.
"""
import re
import sys
from pathlib import Path

DOCUMENT = 'docs/policy.md'
FOLDER = 'tests/golden/cases'
VERDICTS = ('approved', 'needs_manager', 'deferred', 'refused')
TABLE = re.compile(r'<!-- (cases|complaints):begin -->(.*?)<!-- \1:end -->', re.S)
ROW = re.compile(r'^\|(.*)\|$', re.M)
NAME = re.compile(r'`([^`]+)`')


def rows_of(text):
    """Cells of the rows below the head and its line."""
    return [[cell.strip() for cell in row.split('|')] for row in ROW.findall(text)][2:]


def check_cells(kind, cells):
    """What a row says besides names: its verdict, and no cell that says nothing."""
    if kind == 'cases' and (len(cells) != 4 or cells[1].strip('`') not in VERDICTS):
        yield f'{DOCUMENT}: the row "{cells[0]}" has not what, verdict, online, offline'
    for cell in cells[2:] if kind == 'cases' else cells[1:]:
        if cell != '—' and not NAME.findall(cell):
            yield f'{DOCUMENT}: the row "{cells[0]}" has a cell with neither a case nor —'


def check(root):
    root = Path(root)
    cases = {file.stem for file in (root / FOLDER).glob('*.case')}
    document = root / DOCUMENT
    tables = TABLE.findall(document.read_text(encoding='utf-8')) if document.exists() else []
    if {kind for kind, _ in tables} != {'cases', 'complaints'}:
        return [f'{DOCUMENT}: a table between the cases or complaints markers is missing']
    problems, named = [], set()
    for kind, text in tables:
        for cells in rows_of(text):
            problems += check_cells(kind, cells)
            for cell in cells[2:] if kind == 'cases' else cells[1:]:
                named.update(NAME.findall(cell))
    problems += [f'{DOCUMENT}: names the case {name}, which does not exist' for name in sorted(named - cases)]
    problems += [f'{FOLDER}/{name}.case: does not stand in the tables of {DOCUMENT}' for name in sorted(cases - named)]
    return problems


if __name__ == '__main__':
    found = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print('\n'.join(found))
    sys.exit(1 if found else 0)
