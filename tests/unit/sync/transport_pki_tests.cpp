#include "sync/transport/pki.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

using namespace retour;
using namespace retour::transport;

namespace {

constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;
constexpr std::int64_t some_day_ms = 1'735'689'600'000;  // 2025-01-01 00:00:00 UTC

NodeId anna() {
  return *NodeId::parse("0123456789abcdef0123456789abcdef");
}

std::string node_certificate(const pki::Identity& ca, const std::string& key_pem) {
  return pki::sign_csr(ca, pki::make_csr(key_pem), {.node = anna(), .now_ms = some_day_ms});
}

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "retour-pki-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_pki_tests)

BOOST_AUTO_TEST_CASE(a_node_certificate_names_the_node_and_is_dated_a_day_back) {
  const pki::Identity ca = pki::make_ca("test hub", some_day_ms);
  const pki::CertificateInfo info = pki::read_certificate(node_certificate(ca, pki::make_key_pem()));
  BOOST_TEST(info.common_name == anna().to_string());
  BOOST_TEST((pki::node_of(info) == anna()));
  BOOST_TEST(info.not_before_ms == some_day_ms - day_ms);
  BOOST_TEST(info.not_after_ms == some_day_ms + pki::node_certificate_days * day_ms);
  BOOST_TEST(info.serial.size() == 32u);
}

BOOST_AUTO_TEST_CASE(a_ca_lasts_twenty_years_and_two_certificates_never_share_a_serial) {
  const pki::Identity ca = pki::make_ca("test hub", some_day_ms);
  BOOST_TEST(pki::read_certificate(ca.certificate_pem).not_after_ms == some_day_ms + 20 * 365 * day_ms);
  const std::string key = pki::make_key_pem();
  BOOST_TEST(pki::read_certificate(node_certificate(ca, key)).serial !=
             pki::read_certificate(node_certificate(ca, key)).serial);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_known_by_its_own_ca_only) {
  const pki::Identity ours = pki::make_ca("hub", some_day_ms);
  const pki::Identity other = pki::make_ca("hub", some_day_ms);  // the same name must not help
  const std::string certificate = node_certificate(ours, pki::make_key_pem());
  BOOST_TEST(pki::is_signed_by(certificate, ours.certificate_pem));
  BOOST_TEST(!pki::is_signed_by(certificate, other.certificate_pem));
  BOOST_TEST((pki::fingerprint_of(ours.certificate_pem) != pki::fingerprint_of(other.certificate_pem)));
}

BOOST_AUTO_TEST_CASE(key_and_certificate_are_told_apart_from_strangers) {
  const pki::Identity ca = pki::make_ca("hub", some_day_ms);
  const pki::Identity hub =
      pki::make_hub_certificate(ca, {.names = {"hub.example", "10.0.0.7"}, .now_ms = some_day_ms});
  BOOST_TEST(pki::is_pair(hub));
  BOOST_TEST(!pki::is_pair({pki::make_key_pem(), hub.certificate_pem}));
}

BOOST_AUTO_TEST_CASE(a_hub_name_that_is_no_host_name_is_refused) {
  const pki::Identity ca = pki::make_ca("hub", some_day_ms);
  for (const char* name : {"", "two words", "evil.example,DNS:bank.example", "h\xc3\xa4user.example"}) {
    BOOST_CHECK_THROW(pki::make_hub_certificate(ca, {.names = {name}, .now_ms = some_day_ms}), pki::PkiError);
  }
}

BOOST_AUTO_TEST_CASE(a_request_that_was_changed_or_is_no_request_is_refused) {
  const pki::Identity ca = pki::make_ca("hub", some_day_ms);
  std::string csr = pki::make_csr(pki::make_key_pem());
  BOOST_CHECK_THROW(pki::sign_csr(ca, "not a request", {.node = anna()}), pki::PkiError);
  BOOST_CHECK_THROW(pki::sign_csr(ca, csr.substr(0, csr.size() / 2), {.node = anna()}), pki::PkiError);
  // The signature stands last in the request: a changed character there leaves the form valid and the signature
  // wrong.
  const std::size_t place = csr.find("\n-----END") - 6;
  csr[place] = csr[place] == 'A' ? 'B' : 'A';
  BOOST_CHECK_THROW(pki::sign_csr(ca, csr, {.node = anna()}), pki::PkiError);
}

BOOST_AUTO_TEST_CASE(a_key_is_saved_for_its_owner_only_and_replaced_whole) {
  const Folder folder;
  const std::filesystem::path file = folder.path / "node.key";
  std::ofstream(folder.path / "node.key.new") << "left by a crash";
  pki::save_pem(file, "first");
  pki::save_pem(file, "second");
  BOOST_TEST(pki::load_pem(file) == "second");
  struct stat status {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  BOOST_TEST(!std::filesystem::exists(folder.path / "node.key.new"));
}

BOOST_AUTO_TEST_CASE(a_missing_key_file_is_named_in_the_error) {
  try {
    pki::load_pem("/nowhere/node.key");
    BOOST_TEST(false, "a missing file was read");
  } catch (const pki::PkiError& error) {
    BOOST_TEST(std::string(error.what()).find("/nowhere/node.key") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_hub_certificate_names_the_hosts_it_was_made_for_and_no_other) {
  const pki::Identity ca = pki::make_ca("test hub", some_day_ms);
  const std::string pem =
      pki::make_hub_certificate(ca, {.names = {"hub.example", "10.0.0.5"}, .now_ms = some_day_ms}).certificate_pem;
  for (const char* host : {"hub.example", "10.0.0.5", "localhost", "127.0.0.1"})
    BOOST_TEST(pki::names_host(pem, host));
  for (const char* host : {"hub.example.org", "example", "10.0.0.6", ""}) BOOST_TEST(!pki::names_host(pem, host));
}

BOOST_AUTO_TEST_SUITE_END()
