#include "pos-adapters/staff_file/staff_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "db/node_files/node_files.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/staff_file/approval_codes.hpp"
#include "pos-adapters/staff_file/pin_hash.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using namespace retour::staff_file;

namespace {

const Bytes pepper(32, 1), other_pepper(32, 2), salt(16, 3);
constexpr HashCost cheap{.memory_kib = 64, .passes = 1};
const CodeOwner rita{NodeId{{7}}, "rita"};

struct Store {
  Scratch scratch;
  simulated::SeededIds ids{1};
  StaffPlace place{scratch / "staff.json", scratch / "staff.pepper", scratch / "approval.secret", rita.store};
  StaffFile staff{place};

  void write(const std::vector<Member>& members) {
    write_staff(place.staff, members);
    staff.refresh();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(staff_file_tests)

BOOST_AUTO_TEST_CASE(a_pin_fits_its_hash_under_the_pepper_of_its_device_only) {
  const std::string hash = hash_pin("2468", pepper, salt, cheap);
  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  BOOST_TEST(fits_hash("2468", pepper, hash));
  BOOST_TEST(!fits_hash("2469", pepper, hash));
  BOOST_TEST(!fits_hash("", pepper, hash));
  BOOST_TEST(!fits_hash("2468", other_pepper, hash));
  BOOST_TEST(!fits_hash("2468", {}, hash));
  BOOST_TEST(!fits_hash("2468", pepper, "2468"));
}

BOOST_AUTO_TEST_CASE(a_pin_costs_what_the_advice_for_argon2id_says) {
  BOOST_TEST(hash_pin("2468", pepper, salt).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

BOOST_AUTO_TEST_CASE(a_pin_is_four_to_twelve_digits) {
  for (const char* good : {"0000", "123456789012"}) BOOST_TEST(is_pin(good));
  for (const char* bad : {"", "123", "1234567890123", "12a4", "12 4", "-1234"}) BOOST_TEST(!is_pin(bad));
}

BOOST_AUTO_TEST_CASE(people_are_known_by_code_and_approve_by_pin) {
  Store store;
  const Bytes device = secret_of(store.place.pepper, store.ids);
  store.write({{"anna", Role::cashier, ""}, {"maria", Role::manager, hash_pin("2468", device, salt, cheap)}});
  BOOST_TEST((store.staff.role_of("maria") == Role::manager));
  BOOST_TEST((store.staff.role_of("anna") == Role::cashier));
  BOOST_TEST(!store.staff.role_of("nobody"));
  BOOST_TEST(store.staff.pin_is("maria", "2468"));
  BOOST_TEST(!store.staff.pin_is("maria", "1357"));
  BOOST_TEST(!store.staff.pin_is("anna", "2468"));
  BOOST_TEST(!store.staff.pin_is("nobody", "2468"));
  std::filesystem::remove(store.place.pepper);
  BOOST_TEST(!store.staff.pin_is("maria", "2468"));
}

BOOST_AUTO_TEST_CASE(secrets_are_made_once_and_are_their_owners_alone) {
  Store store;
  const Bytes first = secret_of(store.place.pepper, store.ids);
  BOOST_TEST(first.size() == 32U);
  BOOST_TEST((secret_of(store.place.pepper, store.ids) == first));
  BOOST_TEST((secret_of(store.place.approval_secret, store.ids) != first));
  store.write({{"anna", Role::cashier, ""}});
  using std::filesystem::perms;
  for (const auto& file : {store.place.pepper, store.place.approval_secret, store.place.staff}) {
    BOOST_TEST((std::filesystem::status(file).permissions() == (perms::owner_read | perms::owner_write)));
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_registry_is_told_and_changes_nobodys_authority) {
  Store store;
  store.write({{"maria", Role::manager, ""}});
  for (const char* wrong :
       {"[]", "{\"staff\": 1}", R"({"staff": [{"code": "x"}]})", R"({"staff": [{"code": "x", "role": "king"}]})",
        R"({"staff": [{"code": "x", "role": "manager", "name": "X"}]})",
        R"({"staff": [{"code": "x", "role": "manager"}, {"code": "x", "role": "cashier"}]})"}) {
    node_files::write_text(store.place.staff, wrong, true);
    BOOST_CHECK_THROW(store.staff.refresh(), Error);
    BOOST_TEST((store.staff.role_of("maria") == Role::manager));
  }
}

BOOST_AUTO_TEST_CASE(a_code_is_one_persons_one_stores_and_one_number) {
  const std::string code = approval_code(pepper, rita, 17);
  BOOST_TEST(code.size() == 12U);
  BOOST_TEST(approval_code(pepper, rita, 17) == code);
  const auto id = spending_id(pepper, rita, code);
  BOOST_REQUIRE(id.has_value());
  BOOST_TEST((spending_id(pepper, rita, approval_code(pepper, rita, 18)) != id));
  BOOST_TEST(!spending_id(pepper, {rita.store, "maria"}, code));
  BOOST_TEST(!spending_id(pepper, {NodeId{{8}}, "rita"}, code));
  BOOST_TEST(!spending_id(other_pepper, rita, code));
  BOOST_TEST(!spending_id({}, rita, code));
}

BOOST_AUTO_TEST_CASE(a_code_is_read_however_it_is_typed_and_every_wrong_character_is_found) {
  const std::string code = approval_code(pepper, rita, code_number_max);
  const auto id = spending_id(pepper, rita, code);
  std::string typed;
  for (const char c : code) typed += c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  BOOST_TEST((spending_id(pepper, rita, typed) == id));
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '-') continue;
    for (const char c : std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      std::string wrong = code;
      wrong[i] = c;
      BOOST_TEST((wrong == code || !spending_id(pepper, rita, wrong)));
    }
  }
  for (const std::string& wrong : {std::string(), code + "0", code.substr(1), code + "!"}) {
    BOOST_TEST(!spending_id(pepper, rita, wrong));
  }
}

BOOST_AUTO_TEST_CASE(all_codes_of_a_person_differ) {
  std::set<std::string> codes;
  for (std::uint32_t number = 0; number <= code_number_max; ++number)
    codes.insert(approval_code(pepper, rita, number));
  BOOST_TEST(codes.size() == code_number_max + 1);
}

BOOST_AUTO_TEST_SUITE_END()
