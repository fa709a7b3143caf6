#pragma once
// Yardsticks: what the same bytes cost over a bare loopback socket and over bare TLS 1.3, with the smallest loop that
// does it. Shares nothing with sync/transport but the keys.

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "sync/transport/pki.hpp"

namespace retour::bench {

/// Two ends of one loopback TCP connection, each for one thread. TLS 1.3 with both certificates shown, or bare.
class WirePair {
 public:
  static WirePair bare();
  static WirePair tls(const transport::pki::Identity& ca, const transport::pki::Identity& hub,
                      const transport::pki::Identity& node);

  class End {
   public:
    virtual ~End() = default;
    /// Both block until all bytes are through; they throw Error when the other end is gone.
    virtual void write(const std::byte* bytes, std::size_t count) = 0;
    virtual void read(std::byte* bytes, std::size_t count) = 0;
  };
  End& hub() { return *m_hub; }
  End& node() { return *m_node; }

 private:
  std::unique_ptr<End> m_hub;
  std::unique_ptr<End> m_node;
};

/// One message from hub to node and one back, `rounds` times; the work is done on each side before it writes.
struct PingPong {
  std::size_t rounds = 2'000;
  std::size_t down_bytes = 200;
  std::size_t up_bytes = 100;
  std::function<void()> hub_work = {};   // "commit at the hub"; empty: nothing
  std::function<void()> node_work = {};  // "commit at the store"
};
/// Microseconds of each round, from before hub_work until the node's message is read, sorted.
std::vector<double> ping_pong_us(WirePair& wire, const PingPong& options);

/// Seconds to move `total_bytes` from hub to node, written in pieces of `piece_bytes`.
double transfer_seconds(WirePair& wire, std::size_t total_bytes, std::size_t piece_bytes);

double percentile(const std::vector<double>& sorted, double share);

}  // namespace retour::bench
