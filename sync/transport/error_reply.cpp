#include "sync/transport/error_reply.hpp"

namespace retour::transport {

Reply error_reply(int status, const std::string& code, const std::string& detail) {
  const std::string text = code + ": " + detail;
  return {.status = status, .body = Bytes(text.begin(), text.end())};
}

}  // namespace retour::transport
