#pragma once
// `retour-hub init`: a directory becomes a hub. And the one file that a hub makes anew by itself, its certificate.

#include <optional>
#include <string>
#include <vector>

#include "plugin/ports/clock.hpp"
#include "plugin/ports/ids.hpp"
#include "sync/hub_program/hub_files.hpp"

namespace retour::hub_program {

inline constexpr std::size_t hosts_max = 16;

struct NewHub {
  std::vector<std::string> hosts;  // at least one
  std::uint16_t port = 0;
  std::string policy_json;  // checked
};

/// Names separated by commas. Throws Error for a name that no certificate or token can carry.
std::vector<std::string> parse_hosts(const std::string& text);

/// The pack that is used when nobody names another (installer/policies/default.json).
std::string default_policy_json();

/// Makes keys, secret, policy and hub.db, and hub.json last: until then the directory is no hub, and the call may be
/// repeated; what an earlier try has made is kept. Throws Error when the directory is a hub already, or when hub.db
/// is there and a key that belongs to it is not: new keys would lock every store out.
void make_hub(const HubFiles& files, const NewHub& hub, ports::Clock& clock, ports::Ids& ids);

/// The certificate for the stores' end; made anew when less than a third of its time is left, or when it does not fit
/// the CA, the key or the host names. Returns it and, if it was made anew, why.
struct HubCertificate {
  transport::pki::Identity identity;
  std::optional<std::string> renewed_because;
};
HubCertificate hub_certificate(const HubFiles& files, const HubConfig& config, const transport::pki::Identity& ca,
                               std::int64_t now_ms);

}  // namespace retour::hub_program
