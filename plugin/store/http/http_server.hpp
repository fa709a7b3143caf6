#pragma once
// HTTP on loopback. Guards every exchange (who may ask, how much, in which form) and turns what a handler throws into
// {code, message, detail}. A hostile or broken request costs its own connection and nothing else.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "plugin/store/http/exchange.hpp"

namespace retour::store {

inline constexpr std::size_t body_bytes_max = 1'048'576;        // a return of 1,000 lines has 200 KB
inline constexpr std::size_t refused_body_drain_max = 8 << 20;  // read and dropped, so that the caller sees the 413
inline constexpr int threads_max = 64;  // one a connection: tills, a browser's six, tools; idle ones cost a stack
inline constexpr int queued_connections_max = 64;
inline constexpr int keep_alive_seconds = 2;  // short: a connection that only waits occupies its thread
inline constexpr int request_timeout_seconds = 10;

class HttpServer {
 public:
  using Handler = std::function<Reply(const Request&)>;  // called by several threads at once
  using Log = std::function<void(const std::string&)>;   // one line a failure of the world

  struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
  };

  /// Binds the port; throws Error when it is taken. Serves after `start`.
  HttpServer(const Options& options, Handler handler, Log log);
  ~HttpServer();

  void start();
  /// Ends within a second or two, open keep-alive connections included; running handlers finish first.
  void stop();
  std::uint16_t port() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// Turns whatever the handler throws into a reply. Apart from the server for the sake of tests.
Reply guarded(const HttpServer::Handler& handler, const Request& request, const HttpServer::Log& log);

/// {code, message, detail}
Reply problem_reply(int status, const std::string& code, const std::string& message, const std::string& detail);

}  // namespace retour::store
