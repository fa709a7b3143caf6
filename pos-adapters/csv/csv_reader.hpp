#pragma once
// Rows of a CSV file, plain or gzip, after RFC 4180: commas, double quotes, LF or CRLF, UTF-8 with or without BOM.
// A malformed row is handed out with its fault and costs nobody else: when a quote is never closed, the row ends at
// its first line break, so that what follows is read again from there. Memory: one read and one row, whatever the
// file.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retour::csv {

/// Valid until the next row is asked for.
struct CsvRow {
  std::uint64_t line = 0;                // of the file, from 1, where the row begins
  std::uint64_t row = 0;                 // of the data, from 1; the header is 0
  std::string_view raw;                  // without its line break
  std::vector<std::string_view> fields;  // unquoted; incomplete when there is a fault
  std::string fault;                     // empty: well formed, and as many fields as the header
  std::size_t fault_field = 0;           // the first field that is wrong; npos: the row as a whole
};

/// Throws retour::Error when the file cannot be opened or read, or its gzip stream is damaged or ends early.
class CsvReader {
 public:
  explicit CsvReader(const std::filesystem::path& file);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  const std::vector<std::string>& header() const { return m_header; }
  /// False at the end. Blank lines are passed over and are no rows.
  bool next(CsvRow& row);

  std::uint64_t bytes_done() const;  // of the file as it lies on the disk
  std::uint64_t bytes_all() const { return m_bytes_all; }

 private:
  class Input;

  bool next_text(CsvRow& row);
  bool fill();
  void skip_to_line_break();
  std::size_t find_line_break(std::size_t from);
  void split(CsvRow& row);
  void split_quoted(CsvRow& row);
  void check_text(CsvRow& row) const;

  std::unique_ptr<Input> m_input;
  std::uint64_t m_bytes_all = 0;
  std::vector<char> m_buffer;
  std::size_t m_begin = 0;  // of what is not handed out yet
  std::size_t m_end = 0;
  std::string m_unquoted;  // of fields that hold doubled quotes
  std::vector<std::string> m_header;
  std::uint64_t m_line = 1;
  std::uint64_t m_row = 0;
};

/// For people and JSON: bytes that are not UTF-8, and control characters other than tab and line break, as \xNN.
std::string printable(std::string_view text);

}  // namespace retour::csv
