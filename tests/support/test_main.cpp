#define BOOST_TEST_MODULE retour
#include <boost/test/unit_test.hpp>
#include <filesystem>

namespace {

/// Tests name files of the tree relative to its top; wherever the binary was started, they find them.
struct FromTheTopOfTheTree {
  FromTheTopOfTheTree() {
    auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    while (!std::filesystem::exists(folder / "CMakePresets.json") && folder.has_relative_path()) {
      folder = folder.parent_path();
    }
    if (folder.has_relative_path()) std::filesystem::current_path(folder);
  }
};

}  // namespace

BOOST_TEST_GLOBAL_CONFIGURATION(FromTheTopOfTheTree);
