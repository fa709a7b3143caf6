#include "plugin/store/http/http_server.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "db/photos/photo.hpp"
#include "plugin/core/base/error.hpp"
#include "plugin/core/base/utf8.hpp"
#include "plugin/store/http/problem.hpp"

namespace retour::store {

namespace {

namespace net = Poco::Net;

bool is_loopback_name(std::string host) {
  const bool bracketed = !host.empty() && host.front() == '[';
  const std::size_t end = bracketed ? host.find(']') : host.rfind(':');
  if (end != std::string::npos) host.resize(bracketed ? end + 1 : end);
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

/// A web page elsewhere must not reach the till through the cashier's browser, be it by a name that points here.
void check_caller(const net::HTTPServerRequest& request) {
  if (!is_loopback_name(request.get("Host", ""))) {
    throw Problem(403, "host_not_allowed", "The Host header is not this machine.",
                  "Use http://127.0.0.1 or http://localhost. " + std::string(nothing_recorded));
  }
  if (!request.has("Origin")) return;
  const std::string origin = request.get("Origin");
  const std::string scheme = "http://";
  if (origin.rfind(scheme, 0) != 0 || !is_loopback_name(origin.substr(scheme.size()))) {
    throw Problem(403, "origin_not_allowed", "A page of another origin may not use this service.", nothing_recorded);
  }
}

std::size_t drain(std::istream& in, std::size_t bytes_max) {
  std::array<char, 16'384> buffer;
  std::size_t total = 0;
  while (total < bytes_max && (in.read(buffer.data(), buffer.size()), in.gcount() > 0)) {
    total += static_cast<std::size_t>(in.gcount());
  }
  return total;
}

/// What a body may be: of a command or of a photo.
struct BodyRule {
  std::size_t bytes_max;
  const char* too_large;  // code
  const char* consequence;
};
constexpr BodyRule command_body{body_bytes_max, "body_too_large", nothing_recorded};
constexpr BodyRule photo_body{photos::photo_bytes_max, "photo_too_large", nothing_kept};

[[noreturn]] void refuse_large(std::istream& in, const BodyRule& rule) {
  drain(in, refused_body_drain_max);
  throw Problem(413, rule.too_large, "The body is larger than " + std::to_string(rule.bytes_max) + " bytes.",
                rule.consequence);
}

std::string read_body(net::HTTPServerRequest& request, const BodyRule& rule) {
  std::istream& in = request.stream();
  const auto announced = request.hasContentLength() ? request.getContentLength64() : -1;
  if (announced > static_cast<Poco::Int64>(rule.bytes_max)) refuse_large(in, rule);
  std::string body;
  std::array<char, 16'384> buffer;
  while (in.read(buffer.data(), buffer.size()), in.gcount() > 0) {
    body.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (body.size() > rule.bytes_max) refuse_large(in, rule);
  }
  if (announced >= 0 && body.size() != static_cast<std::size_t>(announced)) {
    throw Problem(
        400, "body_truncated",
        "The body ended after " + std::to_string(body.size()) + " of " + std::to_string(announced) + " bytes.",
        rule.consequence);
  }
  return body;
}

void check_text(const std::string& text, const char* where) {
  if (first_invalid_utf8(text)) {
    throw Problem(400, "invalid_utf8", std::string(where) + " is not UTF-8.", nothing_recorded);
  }
}

Request parse_target(const net::HTTPServerRequest& from) {
  Request request;
  request.method = from.getMethod();
  request.path = from.getURI();
  try {
    const Poco::URI uri(from.getURI());
    request.path = uri.getPath();
    uri.getPathSegments(request.segments);
    for (const auto& [name, value] : uri.getQueryParameters()) {
      check_text(value, "The query");
      if (!request.query.emplace(name, value).second) {
        throw Problem(400, "query_twice", "The query names \"" + name + "\" twice.", nothing_recorded);
      }
    }
  } catch (const Poco::Exception&) {
    throw Problem(400, "target_invalid", "The address of the request cannot be read.", nothing_recorded);
  }
  check_text(request.path, "The path");
  return request;
}

Request read_request(net::HTTPServerRequest& from) {
  check_caller(from);
  Request request = parse_target(from);
  if (from.getMethod() == "GET" || from.getMethod() == "HEAD") return request;
  const std::string type = from.getContentType();
  if (from.getMethod() == "PUT") {  // only photos are put
    if (type.rfind("image/", 0) != 0) {
      drain(from.stream(), refused_body_drain_max);
      throw Problem(415, "photo_type_unsupported", "A photo is image/jpeg, image/png or image/webp.", nothing_kept);
    }
    request.content_type = type.substr(0, type.find(';'));
    request.body = read_body(from, photo_body);
    return request;
  }
  if (type.rfind("application/json", 0) != 0) {
    drain(from.stream(), refused_body_drain_max);
    throw Problem(415, "content_type_not_json", "The body must be application/json.", nothing_recorded);
  }
  request.body = read_body(from, command_body);
  return request;
}

/// Without the query, which may name a customer, and no longer than a line.
std::string path_for_log(const std::string& uri) {
  constexpr std::size_t shown_bytes_max = 200;
  return uri.substr(0, std::min(uri.find('?'), shown_bytes_max));
}

class Exchange final : public net::HTTPRequestHandler {
 public:
  Exchange(const HttpServer::Handler& handler, const HttpServer::Log& log) : m_handler(handler), m_log(log) {}

  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    const Reply reply = guarded([&](const Request&) { return m_handler(read_request(request)); },
                                {.method = request.getMethod(), .path = path_for_log(request.getURI())}, m_log);
    response.setStatus(static_cast<net::HTTPResponse::HTTPStatus>(reply.status));
    response.setReason(net::HTTPResponse::getReasonForStatus(response.getStatus()));
    response.set("Cache-Control", "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Security-Policy",
                 "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'");
    response.setContentType(reply.content_type);
    // After a refused body the stream may stand anywhere: the next request must not be read from its middle.
    if (reply.status >= 400) response.setKeepAlive(false);
    response.sendBuffer(reply.body.data(), reply.body.size());
  }

 private:
  const HttpServer::Handler& m_handler;
  const HttpServer::Log& m_log;
};

class Factory final : public net::HTTPRequestHandlerFactory {
 public:
  Factory(HttpServer::Handler handler, HttpServer::Log log) : m_handler(std::move(handler)), m_log(std::move(log)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new Exchange(m_handler, m_log);  // Poco deletes it after the exchange
  }

