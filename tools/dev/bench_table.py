#!/usr/bin/env python3
"""Writes what `./dev bench` measured into docs/performance.md, between its markers, with this machine and the date.

usage: bench_table.py [FIGURES] [DOCUMENT]      build/bench.jsonl and docs/performance.md when not given
"""
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The benches in the order of what they are held against; any other one follows.
ORDER = ('replica_lookup', 'chain_decision', 'store_commit', 'bootstrap', 'replica_load', 'replica_bytes', 'chain_change',
         'one_change', 'hub_import', 'hub_intake', 'store_http', 'waiting_connections', 'replay')


def read_figures(text):
    """JSON lines; whatever else a run has printed is passed over."""
    figures = [json.loads(line) for line in text.splitlines() if line.startswith('{')]
    place = {name: i for i, name in enumerate(ORDER)}
    return sorted(figures, key=lambda figure: place.get(figure['bench'], len(ORDER)))


def number(value):
    if value == 0 or abs(value) >= 100:
        return f'{value:,.0f}'
    return f'{value:,.3g}' if abs(value) < 10 else f'{value:,.1f}'


def measured(figure, unit):
    text = number(figure['value']) + (f' {unit}' if unit else '')
    return f'**{text}**' if figure.get('reached') is False else text


def must(figure):
    match = re.fullmatch(r'(ratio|value) ([<>])= (\S+)', figure.get('must', ''))
    if not match:
        return ''
    what, sense, limit = match.groups()
    return ('ratio ' if what == 'ratio' else '') + ('≤ ' if sense == '<' else '≥ ') + number(float(limit))


def row(cells):
    return '| ' + ' | '.join(cell.replace('|', '\\|') for cell in cells) + ' |'


def table(figures):
    lines = [row(('figure', 'must reach', 'measured', 'yardstick', 'ratio', 'bench')), row(('---',) * 6)]
    for figure in figures:
        unit = figure['unit']
        name = figure['figure'] + (f' ({figure["note"]})' if 'note' in figure else '')
        yardstick = f'{number(figure["yardstick"])} {unit}' if 'yardstick' in figure else ''
        ratio = f'{figure["ratio"]:.3g}' if 'ratio' in figure else ''
        lines.append(row((name, must(figure), measured(figure, unit), yardstick, ratio, f'`{figure["bench"]}`')))
    return lines


def counts(figures):
    lines = [row(('instructions of', 'counted', 'yardstick', 'ratio', 'bench')), row(('---',) * 5)]
    for figure in figures:
        yardstick = number(figure['yardstick']) if 'yardstick' in figure else ''
        ratio = f'{figure["ratio"]:.3g}' if 'ratio' in figure else ''
        lines.append(row((figure['figure'], measured(figure, ''), yardstick, ratio, f'`{figure["bench"]}`')))
    return lines


def machine():
    cpu = next((line.split(':', 1)[1].strip() for line in Path('/proc/cpuinfo').read_text().splitlines()
                if line.startswith('model name')), platform.machine())
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
    compiler = subprocess.run(['g++', '-dumpfullversion'], capture_output=True, text=True, check=False).stdout.strip()
    return (f'{datetime.date.today()}, {os.cpu_count()} cores of {cpu}, {memory:.0f} GB of memory, '
            f'Linux {platform.release().split("-")[0]}, GCC {compiler}, preset `release`.')


def replace_between(document, name, lines):
    begin, end = f'<!-- {name}:begin -->', f'<!-- {name}:end -->'
    if document.count(begin) != 1 or document.count(end) != 1:
        raise SystemExit(f'the document has no one place between {begin} and {end}')
    head, rest = document.split(begin)
    return head + begin + '\n' + '\n'.join(lines) + '\n' + end + rest.split(end)[1]


def written(document, figures, where):
    timed = [figure for figure in figures if figure['unit'] != 'instructions']
    counted = [figure for figure in figures if figure['unit'] == 'instructions']
    if timed:
        document = replace_between(document, 'machine', [where])
        document = replace_between(document, 'figures', table(timed))
    return replace_between(document, 'instructions', counts(counted)) if counted else document


def main(arguments):
    source = Path(arguments[0]) if arguments else ROOT / 'build' / 'bench.jsonl'
    document = Path(arguments[1]) if len(arguments) > 1 else ROOT / 'docs' / 'performance.md'
    figures = read_figures(source.read_text(encoding='utf-8'))
    if not figures:
        raise SystemExit(f'{source} holds no figure; run ./dev bench --full')
    document.write_text(written(document.read_text(encoding='utf-8'), figures, machine()), encoding='utf-8')
    print(f'{len(figures)} figures into {document}')


if __name__ == '__main__':
    main(sys.argv[1:])
