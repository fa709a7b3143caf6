// Keys out of every form of text they come in, certificates of other makers included.
#include "db/codec/signature.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>

#include "plugin/core/base/error.hpp"

namespace retour::codec {
namespace {

constexpr std::array<std::uint8_t, 5> message{1, 2, 3, 4, 5};

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
using BioPtr = std::unique_ptr<BIO, Free>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

KeyPtr private_key(const SigningKey& key) {
  const std::string pem = key.to_pem();
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPtr(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

/// Self-signed, with a name of `name_bytes`, so that lengths of one and of two bytes stand before the key.
std::string certificate_of(EVP_PKEY* key, std::size_t name_bytes = 10) {
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 77);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 1000);
  const std::string name(name_bytes, 'x');
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "description", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1,
                             0);
  X509_set_pubkey(certificate.get(), key);
  X509_sign(certificate.get(), key, EVP_sha256());
  const BioPtr bio(BIO_new(BIO_s_mem()));
  BOOST_REQUIRE_EQUAL(PEM_write_bio_X509(bio.get(), certificate.get()), 1);
  return text_of(bio.get());
}

/// The same certificate with its bytes changed.
std::string changed(const std::string& pem, const std::function<void(Bytes&)>& change) {
  const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char *name = nullptr, *header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  BOOST_REQUIRE_EQUAL(PEM_read_bio(in.get(), &name, &header, &data, &size), 1);
  Bytes bytes(data, data + size);
  change(bytes);
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio(out.get(), name, header, bytes.data(), static_cast<long>(bytes.size()));
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return text_of(out.get());
}

std::string public_pem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  BOOST_REQUIRE_EQUAL(PEM_write_bio_PUBKEY(bio.get(), key), 1);
  return text_of(bio.get());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signature_tests)

BOOST_AUTO_TEST_CASE(a_certificate_gives_the_key_it_names) {
  const SigningKey key = SigningKey::generate();
  for (const std::size_t name_bytes : {std::size_t{1}, std::size_t{100}, std::size_t{300}, std::size_t{1000}}) {
    const VerifyKey read = VerifyKey::from_pem(certificate_of(private_key(key).get(), name_bytes));
    BOOST_TEST(read.verify(message, key.sign(message)));
    BOOST_TEST(read.to_pem() == key.verify_key().to_pem());
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_writes_its_point_in_the_short_form_is_read_too) {
  const SigningKey key = SigningKey::generate();
  const KeyPtr compressed = private_key(key);
  BOOST_REQUIRE_EQUAL(EVP_PKEY_set_utf8_string_param(compressed.get(), "point-format", "compressed"), 1);
  BOOST_TEST(VerifyKey::from_pem(certificate_of(compressed.get())).verify(message, key.sign(message)));
}

BOOST_AUTO_TEST_CASE(keys_of_another_curve_are_refused_in_every_form) {
  const KeyPtr other(EVP_EC_gen("P-384"));
  BOOST_CHECK_THROW(VerifyKey::from_pem(certificate_of(other.get())), Error);
  BOOST_CHECK_THROW(VerifyKey::from_pem(public_pem(other.get())), Error);
}

BOOST_AUTO_TEST_CASE(a_certificate_whose_point_is_not_on_the_curve_is_refused) {
  const std::string good = certificate_of(private_key(SigningKey::generate()).get());
  const std::string bad = changed(good, [](Bytes& der) {
    constexpr std::array<std::uint8_t, 4> point_follows{0x03, 0x42, 0x00, 0x04};
    const auto at = std::ranges::search(der, point_follows).begin();
    BOOST_REQUIRE(at != der.end());
    at[10] ^= 1;
  });
  BOOST_CHECK_THROW(VerifyKey::from_pem(bad), Error);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_cut_off_before_its_key_ends_is_refused) {
  const std::string whole = certificate_of(private_key(SigningKey::generate()).get());
  std::size_t key_ends = 0;
  changed(whole, [&](Bytes& der) {
    constexpr std::array<std::uint8_t, 4> point_follows{0x03, 0x42, 0x00, 0x04};
    key_ends = static_cast<std::size_t>(std::ranges::search(der, point_follows).begin() - der.begin()) + 68;
  });
  for (std::size_t size = 1; size < key_ends; ++size) {
    const std::string part = changed(whole, [size](Bytes& der) { der.resize(size); });
    BOOST_CHECK_THROW(VerifyKey::from_pem(part), Error);
  }
}

BOOST_AUTO_TEST_CASE(damaged_certificates_give_a_key_or_are_refused_and_nothing_else) {
  const std::string whole = certificate_of(private_key(SigningKey::generate()).get());
  std::size_t size = 0;
  changed(whole, [&](Bytes& der) { size = der.size(); });
  std::size_t refused = 0;
  for (std::size_t at = 0; at < size; ++at) {
    for (const std::uint8_t value : std::array<std::uint8_t, 5>{0x00, 0x7f, 0x80, 0x84, 0xff}) {
      try {
        VerifyKey::from_pem(changed(whole, [&](Bytes& der) { der[at] = value; }));
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  BOOST_TEST(refused > 100u);
}

BOOST_AUTO_TEST_CASE(one_key_signs_and_verifies_in_several_threads) {
  const SigningKey key = SigningKey::generate();
  const VerifyKey verify = key.verify_key();
  std::array<int, 4> good{};
  {
    std::vector<std::jthread> threads;
    for (int& count : good) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) count += verify.verify(message, key.sign(message)) ? 1 : 0;
      });
    }
  }
  for (const int count : good) BOOST_TEST(count == 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::codec
