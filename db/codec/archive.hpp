#pragma once
// The archive every stored body and every message goes through: cereal's front, our own bytes.
// Integers are varints (signed ones zigzag), strings and bytes are length-prefixed, an optional is 0 or 1 and the
// value, an enum is checked by range. No class versions, pointers, maps or floating point: nothing that could differ
// between two machines. Fields stand in free functions `serialize(archive, value)`, one list a type
// (core_fields.hpp).

#include <algorithm>
#include <cereal/cereal.hpp>
#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>

#include "db/codec/varint.hpp"
#include "plugin/core/base/id.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::codec {

class VarintOutput : public cereal::OutputArchive<VarintOutput, cereal::AllowEmptyClassElision> {
 public:
  VarintOutput() : OutputArchive(this) {}
  ByteWriter& writer() { return m_writer; }
  Bytes take() { return m_writer.take(); }

 private:
  ByteWriter m_writer;
};

/// Reads bytes that outlive it; throws MalformedBody.
class VarintInput : public cereal::InputArchive<VarintInput, cereal::AllowEmptyClassElision> {
 public:
  explicit VarintInput(std::span<const std::uint8_t> bytes) : InputArchive(this), m_reader(bytes) {}
  ByteReader& reader() { return m_reader; }

 private:
  ByteReader m_reader;
};

template <class T>
concept VarintNumber = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <VarintNumber T>
void save(VarintOutput& archive, const T& value) {
  if constexpr (std::is_signed_v<T>) {
    archive.writer().signed_varint(value);
  } else {
    archive.writer().varint(value);
  }
}
template <VarintNumber T>
void load(VarintInput& archive, T& value) {
  if constexpr (std::is_signed_v<T>) {
    const std::int64_t wide = archive.reader().signed_varint();
    value = static_cast<T>(wide);
    if (value != wide) archive.reader().fail("a number is out of range before");
  } else {
    value = static_cast<T>(archive.reader().varint_to(std::numeric_limits<T>::max()));
  }
}

template <std::same_as<bool> T>
void save(VarintOutput& archive, const T& value) {
  archive.writer().byte(value ? 1 : 0);
}
template <std::same_as<bool> T>
void load(VarintInput& archive, T& value) {
  value = archive.reader().flag();
}

/// An enum as a number in [first, last]. Enums are never given to the archive bare: cereal would not check them.
template <class E>
struct EnumField {
  E& value;
  E first;
  E last;
};
template <class E>
EnumField<E> in_range(E& value, std::type_identity_t<E> first, std::type_identity_t<E> last) {
  return {value, first, last};
}
template <class E>
void save(VarintOutput& archive, const EnumField<E>& field) {
  archive.writer().varint(static_cast<std::uint64_t>(field.value));
}
template <class E>
void load(VarintInput& archive, EnumField<E>& field) {
  const std::uint64_t number = archive.reader().varint_to(static_cast<std::uint64_t>(field.last));
  if (number < static_cast<std::uint64_t>(field.first)) archive.reader().fail("a code is out of range before");
  field.value = static_cast<E>(number);
}

template <class E>
struct OptionalEnumField {
  std::optional<E>& value;
  E first;
  E last;
};
template <class E>
OptionalEnumField<E> in_range(std::optional<E>& value, std::type_identity_t<E> first, std::type_identity_t<E> last) {
  return {value, first, last};
}
template <class E>
void save(VarintOutput& archive, const OptionalEnumField<E>& field) {
  archive.writer().byte(field.value ? 1 : 0);
  if (field.value) archive(in_range(*field.value, field.first, field.last));
}
template <class E>
void load(VarintInput& archive, OptionalEnumField<E>& field) {
  field.value.reset();
  if (archive.reader().flag()) archive(in_range(field.value.emplace(), field.first, field.last));
}

/// A number that must lie in [low, high]: read ones are refused otherwise, written ones are our bug.
template <class T>
struct NumberField {
  T& value;
  std::int64_t low;
  std::int64_t high;
};
template <class T>
NumberField<T> within(T& value, std::int64_t low, std::int64_t high) {
  return {value, low, high};
}
template <class T>
void save(VarintOutput& archive, const NumberField<T>& field) {
  require(field.value >= field.low && field.value <= field.high, "a number to be stored is in its range");
  save(archive, field.value);
}
template <class T>
void load(VarintInput& archive, NumberField<T>& field) {
  load(archive, field.value);
  if (field.value < field.low || field.value > field.high) archive.reader().fail("a number is out of range before");
}

inline void save(VarintOutput& archive, const std::string& value) {
  archive.writer().text(value);
}
inline void load(VarintInput& archive, std::string& value) {
  value = archive.reader().text();
}

inline void save(VarintOutput& archive, const Bytes& value) {
  archive.writer().blob(value);
}
inline void load(VarintInput& archive, Bytes& value) {
  const auto bytes = archive.reader().blob();
  value.assign(bytes.begin(), bytes.end());
}

template <class Tag>
void save(VarintOutput& archive, const Id<Tag>& id) {
  archive.writer().raw(id.bytes.data(), id.bytes.size());
}
template <class Tag>
void load(VarintInput& archive, Id<Tag>& id) {
  std::memcpy(id.bytes.data(), archive.reader().raw(id.bytes.size()).data(), id.bytes.size());
}
inline void save(VarintOutput& archive, const Hash256& hash) {
  archive.writer().raw(hash.bytes.data(), hash.bytes.size());
}
inline void load(VarintInput& archive, Hash256& hash) {
  std::memcpy(hash.bytes.data(), archive.reader().raw(hash.bytes.size()).data(), hash.bytes.size());
}

template <class T>
void save(VarintOutput& archive, const std::optional<T>& value) {
  archive.writer().byte(value ? 1 : 0);
  if (value) archive(*value);
}
template <class T>
void load(VarintInput& archive, std::optional<T>& value) {
  value.reset();
  if (archive.reader().flag()) archive(value.emplace());
}

template <class T>
requires(!std::same_as<T, std::uint8_t>) void save(VarintOutput& archive, const std::vector<T>& values) {
  archive.writer().varint(values.size());
  for (const T& value : values) archive(value);
}
template <class T>
requires(!std::same_as<T, std::uint8_t>) void load(VarintInput& archive, std::vector<T>& values) {
  const std::size_t count = archive.reader().count();  // never more than the bytes that are left
  values.clear();
  values.reserve(std::min<std::size_t>(count, 64));  // a lying count costs no memory before its elements are there
  for (std::size_t i = 0; i < count; ++i) archive(values.emplace_back());
}

/// The bytes of any type that has `serialize` (or consists of the above).
template <class T>
Bytes to_bytes(const T& value) {
  VarintOutput archive;
  archive(value);
  return archive.take();
}

/// Exactly what `to_bytes` made. Throws MalformedBody, also when bytes follow.
template <class T>
T from_bytes(std::span<const std::uint8_t> bytes) {
  VarintInput archive(bytes);
  T value{};
  archive(value);
  archive.reader().expect_end();
  return value;
}

}  // namespace retour::codec