 private:
  HttpServer::Handler m_handler;
  HttpServer::Log m_log;
};

net::HTTPServerParams::Ptr parameters() {
  net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
  params->setMaxThreads(threads_max);
  params->setMaxQueued(queued_connections_max);
  params->setKeepAlive(true);
  params->setKeepAliveTimeout(Poco::Timespan(keep_alive_seconds, 0));
  params->setTimeout(Poco::Timespan(request_timeout_seconds, 0));
  params->setSoftwareVersion("");
  return params;
}

net::ServerSocket bind(const HttpServer::Options& options) {
  try {
    net::ServerSocket socket;
    // Without SO_REUSEPORT, which Poco would set beside SO_REUSEADDR: two services would share the port, unnoticed.
    socket.bind(net::SocketAddress(options.host, options.port), true, false);
    socket.listen(128);
    return socket;
  } catch (const Poco::Exception& error) {
    throw Error({.operation = "listen on",
                 .object = options.host + ":" + std::to_string(options.port),
                 .cause = error.displayText(),
                 .consequence = "the store's service does not start; the till cannot take returns"});
  }
}

}  // namespace

struct HttpServer::State {
  State(const Options& options, Handler handler, Log log)
      : socket(bind(options)),
        threads("http", 2, threads_max),
        server(new Factory(std::move(handler), std::move(log)), threads, socket, parameters()) {}

  net::ServerSocket socket;
  Poco::ThreadPool threads;
  net::HTTPServer server;
};

HttpServer::HttpServer(const Options& options, Handler handler, Log log)
    : m_state(std::make_unique<State>(options, std::move(handler), std::move(log))) {}

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::start() {
  m_state->server.start();
}

void HttpServer::stop() {
  m_state->server.stop();
  // Connections that only wait are closed; those inside a handler are waited for.
  m_state->server.stopAll(false);
  m_state->threads.joinAll();
}

std::uint16_t HttpServer::port() const {
  return m_state->socket.address().port();
}

}  // namespace retour::store
