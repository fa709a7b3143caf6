#include "sync/transport/error_reply.hpp"

#include "db/codec/varint.hpp"

namespace retour::transport {

Reply error_reply(int status, const std::string& code, const std::string& detail) {
  codec::ByteWriter writer;  // protocol::ErrorReply, field by field
  writer.text(code);
  writer.text(detail);
  return {.status = status, .body = writer.take()};
}

}  // namespace retour::transport
