"""The linters find what they are there to find: each test writes a small tree with one fault."""
import subprocess
import tempfile
import unittest
from pathlib import Path

import arrows
import documents
import layout
import words

ARCHITECTURE = '''# Architecture
```
programs    shop
behaviour   app
doors       ports  wire
ground      plugin/core  disk
```
<!-- arrows:begin -->
| folder | row | may also use, within its row |
| --- | --- | --- |
| `plugin/core` | ground | |
| `disk` | ground | `plugin/core` |
| `ports` | doors | |
| `wire` | doors | `ports` |
| `app` | behaviour | |
| `shop` | programs | |
<!-- arrows:end -->
'''
LIBRARIES = '''<!-- libraries:begin -->
| headers | library | folders |
| --- | --- | --- |
| `sqlite3.h` | SQLite | `disk` |
<!-- libraries:end -->
'''
SOUND = {
    'docs/architecture.md': ARCHITECTURE,
    'docs/decisions/README.md': LIBRARIES,
    'plugin/core/money.hpp': '#pragma once\n// Money.\n#include <vector>\n',
    'plugin/core/CMakeLists.txt': 'retour_library(core)\n',
    'disk/disk.cpp': '#include <sqlite3.h>\n#include "plugin/core/money.hpp"\n',
    'disk/CMakeLists.txt': 'retour_library(disk SOURCES disk.cpp PUBLIC retour::core PRIVATE SQLite::SQLite3)\n',
    'ports/clock.hpp': '#pragma once\n// Clock.\n',
    'ports/CMakeLists.txt': 'retour_library(ports PUBLIC retour::core)\n',
    'wire/wire.hpp': '#pragma once\n#include "ports/clock.hpp"\n#include "frame.hpp"\n',
    'wire/frame.hpp': '#pragma once\n',
    'wire/CMakeLists.txt': 'retour_library(wire PUBLIC retour::ports)\n',
    'app/app.cpp': '#include "wire/wire.hpp"\n#include "disk/disk.hpp"\n',
    'disk/disk.hpp': '#pragma once\n',
    'app/CMakeLists.txt': 'retour_library(app SOURCES app.cpp PRIVATE retour::wire retour::disk)\n',
    'tests/x.cpp': '#include "app/app.cpp"\n',
}


class Tree(unittest.TestCase):
    def tree(self, **changes):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        for name, text in {**SOUND, **changes.get('files', {})}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root


class ArrowsTests(Tree):
    def found(self, files):
        return arrows.check(self.tree(files=files))

    def test_a_sound_tree_has_no_violation(self):
        self.assertEqual(self.found({}), [])

    def test_an_include_of_a_higher_row_is_found_with_its_line(self):
        found = self.found({'disk/disk.cpp': '// why\n#include "app/app.cpp"\n'})
        self.assertEqual(found, ['disk/disk.cpp:2: disk must not use app ("app/app.cpp")'])

    def test_an_include_within_the_row_that_the_table_does_not_name_is_found(self):
        self.assertIn('ports must not use wire', self.found({'ports/clock.hpp': '#include "wire/wire.hpp"\n'})[0])

    def test_an_include_of_a_test_is_found(self):
        self.assertIn('nothing uses a test', self.found({'app/app.cpp': '#include "tests/x.cpp"\n'})[0])

    def test_an_include_that_leads_nowhere_is_found(self):
        self.assertIn('not a file of this tree', self.found({'app/app.cpp': '#include "app/gone.hpp"\n'})[0])

    def test_an_include_in_a_comment_is_no_include(self):
        self.assertEqual(self.found({'disk/disk.cpp': '// #include "app/app.cpp"\n/*\n#include "app/app.cpp"\n*/\n'}), [])

    def test_a_library_outside_its_folders_is_found(self):
        self.assertEqual(self.found({'app/app.cpp': '#include <sys/stat.h>\n#include <sqlite3.h>\n'}),
                         ['app/app.cpp:2: app must not see <sqlite3.h>; docs/decisions/README.md says who may'])

    def test_a_library_that_no_decision_names_is_found(self):
        self.assertIn('is of no library', self.found({'app/app.cpp': '#include <fmt/core.h>\n'})[0])

    def test_a_link_upwards_is_found_with_its_line(self):
        found = self.found({'disk/CMakeLists.txt': '# disk\nretour_library(disk SOURCES disk.cpp\n  PUBLIC retour::app)\n'})
        self.assertEqual(found, ['disk/CMakeLists.txt:2: disk must not link retour::app of app'])

    def test_a_later_target_link_libraries_is_held_too(self):
        text = SOUND['disk/CMakeLists.txt'] + 'target_link_libraries(retour_disk PRIVATE retour::wire)\n'
        self.assertIn('disk must not link retour::wire', self.found({'disk/CMakeLists.txt': text})[0])

    def test_a_link_to_a_target_that_nobody_declares_is_found(self):
        self.assertIn('no folder of the table declares',
                      self.found({'app/CMakeLists.txt': 'retour_library(app PUBLIC retour::ghost)\n'})[0])

    def test_a_library_in_the_core_is_found(self):
        found = self.found({'plugin/core/CMakeLists.txt': 'retour_library(core PUBLIC OpenSSL::Crypto)\n',
                            'plugin/core/money.hpp': '#pragma once\n#include <openssl/sha.h>\n'})
        self.assertEqual(len(found), 2)

    def test_clock_chance_thread_file_and_floating_point_in_the_core_are_found(self):
        for line in ('auto t = std::chrono::system_clock::now();', '#include <random>', '#include <thread>',
                     '#include <fstream>', '#include <iostream>', '#include <mutex>', 'double price;', 'float x;'):
            with self.subTest(line):
                self.assertEqual(len(self.found({'plugin/core/money.hpp': f'#pragma once\n// Money.\n{line}\n'})), 1)

    def test_words_in_comments_and_strings_of_the_core_are_no_violation(self):
        text = '#pragma once\n// no double here\nconst char* s = "double system_clock";\n'
        self.assertEqual(self.found({'plugin/core/money.hpp': text}), [])

    def test_a_folder_outside_the_table_is_found(self):
        self.assertIn('not in the table', self.found({'wire2/a.cpp': '', 'plugin/extra/a.cpp': ''})[0])

    def test_a_table_that_names_a_folder_of_another_row_is_refused(self):
        with self.assertRaises(ValueError):
            self.found({'docs/architecture.md': ARCHITECTURE.replace('| `wire` | doors | `ports` |',
                                                                     '| `wire` | doors | `app` |')})


