#include "db/node_files/node_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

#include "plugin/core/base/error.hpp"

namespace retour::node_files {

namespace {

[[noreturn]] void fail(std::string operation, const std::filesystem::path& path, std::string cause,
                       std::string consequence = "") {
  throw Error({std::move(operation), path.string(), std::move(cause), std::move(consequence)});
}

#ifdef _WIN32
void write_durably(const std::filesystem::path& path, const Bytes& content, bool) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) fail("write", path, "the file system refused");
}
#else
void write_durably(const std::filesystem::path& path, const Bytes& content, bool secret) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, secret ? 0600 : 0644);
  if (file < 0) fail("write", path, std::strerror(errno));
  std::size_t written = 0;
  int error = 0;
  while (written < content.size() && error == 0) {
    const ssize_t n = ::write(file, content.data() + written, content.size() - written);
    if (n < 0)
      error = errno;
    else
      written += static_cast<std::size_t>(n);
  }
  if (error == 0 && ::fsync(file) != 0) error = errno;
  ::close(file);
  if (error != 0) fail("write", path, std::strerror(error));
}
#endif

template <class T>
T field(const nlohmann::json& json, const char* name, const std::filesystem::path& path) {
  try {
    return json.at(name).get<T>();
  } catch (const nlohmann::json::exception&) {
    fail("read", path, std::string("field \"") + name + "\" is missing or of the wrong type",
         "enrol this store again with `retour-sync enrol`; its journal is kept");
  }
}

}  // namespace

NodeConfig read_config(const NodeFiles& files) {
  const std::filesystem::path path = files.config();
  if (!std::filesystem::exists(path)) {
    fail("read", path, "the file does not exist",
         "this directory is not enrolled: run `retour-sync enrol --data " + files.directory.string() +
             " --token TOKEN` first");
  }
  const nlohmann::json json = nlohmann::json::parse(read_text(path), nullptr, false);
  if (json.is_discarded()) fail("read", path, "it is not JSON", "enrol this store again; its journal is kept");
  const auto node = NodeId::parse(field<std::string>(json, "node", path));
  if (!node) fail("read", path, "field \"node\" is not 32 hex digits", "enrol this store again; its journal is kept");
  return {.node = *node,
          .epoch = field<std::uint64_t>(json, "epoch", path),
          .name = field<std::string>(json, "name", path),
          .catchment = field<std::uint16_t>(json, "catchment", path),
          .hub_host = field<std::string>(json, "hub_host", path),
          .hub_port = field<std::uint16_t>(json, "hub_port", path),
          .region = json.contains("region") ? field<std::string>(json, "region", path) : ""};
}

void write_config(const NodeFiles& files, const NodeConfig& config) {
  nlohmann::ordered_json json{
      {"node", config.node.to_string()}, {"epoch", config.epoch},       {"name", config.name},
      {"catchment", config.catchment},   {"hub_host", config.hub_host}, {"hub_port", config.hub_port}};
  if (!config.region.empty()) json["region"] = config.region;
  write_text(files.config(), json.dump(2) + "\n", false);
}

Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("read", path, "the file cannot be opened");
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::string read_text(const std::filesystem::path& path) {
  const Bytes bytes = read_bytes(path);
  return {bytes.begin(), bytes.end()};
}

void write_bytes(const std::filesystem::path& path, const Bytes& content, bool secret) {
  const std::filesystem::path beside = path.string() + ".new";
  write_durably(beside, content, secret);
  std::error_code error;
  std::filesystem::rename(beside, path, error);
  if (error) fail("replace", path, error.message());
}

void write_text(const std::filesystem::path& path, const std::string& content, bool secret) {
  write_bytes(path, Bytes(content.begin(), content.end()), secret);
}

}  // namespace retour::node_files
