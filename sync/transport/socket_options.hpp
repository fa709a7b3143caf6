#pragma once
// Included by the .cpp files of this folder only.

namespace retour::transport {

constexpr int silence_probes = 3;
constexpr int silence_probe_interval_s = 5;

/// Lets the kernel ask a silent peer whether it is still there: after `silence_s` seconds without a packet, then
/// every silence_probe_interval_s; after silence_probes without an answer, or with bytes unacknowledged for as long
/// as all that takes, the connection is broken. Small messages go out at once (no Nagle).
void prepare_socket(int socket, int silence_s);

}  // namespace retour::transport
