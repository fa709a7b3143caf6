#!/usr/bin/env python3
"""Every C++ source is laid out as .clang-format says; `./dev fmt` lays it out."""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PATTERNS = ('*.cpp', '*.hpp')


def sources(root):
    listed = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', *PATTERNS],
                            cwd=root, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split('\0') if name and (root / name).exists()]


def is_laid_out(path):
    formatted = subprocess.run(['clang-format', str(path)], capture_output=True, check=True).stdout
    return formatted == path.read_bytes()


def check(root):
    """The files that `./dev fmt` would change."""
    names = sources(root)
    with ThreadPoolExecutor() as pool:
        fine = list(pool.map(lambda name: is_laid_out(root / name), names))
    return [f'{name}: not laid out as .clang-format says; run ./dev fmt' for name, good in zip(names, fine) if not good]


if __name__ == '__main__':
    problems = check(Path(__file__).resolve().parents[2])
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
