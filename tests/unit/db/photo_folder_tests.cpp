#include "db/photos/photo_folder.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "db/codec/digest.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using namespace retour::photos;
using retour::codec::sha256;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t now_ms = 1'800'000'000'000;

Bytes a_photo(const std::string& of, std::size_t bytes = 0) {
  const std::string text = "\xff\xd8\xff" + of + std::string(bytes, 'x');
  return {text.begin(), text.end()};
}

struct Shelf {
  Scratch scratch;
  std::filesystem::path path = scratch / "photos";
  PhotoFolder folder{path, {.bytes_max = 1'000, .disk_free_min = 0}};
  Hash256 put(const Bytes& content) {
    BOOST_TEST((folder.put(sha256(content), content) == Put::kept));
    return sha256(content);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(photo_folder_tests, Shelf)

BOOST_AUTO_TEST_CASE(a_photo_is_known_by_its_first_bytes_and_nothing_else) {
  const auto type = [](std::string text) { return type_of(Bytes(text.begin(), text.end())); };
  BOOST_TEST((type("\xff\xd8\xff\xe0") == PhotoType::jpeg));
  BOOST_TEST((type("\x89PNG\r\n\x1a\nrest") == PhotoType::png));
  BOOST_TEST((type("RIFF1234WEBPVP8 ") == PhotoType::webp));
  for (const char* text : {"", "\xff\xd8", "RIFF1234WAVE", "<svg/>", "GIF89a", "%PDF-"}) BOOST_TEST(!type(text));
}

BOOST_AUTO_TEST_CASE(a_name_is_64_lower_case_digits_or_none) {
  const std::string name = sha256(a_photo("1")).to_string();
  BOOST_TEST((photo_hash(name) == sha256(a_photo("1"))));
  std::string upper = name;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  for (const std::string& wrong :
       {std::string(), name.substr(1), name + "0", upper, "../" + name, std::string(64, '.')}) {
    BOOST_TEST(!photo_hash(wrong));
  }
}

BOOST_AUTO_TEST_CASE(content_is_judged_from_size_to_hash) {
  const Bytes photo = a_photo("1");
  BOOST_TEST((fault_of(sha256(photo), photo) == PhotoFault::none));
  BOOST_TEST((fault_of(Hash256{}, photo) == PhotoFault::hash_differs));
  BOOST_TEST((fault_of(sha256(Bytes{1}), Bytes{1}) == PhotoFault::not_a_photo));
  BOOST_TEST((fault_of(Hash256{}, Bytes(photo_bytes_max + 1)) == PhotoFault::too_large));
}

BOOST_AUTO_TEST_CASE(a_photo_is_kept_once_given_back_and_only_its_owner_may_look) {
  const Bytes photo = a_photo("1");
  BOOST_TEST(!folder.has(sha256(photo)));
  BOOST_TEST(!folder.read(sha256(photo)));
  const Hash256 hash = put(photo);
  BOOST_TEST((folder.put(hash, photo) == Put::already_kept));
  BOOST_TEST((folder.read(hash) == photo));
  struct stat info {};
  BOOST_TEST(::stat((path / hash.to_string()).c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600u);
  BOOST_TEST(::stat(path.c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0700u);
}

BOOST_AUTO_TEST_CASE(what_the_hub_has_waits_no_more_and_goes_after_its_days) {
  const Hash256 first = put(a_photo("1")), second = put(a_photo("2"));
  BOOST_TEST(folder.waiting().size() == 2u);
  BOOST_TEST(folder.waiting(1).size() == 1u);
  folder.note_sent(first, now_ms);
  folder.note_sent(first, now_ms);
  BOOST_TEST((folder.waiting() == std::vector<Hash256>{second}));
  BOOST_TEST((folder.read(first) == a_photo("1")));
  BOOST_TEST((folder.put(first, a_photo("1")) == Put::already_kept));
  BOOST_TEST(folder.remove_old(now_ms + photo_kept_days * day_ms) == 0u);
  BOOST_TEST(folder.has(first));
  BOOST_TEST(folder.remove_old(now_ms + photo_kept_days * day_ms + 1) == 1u);
  BOOST_TEST(!folder.has(first));
  BOOST_TEST(folder.has(second));
}

BOOST_AUTO_TEST_CASE(a_full_folder_takes_no_more_until_another_program_has_made_room) {
  const Hash256 first = put(a_photo("1", 600));
  const Bytes second = a_photo("2", 600);
  BOOST_TEST((folder.put(sha256(second), second) == Put::full));
  BOOST_TEST(!folder.has(sha256(second)));
  std::filesystem::remove(path / first.to_string());
  BOOST_TEST((folder.put(sha256(second), second) == Put::kept));
}

BOOST_AUTO_TEST_CASE(the_last_of_the_disk_is_left_to_the_journal) {
  PhotoFolder careful{path, {.bytes_max = 1'000, .disk_free_min = 1ull << 60}};
  BOOST_TEST((careful.put(sha256(a_photo("1")), a_photo("1")) == Put::full));
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_half_written_is_no_photo_and_goes_too) {
  put(a_photo("1"));
  const std::filesystem::path torn = path / (sha256(a_photo("2")).to_string() + ".new");
  std::ofstream(torn) << "half";
  BOOST_TEST(folder.waiting().size() == 1u);
  folder.remove_old(4'000'000'000'000);
  BOOST_TEST(!std::filesystem::exists(torn));
  BOOST_TEST(folder.waiting().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_damaged_photo_is_set_aside_and_the_others_go_on) {
  const Hash256 first = put(a_photo("1"));
  put(a_photo("2"));
  folder.set_aside(first);
  BOOST_TEST(folder.waiting().size() == 1u);
  BOOST_TEST(std::filesystem::exists(path / (first.to_string() + ".damaged")));
}

BOOST_AUTO_TEST_CASE(eight_hands_that_put_one_photo_leave_one_whole_file) {
  const Bytes photo = a_photo("1", 500);
  std::vector<std::thread> hands;
  std::atomic<int> kept = 0;
  for (int i = 0; i < 8; ++i) {
    hands.emplace_back([&] { kept += folder.put(sha256(photo), photo) == Put::kept ? 1 : 0; });
  }
  for (std::thread& hand : hands) hand.join();
  BOOST_TEST(kept == 1);
  BOOST_TEST((folder.read(sha256(photo)) == photo));
}

BOOST_AUTO_TEST_SUITE_END()
