#pragma once
// What the transport itself costs: one change on its way to one store.

#include <cstddef>
#include <functional>
#include <vector>

namespace retour::bench {

struct OneChange {
  std::vector<double> us;     // each change, from before hub_work until the hub has the store's next pull; sorted
  double bytes_a_change = 0;  // reply and next pull on the wire, TLS and HTTP included, without TCP/IP headers
};
struct OneChangeOptions {
  std::size_t rounds = 2'000;
  std::size_t down_bytes = 200;          // body of the reply
  std::size_t up_bytes = 100;            // body of the pull that acknowledges it
  std::function<void()> hub_work = {};   // "commit at the hub", before the waiting pull is answered
  std::function<void()> node_work = {};  // "commit at the store", before the next pull
};
/// HttpsServer and HttpsClient in this process, over loopback.
OneChange measure_one_change(const OneChangeOptions& options);

}  // namespace retour::bench
