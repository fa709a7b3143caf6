#include "plugin/app/adopt_policy.hpp"

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/journal/event_table.hpp"
#include "db/node_files/node_files.hpp"
#include "db/policy_pack/pack_file.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

/// Empty when a program of this version would refuse it: it was another one's.
std::optional<PolicyPack> pack_of(const PolicyAdopted& adopted) {
  auto read = policy_pack::read_pack(adopted.pack);
  if (!read.file) return std::nullopt;
  return std::move(read.file->pack);
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::string cause) {
  throw Error({.operation = "adopt policy", .object = file.string(), .cause = std::move(cause), .consequence = {}});
}

std::string name_of(const PolicyPack& pack) {
  return "pack \"" + pack.id + "\", version " + std::to_string(pack.version);
}

/// Decisions name id and version: these two must never mean two sets of rules.
void refuse_other_rules_under_one_version(const std::filesystem::path& file, const PolicyPack& pack,
                                          const std::vector<PolicyAdopted>& before) {
  for (const PolicyAdopted& adopted : before) {
    if (adopted.policy_id != pack.id || adopted.policy_version != pack.version) continue;
    if (pack_of(adopted) != pack) refuse(file, name_of(pack) + " was in force with other rules; raise the version");
  }
}

void refuse_what_does_not_hold(const std::filesystem::path& file, const PolicyPack& pack, CivilDate today) {
  if (pack.valid_from && today < *pack.valid_from)
    refuse(file, "it holds from " + pack.valid_from->to_string() + " on");
  if (pack.valid_until && *pack.valid_until < today) refuse(file, "it held until " + pack.valid_until->to_string());
}

void record_adoption(journal::Journal& journal, ports::Clock& clock, ports::Ids& ids, const PolicyPack& pack,
                     std::string json) {
  const std::vector<std::uint8_t> bytes(json.begin(), json.end());
  const EventBody event = PolicyAdopted{.policy_id = pack.id,
                                        .policy_version = pack.version,
                                        .pack_hash = codec::sha256(bytes),
                                        .pack = std::move(json)};
  journal::Write write = journal.begin(clock.now_ms());
  record(write, ids.make<CommandId>(), std::span(&event, 1));
}

struct Candidate {
  PolicyPack pack;
  std::string json;
};

/// Throws Error when the file may not come into force.
Candidate candidate_of(const std::filesystem::path& file, const std::vector<PolicyAdopted>& before, CivilDate today) {
  Candidate candidate{{}, node_files::read_text(file)};
  candidate.pack = policy_pack::policy_from_json(candidate.json, file.string());
  refuse_other_rules_under_one_version(file, candidate.pack, before);
  refuse_what_does_not_hold(file, candidate.pack, today);
  return candidate;
}

}  // namespace

std::vector<PolicyAdopted> adopted_policies(sqlite::Database& journal) {
  std::vector<PolicyAdopted> adopted;
  for (const EventEnvelope& event : journal::events_of_kind(journal, "policy_adopted")) {
    auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (body) adopted.push_back(std::get<PolicyAdopted>(std::move(*body)));
  }
  return adopted;
}

PolicyInForce adopt_policy(journal::Journal& journal, ports::Clock& clock, ports::Ids& ids,
                           const std::filesystem::path& file) {
  const std::vector<PolicyAdopted> before = adopted_policies(journal.database());
  std::optional<PolicyPack> last = before.empty() ? std::nullopt : pack_of(before.back());
  std::optional<Candidate> candidate;
  try {
    candidate = candidate_of(file, before, CivilDate::of_ms(clock.now_ms()));
  } catch (const Error& error) {
    if (!last) throw;
    return {*last, std::string(error.what()) + "; " + name_of(*last) + ", stays in force"};
  }
  if (candidate->pack != last) record_adoption(journal, clock, ids, candidate->pack, std::move(candidate->json));
  return {std::move(candidate->pack), {}};
}

}  // namespace retour::app
