#include "sync/documents/document_shelf.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/digest.hpp"
#include "db/codec/packed_document.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;

namespace {

protocol::Document document(std::uint64_t seq, const std::string& kind, const std::string& text,
                            const std::string& name = "") {
  const Bytes whole(text.begin(), text.end());
  return {
      .seq = seq, .kind = kind, .name = name, .hash = codec::sha256(whole), .packed = codec::pack_document(whole)};
}

/// A store's directory, and the shelf in it.
struct Store {
  Scratch folder;
  node_files::NodeFiles files{folder / "anna"};
  std::optional<documents::DocumentShelf> shelf;

  Store() {
    std::filesystem::create_directories(files.directory);
    restart();
  }
  void restart() { shelf.emplace(files); }
  std::string reason() const { return shelf->refused().size() == 1 ? shelf->refused()[0].reason : ""; }
};

const std::string good_pack = R"({"id": "uk", "version": 2})";

}  // namespace

BOOST_AUTO_TEST_SUITE(document_shelf_tests)

BOOST_AUTO_TEST_CASE(policies_stand_beside_each_other_the_latest_first) {
  Store store;
  BOOST_TEST(store.shelf->take(document(9, "policy", good_pack, "uk-2")));
  BOOST_TEST(store.shelf->take(document(10, "policy", R"({"id": "uk", "version": 3})", "uk-3")));
  const auto found = documents::published_policies(store.files);
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(node_files::read_text(found[0]) == R"({"id": "uk", "version": 3})");
  BOOST_TEST(node_files::read_text(found[1]) == good_pack);
}

BOOST_AUTO_TEST_CASE(only_the_newest_policies_are_kept) {
  Store store;
  for (std::uint64_t seq = 1; seq <= documents::policies_kept_max + 2; ++seq)
    store.shelf->take(document(seq, "policy", good_pack, "uk-2"));
  const auto found = documents::published_policies(store.files);
  BOOST_TEST(found.size() == documents::policies_kept_max);
  BOOST_TEST(found.back().filename().string() == "000000000003.json");
}

BOOST_AUTO_TEST_CASE(a_recall_list_takes_the_place_of_the_one_before_and_a_wrong_one_does_not) {
  Store store;
  const std::string right =
      R"({"recalls": [{"id": "2026-014", "skus": ["22960"], "what_to_do": {"en": "Unplug it.", "zh": "请拔掉插头。"}}]})";
  BOOST_TEST(store.shelf->take(document(1, "recalls", right)));
  BOOST_TEST(!store.shelf->take(document(2, "recalls", R"({"recalls": [{"id": "2026-015", "skus": []}]})")));
  BOOST_TEST(node_files::read_text(store.files.recalls()) == right);
  BOOST_TEST(store.shelf->refused().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_catalogue_takes_the_place_of_the_one_before_and_a_wrong_one_does_not) {
  Store store;
  const std::string right = R"([{"sku": "1", "category": "apparel"}])";
  BOOST_TEST(store.shelf->take(document(1, "catalogue", right)));
  BOOST_TEST(!store.shelf->take(document(2, "catalogue", R"([{"sku": "1", "colourr": "red"}])")));
  BOOST_TEST(node_files::read_text(store.files.catalogue()) == right);
  BOOST_TEST(store.shelf->after() == 2U);  // it is not asked for again
  BOOST_TEST(store.reason().find("unknown field \"colourr\"") != std::string::npos, store.reason());
  const std::filesystem::path kept = store.files.documents() / "000000000002-catalogue.json";
  BOOST_TEST(store.reason().find(kept.string()) != std::string::npos, store.reason());
  BOOST_TEST(std::filesystem::exists(kept));  // to look at
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_remembered_until_a_later_one_of_its_kind_and_name_is_right) {
  Store store;
  store.shelf->take(document(1, "policy", R"({"id": "uk", "version": 2, "dayz": 1})", "uk-2"));
  store.restart();
  BOOST_TEST(store.reason().find("dayz is not known") != std::string::npos, store.reason());
  store.shelf->take(document(2, "policy", R"({"id": "eu", "version": 1})", "eu-1"));
  BOOST_TEST(store.shelf->refused().size() == 1U);
  store.shelf->take(document(3, "policy", good_pack, "uk-2"));
  BOOST_TEST(store.shelf->refused().empty());
  store.restart();
  BOOST_TEST(store.shelf->after() == 3U);
  BOOST_TEST(store.shelf->refused().empty());
  BOOST_TEST(std::filesystem::is_empty(store.files.documents()));
}

BOOST_AUTO_TEST_CASE(a_persons_role_comes_from_the_hub_and_her_pin_stays_the_one_set_here) {
  Store store;
  staff_file::write_staff(store.files.staff(), {{"anna", Role::cashier, "$hash"}, {"gone", Role::cashier, "$other"}});
  BOOST_TEST(store.shelf->take(document(
      1, "staff", R"({"staff": [{"code": "anna", "role": "manager"}, {"code": "new", "role": "cashier"}]})")));
  const std::vector<staff_file::Member> expected{{"anna", Role::manager, "$hash"}, {"new", Role::cashier, ""}};
  BOOST_TEST((staff_file::read_staff(store.files.staff()) == expected));
}

BOOST_AUTO_TEST_CASE(a_published_staff_file_with_a_pin_is_refused) {
  Store store;
  BOOST_TEST(
      !store.shelf->take(document(1, "staff", R"({"staff": [{"code": "a", "role": "cashier", "pin": "$x"}]})")));
  BOOST_TEST(!std::filesystem::exists(store.files.staff()));
  BOOST_TEST(store.reason().find("PINs are set in the store") != std::string::npos, store.reason());
}

BOOST_AUTO_TEST_CASE(a_kind_of_a_later_program_and_changed_bytes_are_refused_and_the_next_is_taken) {
  Store store;
  BOOST_TEST(!store.shelf->take(document(1, "../recall", "{}")));
  BOOST_TEST(store.reason().find("knows no documents of kind \"../recall\"") != std::string::npos, store.reason());
  protocol::Document changed = document(2, "policy", good_pack, "uk-2");
  changed.hash.bytes[0] ^= 1;
  BOOST_TEST(!store.shelf->take(changed));
  changed = document(3, "policy", good_pack, "uk-2");
  changed.packed.resize(changed.packed.size() / 2);
  BOOST_TEST(!store.shelf->take(changed));
  BOOST_TEST(documents::published_policies(store.files).empty());
  BOOST_TEST(store.shelf->take(document(4, "policy", good_pack, "uk-2")));
  BOOST_TEST(documents::published_policies(store.files).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_state_that_cannot_be_read_begins_from_the_start) {
  Store store;
  store.shelf->take(document(5, "policy", good_pack, "uk-2"));
  node_files::write_text(store.files.documents_state(), "{\"after\": \"five\"}", false);
  store.restart();
  BOOST_TEST(store.shelf->after() == 0U);
}

BOOST_AUTO_TEST_CASE(a_document_that_unpacks_to_more_than_it_may_takes_no_memory) {
  const Bytes large(1'000, 7);
  const Bytes packed = codec::pack_document(large);
  BOOST_TEST((codec::unpack_document(packed, 1'000) == large));
  BOOST_CHECK_THROW(codec::unpack_document(packed, 999), codec::MalformedBody);
  BOOST_CHECK_THROW(codec::unpack_document({}, 999), codec::MalformedBody);
}

BOOST_AUTO_TEST_SUITE_END()
