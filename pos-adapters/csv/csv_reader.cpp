#include "pos-adapters/csv/csv_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "plugin/core/base/error.hpp"
#include "plugin/core/base/utf8.hpp"
#include "pos-adapters/csv/limits.hpp"

namespace retour::csv {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void fail(const std::string& operation, const std::filesystem::path& file, const std::string& cause) {
  throw Error({operation, file.string(), cause, "nothing was taken from it"});
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// True when every byte is a printing character of ASCII.
/// Eight bytes at a time, because every row passes through here twice.
bool is_plain_ascii(std::string_view text) {
  constexpr std::uint64_t low_bits = 0x0101010101010101U, high_bits = 0x8080808080808080U;
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    const std::uint64_t below_blank = (word - low_bits * 0x20U) & ~word;
    const std::uint64_t delete_or_above = (word + low_bits) | word;
    if (((below_blank | delete_or_above) & high_bits) != 0) return false;
    text.remove_prefix(sizeof word);
  }
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<signed char>(c) < 0x20 || c == 0x7F; });
}

/// Tabs and line breaks are text; a carriage return is one only before a line feed.
std::size_t find_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool breaks_line = text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1).starts_with('\n'));
    if (is_control(text[i]) && text[i] != '\t' && !breaks_line) return i;
  }
  return std::string_view::npos;
}

std::string hex_escape(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length_at(text, at);
    const bool plain = !is_control(text[at]) || text[at] == '\n' || text[at] == '\r' || text[at] == '\t';
    if (length == 0 || !plain) {
      out += hex_escape(text[at]);
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

// ---- the file --------------------------------------------------------------------------------------------------

/// Plain and gzip alike: zlib passes through what does not begin as gzip does.
class CsvReader::Input {
 public:
  explicit Input(const std::filesystem::path& file) : m_file(file), m_handle(gzopen(file.c_str(), "rb")) {
    if (!m_handle) fail("open", file, std::strerror(errno));
    gzbuffer(m_handle, file_read_bytes);
  }
  ~Input() { gzclose_r(m_handle); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// Bytes read, 0 at the end.
  std::size_t read(char* into, std::size_t count) {
    const int got = gzread(m_handle, into, static_cast<unsigned>(count));
    if (got < 0 || static_cast<std::size_t>(got) < count) check();
    if (m_file.extension() == ".gz" && gzdirect(m_handle) == 1)
      fail("read", m_file, "it is named .gz and is not gzip");
    return static_cast<std::size_t>(std::max(got, 0));
  }

  std::uint64_t offset() const { return static_cast<std::uint64_t>(std::max<z_off_t>(0, gzoffset(m_handle))); }

 private:
  void check() const {
    int code = Z_OK;
    const char* text = gzerror(m_handle, &code);
    if (code == Z_OK || code == Z_STREAM_END) return;
    if (code == Z_BUF_ERROR) fail("read", m_file, "the gzip stream ends early: the file was cut off");
    fail("read", m_file, code == Z_ERRNO ? std::strerror(errno) : "damaged gzip data: " + std::string(text));
  }

  std::filesystem::path m_file;
  gzFile m_handle;
};

CsvReader::CsvReader(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    fail("open", file, error ? error.message() : "not a regular file; it is read twice, so it cannot be a pipe");
  }
  m_bytes_all = std::filesystem::file_size(file, error);
  m_input = std::make_unique<Input>(file);
  m_buffer.resize(row_bytes_max + 2 * file_read_bytes);
  fill();
  if (std::string_view(m_buffer.data(), m_end).starts_with(byte_order_mark)) m_begin = byte_order_mark.size();
  CsvRow row;
  if (!next_text(row)) fail("read", file, "it is empty; a header is expected");
  if (!row.fault.empty()) fail("read", file, "its header is malformed: " + row.fault);
  m_header.assign(row.fields.begin(), row.fields.end());
  m_row = 0;
}

CsvReader::~CsvReader() = default;

std::uint64_t CsvReader::bytes_done() const {
  return m_input->offset();
}

/// Reads behind what is there, after moving it to the front. False at the end of the file.
bool CsvReader::fill() {
  std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
  m_end -= m_begin;
  m_begin = 0;
  const std::size_t got = m_input->read(m_buffer.data() + m_end, std::min(file_read_bytes, m_buffer.size() - m_end));
  m_end += got;
  return got > 0;
}

/// The offset from m_begin of the next line break at or behind `from`, or of the end of the file, or of a place
/// beyond row_bytes_max.
std::size_t CsvReader::find_line_break(std::size_t from) {
  for (;;) {
    const std::size_t have = m_end - m_begin;
    if (from < have) {
      const void* found = std::memchr(m_buffer.data() + m_begin + from, '\n', have - from);
      if (found) return static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data()) - m_begin;
      from = have;
    }
    if (have > row_bytes_max || !fill()) return m_end - m_begin;
  }
}

void CsvReader::skip_to_line_break() {
  for (;;) {
    const void* found = std::memchr(m_buffer.data() + m_begin, '\n', m_end - m_begin);
    if (found) {
      m_begin = static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data()) + 1;
      return;
    }
    m_begin = m_end;
    if (!fill()) return;
  }
}

// ---- rows ------------------------------------------------------------------------------------------------------

