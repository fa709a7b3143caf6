#pragma once
// People's end of the hub: HTTP on loopback; pages are read with GET, commands are JSON by POST. Guards every
// exchange: who may ask (the Host header must be this machine, so that no web page elsewhere reads the hub through a
// browser on it), what (a list of exact paths), and what a browser may do with the answer.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace retour::hub_program {

inline constexpr int page_threads_max = 16;        // a few browsers' connections; idle ones cost a stack
inline constexpr int page_queue_max = 64;          // connections that wait for a thread; more are closed
inline constexpr int page_keep_alive_seconds = 2;  // short: a connection that only waits occupies its thread
inline constexpr int page_timeout_seconds = 10;

struct PageReply {
  std::string content_type;
  std::string body;
  int status = 200;
};

/// Commands under one path and all below it: `take` gets path and body. What a browser sends by itself is no JSON, so
/// no page elsewhere can command the hub through one.
struct PageCommands {
  std::string path;  // empty: there are none
  std::function<PageReply(const std::string& path, const std::string& body)> take;
  std::size_t body_bytes_max = 0;
};

class PageServer {
 public:
  using Page = std::function<PageReply()>;              // called by several threads at once; may throw
  using Pages = std::map<std::string, Page>;            // by path
  using Log = std::function<void(const std::string&)>;  // one sentence a failure; from any thread

  /// Listens on 127.0.0.1 and serves when the constructor returns; port 0 is any free one. Throws Error when the port
  /// is taken.
  PageServer(std::uint16_t port, Pages pages, Log log, PageCommands commands = {});
  /// Stops.
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  std::uint16_t port() const;
  /// Within a second or two, open keep-alive connections included; a page that is being made is finished first.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

/// True for 127.0.0.1 and localhost with any port.
bool is_this_machine(std::string host_header);

}  // namespace retour::hub_program
