#include "sync/hub/photo_shelf.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/digest.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using namespace retour::hub;

namespace {

const Bytes photo{0xff, 0xd8, 0xff, 1};
const std::string name = codec::sha256(photo).to_string();

struct Shelf {
  Scratch scratch;
  PhotoShelf shelf{scratch / "photos", {.bytes_max = 6, .disk_free_min = 0}};
  NodeRow anna{.node = NodeId{{1}}};
  NodeRow bert{.node = NodeId{{2}}};

  int put(const NodeRow& node, const std::string& as, const Bytes& content) {
    return shelf.answer(node, {.method = "PUT", .path = "/sync/v1/photo/" + as, .body = content}).status;
  }
  int ask(const NodeRow& node, const std::string& as) {
    return shelf.answer(node, {.method = "GET", .path = "/sync/v1/photo/" + as}).status;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(photo_shelf_tests, Shelf)

BOOST_AUTO_TEST_CASE(a_photo_is_known_once_it_was_put_and_putting_it_again_changes_nothing) {
  BOOST_TEST(ask(anna, name) == 404);
  BOOST_TEST(put(anna, name, photo) == 200);
  BOOST_TEST(put(anna, name, photo) == 200);
  BOOST_TEST(ask(anna, name) == 200);
  BOOST_TEST(std::filesystem::exists(scratch / "photos" / anna.node.to_string() / name));
}

BOOST_AUTO_TEST_CASE(a_store_sees_only_its_own_and_its_room_is_its_own) {
  BOOST_TEST(put(anna, name, photo) == 200);
  BOOST_TEST(ask(bert, name) == 404);
  const Bytes other{0xff, 0xd8, 0xff, 2};
  BOOST_TEST(put(anna, codec::sha256(other).to_string(), other) == 507);
  BOOST_TEST(put(bert, codec::sha256(other).to_string(), other) == 200);
}

BOOST_AUTO_TEST_CASE(what_is_no_photo_or_has_no_such_name_is_refused_and_not_kept) {
  BOOST_TEST(put(anna, std::string(64, 'a'), photo) == 422);
  BOOST_TEST(put(anna, codec::sha256(Bytes{1}).to_string(), Bytes{1}) == 415);
  BOOST_TEST(put(anna, name, Bytes(photos::photo_bytes_max + 1)) == 413);
  for (const std::string& wrong : {std::string(), std::string("../x"), name + "/..", std::string(64, 'A')}) {
    BOOST_TEST(put(anna, wrong, photo) == 422);
    BOOST_TEST(ask(anna, wrong) == 422);
  }
  BOOST_TEST(shelf.answer(anna, {.method = "DELETE", .path = "/sync/v1/photo/" + name}).status == 405);
  BOOST_TEST(!std::filesystem::exists(scratch / "photos"));
}

BOOST_AUTO_TEST_SUITE_END()
