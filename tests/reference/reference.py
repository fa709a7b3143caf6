#!/usr/bin/env python3
"""The reference program of the replay: what the rule says, and whether a replay's answers say the same.

  reference.py expect DATA [--out FILE] [--equals FILE]     the expectation of a data file; held against a given one
  reference.py derive DATA OUT --seed N                     the same year with other customers and a third fewer returns
  reference.py check ANSWERS DATA [--profile P] [--stores N] [--expected FILE] [--summary FILE] [--truth FILE]
                     [--offline-share-min S]
  reference.py totals DATA [--answers FILE]                 the sums as one JSON object

DATA and OUT may end in .gz. Exit code 0: agrees; 1: differs, and the first difference is printed; 2: cannot be read.
"""
import argparse
import json
import sys
from decimal import Decimal

import summary
from check import Options, Wrong, as_expected, check, read_answers
from data_file import derive_rows, write_rows
from expectation import expect, first_difference, totals, totals_differences, write_expectation


def run_expect(options):
    _, answers = expect(options.data)
    if options.out:
        write_expectation(options.out, answers)
    if options.equals:
        difference = first_difference(options.equals, answers)
        if difference:
            raise Wrong(difference)
    print(f'{len(answers)} return lines')


def run_derive(options):
    write_rows(options.out, derive_rows(options.data, options.seed))
    print(f'{options.out}: derived with seed {options.seed}')


def run_check(options):
    sales, expected = expect(options.data)
    if options.expected:
        difference = first_difference(options.expected, expected)
        if difference:
            raise Wrong(difference)
    answers = read_answers(options.answers)
    figures = check(sales, expected, answers,
                    Options(options.profile, options.stores, Decimal(options.offline_share_min)))
    for difference in sum_differences(options, sales, as_expected(expected, answers)):
        raise Wrong(difference)
    print(json.dumps(figures))


def sum_differences(options, sales, answered):
    """The sums of the answers, and those that the replay counted itself, against the rows and the truth file."""
    truth, counted = (read_json(path) for path in (options.truth, options.summary))
    if truth:
        yield from totals_differences(totals(sales, answered), truth['replay'], options.profile == 'none')
    if counted:
        yield from summary.differences(counted, sales, answered)
    if truth and counted:
        yield from summary.truth_differences(counted, truth)


def read_json(path):
    if not path:
        return None
    with open(path, encoding='utf-8') as text:
        return json.load(text)


def run_totals(options):
    sales, expected = expect(options.data)
    answered = as_expected(expected, read_answers(options.answers)) if options.answers else expected
    print(json.dumps(totals(sales, answered), indent=1))


def parser():
    top = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(required=True)
    command = commands.add_parser('expect')
    command.add_argument('data')
    command.add_argument('--out')
    command.add_argument('--equals')
    command.set_defaults(run=run_expect)
    command = commands.add_parser('derive')
    command.add_argument('data')
    command.add_argument('out')
    command.add_argument('--seed', type=int, required=True)
    command.set_defaults(run=run_derive)
    command = commands.add_parser('check')
    command.add_argument('answers')
    command.add_argument('data')
    command.add_argument('--profile', choices=('none', 'mixed', 'harsh'), default='none')
    command.add_argument('--stores', type=int, default=0)
    command.add_argument('--expected')
    command.add_argument('--truth')
    command.add_argument('--summary')
    command.add_argument('--offline-share-min', default='0')
    command.set_defaults(run=run_check)
    command = commands.add_parser('totals')
    command.add_argument('data')
    command.add_argument('--answers')
    command.set_defaults(run=run_totals)
    return top


def main(arguments):
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except Wrong as difference:
        print(f'differs: {difference}')
        return 1
    except (OSError, UnicodeDecodeError, ValueError) as fault:
        print(f'reference.py: {fault}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
