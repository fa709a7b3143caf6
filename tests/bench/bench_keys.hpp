#pragma once
// Keys and certificates of a hub and one store, made for a measurement.

#include <chrono>

#include "sync/transport/pki.hpp"

namespace retour::bench {

inline std::int64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

struct BenchKeys {
  transport::pki::Identity ca = transport::pki::make_ca("bench", wall_clock_ms());
  transport::pki::Identity hub = transport::pki::make_hub_certificate(ca, {.names = {}, .now_ms = wall_clock_ms()});
  transport::pki::Identity node = make_node();

  transport::pki::Identity make_node() const {
    const std::string key = transport::pki::make_key_pem();
    NodeId id;
    id.bytes[0] = 1;
    return {key,
            transport::pki::sign_csr(ca, transport::pki::make_csr(key), {.node = id, .now_ms = wall_clock_ms()})};
  }
};

}  // namespace retour::bench
