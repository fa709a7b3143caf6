"""The runner of the suites counts what failed, also when a suite dies, is empty, or was never built."""
import contextlib
import io
import stat
import tempfile
import time
import unittest
from pathlib import Path

import documents

REPORT = '<TestResult><TestSuite name="x" test_cases_passed="{}" test_cases_passed_with_warnings="{}" ' \
         'test_cases_failed="{}" test_cases_skipped="0" test_cases_aborted="{}"/></TestResult>'


class SuitesTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.runner = documents.suites_of(Path(__file__).resolve().parents[2])
        self.runner.ROOT, self.runner.LOGS = self.root, self.root / 'build' / 'test'

    def program(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def run_suites(self, *suites, case_filter=''):
        """(passed, failed) and what the run said."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            counts = self.runner.run_all(suites, case_filter, full=False)
        return counts, said.getvalue()

    def boost(self, script):
        self.program('tests/unit/CMakeLists.txt', 'retour_test(unit SOURCES a.cpp)')
        self.program('build/dev/tests/test_unit', '#!/bin/sh\nfor last; do :; done\n' + script)
        self.runner.build = lambda preset: True
        return self.run_suites(self.runner.Suite('unit', 'boost', ('unit',), 1))[0]

    def test_the_cases_of_a_binary_are_counted(self):
        report = REPORT.format(5, 1, 0, 0).replace('"', '\\"')
        self.assertEqual(self.boost(f'echo "{report}" > "${{last#*=}}"\n'), (6, 0))

    def test_failed_and_aborted_cases_are_failures(self):
        report = REPORT.format(5, 0, 2, 1).replace('"', '\\"')
        self.assertEqual(self.boost(f'echo "{report}" > "${{last#*=}}"\nexit 201\n'), (5, 3))

    def test_a_binary_that_dies_without_a_report_is_a_failure(self):
        self.assertEqual(self.boost('kill -SEGV $$\n'), (0, 1))

    def test_a_binary_that_says_all_is_well_and_exits_with_an_error_is_a_failure(self):
        report = REPORT.format(5, 0, 0, 0).replace('"', '\\"')
        self.assertEqual(self.boost(f'echo "{report}" > "${{last#*=}}"\nexit 1\n'), (5, 1))

    def test_a_build_that_fails_is_a_failure_of_each_suite_that_needs_it(self):
        self.program('tests/unit/CMakeLists.txt', 'retour_test(unit SOURCES a.cpp)')
        self.runner.build = lambda preset: False
        suite = self.runner.Suite('unit', 'boost', ('unit',), 1)
        self.assertEqual(self.run_suites(suite, suite)[0], (0, 2))

    def test_python_cases_are_counted_and_their_failures_shown(self):
        self.program('tests/x_tests.py', 'import unittest\nclass T(unittest.TestCase):\n'
                     '  def test_good(self): pass\n  def test_bad(self): self.fail("the drawer is open")\n'
                     '  def test_broken(self): raise OSError\n')
        suite = self.runner.Suite('py', 'unittest', ('tests/*_tests.py',), 1, preset='')
        counts, said = self.run_suites(suite)
        self.assertEqual(counts, (1, 2))
        self.assertIn('the drawer is open', said)
        self.assertEqual(self.run_suites(suite, case_filter='good')[0], (1, 0))
        self.assertEqual(self.run_suites(suite, case_filter='nothing')[0], (0, 0))

    def test_a_python_file_without_cases_is_a_failure(self):
        self.program('tests/x_tests.py', '')
        self.assertEqual(self.run_suites(self.runner.Suite('py', 'unittest', ('tests/*_tests.py',), 1, preset=''))[0], (0, 1))

    def test_a_script_counts_as_one_or_by_its_own_closing_line(self):
        script = self.program('tests/x.sh', '#!/bin/sh\nexit ${CODE:-0}\n')
        suite = self.runner.Suite('script', 'script', (str(script),), 1, preset='')
        self.assertEqual(self.run_suites(suite)[0], (1, 0))
        script.write_text('#!/bin/sh\nexit 3\n')
        self.assertEqual(self.run_suites(suite)[0], (0, 1))
        script.write_text('#!/bin/sh\necho "7 passed, 2 failed"\nexit 1\n')
        self.assertEqual(self.run_suites(suite)[0], (7, 2))

    def test_a_suite_that_hangs_is_ended_with_all_that_it_started_and_is_a_failure(self):
        mark = self.root / 'mark'
        script = self.program('tests/x.sh', f'#!/bin/sh\n(sleep 0.5; touch {mark}) &\nsleep 60\n')
        self.runner.HANG_S_MIN, self.runner.TICK_S = 0.1, 0.1
        suite = self.runner.Suite('script', 'script', (str(script),), 0, preset='')
        counts, said = self.run_suites(suite)
        self.assertEqual(counts, (0, 1))
        self.assertIn('ended: it did not finish', said)
        time.sleep(0.6)
        self.assertFalse(mark.exists())

    def test_a_run_without_any_case_exits_with_an_error(self):
        self.runner.SUITES = ()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(self.runner.main([]), 1)
        self.assertEqual(said.getvalue().splitlines()[-1], '0 passed, 0 failed')

    def test_a_suite_that_is_gone_is_a_failure(self):
        suite = self.runner.Suite('gone', 'script', ('python3', 'tests/gone.py'), 1, preset='')
        counts, said = self.run_suites(suite)
        self.assertEqual(counts, (0, 1))
        self.assertIn('gone', said)


if __name__ == '__main__':
    unittest.main()
