#!/usr/bin/env python3
"""Runs every lint and the linters' own tests; closes with `N passed, M failed`."""
import io
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import arrows  # noqa: E402
import case_table  # noqa: E402
import documents  # noqa: E402
import layout  # noqa: E402
import words  # noqa: E402


def main():
    passed = failed = 0
    for name, lint in (('arrows', arrows), ('words', words), ('documents', documents), ('cases', case_table),
                       ('layout', layout)):
        problems = lint.check(HERE.parents[1])
        print(f'{name}: {"agrees" if not problems else f"{len(problems)} violations"}')
        for problem in problems:
            print(f'  {problem}')
        passed, failed = passed + (not problems), failed + bool(problems)

    output = io.StringIO()
    tests = unittest.defaultTestLoader.discover(str(HERE), pattern='*_tests.py')
    result = unittest.TextTestRunner(stream=output).run(tests)
    bad = len(result.failures) + len(result.errors)
    if bad or not result.testsRun:
        print(output.getvalue())
    print(f'tests of the linters: {result.testsRun - bad} passed')
    passed, failed = passed + result.testsRun - bad, failed + (bad if result.testsRun else 1)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
