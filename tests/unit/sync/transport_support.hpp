#pragma once
// A hub on an ephemeral port of loopback, the certificates for it, and a plain TLS peer that can misbehave.

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sync/transport/https_client.hpp"
#include "sync/transport/https_server.hpp"
#include "sync/transport/pki.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace retour::transport::test {

std::int64_t now_ms();
Bytes bytes_of(const std::string& text);
std::string text_of(const Bytes& bytes);
NodeId node_numbered(int number);

/// One chain's keys; made once for all tests where nothing else is asked for.
struct Chain {
  pki::Identity ca = pki::make_ca("test hub", now_ms());
  pki::Identity hub = pki::make_hub_certificate(ca, {.names = {}, .now_ms = now_ms()});
  pki::Identity node(int number) const;
  pki::Identity node_made_at(int number, std::int64_t made_ms) const;
};
const Chain& our_chain();
const Chain& other_chain();

/// Keeps what lies under /wait until release(), echoes the rest with the peer in front.
class ScriptedService : public Service {
 public:
  void handle(Request&& request, Answer answer) override;
  void peer_gone(const NodeId& node) override;

  /// These wait for what must happen, with a limit that only a broken build reaches. False: it did not happen.
  bool has_waiting(std::size_t count);
  bool is_gone(const NodeId& node);

  std::vector<Answer> take_waiting();
  void release(const std::string& text);
  std::size_t handled();

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Answer> m_waiting;
  std::vector<NodeId> m_gone;
  std::size_t m_handled = 0;
};

/// A server with a service and what it warned of.
class Hub {
 public:
  explicit Hub(ServerLimits limits = {}, const Chain& chain = our_chain());
  ~Hub() { server->stop(); }

  bool warned(const std::string& words);
  /// Waits until the server has that many connections.
  bool has_connections(std::size_t count);
  ClientOptions client_options() const;
  ClientOptions client_options(int node_number) const;

  ScriptedService service;
  std::unique_ptr<HttpsServer> server;

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<std::string> m_warnings;
};

/// A blocking TLS connection without any HTTP, either side; every read has a limit of ten seconds.
class RawTls {
 public:
  struct Options {
    const pki::Identity* identity = nullptr;
    bool only_tls_1_2 = false;
  };
  RawTls(std::uint16_t port, Options options);  // connects; is_open() says whether the handshake went through
  RawTls(int accepted_socket, const pki::Identity& hub_identity);  // serves
  ~RawTls();
  RawTls(const RawTls&) = delete;
  RawTls& operator=(const RawTls&) = delete;

  bool is_open() const { return m_open; }
  bool write(const std::string& text);
  /// What comes until `end` has been seen, the peer closes, or ten seconds are over.
  std::string read_until(const std::string& end);
  std::string read_to_end() { return read_until({}); }
  int socket() const { return m_socket; }

 private:
  void prepare(bool server, const Options& options);

  int m_socket = -1;
  ssl_ctx_st* m_context = nullptr;
  ssl_st* m_ssl = nullptr;
  bool m_open = false;
};

/// A listening socket on loopback.
struct Listener {
  Listener();
  ~Listener();
  int accept_one() const;
  int socket = -1;
  std::uint16_t port = 0;
};
int connect_to(std::uint16_t port);
void connect_socket(int socket, std::uint16_t port);
/// True when the peer closed the socket within ten seconds.
bool is_closed_by_peer(int socket);

/// "ok" when the call went through, else the message of HubUnreachable with "not trusted: " in front for
/// HubNotTrusted.
std::string outcome(HubConnection& connection, const std::string& path, const std::string& body = {},
                    int timeout_ms = 10'000);

}  // namespace retour::transport::test
