#include "sync/hub_program/publish.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/packed_document.hpp"
#include "db/node_files/node_files.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "sync/documents/check_document.hpp"
#include "sync/hub_program/open_hub.hpp"

namespace retour::hub_program {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::string cause) {
  throw Error({.operation = "publish",
               .object = file.string(),
               .cause = std::move(cause),
               .consequence = "nothing was published; what is in force stays"});
}

std::string text_of(const protocol::Document& document) {
  const Bytes whole = codec::unpack_document(document.packed, protocol::document_bytes_max);
  return {whole.begin(), whole.end()};
}

void refuse_other_rules(const std::filesystem::path& file, const PolicyPack& pack,
                        const std::vector<protocol::Document>& published, const std::string& name) {
  for (const protocol::Document& document : published) {
    if (document.name != name) continue;
    const auto known = policy_pack::read_pack(text_of(document)).file;
    if (!known || known->pack != pack)
      refuse(file, app::name_of(pack) + " was published with other rules; raise the version");
  }
}

/// From when on the pack holds, for the person who publishes it. Refuses one that never will.
std::string check_rules(OpenHub& hub, const std::filesystem::path& file, const std::string& name) {
  const PolicyPack pack = policy_pack::read_policy(file);
  const CivilDate today = CivilDate::of_ms(hub.clock().now_ms());
  if (pack.valid_until && *pack.valid_until < today) refuse(file, "it held until " + pack.valid_until->to_string());
  {
    const hub::View view(hub.store());
    app::refuse_other_rules_under_one_version(file, pack, app::adopted_policies(hub.store().database()));
    refuse_other_rules(file, pack, hub.store().documents_of_kind(documents::kind_policy), name);
  }
  if (pack.valid_from && today < *pack.valid_from)
    return "It is kept everywhere and holds from " + pack.valid_from->to_string() + " on.";
  return "The hub decides by it within a second, each store at its next contact.";
}

bool is_latest(hub::HubStore& store, const hub::DocumentRow& row, std::uint64_t& seq) {
  const auto known = store.documents_of_kind(row.kind);
  if (known.empty() || known.front().name != row.name || known.front().hash != row.hash) return false;
  seq = known.front().seq;
  return true;
}

void drop_oldest_policies(hub::HubStore& store) {
  const auto all = store.documents_of_kind(documents::kind_policy);
  for (std::size_t i = policies_published_max; i < all.size(); ++i) store.drop_document(all[i].seq);
}

}  // namespace

Published publish(OpenHub& hub, const std::string& kind, const std::filesystem::path& file) {
  const std::string name = documents::check_document(kind, file);
  Published published{.what = kind + (name.empty() ? "" : " " + name),
                      .from = "Each store takes it over at its next contact."};
  if (kind == documents::kind_policy) published.from = check_rules(hub, file, name);
  const Bytes whole = node_files::read_bytes(file);
  hub::DocumentRow row{.kind = kind,
                       .name = name,
                       .hash = codec::sha256(whole),
                       .packed = codec::pack_document(whole),
                       .published_ms = hub.clock().now_ms()};
  if (row.packed.size() > protocol::document_packed_bytes_max) {
    refuse(file, "packed it has " + std::to_string(row.packed.size()) + " bytes; " +
                     std::to_string(protocol::document_packed_bytes_max) + " are the limit");
  }
  hub::Work work(hub.store(), hub.clock().now_ms());
  published.is_new = !is_latest(hub.store(), row, published.seq);
  if (published.is_new) published.seq = hub.store().put_document(row);
  drop_oldest_policies(hub.store());
  work.commit();
  return published;
}

std::vector<app::PolicySource> policy_sources(hub::HubStore& store, const HubFiles& files) {
  std::vector<app::PolicySource> sources;
  for (const protocol::Document& document : store.documents_of_kind(documents::kind_policy))
    sources.push_back(
        {"published document " + std::to_string(document.seq) + " (" + document.name + ")", text_of(document)});
  sources.push_back({files.policy()});
  return sources;
}

}  // namespace retour::hub_program
