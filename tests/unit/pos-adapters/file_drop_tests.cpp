#include "pos-adapters/file_drop/file_drop.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "tests/unit/db/scratch.hpp"

using namespace retour::file_drop;
using retour::Scratch;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Scratch scratch;
  fs::path path = scratch / "drop";
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path / name, std::ios::binary) << content;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_drop_tests)

BOOST_AUTO_TEST_CASE(files_are_taken_by_name_and_moved_to_done_or_rejected) {
  const Folder folder;
  FileDrop drop(folder.path);
  folder.put("2.json", "bad");
  folder.put("1.json", "good");
  folder.put("3.tmp", "half");
  std::vector<std::string> seen;
  const Looked looked = drop.look([&](const std::string& name, const std::string& content) {
    seen.push_back(name);
    return content == "bad" ? std::optional<std::string>("It is bad.") : std::nullopt;
  });
  BOOST_TEST(seen == (std::vector<std::string>{"1.json", "2.json"}), boost::test_tools::per_element());
  BOOST_TEST(looked.done == 1U);
  BOOST_TEST(looked.rejected == 1U);
  BOOST_TEST(fs::exists(folder.path / "done" / "1.json"));
  BOOST_TEST(fs::exists(folder.path / "rejected" / "2.json"));
  std::ifstream reason(folder.path / "rejected" / "2.json.reason.txt");
  std::string words;
  std::getline(reason, words);
  BOOST_TEST(words == "It is bad.");
  BOOST_TEST(fs::exists(folder.path / "3.tmp"));
}

BOOST_AUTO_TEST_CASE(when_the_world_fails_the_file_stays_for_the_next_look) {
  const Folder folder;
  FileDrop drop(folder.path);
  folder.put("1.json", "x");
  const Looked failed = drop.look([](const std::string&, const std::string&) -> std::optional<std::string> {
    throw std::runtime_error("disk full");
  });
  BOOST_TEST(failed.waiting == 1U);
  BOOST_TEST(failed.error == "disk full");
  BOOST_TEST(fs::exists(folder.path / "1.json"));
  BOOST_TEST(drop.look([](const std::string&, const std::string&) { return std::nullopt; }).done == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_over_which_the_world_fails_stops_none_behind_it) {
  const Folder folder;
  FileDrop drop(folder.path);
  for (const char* name : {"1.json", "2.json", "3.json"}) folder.put(name, name);
  const Looked looked = drop.look([](const std::string&, const std::string& content) -> std::optional<std::string> {
    if (content != "3.json") throw std::runtime_error("cannot take " + content);
    return std::nullopt;
  });
  BOOST_TEST(looked.waiting == 2U);
  BOOST_TEST(looked.error == "cannot take 1.json");
  BOOST_TEST(looked.done == 1U);
  BOOST_TEST(fs::exists(folder.path / "done" / "3.json"));
}

BOOST_AUTO_TEST_CASE(a_file_too_large_is_rejected_unread_and_an_earlier_name_is_kept) {
  const Folder folder;
  FileDrop drop(folder.path);
  const auto take_all = [](const std::string&, const std::string&) { return std::nullopt; };
  folder.put("big.json", std::string(file_bytes_max + 1, ' '));
  BOOST_TEST(drop.look(take_all).rejected == 1U);
  folder.put("a.json", "1");
  BOOST_TEST(drop.look(take_all).done == 1U);
  folder.put("a.json", "2");
  BOOST_TEST(drop.look(take_all).done == 1U);
  BOOST_TEST(fs::exists(folder.path / "done" / "a.json"));
  BOOST_TEST(fs::exists(folder.path / "done" / "a-2.json"));
}

BOOST_AUTO_TEST_SUITE_END()
