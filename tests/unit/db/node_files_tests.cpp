#include "db/node_files/node_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"

using namespace retour;
using namespace retour::node_files;

namespace {

struct Directory {
  NodeFiles files{std::filesystem::temp_directory_path() / ("retour_node_files_" + std::to_string(::getpid()))};
  Directory() { std::filesystem::create_directories(files.directory); }
  ~Directory() { std::filesystem::remove_all(files.directory); }
};

std::string what_of(const NodeFiles& files) {
  try {
    read_config(files);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(node_files_tests)

BOOST_FIXTURE_TEST_CASE(what_enrolment_wrote_is_read_back, Directory) {
  NodeConfig config{.epoch = 77, .name = "anna", .catchment = 3, .hub_host = "localhost", .hub_port = 7443};
  config.node.bytes = {1, 2, 3};
  write_config(files, config);
  BOOST_TEST((read_config(files) == config));
}

BOOST_FIXTURE_TEST_CASE(a_directory_without_enrolment_says_what_to_do, Directory) {
  BOOST_TEST(what_of(files).find("retour-sync enrol") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_config_names_the_field, Directory) {
  write_text(files.config(), R"({"node": "00000000000000000000000000000001", "epoch": "x"})", false);
  BOOST_TEST(what_of(files).find("\"epoch\"") != std::string::npos);
  write_text(files.config(), "{", false);
  BOOST_TEST(what_of(files).find("not JSON") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_secret_is_readable_by_its_owner_only, Directory) {
  write_bytes(files.lookup_secret(), {1, 2, 3}, true);
  struct stat status {};
  BOOST_TEST(::stat(files.lookup_secret().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  BOOST_TEST((read_bytes(files.lookup_secret()) == Bytes{1, 2, 3}));
}

BOOST_AUTO_TEST_SUITE_END()
