// SPDX-License-Identifier: MIT
// The binary form of described structs: what snapshots, journals and digests are made of.
//
// Integers are zigzag varints (LEB128), strings and lists carry their length in front, a digest is its 32 bytes, an optional is a byte 0 or 1
// and then its value, a variant is its index (alternatives are only ever appended) and then its value, a struct is its fields in the order of
// its description. One value has one form, so equal bytes mean equal values. A `Value` has none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/type_row.hpp"

namespace souk {

using Bytes = std::vector<std::uint8_t>;

/// Whether a type has a binary form: all but `Value` and what holds one.
[[nodiscard]] constexpr bool hasBinaryForm(const TypeRow& row) {
  return row.shape != Shape::value && std::ranges::all_of(row.types, [](const TypeRow* type) { return hasBinaryForm(*type); }) &&
         std::ranges::all_of(row.fields, [](const FieldRow& field) { return hasBinaryForm(*field.type); });
}

/// Appends values in binary form to a byte string.
class BinaryWriter {
 public:
  explicit BinaryWriter(Bytes& out) : out_(out) {}

  void unsignedInteger(std::uint64_t value);
  void integer(std::int64_t value);
  void text(std::string_view value);
  void raw(std::span<const std::uint8_t> bytes);

  /// Appends the value at `source`, which is of the row's type.
  void write(const TypeRow& row, const void* source);
  template <class T>
  void write(const T& value) {
    static_assert(hasBinaryForm(typeRow<T>));
    write(*rowAt<T>, &value);
  }

 private:
  Bytes& out_;
};

/// Reads values in binary form. Never reads out of bounds: after the first fault every further value is empty and `finish` tells of it.
class BinaryReader {
 public:
  explicit BinaryReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint64_t unsignedInteger();
  [[nodiscard]] std::int64_t integer();
  [[nodiscard]] std::span<const std::uint8_t> raw(std::size_t size);
  /// Length of a list; a length beyond the bytes that are left is a fault, so that no absurd size is ever allocated.
  [[nodiscard]] std::size_t length();

  /// Reads into `target`, a fresh value of the row's type. An integer outside `least` to `most` is a fault; sizes are checked by those who
  /// use the value.
  void read(const TypeRow& row, void* target, std::int64_t least = -kMaxExact, std::int64_t most = kMaxExact);
  template <class T>
  void read(T& target) {
    static_assert(hasBinaryForm(typeRow<T>));
    read(*rowAt<T>, &target);
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }
  void fault();

  /// Success if nothing was wrong and nothing is left. @error damaged-bytes
  [[nodiscard]] Result<void> finish() const;

 private:
  [[nodiscard]] std::uint64_t unsignedUpTo(std::uint64_t most);

  std::span<const std::uint8_t> bytes_;
  bool good_ = true;
};

/// The binary form of one value.
template <class T>
[[nodiscard]] Bytes toBinary(const T& value) {
  Bytes out;
  BinaryWriter{out}.write(value);
  return out;
}

/// Reads one value that fills all the bytes. @error damaged-bytes
template <class T>
[[nodiscard]] Result<T> fromBinary(std::span<const std::uint8_t> bytes) {
  T value{};
  BinaryReader reader{bytes};
  reader.read(value);
  if (auto done = reader.finish(); !done) return std::unexpected(done.error());
  return value;
}

}  // namespace souk
