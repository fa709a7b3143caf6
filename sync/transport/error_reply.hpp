#pragma once
#include <string>

#include "sync/transport/transport.hpp"

namespace retour::transport {

/// What the transport itself answers when a request does not get as far as the service: the body is a
/// protocol::ErrorReply.
Reply error_reply(int status, const std::string& code, const std::string& detail);

}  // namespace retour::transport
