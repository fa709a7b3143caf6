#pragma once
// A CSV file of its own for each case, and everything that came out of it.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "pos-adapters/csv/csv_source.hpp"

namespace retour::csv_tests {

/// Removed with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes, const std::string& extension = ".csv") {
    std::string pattern = (std::filesystem::temp_directory_path() / "retour-csv-XXXXXX").string();
    m_folder = mkdtemp(pattern.data());
    m_path = m_folder / ("file" + extension);
    std::ofstream(m_path, std::ios::binary) << bytes;
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_folder, m_path;
};

struct Read {
  std::vector<ports::SourceOrder> orders;
  std::vector<ports::SourceReturnLine> returns;
  std::vector<ports::SourceStockMove> moves;
  std::vector<ports::SourceNote> notes;
  std::vector<ports::SourceReject> rejects;
  csv::CsvCounts counts;

  /// "3/2 Quantity: 'x' is not a whole number", line of the file and row of the data first.
  std::vector<std::string> rejected() const {
    std::vector<std::string> texts;
    for (const ports::SourceReject& r : rejects) {
      texts.push_back(std::to_string(r.line) + "/" + std::to_string(r.row) + " " + r.column + ": " + r.reason);
    }
    return texts;
  }
};

/// An id that a test can read: the number's first bytes.
inline OrderId id_of(std::string_view, std::string_view number) {
  OrderId id;
  for (std::size_t i = 0; i < number.size() && i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(number[i]);
  }
  return id;
}

inline Read read_file(const std::filesystem::path& file, const csv::CsvFormat& format,
                      const csv::OpenOrder::DeriveId& order_id = id_of,
                      const csv::CsvSource::Progress& progress = {}) {
  Read got;
  csv::CsvSource source(file, format, {.order_id = order_id});
  source.read(
      [&](ports::SourceItem&& item) {
        if (auto* order = std::get_if<ports::SourceOrder>(&item)) got.orders.push_back(std::move(*order));
        if (auto* line = std::get_if<ports::SourceReturnLine>(&item)) got.returns.push_back(std::move(*line));
        if (auto* move = std::get_if<ports::SourceStockMove>(&item)) got.moves.push_back(std::move(*move));
        if (auto* note = std::get_if<ports::SourceNote>(&item)) got.notes.push_back(std::move(*note));
        if (auto* reject = std::get_if<ports::SourceReject>(&item)) got.rejects.push_back(std::move(*reject));
      },
      progress);
  got.counts = source.counts();
  return got;
}

inline csv::CsvFormat shipped(const std::string& name) {
  return csv::CsvFormat::parse(csv::shipped_format(name).value(), name);
}

inline Read read_text(std::string_view text, const std::string& format) {
  const TemporaryFile file(text);
  return read_file(file.path(), shipped(format));
}

}  // namespace retour::csv_tests
