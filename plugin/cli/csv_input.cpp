#include "plugin/cli/csv_input.hpp"

#include "db/codec/digest.hpp"
#include "db/node_files/node_files.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::cli {

std::unique_ptr<csv::CsvSource> open_csv(const std::filesystem::path& file, const std::string& mapping) {
  const std::string name = mapping.empty() ? "online_retail" : mapping;
  const auto shipped = csv::shipped_format(name);
  const std::string text = shipped ? std::string(*shipped) : node_files::read_text(name);
  return std::make_unique<csv::CsvSource>(file, csv::CsvFormat::parse(text, name),
                                          csv::CsvOptions{.order_id = codec::derive_order_id});
}

}  // namespace retour::cli
