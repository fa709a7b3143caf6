#include <nlohmann/json.hpp>

#include "plugin/core/base/error.hpp"
#include "plugin/store/http/http_server.hpp"
#include "plugin/store/http/problem.hpp"

namespace retour::store {

Reply problem_reply(int status, const std::string& code, const std::string& message, const std::string& detail) {
  const nlohmann::ordered_json body{{"code", code}, {"message", message}, {"detail", detail}};
  // What a caller sent may stand in the message, whatever its bytes are.
  return {status, "application/json; charset=utf-8",
          body.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n"};
}

Reply guarded(const HttpServer::Handler& handler, const Request& request, const HttpServer::Log& log) {
  try {
    return handler(request);
  } catch (const Problem& problem) {
    return problem_reply(problem.status(), problem.code(), problem.what(), problem.detail());
  } catch (const Error& error) {
    log(request.method + " " + request.path + ": " + error.what());
    const std::string meaning =
        error.parts().consequence.empty()
            ? "Look at the return in the list of today's returns before trying again; the same "
              "command id never pays twice."
            : error.parts().consequence;
    return problem_reply(503, "store_unavailable", error.what(), meaning);
  } catch (const std::exception& error) {
    log(request.method + " " + request.path + ": " + error.what());
    return problem_reply(500, "internal_error", "The request failed inside the store's service.",
                         "Look at the return in the list of today's returns before trying again; the same command id "
                         "never pays twice.");
  }
}

}  // namespace retour::store
