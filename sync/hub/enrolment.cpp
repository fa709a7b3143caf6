// Stores join by a one-time token, and leave by being revoked.
#include "db/codec/digest.hpp"
#include "sync/hub/hub.hpp"

namespace retour::hub {

namespace {

constexpr std::size_t name_bytes_max = 64;

bool is_good_name(const std::string& name) {
  if (name.empty() || name.size() > name_bytes_max) return false;
  for (const char c : name) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.';
    if (!good) return false;
  }
  return true;
}

Hash256 hash_of(const std::string& secret) {
  return codec::sha256({reinterpret_cast<const std::uint8_t*>(secret.data()), secret.size()});
}

std::string public_key_of(const std::string& certificate_pem) {
  return codec::VerifyKey::from_pem(certificate_pem).to_pem();
}

std::uint16_t next_catchment(const std::vector<NodeRow>& nodes) {
  return nodes.empty() ? std::uint16_t{1} : static_cast<std::uint16_t>(nodes.back().catchment + 1);
}

}  // namespace

Result<std::string, protocol::ErrorReply> Hub::invite(const std::string& name) {
  if (!is_good_name(name)) {
    return failure(protocol::ErrorReply{"name_invalid",
                                        "a store's name has 1 to 64 letters, digits, dots, dashes or underscores"});
  }
  HubStore& store = m_parts.store;
  Work work(store, m_parts.clock.now_ms());
  std::optional<NodeRow> node = store.node_named(name);
  if (node && !node->certificate_pem.empty()) {
    return failure(protocol::ErrorReply{
        "name_taken", "store \"" + name + "\" is enrolled already; a second one needs another name"});
  }
  if (!node) {
    node = NodeRow{.node = m_parts.ids.make<NodeId>(), .name = name, .catchment = next_catchment(store.nodes())};
    store.put_node(*node);
  }
  std::array<std::uint8_t, 16> secret{};
  m_parts.ids.fill(secret.data(), secret.size());
  std::string text = to_hex(secret.data(), secret.size());
  store.put_token(node->node, hash_of(text));
  work.commit();
  return text;
}

Result<protocol::EnrolReply, protocol::ErrorReply> Hub::enrol(const protocol::EnrolRequest& request) {
  HubStore& store = m_parts.store;
  Work work(store, m_parts.clock.now_ms());
  const std::optional<NodeId> invited = store.node_of_token(hash_of(request.token));
  if (!invited) {
    return failure(protocol::ErrorReply{"token_unknown",
                                        "this token was never given out, or it was used; ask the hub for a new one"});
  }
  NodeRow node = *store.node(*invited);
  // A reply that was lost may be asked for again until the store's first contact: the token goes then.
  const bool first = node.certificate_pem.empty();
  const std::string before = node.certificate_pem;
  std::tie(node.certificate_pem, node.serial) = m_parts.sign(request.csr_pem, node.node);
  if (!first && public_key_of(before) != public_key_of(node.certificate_pem)) {
    return failure(protocol::ErrorReply{
        "token_used", "another machine has used this token; if that was not you, revoke the store at the hub"});
  }
  store.put_node(node);
  if (first) store.record(m_parts.ids.make<CommandId>(), NodeEnrolled{node.node, node.name, node.catchment});
  protocol::EnrolReply reply{.node = node.node,
                             .name = node.name,
                             .certificate_pem = node.certificate_pem,
                             .ca_pem = m_parts.ca_pem,
                             .hub_key_pem = m_parts.key.verify_key().to_pem(),
                             .catchment = node.catchment,
                             .hub_epoch = store.hub_epoch(),
                             .lookup_secret = m_parts.lookup_secret,
                             .policy_json = m_parts.policy_json};
  work.commit();
  return reply;
}

Result<bool, protocol::ErrorReply> Hub::revoke(const std::string& name) {
  HubStore& store = m_parts.store;
  Work work(store, m_parts.clock.now_ms());
  std::optional<NodeRow> node = store.node_named(name);
  if (!node) return failure(protocol::ErrorReply{"node_unknown", "there is no store \"" + name + "\""});
  node->revoked = true;
  store.put_node(*node);
  store.drop_token(node->node);
  work.commit();
  gone(node->node);
  return true;
}

Result<bool, protocol::ErrorReply> Hub::admit(const NodeId& node, const std::string& serial) {
  Work work(m_parts.store, m_parts.clock.now_ms());
  const std::optional<NodeRow> row = m_parts.store.node(node);
  if (!row)
    return failure(protocol::ErrorReply{"node_unknown", "this hub does not know the store of this certificate"});
  if (row->revoked)
    return failure(protocol::ErrorReply{"certificate_revoked", "store \"" + row->name + "\" was revoked at the hub"});
  if (row->serial != serial) {
    return failure(protocol::ErrorReply{
        "certificate_replaced", "store \"" + row->name + "\" has a newer certificate; this one is no longer valid"});
  }
  return true;
}

}  // namespace retour::hub
