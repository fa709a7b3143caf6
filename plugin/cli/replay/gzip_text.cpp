#include "plugin/cli/replay/gzip_text.hpp"

#include <Poco/InflatingStream.h>
#include <Poco/StreamCopier.h>

#include <fstream>

#include "plugin/core/base/error.hpp"

namespace retour::replay {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (path.ends_with(".gz")) {
    Poco::InflatingInputStream inflated(file, Poco::InflatingStreamBuf::STREAM_GZIP);
    Poco::StreamCopier::copyToString(inflated, text);
  } else {
    Poco::StreamCopier::copyToString(file, text);
  }
  if (!file.is_open() || file.bad()) {
    throw Error(
        {.operation = "read", .object = path, .cause = "the file cannot be opened or read", .consequence = ""});
  }
  return text;
}

}  // namespace retour::replay
