#!/usr/bin/env python3
"""Words that must not stand in the tree, and comments that must.

usage: words.py [ROOT]      prints one line a violation, exit 1 if there is any

Work left for later is an issue, not a comment. A public header of the core begins with what it is for.
"""
import re
import subprocess
import sys
from pathlib import Path

# Written in two parts, so that this file does not find itself.
LEFT_FOR_LATER = re.compile(r'\b(' + '|'.join(('TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK')) + r')\b')
TEXT = {'.cpp', '.hpp', '.h', '.py', '.sh', '.md', '.txt', '.cmake', '.json', '.yaml', '.yml', '.sql', '.js', '.html',
        '.css', '.ini', '.case', ''}
DATA = ('tests/data/', 'tests/golden/')


def tracked_files(root):
    """What git knows or would add; without git, everything outside build/."""
    listed = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=root,
                            capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        names = [name for name in listed.stdout.split('\0') if name]
    else:
        names = [path.relative_to(root).as_posix() for path in root.rglob('*') if path.is_file()]
    return sorted(name for name in names if not name.startswith(('build/', '.git/')) and (root / name).is_file())


def check_words(root, names):
    for name in names:
        if Path(name).suffix not in TEXT or name.startswith(DATA):
            continue
        for number, line in enumerate((root / name).read_text(encoding='utf-8', errors='replace').splitlines(), 1):
            found = LEFT_FOR_LATER.search(line)
            if found:
                yield f'{name}:{number}: "{found[0]}": work left for later is an issue, not a comment'


def check_header_comments(root, names):
    for name in names:
        if not name.endswith('.hpp') or not name.startswith('plugin/core/'):
            continue
        lines = (root / name).read_text(encoding='utf-8').splitlines()
        if [line[:2] for line in lines[:2]] != ['#p', '//']:
            yield f'{name}:1: begin with #pragma once and, on the next line, a comment that says what the header is for'


def check(root):
    root = Path(root)
    names = tracked_files(root)
    return [*check_words(root, names), *check_header_comments(root, names)]


if __name__ == '__main__':
    problems = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