bool CsvReader::next(CsvRow& row) {
  if (!next_text(row)) return false;
  if (row.fault.empty() && row.fields.size() != m_header.size()) {
    row.fault =
        std::to_string(row.fields.size()) + " fields where the header names " + std::to_string(m_header.size());
    row.fault_field = std::string_view::npos;
  }
  row.row = ++m_row;
  return true;
}

/// The next row that is not blank, split, with its line number.
bool CsvReader::next_text(CsvRow& row) {
  for (;;) {
    if (m_begin == m_end && !fill()) return false;
    const std::size_t first_break = find_line_break(0);
    std::size_t end = first_break;
    std::uint64_t breaks_inside = 0;
    const auto quotes = [&](std::size_t from, std::size_t to) {
      const char* text = m_buffer.data() + m_begin;
      return std::count(text + from, text + to, '"');
    };
    // Quotes come in pairs, so an odd number means that the line break lies inside a field.
    bool open = std::memchr(m_buffer.data() + m_begin, '"', end) && quotes(0, end) % 2 == 1;
    while (open && end < row_bytes_max && m_begin + end < m_end) {
      const std::size_t from = end + 1;
      end = find_line_break(from);
      open = quotes(std::min(from, end), end) % 2 == 0;
      ++breaks_inside;
    }

    row.fault.clear();
    row.line = m_line;
    const auto take = [&](std::size_t length) {
      std::string_view text(m_buffer.data() + m_begin, length);
      if (text.ends_with('\r')) text.remove_suffix(1);
      row.raw = text;
      split(row);
    };
    if (!open) take(end);
    if (breaks_inside > 0 && (open || !row.fault.empty() || end > row_bytes_max)) {
      // The quotes do not fit: take the first line alone, and read what follows by itself.
      end = first_break;
      breaks_inside = 0;
      take(end);
      if (row.fault.empty()) row.fault = "a quote is opened and never closed";
    } else if (open) {
      take(end);
    }
    if (end > row_bytes_max) {
      row.raw = row.raw.substr(0, std::min(row.raw.size(), row_bytes_max));
      row.fault = "longer than " + std::to_string(row_bytes_max) + " bytes";
      row.fault_field = std::string_view::npos;
      // The row's bytes must outlive the skipping, which re-uses the buffer.
      m_unquoted.assign(row.raw);
      row.raw = m_unquoted;
      row.fields.clear();
      skip_to_line_break();
    } else {
      m_begin = std::min(m_end, m_begin + end + 1);
    }
    m_line += breaks_inside + 1;
    if (!row.raw.empty() || !row.fault.empty()) return true;
  }
}

void CsvReader::split(CsvRow& row) {
  row.fields.clear();
  row.fault.clear();
  if (row.raw.find('"') != std::string_view::npos) {
    split_quoted(row);
  } else {
    std::string_view rest = row.raw;
    for (;;) {
      const void* comma = std::memchr(rest.data(), ',', rest.size());
      if (!comma) break;
      const auto length = static_cast<std::size_t>(static_cast<const char*>(comma) - rest.data());
      row.fields.push_back(rest.substr(0, length));
      rest.remove_prefix(length + 1);
    }
    row.fields.push_back(rest);
  }
  check_text(row);
  if (row.fault.empty() && row.fields.size() > columns_max) {
    row.fault = "more than " + std::to_string(columns_max) + " fields";
    row.fault_field = std::string_view::npos;
  }
}

void CsvReader::split_quoted(CsvRow& row) {
  m_unquoted.clear();
  m_unquoted.reserve(row.raw.size());  // so that views into it stay valid
  const auto wrong = [&](const char* reason) {
    row.fault = reason;
    row.fault_field = row.fields.size();
  };
  const std::string_view raw = row.raw;
  std::size_t at = 0;
  for (;;) {
    if (at < raw.size() && raw[at] == '"') {
      const std::size_t begin = m_unquoted.size();
      for (++at;;) {
        const std::size_t quote = raw.find('"', at);
        if (quote == std::string_view::npos) return wrong("a quote is opened and never closed");
        m_unquoted += raw.substr(at, quote - at);
        at = quote + 1;
        if (at >= raw.size() || raw[at] != '"') break;
        m_unquoted += '"';
        ++at;
      }
      if (at < raw.size() && raw[at] != ',') return wrong("text follows a closing quote");
      row.fields.push_back(std::string_view(m_unquoted).substr(begin));
    } else {
      const std::size_t end = std::min(raw.find(',', at), raw.size());
      const std::string_view field = raw.substr(at, end - at);
      if (field.find('"') != std::string_view::npos) return wrong("a quote stands inside a field that is not quoted");
      row.fields.push_back(field);
      at = end;
    }
    if (at >= raw.size()) return;
    ++at;  // behind the comma
    if (at == raw.size()) {
      row.fields.emplace_back();
      return;
    }
  }
}

/// UTF-8, and no control characters but tab and, inside quotes, line breaks.
void CsvReader::check_text(CsvRow& row) const {
  if (is_plain_ascii(row.raw)) return;
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    const std::string_view field = row.fields[i];
    const std::size_t invalid = first_invalid_utf8(field).value_or(std::string_view::npos);
    const std::size_t control = find_control(field);
    if (invalid == std::string_view::npos && control == std::string_view::npos) continue;
    const char culprit = field[std::min(invalid, control)];
    row.fault = (control < invalid ? "a control character, " : "not UTF-8, byte ") + hex_escape(culprit);
    row.fault_field = i;
    return;
  }
}

}  // namespace retour::csv
