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
std::optional<policy_pack::PackFile> file_of(const PolicyAdopted& adopted) {
  return policy_pack::read_pack(adopted.pack).file;
}

Error fault(const std::filesystem::path& file, std::string cause) {
  return Error({.operation = "adopt policy", .object = file.string(), .cause = std::move(cause), .consequence = {}});
}

/// Why the pack is not the one of today; empty: it holds.
std::string why_not_today(const PolicyPack& pack, CivilDate today) {
  if (pack.valid_from && today < *pack.valid_from) return "it holds from " + pack.valid_from->to_string() + " on";
  if (pack.valid_until && *pack.valid_until < today) return "it held until " + pack.valid_until->to_string();
  return {};
}

struct Candidate {
  PolicyPack pack;
  std::string json;
};

/// Throws Error when the source may never come into force.
Candidate candidate_of(const PolicySource& source, const std::vector<PolicyAdopted>& before) {
  Candidate candidate{{}, source.json ? *source.json : node_files::read_text(source.file)};
  candidate.pack = policy_pack::policy_from_json(candidate.json, source.file.string());
  refuse_other_rules_under_one_version(source.file, candidate.pack, before);
  return candidate;
}

void add(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : "; ") + more;
}

/// Looks at the sources until one holds; remembers why the others did not.
class Choice {
 public:
  Choice(const std::vector<PolicyAdopted>& before, CivilDate today) : m_before(before), m_today(today) {}

  std::optional<Candidate> first_of(std::span<const PolicySource> sources) {
    for (const PolicySource& source : sources) {
      if (auto candidate = look_at(source)) return candidate;
    }
    return std::nullopt;
  }
  const std::string& wrong() const { return m_wrong; }
  const std::string& all() const { return m_all; }

 private:
  std::optional<Candidate> look_at(const PolicySource& source) {
    try {
      Candidate candidate = candidate_of(source, m_before);
      const std::string not_today = why_not_today(candidate.pack, m_today);
      if (not_today.empty()) return candidate;
      add(m_all, fault(source.file, not_today).what());
    } catch (const Error& error) {
      add(m_wrong, error.what());
      add(m_all, error.what());
    }
    return std::nullopt;
  }

  const std::vector<PolicyAdopted>& m_before;
  CivilDate m_today;
  std::string m_wrong;  // what can never come into force
  std::string m_all;    // that, and what holds at another time
};

}  // namespace

std::string name_of(const PolicyPack& pack) {
  return "pack \"" + pack.id + "\", version " + std::to_string(pack.version);
}

void refuse_other_rules_under_one_version(const std::filesystem::path& file, const PolicyPack& pack,
                                          const std::vector<PolicyAdopted>& before) {
  for (const PolicyAdopted& adopted : before) {
    if (adopted.policy_id != pack.id || adopted.policy_version != pack.version) continue;
    const auto known = file_of(adopted);
    if (!known || known->pack != pack)
      throw fault(file, name_of(pack) + " was in force with other rules; raise the version");
  }
}

std::vector<PolicyAdopted> adopted_policies(sqlite::Database& journal) {
  std::vector<PolicyAdopted> adopted;
  for (const EventEnvelope& event : journal::events_of_kind(journal, "policy_adopted")) {
    auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (body) adopted.push_back(std::get<PolicyAdopted>(std::move(*body)));
  }
  return adopted;
}

PolicyInForce choose_policy(const std::vector<PolicyAdopted>& before, std::span<const PolicySource> sources,
                            CivilDate today) {
  const auto last = before.empty() ? std::nullopt : file_of(before.back());
  Choice choice(before, today);
  if (auto chosen = choice.first_of(sources)) {
    const bool is_new = !last || last->pack != chosen->pack;
    std::string trouble = choice.wrong();
    if (!trouble.empty()) trouble += "; " + name_of(chosen->pack) + ", is in force";
    return {std::move(chosen->pack), std::move(trouble), std::move(chosen->json), is_new};
  }
  if (!last) {
    throw Error({.operation = "take a policy into force",
                 .object = sources.empty() ? "" : sources.back().file.string(),
                 .cause = choice.all(),
                 .consequence = "none was ever in force here, so there are no rules to decide by"});
  }
  return {last->pack, choice.all() + "; " + name_of(last->pack) + ", stays in force", before.back().pack, false};
}

PolicyAdopted adoption_of(const PolicyInForce& policy) {
  const std::vector<std::uint8_t> bytes(policy.json.begin(), policy.json.end());
  return {.policy_id = policy.pack.id,
          .policy_version = policy.pack.version,
          .pack_hash = codec::sha256(bytes),
          .pack = policy.json};
}

PolicyInForce adopt_policy(journal::Journal& journal, ports::Clock& clock, ports::Ids& ids,
                           std::span<const PolicySource> sources) {
  PolicyInForce policy =
      choose_policy(adopted_policies(journal.database()), sources, CivilDate::of_ms(clock.now_ms()));
  if (!policy.is_new) return policy;
  const EventBody event = adoption_of(policy);
  journal::Write write = journal.begin(clock.now_ms());
  record(write, ids.make<CommandId>(), std::span(&event, 1));
  return policy;
}

}  // namespace retour::app
