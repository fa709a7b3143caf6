#!/usr/bin/env python3
"""The documents agree with the tree.

usage: documents.py [ROOT]      prints one line a violation, exit 1 if there is any

Relative links lead to files and headings that exist; every decision record is listed; every folder has a README.md;
the table of suites in docs/testing.md is the one in tools/dev/suites.py.
"""
import importlib.util
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from words import tracked_files  # noqa: E402

LINK = re.compile(r'\[[^\]\n]*\]\(([^)\s]+)\)')
CODE = re.compile(r'```.*?```|`[^`\n]*`', re.S)
SOURCES = ('.cpp', '.hpp', '.py', '.cmake')
# Their parent's README speaks of them; a folder that begins with a dot is a tool's.
COVERED_ABOVE = ('tests/unit/', '.')


def anchors_of(text):
    """The anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r'^#+ +(.*)$', text, re.M)
    return {re.sub(r'[^\w\- ]', '', heading.lower()).strip().replace(' ', '-') for heading in headings}


def check_links(root, names):
    for name in (name for name in names if name.endswith('.md')):
        text = CODE.sub(lambda match: '\n' * match[0].count('\n'), (root / name).read_text(encoding='utf-8'))
        for link in LINK.finditer(text):
            if re.match(r'[a-z]+:', link[1]):
                continue
            path, _, anchor = link[1].partition('#')
            target = (root / name).parent / path if path else root / name
            line = text.count('\n', 0, link.start()) + 1
            if not target.exists():
                yield f'{name}:{line}: link to {link[1]}: there is no such file'
            elif anchor and target.suffix == '.md' and anchor not in anchors_of(target.read_text(encoding='utf-8')):
                yield f'{name}:{line}: link to {link[1]}: there is no such heading'


def check_decisions(root, names):
    records = [name for name in names if re.match(r'docs/decisions/\d{4}-.*\.md$', name)]
    index = root / 'docs/decisions/README.md'
    listed = index.read_text(encoding='utf-8') if index.exists() else ''
    for number, name in enumerate(records, 1):
        if f'({Path(name).name})' not in listed:
            yield f'{name}: is not listed in docs/decisions/README.md'
        if int(Path(name).name[:4]) != number:
            yield f'{name}: should have the number {number:04}; records are numbered without gaps'


def check_readmes(root, names):
    """Every folder that holds a source, and every folder at the top, has its README.md."""
    folders = {Path(name).parent.as_posix() for name in names if name.endswith(SOURCES)}
    folders |= {Path(name).parts[0] for name in names if '/' in name}
    for folder in sorted(folders):
        if folder != '.' and not folder.startswith(COVERED_ABOVE) and not (root / folder / 'README.md').exists():
            yield f'{folder}: has no README.md'


def suites_of(root):
    spec = importlib.util.spec_from_file_location('retour_suites', root / 'tools/dev/suites.py')
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def check_suites(root):
    document = root / 'docs/testing.md'
    if not document.exists():
        return ['docs/testing.md: is missing; it mirrors the table of tools/dev/suites.py']
    table = re.search(r'<!-- suites:begin -->(.*?)<!-- suites:end -->', document.read_text(encoding='utf-8'), re.S)
    if not table:
        return ['docs/testing.md: the table between the suites markers is missing']
    rows = re.findall(r'^\| `([^`]+)` \| ([\d.]+) \|', table[1], re.M)
    module = suites_of(root)
    wanted = [('build', module.BUILD_MINUTES), *((suite.name, suite.minutes) for suite in module.SUITES)]
    documented = [(name, float(minutes)) for name, minutes in rows]
    if documented == [(name, float(minutes)) for name, minutes in wanted]:
        return []
    return [f'docs/testing.md: the table of suites says {documented}, tools/dev/suites.py says {wanted}']


def check(root):
    root = Path(root)
    names = tracked_files(root)
    return sorted({*check_links(root, names), *check_decisions(root, names), *check_readmes(root, names)}) + check_suites(root)


if __name__ == '__main__':
    problems = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
