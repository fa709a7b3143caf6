#include "sync/hub_program/hub_files.hpp"

#include <nlohmann/json.hpp>

#include "db/node_files/node_files.hpp"

namespace retour::hub_program {

namespace {

constexpr const char* restore_it =
    "take hub.json from a backup, or write it anew: {\"hosts\": [\"hub.example\"], \"port\": 8443}";

[[noreturn]] void refuse(const std::filesystem::path& path, std::string cause, std::string consequence) {
  throw Error({.operation = "read",
               .object = path.string(),
               .cause = std::move(cause),
               .consequence = std::move(consequence)});
}

template <class T>
T field(const nlohmann::json& json, const char* name, const std::filesystem::path& path) {
  try {
    return json.at(name).get<T>();
  } catch (const nlohmann::json::exception&) {
    refuse(path, std::string("field \"") + name + "\" is missing or of the wrong type", restore_it);
  }
}

}  // namespace

HubConfig read_config(const HubFiles& files) {
  const std::filesystem::path path = files.config();
  if (!std::filesystem::exists(path)) {
    refuse(path, "the file does not exist",
           "this directory is no hub: run `retour-hub init --data " + files.directory.string() +
               " --host NAME --port P` first");
  }
  const nlohmann::json json = nlohmann::json::parse(node_files::read_text(path), nullptr, false);
  if (json.is_discarded()) refuse(path, "it is not JSON", restore_it);
  const auto port = field<std::int64_t>(json, "port", path);
  if (port < 1 || port > 65'535) refuse(path, "field \"port\" is " + std::to_string(port), restore_it);
  HubConfig config{.hosts = field<std::vector<std::string>>(json, "hosts", path),
                   .port = static_cast<std::uint16_t>(port)};
  if (config.hosts.empty()) refuse(path, "field \"hosts\" is empty", restore_it);
  return config;
}

void write_config(const HubFiles& files, const HubConfig& config) {
  const nlohmann::ordered_json json{{"hosts", config.hosts}, {"port", config.port}};
  node_files::write_text(files.config(), json.dump(2) + "\n", false);
}

HubSecrets read_secrets(const HubFiles& files) {
  namespace pki = transport::pki;
  HubSecrets secrets{.ca = {pki::load_pem(files.ca_key()), pki::load_pem(files.ca_certificate())},
                     .signing_key_pem = pki::load_pem(files.signing_key()),
                     .lookup_secret = node_files::read_bytes(files.lookup_secret())};
  if (!pki::is_pair(secrets.ca)) {
    refuse(files.ca_key(), "it does not belong to " + files.ca_certificate().filename().string(),
           "no store would trust this hub; take both files from one backup");
  }
  if (secrets.lookup_secret.size() != lookup_secret_bytes) {
    refuse(files.lookup_secret(), "it has " + std::to_string(secrets.lookup_secret.size()) + " bytes, not 32",
           "no customer would be found; take the file from a backup");
  }
  return secrets;
}

}  // namespace retour::hub_program
