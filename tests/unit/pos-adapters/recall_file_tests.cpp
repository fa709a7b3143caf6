#include "pos-adapters/recall_file/recall_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "plugin/core/base/error.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using recall_file::RecallFile;

namespace {

constexpr const char* kettle =
    R"({"recalls": [{"id": "2026-014", "skus": ["kettle", "kettle-red"], "serials": ["A1", "A2"],
        "what_to_do": {"en": "Unplug it.", "zh": "拔掉插头。"}}]})";

struct Folder {
  Scratch scratch;
  std::filesystem::path file = scratch / "recalls.json";
  RecallFile recalls{file};

  std::string write(const std::string& text) {
    std::ofstream(file) << text;
    try {
      recalls.refresh();
      return {};
    } catch (const Error& error) {
      return error.parts().cause;
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(recall_file_tests)

BOOST_AUTO_TEST_CASE(a_unit_whose_serial_number_is_named_is_recalled_and_so_is_one_whose_number_nobody_knows) {
  Folder folder;
  BOOST_TEST(folder.write(kettle) == "");
  const ports::Recall expected{"2026-014", "Unplug it.", "拔掉插头。"};
  BOOST_TEST((folder.recalls.find("kettle", "A2") == expected));
  BOOST_TEST((folder.recalls.find("kettle-red", "") == expected));
  BOOST_TEST(!folder.recalls.find("kettle", "B7").has_value());
  BOOST_TEST(!folder.recalls.find("mug", "A1").has_value());
}

BOOST_AUTO_TEST_CASE(without_serial_numbers_every_unit_of_the_article_is_recalled) {
  Folder folder;
  BOOST_TEST(folder.write(
                 R"({"recalls": [{"id": "7", "skus": ["mug"], "what_to_do": {"en": "Keep it.", "zh": "收下"}}]})") ==
             "");
  BOOST_TEST(folder.recalls.find("mug", "anything").has_value());
}

BOOST_AUTO_TEST_CASE(a_list_that_cannot_be_meant_is_told_once_with_its_place_and_changes_nothing) {
  Folder folder;
  BOOST_TEST(folder.write(kettle) == "");
  const std::pair<const char*, const char*> wrong[] = {
      {"[]", "it is not an object with the one list \"recalls\""},
      {R"({"recalls": [{"id": "1", "skus": [], "what_to_do": {"en": "a", "zh": "b"}}]})",
       "recalls[0] has a wrong or unknown field \"skus\""},
      {R"({"recalls": [{"id": "1", "skus": ["mug"], "serials": [], "what_to_do": {"en": "a", "zh": "b"}}]})",
       "recalls[0] has a wrong or unknown field \"serials\""},
      {R"({"recalls": [{"id": "1", "skus": ["mug"], "what_to_do": {"en": "a"}}]})",
       "recalls[0] has a wrong or unknown field \"what_to_do\""},
      {R"({"recalls": [{"id": "1", "skus": ["mug"]}]})", "recalls[0] needs \"id\", \"skus\" and \"what_to_do\""},
      {R"({"recalls": [{"id": "1", "sku": "mug"}]})", "recalls[0] has a wrong or unknown field \"sku\""}};
  for (const auto& [text, cause] : wrong) {
    BOOST_TEST(folder.write(text) == cause);
    BOOST_TEST(folder.write(text) == "");
    BOOST_TEST(folder.recalls.find("kettle", "A1").has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_list_that_went_away_recalls_nothing) {
  Folder folder;
  BOOST_TEST(folder.write(kettle) == "");
  std::filesystem::remove(folder.file);
  folder.recalls.refresh();
  BOOST_TEST(!folder.recalls.find("kettle", "A1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
