#include "pos-adapters/csv/rejects_file.hpp"

#include <cerrno>
#include <cstring>

#include "plugin/core/base/error.hpp"

namespace retour::csv {

namespace {

/// Always in quotes: raw rows hold commas anyway.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

void RejectsFile::add(const ports::SourceReject& reject) {
  if (m_count++ == 0) {
    errno = 0;
    m_file.open(m_path, std::ios::binary | std::ios::trunc);
    m_open_errno = m_file.is_open() ? 0 : errno;
    m_file << "file,line,row,column,reason,text\n";
  }
  m_file << in_quotes(reject.file) << ',' << reject.line << ',' << reject.row << ',' << in_quotes(reject.column)
         << ',' << in_quotes(reject.reason) << ',' << in_quotes(reject.text) << '\n';
}

void RejectsFile::close() {
  if (m_count == 0) return;
  errno = m_open_errno;
  if (m_open_errno == 0) m_file.close();
  if (m_file.fail() || m_open_errno != 0) {
    throw Error({"write rejects to", m_path.string(), errno == 0 ? "not all was written" : std::strerror(errno),
                 "the rejected rows are not taken, and the list of them is missing or cut off"});
  }
}

}  // namespace retour::csv