class WordsTests(Tree):
    def test_work_left_for_later_is_found(self):
        found = words.check(self.tree(files={'app/app.cpp': '// TO' 'DO: later\n'}))
        self.assertEqual(len(found), 1)
        self.assertIn('app/app.cpp:1', found[0])

    def test_a_core_header_without_its_comment_is_found(self):
        found = words.check(self.tree(files={'plugin/core/x.hpp': '#pragma once\n#include <vector>\n'}))
        self.assertEqual([line.split(':')[0] for line in found], ['plugin/core/x.hpp'])


class LayoutTests(Tree):
    def test_a_source_that_is_not_laid_out_is_found_and_one_that_is_not(self):
        root = self.tree(files={'.clang-format': 'BasedOnStyle: Google\n', 'app/bad.cpp': 'int  x ;\n',
                                'app/good.cpp': 'int x;\n'})
        subprocess.run(['git', 'init', '-q', root], check=True)
        found = [line.split(':')[0] for line in layout.check(root)]
        self.assertIn('app/bad.cpp', found)
        self.assertNotIn('app/good.cpp', found)


class DocumentsTests(Tree):
    def found(self, files, check):
        root = self.tree(files=files)
        return list(check(root, words.tracked_files(root)))

    def test_a_dead_link_is_found_with_its_line(self):
        found = self.found({'docs/a.md': 'x\n[b](b.md) [c](../app/app.cpp)\n'}, documents.check_links)
        self.assertEqual(found, ['docs/a.md:2: link to b.md: there is no such file'])

    def test_a_link_to_a_heading_that_does_not_exist_is_found(self):
        files = {'docs/a.md': '[b](b.md#one-way) [b](b.md#no-way)\n', 'docs/b.md': '# One way\n'}
        self.assertEqual(len(self.found(files, documents.check_links)), 1)

    def test_a_decision_that_is_not_listed_is_found(self):
        files = {'docs/decisions/README.md': LIBRARIES + '[1](0001-a.md)\n', 'docs/decisions/0001-a.md': '', 'docs/decisions/0002-b.md': ''}
        self.assertEqual(self.found(files, documents.check_decisions),
                         ['docs/decisions/0002-b.md: is not listed in docs/decisions/README.md'])

    def test_a_folder_without_a_readme_is_found_also_below_one_that_has_its_own(self):
        files = {f'{folder}/README.md': '' for folder in ('app', 'disk', 'plugin', 'wire', 'tests', 'docs')}
        files |= {'plugin/README.md': '', 'tests/unit/README.md': '', 'tests/unit/core/a_tests.cpp': '', '.ci/run.py': ''}
        self.assertEqual(self.found(files, documents.check_readmes),
                         ['plugin/core: has no README.md', 'ports: has no README.md'])

    def test_a_table_of_suites_that_differs_is_found(self):
        suites = 'from dataclasses import dataclass\n@dataclass\nclass S:\n  name: str\n  minutes: float\n' \
                 'SUITES = (S("unit", 1),)\nBUILD_MINUTES = 8\n'
        table = '<!-- suites:begin -->\n| `build` | 8 | x |\n| `unit` | {} | x |\n<!-- suites:end -->\n'
        root = self.tree(files={'tools/dev/suites.py': suites, 'docs/testing.md': table.format(1)})
        self.assertEqual(documents.check_suites(root), [])
        (root / 'docs/testing.md').write_text(table.format(2))
        self.assertEqual(len(documents.check_suites(root)), 1)


if __name__ == '__main__':
    unittest.main()
