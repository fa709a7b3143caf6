#include "sync/transport/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace retour::transport {

// A socket that takes none of these works all the same, only slower to notice and to send: so errors are not looked
// at.
void prepare_socket(int socket, int silence_s) {
  const auto set = [socket](int level, int option, int value) {
    ::setsockopt(socket, level, option, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, silence_s);
  set(IPPROTO_TCP, TCP_KEEPINTVL, silence_probe_interval_s);
  set(IPPROTO_TCP, TCP_KEEPCNT, silence_probes);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, (silence_s + silence_probes * silence_probe_interval_s) * 1000);
}

}  // namespace retour::transport
