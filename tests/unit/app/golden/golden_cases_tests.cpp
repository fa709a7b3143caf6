// Every file of tests/golden/cases is one test case of this suite, under the name of the file.
// RETOUR_WRITE_GOLDEN=1 writes what came of the commands into the files instead of comparing.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "db/node_files/node_files.hpp"
#include "tests/unit/app/golden/case_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr const char* cases_folder = "tests/golden/cases";

void compare(const std::filesystem::path& file) {
  const std::string expected = node_files::read_text(file);
  const std::string happened = run_case(expected);
  if (std::getenv("RETOUR_WRITE_GOLDEN") != nullptr) {
    std::ofstream(file) << happened;
    return;
  }
  std::istringstream wanted(expected), got(happened);
  std::string wanted_line, got_line;
  for (int line = 1; std::getline(wanted, wanted_line); ++line) {
    std::getline(got, got_line);
    BOOST_TEST_CONTEXT(file.string() << ":" << line) BOOST_REQUIRE_EQUAL(got_line, wanted_line);
  }
  BOOST_TEST((happened == expected), file.string() << " ends before all was said");
}

/// The tests are named before Boost.Test goes to the top of the tree.
std::filesystem::path top_of_the_tree() {
  auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  while (!std::filesystem::exists(folder / "CMakePresets.json") && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(top_of_the_tree() / cases_folder)) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct RegisterCases {
  RegisterCases() {
    namespace boost_test = boost::unit_test;
    for (const auto& file : case_files()) {
      boost_test::ut_detail::auto_test_unit_registrar(
          boost_test::make_test_case([file] { compare(file); }, file.stem().string(), __FILE__, __LINE__),
          boost_test::decorator::collector_t::instance());
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_cases)

const RegisterCases register_cases;

BOOST_AUTO_TEST_CASE(a_case_in_words_that_nobody_knows_is_named) {
  BOOST_CHECK_EXCEPTION(run_case("dance by anna\n"), std::runtime_error, [](const std::runtime_error& error) {
    return std::string(error.what()).find("dance by anna") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(what_came_of_a_command_is_written_below_it_and_nothing_else_changes) {
  const std::string written = run_case(
      "# One shirt.\n\norder W-1 of carol, 1 shirt at 10.00\nreturn R1 by anna for carol\n    1 shirt\n\nmoney\n  "
      "screen\n    wrong\n");
  BOOST_TEST(
      written.starts_with("# One shirt.\n\norder W-1 of carol, 1 shirt at 10.00\nreturn R1 by anna for carol\n"
                          "    1 shirt\n  screen\n    line 1: 1 shirt: accepted\n"));
  BOOST_TEST(written.ends_with("\n\nmoney\n  screen\n    10.00 GBP have left, in 1 payments\n"));
  BOOST_TEST(run_case(written) == written);
}

BOOST_AUTO_TEST_SUITE_END()
