// SPDX-License-Identifier: MIT
// The binary form of described structs: what snapshots, journals and digests are made of.
//
// Integers are zigzag varints (LEB128), strings and lists carry their length in front, a digest is its 32 bytes, an optional is a byte 0 or 1
// and then its value, a variant is its index (alternatives are only ever appended) and then its value, a struct is its fields in the order of
// its description. One value has one form, so equal bytes mean equal values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"

namespace souk {

using Bytes = std::vector<std::uint8_t>;

/// Appends values in binary form to a byte string.
class BinaryWriter {
 public:
  explicit BinaryWriter(Bytes& out) : out_(out) {}

  void unsignedInteger(std::uint64_t value);
  void integer(std::int64_t value);
  void text(std::string_view value);
  void raw(std::span<const std::uint8_t> bytes);

  void write(bool value) { unsignedInteger(value ? 1 : 0); }
  void write(std::int64_t value) { integer(value); }
  void write(std::uint32_t value) { unsignedInteger(value); }
  void write(Instant value) { integer(value.ms); }
  void write(const std::string& value) { text(value); }
  void write(const Digest& value) { raw(value.bytes); }

  template <NamedEnum T>
  void write(T value) {
    unsignedInteger(static_cast<std::uint64_t>(value));
  }
  template <class T>
  void write(const std::optional<T>& value) {
    write(value.has_value());
    if (value) write(*value);
  }
  template <class T>
  void write(const std::vector<T>& values) {
    unsignedInteger(values.size());
    for (const auto& value : values) write(value);
  }
  template <class... T>
  void write(const std::variant<T...>& value) {
    unsignedInteger(value.index());
    std::visit([&](const auto& alternative) { write(alternative); }, value);
  }
  template <Described T>
  void write(const T& value) {
    forEachFieldIndex<T>([&](auto index) {
      constexpr auto kMember = fieldOf<T, index>.member;
      write(value.*kMember);
    });
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

  void read(bool& value);
  void read(std::int64_t& value) { value = integer(); }
  void read(std::uint32_t& value);
  void read(Instant& value);
  void read(std::string& value);
  void read(Digest& value);

  template <NamedEnum T>
  void read(T& value) {
    const auto number = unsignedInteger();
    if (number >= enumNames(std::type_identity<T>{}).size()) return fault();
    value = static_cast<T>(number);
  }
  template <class T>
  void read(std::optional<T>& value) {
    bool present = false;
    read(present);
    value.reset();
    if (present) read(value.emplace());
  }
  template <class T>
  void read(std::vector<T>& values) {
    const auto count = length();
    values.clear();
    for (std::size_t i = 0; i < count && good_; ++i) read(values.emplace_back());
  }
  template <class... T>
  void read(std::variant<T...>& value) {
    const auto index = unsignedInteger();
    if (index >= sizeof...(T)) return fault();
    readAlternative(value, index, std::index_sequence_for<T...>{});
  }
  template <Described T>
  void read(T& value) {
    forEachFieldIndex<T>([&](auto index) {
      constexpr auto kMember = fieldOf<T, index>.member;
      read(value.*kMember);
      if (!inBounds(value.*kMember, fieldOf<T, index>.least, fieldOf<T, index>.most)) fault();
    });
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }
  void fault();

  /// Success if nothing was wrong and nothing is left. @error damaged-bytes
  [[nodiscard]] Result<void> finish() const;

 private:
  /// Whether an integer keeps the bounds of its field; other kinds of fields are checked by those who use them.
  template <class T>
  static bool inBounds(const T& value, std::int64_t least, std::int64_t most) {
    if constexpr (std::is_same_v<T, std::int64_t>) return value >= least && value <= most;
    return true;
  }

  template <class Variant, std::size_t... I>
  void readAlternative(Variant& value, std::uint64_t index, std::index_sequence<I...>) {
    ((I == index ? read(value.template emplace<I>()) : void()), ...);
  }

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
