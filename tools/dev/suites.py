#!/usr/bin/env python3
"""Builds what the suites need, runs them in order, one line each, and closes with `N passed, M failed`.

usage: suites.py [--full] [--list] [FILTER]

The table SUITES is the only list of suites; docs/testing.md mirrors it and tests/lint/documents.py holds both together.
A FILTER names suites; if it names none, it chooses the cases whose name contains it, in all suites that have cases.
"""
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / 'build' / 'test'
TAIL_LINES = 60  # of a failed suite's log, shown at once; the file has all of it
TICK_S = 30      # how often a long step says that it goes on
HANG_S_MIN = 300  # before a suite can be said to hang, whatever its minutes


@dataclass(frozen=True)
class Suite:
    name: str
    kind: str         # boost: test binaries; unittest: Python files; script: exit code, or its own `N passed, M failed`
    what: tuple       # binaries, globs of files, or the command
    minutes: float    # on two cores, cold
    preset: str = 'dev'  # the build it needs; '' for none
    full: tuple = ()  # further arguments of a script with --full
    env: dict = field(default_factory=dict)


SUITES = (
    Suite('lint', 'script', ('python3', 'tests/lint/run.py'), 0.2, preset=''),
    Suite('reference', 'unittest', ('tests/reference/*_tests.py',), 0.5, preset=''),
    Suite('unit', 'boost', ('unit',), 1),
    Suite('properties', 'boost', ('properties',), 2),
    Suite('conformance', 'boost', ('conformance',), 1),
    # The properties draw fewer cases: the sanitizers make each five times dearer, and the long runs are above.
    Suite('sanitizers', 'boost', ('unit', 'properties', 'conformance'), 6, preset='asan',
          env={'RETOUR_PROPERTY_CASES': '5000'}),
    Suite('replay', 'script', ('python3', 'tests/replay/run.py'), 3, full=('--full',)),
    Suite('processes', 'unittest', ('tests/e2e/*_tests.py',), 2),
)
BUILD_MINUTES = 8


def minutes(value):
    return f'{value:.0f} min' if value >= 1 else 'under a minute'


def limit_s(estimate, env):
    """A suite that takes five times its minutes hangs; it is ended, so that the others still run and the log is kept."""
    return HANG_S_MIN + 60 * estimate * (50 if env.get('RETOUR_TEST_FULL') else 5)


def run_logged(command, log, env, label, estimate):
    """Runs `command` with its output in `log`; says now and then that it goes on. Returns the exit code."""
    with open(log, 'a', encoding='utf-8') as out:
        out.write(f'$ {" ".join(map(str, command))}\n')
        out.flush()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env={**os.environ, **env}, start_new_session=True)
        started = time.monotonic()
        try:
            while time.monotonic() - started < limit_s(estimate, env):
                try:
                    return process.wait(timeout=TICK_S)
                except subprocess.TimeoutExpired:
                    print(f'  {label}: {(time.monotonic() - started) / 60:.1f} min of about {minutes(estimate)}', flush=True)
            out.write(f'ended: it did not finish within {limit_s(estimate, env) / 60:.0f} min\n')
            return 1
        finally:
            end_group(process)


