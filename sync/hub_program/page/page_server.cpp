#include "sync/hub_program/page/page_server.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/ThreadPool.h>

#include <optional>

#include "plugin/core/base/error.hpp"

namespace retour::hub_program {

namespace {

namespace net = Poco::Net;

struct Answer {
  int status = 200;
  PageReply reply;
};

Answer refusal(int status, const std::string& sentence) {
  return {status, {"text/plain; charset=utf-8", sentence + "\n"}};
}

bool is_below(const std::string& path, const std::string& root) {
  return !root.empty() && path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

/// What a command's body says; empty when it is too long. A body without a length is too long.
std::optional<std::string> body_of(net::HTTPServerRequest& request, std::size_t bytes_max) {
  const auto length = request.getContentLength64();
  if (length < 0 || length > static_cast<std::int64_t>(bytes_max)) return std::nullopt;
  std::string body(static_cast<std::size_t>(length), '\0');
  request.stream().read(body.data(), static_cast<std::streamsize>(length));
  if (request.stream().gcount() != length) return std::nullopt;
  return body;
}

Answer command(net::HTTPServerRequest& request, const std::string& path, const PageCommands& commands,
               const PageServer::Log& log) {
  const std::string type = request.getContentType();
  if (type.substr(0, type.find(';')) != "application/json") return refusal(415, "Commands are application/json.");
  if (request.has("Origin")) return refusal(403, "Commands come from programs of this machine, not from web pages.");
  const auto body = body_of(request, commands.body_bytes_max);
  if (!body) return refusal(413, "The command is too long, or does not say how long it is.");
  try {
    PageReply reply = commands.take(path, *body);
    return {reply.status, std::move(reply)};
  } catch (const std::exception& error) {
    log(std::string("a command could not be carried out: ") + error.what());
    return refusal(
        500, "The hub could not carry this out just now; its log says why. The same command may be sent again.");
  }
}

Answer answer(net::HTTPServerRequest& request, const PageServer::Pages& pages, const PageCommands& commands,
              const PageServer::Log& log) {
  if (!is_this_machine(request.get("Host", ""))) {
    return refusal(403, "The Host header is not this machine; use http://127.0.0.1 or http://localhost.");
  }
  const std::string& target = request.getURI();
  const std::string path = target.substr(0, target.find('?'));
  if (request.getMethod() == net::HTTPRequest::HTTP_POST && is_below(path, commands.path))
    return command(request, path, commands, log);
  if (request.getMethod() != net::HTTPRequest::HTTP_GET) return refusal(405, "This page can only be read: use GET.");
  const auto page = pages.find(path);
  if (page == pages.end()) return refusal(404, "There is no such page; begin at /.");
  try {
    return {200, page->second()};
  } catch (const std::exception& error) {
    log(std::string("a status page could not be made: ") + error.what());
    return refusal(
        500,
        "The hub could not look at its own data just now; its log says why. Stores are served apart from this page.");
  }
}

class Exchange final : public net::HTTPRequestHandler {
 public:
  Exchange(const PageServer::Pages& pages, const PageCommands& commands, const PageServer::Log& log)
      : m_pages(pages), m_commands(commands), m_log(log) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const Answer given = answer(request, m_pages, m_commands, m_log);
    response.setStatus(static_cast<net::HTTPResponse::HTTPStatus>(given.status));
    response.setReason(net::HTTPResponse::getReasonForStatus(response.getStatus()));
    if (given.status == 405) response.set("Allow", "GET");
    response.set("Cache-Control", "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
                 "frame-ancestors 'none'");
    response.setContentType(given.reply.content_type);
    // A refused request may have a body that nobody read: the next one must not be looked for in its middle.
    if (given.status >= 300) response.setKeepAlive(false);
    const bool head = request.getMethod() == net::HTTPRequest::HTTP_HEAD;
    if (head) response.setContentLength(0);
    response.sendBuffer(given.reply.body.data(), head ? 0 : given.reply.body.size());
  }

 private:
  const PageServer::Pages& m_pages;
  const PageCommands& m_commands;
  const PageServer::Log& m_log;
};

class Factory final : public net::HTTPRequestHandlerFactory {
 public:
  Factory(PageServer::Pages pages, PageCommands commands, PageServer::Log log)
      : m_pages(std::move(pages)), m_commands(std::move(commands)), m_log(std::move(log)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new Exchange(m_pages, m_commands, m_log);  // Poco deletes it after the exchange
  }

 private:
  PageServer::Pages m_pages;
  PageCommands m_commands;
  PageServer::Log m_log;
};

net::HTTPServerParams::Ptr parameters() {
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(page_threads_max);
  params->setMaxQueued(page_queue_max);
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(Poco::Timespan(page_keep_alive_seconds, 0));
  params->setTimeout(Poco::Timespan(page_timeout_seconds, 0));
  params->setSoftwareVersion("");
  return params;
}

net::ServerSocket bind(std::uint16_t port) {
  try {
    net::ServerSocket socket;
    // Without SO_REUSEPORT, which Poco would set beside SO_REUSEADDR: two programs would share the port, unnoticed.
    socket.bind(net::SocketAddress("127.0.0.1", port), true, false);
    socket.listen(page_queue_max);
    return socket;
  } catch (const Poco::Exception& error) {
    throw Error({.operation = "listen on",
                 .object = "127.0.0.1:" + std::to_string(port),
                 .cause = error.displayText(),
                 .consequence = "the hub does not start; name another port for its status page with --status-port"});
  }
}

}  // namespace

bool is_this_machine(std::string host_header) {
  const std::size_t colon = host_header.rfind(':');
  if (colon != std::string::npos) host_header.resize(colon);
  return host_header == "127.0.0.1" || host_header == "localhost";
}

struct PageServer::State {
  State(std::uint16_t port, Pages pages, PageCommands commands, Log log)
      : socket(bind(port)),
        threads("page", 2, page_threads_max),
        server(new Factory(std::move(pages), std::move(commands), std::move(log)), threads, socket, parameters()) {}

  net::ServerSocket socket;
  Poco::ThreadPool threads;
  net::HTTPServer server;
  bool stopped = false;
};

PageServer::PageServer(std::uint16_t port, Pages pages, Log log, PageCommands commands)
    : m_state(std::make_unique<State>(port, std::move(pages), std::move(commands), std::move(log))) {
  m_state->server.start();
}

PageServer::~PageServer() {
  stop();
}

void PageServer::stop() {
  if (std::exchange(m_state->stopped, true)) return;
  m_state->server.stop();
  m_state->server.stopAll(false);  // connections that only wait; one inside a page is waited for
  m_state->threads.joinAll();
}

std::uint16_t PageServer::port() const {
  return m_state->socket.address().port();
}

}  // namespace retour::hub_program
