#include "pos-adapters/catalogue_file/catalogue_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "plugin/core/base/error.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using catalogue_file::CatalogueFile;

namespace {

struct Folder {
  Scratch scratch;
  std::filesystem::path file = scratch / "catalogue.json";
  CatalogueFile catalogue{file};

  void write(const std::string& text) { std::ofstream(file) << text; }
  std::string trouble() {
    try {
      catalogue.refresh();
      return {};
    } catch (const Error& error) {
      return error.parts().cause;
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_file_tests)

BOOST_AUTO_TEST_CASE(lines_and_a_list_say_the_same) {
  const std::string shirt =
      R"({"sku": "s-1", "category": "apparel/shirts", "brand": "Lund", "style": "s", "size": "M", "colour": "blue"})";
  for (const std::string& text : {shirt + "\n\n{\"sku\": \"mug\"}\n", "[" + shirt + ", {\"sku\": \"mug\"}]"}) {
    Folder folder;
    folder.write(text);
    BOOST_TEST(folder.trouble() == "");
    BOOST_TEST(folder.catalogue.size() == 2U);
    BOOST_TEST((folder.catalogue.find("s-1") == ports::Article{"s-1", "apparel/shirts", "Lund", "s", "M", "blue"}));
    BOOST_TEST((folder.catalogue.find("mug") == ports::Article{.sku = "mug"}));
    BOOST_TEST(!folder.catalogue.find("S-1"));
  }
}

BOOST_AUTO_TEST_CASE(without_a_file_nothing_is_known_and_one_that_appears_is_read) {
  Folder folder;
  BOOST_TEST(folder.trouble() == "");
  BOOST_TEST(!folder.catalogue.find("mug"));
  folder.write(R"({"sku": "mug"})");
  BOOST_TEST(folder.trouble() == "");
  BOOST_TEST(folder.catalogue.find("mug").has_value());
  std::filesystem::remove(folder.file);
  BOOST_TEST(folder.trouble() == "");
  BOOST_TEST(!folder.catalogue.find("mug"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_wrong_is_told_once_with_its_place_and_changes_nothing) {
  Folder folder;
  folder.write("{\"sku\": \"mug\"}\n");
  BOOST_TEST(folder.trouble() == "");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"{\"sku\": \"a\"}\n{\"sku\": \"b\", \"catgory\": \"x\"}\n", "article 2 has the unknown field \"catgory\""},
      {"{\"sku\": \"a\"}\n{\"sku\": \"a\"}\n{}\n", "article 2 has the SKU \"a\" for the second time"},
      {"{\"category\": \"a\"}\n", "article 1 has no \"sku\""},
      {"[{\"sku\": \"a\"}, 7]", "article 2 is not a JSON object"},
      {"[{\"sku\": \"a\"},", "it is not a JSON list"},
      {"{\"sku\": 12345}", "article 1 has no text of at most 200 bytes in \"sku\""}};
  for (const auto& [text, cause] : wrong) {
    folder.write(text);
    BOOST_TEST(folder.trouble() == cause);
    BOOST_TEST(folder.trouble() == "");
    BOOST_TEST(folder.catalogue.find("mug").has_value());
  }
}

BOOST_AUTO_TEST_CASE(sixty_thousand_articles_are_found) {
  Folder folder;
  {
    std::ofstream out(folder.file);
    for (int i = 0; i < 60'000; ++i) out << R"({"sku": ")" << i << R"(", "category": "home/kitchen"})" << '\n';
  }
  BOOST_TEST(folder.trouble() == "");
  BOOST_TEST(folder.catalogue.size() == 60'000U);
  BOOST_TEST(folder.catalogue.find("59999")->category == "home/kitchen");
}

BOOST_AUTO_TEST_SUITE_END()
