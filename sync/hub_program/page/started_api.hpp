#pragma once
// Returns that customers start, over HTTP, for the shop's own server and customer service: bodies to commands,
// strictly, and answers as JSON. What a caller did wrong is a refusal with a code. Paths: docs/operations.md,
// "Started returns".

#include <map>
#include <string>

#include "sync/hub/hub_service.hpp"
#include "sync/hub/started_return.hpp"

namespace retour::hub_program {

inline constexpr std::size_t started_body_bytes_max = 100'000;  // a hundred lines are 20 KB

struct StartedReply {
  int status = 200;
  std::string body;  // JSON
};

/// POST /api/v1/started-returns and .../CODE/decision, .../CODE/call-off. From any thread.
class StartedApi {
 public:
  StartedApi(hub::HubService& service, ports::Clock& clock, Bytes lookup_secret)
      : m_service(service), m_clock(clock), m_lookup_secret(std::move(lookup_secret)) {}

  StartedReply post(const std::string& path, const std::string& body);
  StartedReply waiting();   // GET /api/v1/started-returns: the queue
  StartedReply promises();  // GET /api/v1/missed-promises

 private:
  StartedReply start(const std::string& body);
  StartedReply decide(const ReturnCaseId& id, const std::string& body);
  StartedReply call_off(const ReturnCaseId& id, const std::string& body);

  hub::HubService& m_service;
  ports::Clock& m_clock;
  Bytes m_lookup_secret;
};

/// Where the paths that take commands begin.
inline constexpr std::string_view started_path = "/api/v1/started-returns";

}  // namespace retour::hub_program
