#!/usr/bin/env python3
"""Holds every include and every CMake target against the table of permitted arrows in docs/architecture.md, and
third-party includes against the table of libraries in docs/decisions/README.md.

usage: arrows.py [ROOT]      prints one line a violation, exit 1 if there is any

A folder may use the folders in the rows below its own, and within its row those that the table names. Tests and tools
may use everything; nothing may use a test. plugin/core and sync/engine must be free of clocks, files, threads and
chance; plugin/core uses nothing but the standard library and has no floating point.
"""
import re
import sys
from dataclasses import dataclass
from pathlib import Path

FREE = ('tests', 'tools')  # may use everything, may be used by none of the table's folders
SOURCES = ('.cpp', '.hpp')
PURE = ('plugin/core', 'sync/engine')
SYSTEM = ('sys/', 'netinet/', 'arpa/', 'linux/')
IMPURE_HEADERS = {'random', 'fstream', 'iostream', 'thread', 'mutex', 'shared_mutex', 'condition_variable', 'future',
                  'filesystem', 'locale', 'ctime', 'syncstream', 'stop_token'}
CLOCKS = re.compile(r'\b(system|steady|high_resolution|utc|tai|gps|file)_clock\b')
FLOATS = re.compile(r'\b(double|float)\b')
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


@dataclass(frozen=True)
class Arrows:
    rows: dict     # folder -> index of its row, 0 is the highest
    within: dict   # folder -> folders of its own row that it may use

    def folder_of(self, path):
        """The folder of the table that `path` (relative, with slashes) lies in; the longest wins."""
        found = [folder for folder in self.rows if path == folder or path.startswith(folder + '/')]
        return max(found, key=len, default=None)

    def permits(self, user, used):
        return (user == used or self.rows[user] < self.rows[used] or used in self.within[user])


def read_arrows(document):
    text = document.read_text(encoding='utf-8')
    layers = re.search(r'```\n(programs .*?)```', text, re.S)
    table = re.search(r'<!-- arrows:begin -->(.*?)<!-- arrows:end -->', text, re.S)
    if not layers or not table:
        raise ValueError(f'{document}: the block of layers or the table between the arrows markers is missing')
    order = [line.split()[0] for line in layers[1].splitlines() if line.strip()]
    rows, within = {}, {}
    for line in table[1].splitlines():
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if len(cells) != 3 or not cells[0].startswith('`'):
            continue
        folder = cells[0].strip('`')
        rows[folder] = order.index(cells[1])
        within[folder] = re.findall(r'`([^`]+)`', cells[2])
    for folder, used in within.items():
        for other in used:
            if rows.get(other) != rows[folder]:
                raise ValueError(f'{document}: {folder} names {other}, which is not in its row')
    return Arrows(rows, within)


def read_libraries(document):
    """{beginning of the header's name: folders that may include it}"""
    table = re.search(r'<!-- libraries:begin -->(.*?)<!-- libraries:end -->', document.read_text(encoding='utf-8'), re.S)
    if not table:
        raise ValueError(f'{document}: the table between the libraries markers is missing')
    libraries = {}
    for line in table[1].splitlines():
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if len(cells) == 3 and cells[0].startswith('`'):
            libraries[cells[0].strip('`')] = set(re.findall(r'`([^`]+)`', cells[2]))
    return libraries


def sources_under(root, arrows):
    for folder in arrows.rows:
        for path in sorted((root / folder).rglob('*')):
            relative = path.relative_to(root).as_posix()
            if path.suffix in SOURCES and arrows.folder_of(relative) == folder:
                yield folder, relative, path.read_text(encoding='utf-8')


def without_comments(text):
    """Comments and strings go, their line ends stay, so that line numbers hold; includes keep their names."""
    def blank(match):
        return match[0] if INCLUDE.match(line_of(match)) else '\n' * match[0].count('\n')

    def line_of(match):
        begin = match.string.rfind('\n', 0, match.start()) + 1
        return match.string[begin:match.end()]
    return COMMENT_OR_STRING.sub(blank, text)


def line_number(text, position):
    return text.count('\n', 0, position) + 1


