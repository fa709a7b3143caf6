#pragma once
// The bytes under every stored form: LEB128 varints (zigzag for signed), length-prefixed bytes, raw ids.
// Reading is for hostile input: nothing is read beyond the end, and nothing allocated beyond what the bytes left
// allow.

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/base/error.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::codec {

/// The bytes are not what an encoder of ours writes. `offset`: of the byte that could not be accepted.
class MalformedBody : public Error {
 public:
  MalformedBody(const char* cause, std::size_t offset)
      : Error({.operation = "decode",
               .object = "stored bytes",
               .cause = std::string(cause) + " at byte " + std::to_string(offset),
               .consequence = ""}),
        m_offset(offset) {}
  std::size_t offset() const { return m_offset; }

 private:
  std::size_t m_offset;
};

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

/// Appends to its own buffer; cannot fail except for memory.
class ByteWriter {
 public:
  void byte(std::uint8_t value) { m_bytes.push_back(value); }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      m_bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    m_bytes.push_back(static_cast<std::uint8_t>(value));
  }
  void signed_varint(std::int64_t value) { varint(zigzag(value)); }
  void raw(const void* data, std::size_t count) {
    const auto* first = static_cast<const std::uint8_t*>(data);
    m_bytes.insert(m_bytes.end(), first, first + count);
  }
  void text(std::string_view value) {
    varint(value.size());
    raw(value.data(), value.size());
  }
  void blob(std::span<const std::uint8_t> value) {
    varint(value.size());
    raw(value.data(), value.size());
  }

  std::size_t size() const { return m_bytes.size(); }
  void reserve(std::size_t count) { m_bytes.reserve(count); }
  void clear() { m_bytes.clear(); }
  const Bytes& bytes() const { return m_bytes; }
  Bytes take() { return std::move(m_bytes); }

 private:
  Bytes m_bytes;
};

/// Reads from bytes that outlive it. Every failure is MalformedBody.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes)
      : m_begin(bytes.data()), m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}

  std::uint8_t byte() {
    if (m_at == m_end) fail("the bytes end early");
    return *m_at++;
  }
  std::uint64_t varint() {
    if (m_at != m_end && *m_at < 0x80) return *m_at++;
    return long_varint();
  }
  std::int64_t signed_varint() { return unzigzag(varint()); }
  /// A varint of at most `max`.
  std::uint64_t varint_to(std::uint64_t max) {
    const std::uint8_t* start = m_at;
    const std::uint64_t value = varint();
    if (value > max) fail_at("a number is out of range", start);
    return value;
  }
  /// The number of elements that follow, each at least one byte long.
  std::size_t count() {
    const std::uint8_t* start = m_at;
    const std::uint64_t value = varint();
    if (value > remaining()) fail_at("a length exceeds the bytes that are left", start);
    return static_cast<std::size_t>(value);
  }
  bool flag() { return varint_to(1) != 0; }
  std::span<const std::uint8_t> raw(std::size_t count) {
    if (count > remaining()) fail("the bytes end early");
    const std::uint8_t* start = m_at;
    m_at += count;
    return {start, count};
  }
  std::span<const std::uint8_t> blob() { return raw(count()); }
  std::string_view text() {
    const auto bytes = blob();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::size_t offset() const { return static_cast<std::size_t>(m_at - m_begin); }
  std::size_t remaining() const { return static_cast<std::size_t>(m_end - m_at); }
  void expect_end() const {
    if (m_at != m_end) fail("bytes follow the end");
  }
  [[noreturn]] void fail(const char* cause) const { fail_at(cause, m_at); }

 private:
  [[noreturn]] void fail_at(const char* cause, const std::uint8_t* where) const {
    throw MalformedBody(cause, static_cast<std::size_t>(where - m_begin));
  }
  std::uint64_t long_varint() {
    const std::uint8_t* start = m_at;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) fail_at("a number exceeds 64 bits", start);
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next >= 0x80) continue;
      if (next == 0 && shift != 0) fail_at("a number is written longer than needed", start);
      return value;
    }
    fail_at("a number exceeds 64 bits", start);
  }

  const std::uint8_t* m_begin;
  const std::uint8_t* m_at;
  const std::uint8_t* m_end;
};

}  // namespace retour::codec
