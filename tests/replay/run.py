#!/usr/bin/env python3
"""The suite `replay`: a year of real orders through hub and stores, every answer held against the reference program.

The short form runs each profile once, a derived file, and three stores over TLS; `--full` runs N = 2, 10, 38 and three
seeds of each profile, and three derived files. `--jobs N` runs so many replays at once.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get('RETOUR_BUILD', ROOT / 'build' / 'dev')) / 'bin' / 'retour'
DATA = ROOT / 'tests' / 'data' / 'online_retail.csv.gz'
EXPECTED = ROOT / 'tests' / 'data' / 'online_retail_expected.csv.gz'
TRUTH = ROOT / 'tests' / 'data' / 'online_retail_truth.json'
REFERENCE = ROOT / 'tests' / 'reference' / 'reference.py'
OFFLINE_SHARE_MIN = '0.60'  # of the matched lines at their home store while it is offline, in `mixed`


@dataclass(frozen=True)
class Case:
    profile: str
    stores: int
    seed: int
    derived: int = 0      # seed of the derived file; 0: the committed one
    over: str = 'memory'

    def __str__(self):
        data = f', derived file {self.derived}' if self.derived else ''
        return f'{self.profile}, {self.stores} stores, seed {self.seed}, over {self.over}{data}'


SHORT = (
    Case('none', 10, 1),
    Case('mixed', 10, 1),
    Case('harsh', 10, 1),
    Case('mixed', 3, 2, derived=7),
    Case('mixed', 3, 3, over='tls'),
)
FULL = tuple(Case(profile, stores, seed) for profile in ('none', 'mixed', 'harsh') for stores in (2, 10, 38)
             for seed in (1, 2, 3)) + \
    tuple(Case(profile, 10, seed, derived=seed) for seed, profile in enumerate(('none', 'mixed', 'harsh'), 1)) + \
    (Case('mixed', 3, 3, over='tls'),)


class Wrong(Exception):
    """A replay or its check did not come out; the text is what it printed."""


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(f'{" ".join(map(str, command))}\nended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}')
    return done.stdout


def run_case(case):
    with tempfile.TemporaryDirectory(prefix='retour-replay-') as folder:
        folder = Path(folder)
        data, expected, truth = DATA, EXPECTED, ('--truth', TRUTH)
        if case.derived:
            data, expected, truth = folder / 'derived.csv.gz', folder / 'expected.csv.gz', ()
            call('python3', REFERENCE, 'derive', DATA, data, '--seed', case.derived)
            call('python3', REFERENCE, 'expect', data, '--out', expected)
        answers = folder / 'answers.csv'
        summary = folder / 'summary.json'
        summary.write_text(call(
            BIN, 'replay', data, '--stores', case.stores, '--profile', case.profile, '--seed', case.seed, '--over', case.over,
            '--expect', expected, '--answers', answers, '--data', folder / 'shop', '--json'))
        share = ('--offline-share-min', OFFLINE_SHARE_MIN) if case.profile == 'mixed' else ()
        return call('python3', REFERENCE, 'check', answers, data, '--profile', case.profile, '--stores', case.stores,
                    '--expected', expected, '--summary', summary, *truth, *share).strip()


def timed(case):
    started = time.monotonic()
    try:
        return case, run_case(case), None, time.monotonic() - started
    except Wrong as wrong:
        return case, None, wrong, time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--full', action='store_true')
    parser.add_argument('--jobs', type=int, default=2)
    options = parser.parse_args()
    cases = FULL if options.full else SHORT
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for number, (case, figures, wrong, seconds) in enumerate(pool.map(timed, cases), 1):
            print(f'{number} of {len(cases)}: {case}: {"FAILED" if wrong else "agrees"} in {seconds:.0f} s', flush=True)
            print(figures if wrong is None else wrong, flush=True)
            failed += wrong is not None
    print(f'{len(cases) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
