#pragma once
// How the hub's end says no: an ErrorReply with a status (docs/protocol.md, "What the hub answers when it cannot").

#include <optional>
#include <string>

#include "sync/protocol/message_codec.hpp"
#include "sync/transport/transport.hpp"

namespace retour::hub {

inline transport::Reply refusal(int status, const protocol::ErrorReply& error) {
  return {status, protocol::encode(error)};
}

/// What `work` replies; whatever goes wrong becomes the reply that says so, and the hub goes on. Nothing when `work`
/// gives nothing: the call is answered elsewhere.
template <class Work>
std::optional<transport::Reply> replied(Work&& work) {
  try {
    return work();
  } catch (const Error& error) {
    return refusal(503, {"hub_in_trouble", error.what()});
  } catch (const std::exception& error) {
    return refusal(500, {"hub_failed", std::string("the hub failed at this call: ") + error.what() +
                                           "; what it has not acknowledged is sent again and counts once"});
  }
}

/// What goes wrong on one caller's line keeps no answer from the others; its connection's deadline ends the call.
inline void tell(const transport::Service::Answer& answer, transport::Reply&& reply) {
  try {
    answer(std::move(reply));
  } catch (const std::exception&) {
  }
}

}  // namespace retour::hub