def end_group(process):
    """Nothing that a suite started outlives it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(log):
    lines = Path(log).read_text(encoding='utf-8', errors='replace').splitlines()
    return '\n'.join('    ' + line for line in lines[-TAIL_LINES:])


# ---- what each kind of suite counts ------------------------------------------------------------------------------

def boost_cases(binary):
    """All case names of a binary as suite/case, from its own listing (indented by four a level)."""
    listing = subprocess.run([binary, '--list_content'], capture_output=True, text=True, cwd=ROOT).stderr
    path, cases = [], []
    lines = [line for line in listing.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        depth = (len(line) - len(line.lstrip())) // 4
        path = path[:depth] + [line.strip().rstrip('*')]
        following = lines[number + 1] if number + 1 < len(lines) else ''
        if (len(following) - len(following.lstrip())) // 4 <= depth:
            cases.append('/'.join(path))
    return cases


def run_boost(suite, case_filter, log, env):
    passed = failed = 0
    for folder in suite.what:
        binary = ROOT / 'build' / suite.preset / 'tests' / f'test_{folder}'
        if not has_cases(folder):
            continue
        if not binary.exists():
            log.write_text(f'{binary} was not built\n')
            failed += 1
            continue
        chosen = []
        if case_filter:
            names = [name for name in boost_cases(binary) if case_filter in name]
            if not names:
                continue
            chosen = [f'--run_test={name}' for name in names]
        with tempfile.NamedTemporaryFile(suffix='.xml') as report:
            code = run_logged([binary, '--color_output=no', '--log_level=message', *chosen,
                               '--report_format=XML', '--report_level=short', f'--report_sink={report.name}'],
                              log, env, suite.name, suite.minutes)
            good, bad = boost_report(report.name)
        passed, failed = passed + good, failed + max(bad, 1 if code else 0)
    return passed, failed


def boost_report(path):
    try:
        total = ElementTree.parse(path).getroot().find('TestSuite').attrib
    except (ElementTree.ParseError, AttributeError, OSError):
        return 0, 1  # the binary died before it could report
    number = lambda key: int(total.get(key, 0))
    return (number('test_cases_passed') + number('test_cases_passed_with_warnings'),
            number('test_cases_failed') + number('test_cases_aborted'))


def run_unittest(suite, case_filter, log, env):
    passed = failed = 0
    for path in files_of(suite):
        chosen = ['-k', case_filter] if case_filter else []
        begin = log.stat().st_size if log.exists() else 0
        code = run_logged(['python3', '-m', 'unittest', '-v', *chosen, str(path.relative_to(ROOT))], log,
                          {**env, 'PYTHONPATH': str(path.parent)}, suite.name, suite.minutes)
        output = log.read_bytes()[begin:].decode('utf-8', 'replace')
        ran = sum(int(n) for n in re.findall(r'^Ran (\d+) tests? in', output, re.M))
        bad = sum(int(n) for n in re.findall(r'(?:failures|errors|unexpected successes)=(\d+)', output))
        skipped = sum(int(n) for n in re.findall(r'skipped=(\d+)', output))
        bad = max(bad, 1 if code or not (ran or case_filter) else 0)
        passed, failed = passed + max(ran - bad - skipped, 0), failed + bad
    return passed, failed


def run_script(suite, case_filter, log, env):
    if case_filter:
        return 0, 0
    extra = suite.full if env.get('RETOUR_TEST_FULL') else ()
    code = run_logged([*suite.what, *extra], log, env, suite.name, suite.minutes)
    counts = re.findall(r'^(\d+) passed, (\d+) failed$', log.read_text(encoding='utf-8', errors='replace'), re.M)
    passed, failed = map(int, counts[-1]) if counts else (0 if code else 1, 0)
    return passed, max(failed, 1 if code else 0)


RUN = {'boost': run_boost, 'unittest': run_unittest, 'script': run_script}


# ---- what is there, and what must be built -----------------------------------------------------------------------

def files_of(suite):
    return sorted(path for pattern in suite.what for path in ROOT.glob(pattern))


def has_cases(folder):
    lists = ROOT / 'tests' / folder / 'CMakeLists.txt'
    return lists.exists() and 'retour_test(' in lists.read_text(encoding='utf-8')


def exists(suite):
    if suite.kind == 'boost':
        return any(map(has_cases, suite.what))
    if suite.kind == 'unittest':
        return bool(files_of(suite))
    return (ROOT / suite.what[-1]).exists()


def build(preset):
    """The dev preset builds everything, a sanitizer only the test binaries. Shows ninja's own progress."""
    configured = subprocess.run(['cmake', '--preset', preset], cwd=ROOT, capture_output=True, text=True)
    if configured.returncode:
        print(configured.stdout + configured.stderr)
        return False
    command = ['cmake', '--build', '--preset', preset]
    if preset != 'dev':
        folders = {folder for suite in SUITES if suite.preset == preset for folder in suite.what}
        tests = [f'test_{folder}' for folder in sorted(folders) if has_cases(folder)]
        command += ['--target', *tests]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL,
                          env={**os.environ, 'NINJA_STATUS': '[%f of %t, %p, %e s] '}).returncode == 0


def choose(name_filter):
    """The suites to run and the filter for their cases."""
    if not name_filter:
        return SUITES, ''
    named = tuple(suite for suite in SUITES if name_filter in suite.name)
    if named:
        return named, ''
    return tuple(suite for suite in SUITES if suite.kind != 'script' and suite.preset != 'asan'), name_filter


def run_all(suites, case_filter, full):
    """Runs the suites in order; returns (passed, failed). A suite that is missing or cannot be built has failed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    total_passed = total_failed = 0
    built = {}
    for number, suite in enumerate(suites, 1):
        if not exists(suite):
            print(f'{suite.name}: has no cases in this tree', flush=True)
            total_failed += 1
            continue
        if suite.preset and suite.preset not in built:
            estimate = BUILD_MINUTES if suite.preset == 'dev' else suite.minutes
            print(f'build {suite.preset}: at most {minutes(estimate)}, seconds with a warm ccache', flush=True)
            built[suite.preset] = build(suite.preset)
        if suite.preset and not built[suite.preset]:
            print(f'{suite.name}: cannot run, the build of preset {suite.preset} failed')
            total_failed += 1
            continue
        print(f'suite {number} of {len(suites)}: {suite.name}, about {minutes(suite.minutes)}', flush=True)
        log = LOGS / f'{suite.name}.log'
        log.unlink(missing_ok=True)
        started = time.monotonic()
        env = {**suite.env, **({'RETOUR_TEST_FULL': '1'} if full else {})}
        passed, failed = RUN[suite.kind](suite, case_filter, log, env)
        print(f'  {suite.name}: {passed} passed, {failed} failed in {(time.monotonic() - started) / 60:.1f} min', flush=True)
        if failed:
            print(tail(log))
            print(f'  the whole log: {log.relative_to(ROOT)}')
        total_passed, total_failed = total_passed + passed, total_failed + failed
    return total_passed, total_failed


def main(arguments):
    full, listing = '--full' in arguments, '--list' in arguments
    words = [word for word in arguments if not word.startswith('--')]
    unknown = [word for word in arguments if word.startswith('--') and word not in ('--full', '--list')]
    if unknown or len(words) > 1:
        print(f'./dev test knows --full, --list and one filter, not: {" ".join(unknown or words)}', file=sys.stderr)
        return 2
    suites, case_filter = choose(words[0] if words else '')
    if listing:
        for suite in SUITES:
            print(f'{suite.name:12} {suite.minutes:4} min')
        return 0
    started = time.monotonic()
    passed, failed = run_all(suites, case_filter, full)
    if not passed and not failed:
        print(f'no suite and no case has a name with "{words[0]}"' if words else 'no test ran')
    print(f'All suites took {(time.monotonic() - started) / 60:.1f} min.')
    print(f'{passed} passed, {failed} failed')
    return 0 if passed and not failed else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
