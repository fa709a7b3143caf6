#include "db/codec/digest.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/signature.hpp"
#include "plugin/core/base/error.hpp"

using namespace retour;
using namespace retour::codec;

namespace {
std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

BOOST_AUTO_TEST_SUITE(digest_tests)

BOOST_AUTO_TEST_CASE(sha256_gives_the_published_vectors) {
  BOOST_TEST(sha256(bytes_of("abc")).to_string() ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256({}).to_string() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

BOOST_AUTO_TEST_CASE(pieces_hash_like_the_whole_and_the_hasher_starts_anew) {
  Sha256 hasher;
  BOOST_TEST(hasher.update("a").update("bc").finish().to_string() == sha256(bytes_of("abc")).to_string());
  BOOST_TEST(hasher.update("abc").finish().to_string() == sha256(bytes_of("abc")).to_string());
}

BOOST_AUTO_TEST_CASE(lookup_key_is_the_first_half_of_the_published_hmac) {
  // RFC 4231, test case 2.
  BOOST_TEST(hmac_key(bytes_of("Jefe"), "what do ya want for nothing?").to_string() ==
             "5bdcc146bf60754e6a042426089575c7");
  BOOST_TEST(hmac_key(bytes_of("Jefe"), "").is_zero());
}

BOOST_AUTO_TEST_CASE(order_id_is_the_first_half_of_the_hash_of_authority_and_number) {
  const OrderId id = derive_order_id("web", "536365");
  BOOST_TEST(id.to_string() == sha256(bytes_of("web\x1f"
                                               "536365"))
                                   .to_string()
                                   .substr(0, 32));
  BOOST_TEST(id.to_string() != derive_order_id("web5", "36365").to_string());
}

BOOST_AUTO_TEST_CASE(a_signature_is_good_for_its_own_bytes_and_key_only) {
  const SigningKey key = SigningKey::generate();
  const Bytes signature = key.sign(bytes_of("head"));
  BOOST_TEST(key.verify_key().verify(bytes_of("head"), signature));
  BOOST_TEST(!key.verify_key().verify(bytes_of("heal"), signature));
  BOOST_TEST(!SigningKey::generate().verify_key().verify(bytes_of("head"), signature));
  Bytes damaged = signature;
  damaged.back() ^= 1;
  BOOST_TEST(!key.verify_key().verify(bytes_of("head"), damaged));
  BOOST_TEST(!key.verify_key().verify(bytes_of("head"), Bytes{}));
}

BOOST_AUTO_TEST_CASE(keys_survive_pem_and_other_text_is_refused) {
  const SigningKey key = SigningKey::generate();
  const Bytes signature = SigningKey::from_pem(key.to_pem()).sign(bytes_of("head"));
  BOOST_TEST(VerifyKey::from_pem(key.verify_key().to_pem()).verify(bytes_of("head"), signature));
  BOOST_TEST(VerifyKey::from_pem(key.to_pem()).verify(bytes_of("head"), signature));
  BOOST_CHECK_THROW(SigningKey::from_pem("-----BEGIN NOTHING-----"), Error);
  BOOST_CHECK_THROW(VerifyKey::from_pem(""), Error);
}

BOOST_AUTO_TEST_SUITE_END()