def check_foreign_include(libraries, folder, name):
    """One include in angle brackets: the standard library, the system, or a library of the table."""
    if folder in PURE and name in IMPURE_HEADERS:
        return f'{folder} must not include <{name}>: no clock, file, thread or chance there'
    if folder == 'plugin/core' and ('/' in name or '.' in name):
        return f'plugin/core uses the standard library only, not <{name}>'
    for prefix, folders in libraries.items():
        if name.startswith(prefix):
            return None if folder in folders else f'{folder} must not see <{name}>; docs/decisions/README.md says who may'
    if '/' in name and not name.startswith(SYSTEM):
        return f'<{name}> is of no library in the table of docs/decisions/README.md'
    return None


def check_include(root, arrows, folder, where, name):
    """One include of our own; returns what is wrong with it, or nothing."""
    beside = (Path(where).parent / name).as_posix()
    used = name if (root / name).exists() else beside if (root / beside).exists() else None
    if used is None:
        return f'includes "{name}", which is not a file of this tree'
    if used.split('/')[0] in FREE:
        return f'{folder} must not include "{name}": nothing uses a test'
    other = arrows.folder_of(used)
    if other is None:
        return f'includes "{name}", which lies in no folder of the table'
    if not arrows.permits(folder, other):
        return f'{folder} must not use {other} ("{name}")'
    return None


def check_includes(root, arrows, libraries):
    for folder, where, text in sources_under(root, arrows):
        code = without_comments(text)
        for include in INCLUDE.finditer(code):
            wrong = (check_foreign_include(libraries, folder, include[2]) if include[1] == '<' else
                     check_include(root, arrows, folder, where, include[2]))
            if wrong:
                yield f'{where}:{line_number(code, include.start())}: {wrong}'
        if folder in PURE:
            for clock in CLOCKS.finditer(code):
                yield f'{where}:{line_number(code, clock.start())}: {folder} reads no clock ({clock[0]}); time is handed in'
        if folder == 'plugin/core':
            for number in FLOATS.finditer(code):
                yield f'{where}:{line_number(code, number.start())}: plugin/core has no floating point ({number[0]})'


COMMAND = re.compile(r'\b(retour_library|retour_program|retour_test|target_link_libraries)\s*\(([^)]*)\)', re.S)
KEYWORDS = {'SOURCES', 'PUBLIC', 'PRIVATE', 'INTERFACE', 'LINK'}


def targets_in(path):
    """(command, target, linked libraries, line) of every command of a CMakeLists.txt that declares or links."""
    text = re.sub(r'#[^\n]*', '', path.read_text(encoding='utf-8'))
    for match in COMMAND.finditer(text):
        words = match[2].split()
        linked, linking = [], match[1] == 'target_link_libraries'
        for word in words[1:]:
            if word in KEYWORDS:
                linking = word != 'SOURCES'
            elif linking:
                linked.append(word)
        yield match[1], words[0], linked, line_number(text, match.start())


def check_targets(root, arrows):
    declared, uses = {}, []
    for folder in arrows.rows:
        for path in sorted((root / folder).rglob('CMakeLists.txt')):
            relative = path.relative_to(root).as_posix()
            if arrows.folder_of(relative) != folder:
                continue
            for command, name, linked, line in targets_in(path):
                if command == 'retour_library':
                    declared['retour::' + name] = folder
                    declared['retour_' + name] = folder
                uses.append((folder, relative, line, linked))
    for folder, where, line, linked in uses:
        for library in linked:
            other = declared.get(library)
            if other and not arrows.permits(folder, other):
                yield f'{where}:{line}: {folder} must not link {library} of {other}'
            elif not other and library.startswith('retour') and library != 'retour::warnings':
                yield f'{where}:{line}: links {library}, which no folder of the table declares'
            elif not other and folder == 'plugin/core':
                yield f'{where}:{line}: plugin/core links no library ({library})'


def check_folders(root, arrows):
    """Every folder with C++ sources outside the tests is in the table."""
    seen = set()
    for top in sorted({folder.split('/')[0] for folder in arrows.rows}):
        for path in sorted((root / top).rglob('*')):
            relative = path.relative_to(root).as_posix()
            if path.suffix in SOURCES and arrows.folder_of(relative) is None:
                seen.add(path.parent.relative_to(root).as_posix())
    return [f'{folder}: has sources and is not in the table of docs/architecture.md' for folder in sorted(seen)]


def check(root):
    root = Path(root)
    arrows = read_arrows(root / 'docs' / 'architecture.md')
    libraries = read_libraries(root / 'docs' / 'decisions' / 'README.md')
    return [*check_folders(root, arrows), *check_includes(root, arrows, libraries), *check_targets(root, arrows)]


if __name__ == '__main__':
    problems = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)
