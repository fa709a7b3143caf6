#include "sync/hub_program/make_hub.hpp"

#include <fstream>

#include <boost/test/unit_test.hpp>

#include "db/policy_pack/pack_file.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using namespace retour::hub_program;

namespace {

constexpr std::int64_t day_ms = 24LL * 3'600'000;

struct AHub {
  Scratch scratch;
  simulated::ManualClock clock{1'790'000'000'000};
  simulated::SeededIds ids{7};
  HubFiles files{scratch / "hub"};
  HubConfig config{.hosts = {"hub.example", "10.0.0.5"}, .port = 8443};

  AHub() {
    make_hub(files, {.hosts = config.hosts, .port = config.port, .policy_json = default_policy_json()}, clock, ids);
  }
  HubCertificate certificate() { return hub_certificate(files, config, read_secrets(files).ca, clock.now_ms()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(make_hub_tests)

BOOST_AUTO_TEST_CASE(a_new_hub_reads_back_what_was_asked_for) {
  AHub hub;
  BOOST_TEST((read_config(hub.files) == hub.config));
  const HubSecrets secrets = read_secrets(hub.files);
  BOOST_TEST(secrets.lookup_secret.size() == lookup_secret_bytes);
  BOOST_TEST((policy_pack::read_policy(hub.files.policy()) ==
              PolicyPack{.windows = {{.name = {"general", ""}, .days = 30}}}));
}

BOOST_AUTO_TEST_CASE(the_certificate_is_kept_for_two_thirds_of_its_time_and_then_made_anew) {
  AHub hub;
  const std::string first = hub.certificate().identity.certificate_pem;
  hub.clock.advance(480 * day_ms);
  BOOST_TEST(!hub.certificate().renewed_because.has_value());
  BOOST_TEST(hub.certificate().identity.certificate_pem == first);
  hub.clock.advance(10 * day_ms);
  const HubCertificate renewed = hub.certificate();
  BOOST_TEST(renewed.renewed_because.value_or("") == "less than a third of its time was left");
  BOOST_TEST(renewed.identity.certificate_pem != first);
  BOOST_TEST(
      transport::pki::is_signed_by(renewed.identity.certificate_pem, read_secrets(hub.files).ca.certificate_pem));
  BOOST_TEST(!hub.certificate().renewed_because.has_value());
}

BOOST_AUTO_TEST_CASE(a_certificate_that_does_not_fit_is_made_anew) {
  AHub hub;
  hub.config.hosts.push_back("new.example");
  BOOST_TEST(hub.certificate().renewed_because.value_or("") == "it does not name new.example");
  transport::pki::save_pem(hub.files.tls_key(), transport::pki::make_key_pem());
  BOOST_TEST(hub.certificate().renewed_because.value_or("") == "the key beside it is not its own");
  std::filesystem::remove(hub.files.tls_certificate());
  BOOST_TEST(hub.certificate().renewed_because.value_or("") == "there was none");
  BOOST_TEST(!hub.certificate().renewed_because.has_value());
}

BOOST_AUTO_TEST_CASE(keys_that_do_not_belong_together_are_named) {
  AHub hub;
  transport::pki::save_pem(hub.files.ca_key(), transport::pki::make_key_pem());
  BOOST_CHECK_EXCEPTION(read_secrets(hub.files), Error, [](const Error& error) {
    return std::string(error.what()).find("ca.key.pem") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_shortened_secret_is_refused) {
  AHub hub;
  std::ofstream(hub.files.lookup_secret(), std::ios::trunc) << "short";
  BOOST_CHECK_EXCEPTION(read_secrets(hub.files), Error, [](const Error& error) {
    return std::string(error.what()).find("it has 5 bytes, not 32") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(host_names_are_separated_by_commas_and_checked) {
  BOOST_TEST((parse_hosts("hub.example,10.0.0.5") == std::vector<std::string>{"hub.example", "10.0.0.5"}));
  for (const char* wrong : {"", ",", "a,", "a b", "*.example", "[::1]", "a:1", "a\n"})
    BOOST_CHECK_THROW(parse_hosts(wrong), Error);
  std::string many = "a";
  for (std::size_t i = 0; i < hosts_max; ++i) many += ",a";
  BOOST_CHECK_THROW(parse_hosts(many), Error);
}

BOOST_AUTO_TEST_SUITE_END()
