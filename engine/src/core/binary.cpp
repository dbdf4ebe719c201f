// SPDX-License-Identifier: MIT
// The walk over the tables of type_row.hpp in binary, once for all structs.
#include "souk/core/binary.hpp"

#include <limits>
#include <string>

#include "souk/core/digest.hpp"
#include "souk/core/time.hpp"

namespace souk {

void BinaryWriter::unsignedInteger(std::uint64_t value) {
  while (value >= 0x80) {
    out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out_.push_back(static_cast<std::uint8_t>(value));
}

void BinaryWriter::integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  unsignedInteger((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void BinaryWriter::text(std::string_view value) {
  unsignedInteger(value.size());
  out_.insert(out_.end(), value.begin(), value.end());
}

void BinaryWriter::raw(std::span<const std::uint8_t> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

void BinaryWriter::write(const TypeRow& row, const void* source) {
  switch (row.shape) {
    case Shape::boolean: return unsignedInteger(*static_cast<const bool*>(source) ? 1 : 0);
    case Shape::integer: return integer(*static_cast<const std::int64_t*>(source));
    case Shape::integer32: return unsignedInteger(*static_cast<const std::uint32_t*>(source));
    case Shape::instant: return integer(static_cast<const Instant*>(source)->ms);
    case Shape::text: return text(*static_cast<const std::string*>(source));
    case Shape::digest: return raw(static_cast<const Digest*>(source)->bytes);
    case Shape::value: return;  // hasBinaryForm is false
    case Shape::enumeration: return unsignedInteger(row.number(source));
    case Shape::optional:
    case Shape::list: {
      const auto count = row.number(source);
      unsignedInteger(count);
      for (std::size_t i = 0; i < count; ++i) write(*row.types[0], row.at(source, i));
      return;
    }
    case Shape::object:
      // The table serves reading and writing, so it has no const; nothing is changed through it here.
      for (const auto& field : row.fields) write(*field.type, field.member(const_cast<void*>(source)));
      return;
    case Shape::choice: {
      const auto index = row.number(source);
      unsignedInteger(index);
      return write(*row.types[index], row.at(source, index));
    }
  }
}

void BinaryReader::fault() {
  good_ = false;
  bytes_ = {};
}

std::uint64_t BinaryReader::unsignedInteger() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
    const auto byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7fu} << shift;
    // A last byte of zero would be a second spelling of the same number.
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) break;
      return value;
    }
  }
  fault();
  return 0;
}

std::int64_t BinaryReader::integer() {
  const auto bits = unsignedInteger();
  return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
}

std::span<const std::uint8_t> BinaryReader::raw(std::size_t size) {
  if (size > bytes_.size()) {
    fault();
    return {};
  }
  const auto taken = bytes_.first(size);
  bytes_ = bytes_.subspan(size);
  return taken;
}

std::size_t BinaryReader::length() {
  const auto size = unsignedInteger();
  if (size > bytes_.size()) {
    fault();
    return 0;
  }
  return static_cast<std::size_t>(size);
}

/// A number from 0 to `most`; beyond is a fault, and then 0.
std::uint64_t BinaryReader::unsignedUpTo(std::uint64_t most) {
  const auto number = unsignedInteger();
  if (number <= most) return number;
  fault();
  return 0;
}

void BinaryReader::read(const TypeRow& row, void* target, std::int64_t least, std::int64_t most) {
  switch (row.shape) {
    case Shape::boolean: *static_cast<bool*>(target) = unsignedUpTo(1) == 1; return;
    case Shape::integer:
    case Shape::instant: {
      const auto number = integer();
      if (number < least || number > most) fault();
      if (row.shape == Shape::integer) *static_cast<std::int64_t*>(target) = number;
      else static_cast<Instant*>(target)->ms = number;
      return;
    }
    case Shape::integer32:
      *static_cast<std::uint32_t*>(target) = static_cast<std::uint32_t>(unsignedUpTo(std::numeric_limits<std::uint32_t>::max()));
      return;
    case Shape::text: {
      const auto bytes = raw(length());
      static_cast<std::string*>(target)->assign(bytes.begin(), bytes.end());
      return;
    }
    case Shape::digest: {
      auto& digest = static_cast<Digest*>(target)->bytes;
      std::ranges::copy(raw(digest.size()), digest.begin());
      return;
    }
    case Shape::value: return fault();  // hasBinaryForm is false
    case Shape::enumeration: row.make(target, static_cast<std::size_t>(unsignedUpTo(row.names.size() - 1))); return;
    case Shape::optional:
      if (unsignedUpTo(1) == 1) read(*row.types[0], row.make(target, 0), least, most);
      return;
    case Shape::list: {
      const auto count = length();
      for (std::size_t i = 0; i < count && good_; ++i) read(*row.types[0], row.make(target, 0));
      return;
    }
    case Shape::object:
      for (const auto& field : row.fields) read(*field.type, field.member(target), field.least, field.most);
      return;
    case Shape::choice: {
      if (row.types.empty()) return fault();  // a choice that this program leaves out
      const auto index = static_cast<std::size_t>(unsignedUpTo(row.types.size() - 1));
      return read(*row.types[index], row.make(target, index));
    }
  }
}

Result<void> BinaryReader::finish() const {
  if (!good_) return fail(Code::damagedBytes, {}, "the bytes end early or hold a value that cannot be");
  if (!bytes_.empty()) return fail(Code::damagedBytes, {}, "there are bytes behind the end");
  return {};
}

}  // namespace souk
