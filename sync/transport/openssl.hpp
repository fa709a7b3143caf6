#pragma once
// Owners for OpenSSL's objects and the text of its errors. Included by the .cpp files of this folder only.

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace retour::transport {

template <auto free_function>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, OpensslFree<X509_REQ_free>>;
using StorePtr = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpensslFree<SSL_free>>;

/// Empties this thread's error queue and returns its newest entry, or `otherwise` when there is none.
std::string openssl_error(const std::string& otherwise = "no reason given by OpenSSL");

/// Throw PkiError on text that is not what it should be; `what` names it in the message.
CertificatePtr parse_certificate(const std::string& pem, const std::string& what);
KeyPtr parse_key(const std::string& pem, const std::string& what);

std::string serial_hex(const X509* certificate);
std::string common_name(const X509* certificate);

}  // namespace retour::transport
