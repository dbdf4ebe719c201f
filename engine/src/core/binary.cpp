// SPDX-License-Identifier: MIT
// Varints, lengths and bounds of the binary form.
#include "souk/core/binary.hpp"

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

void BinaryReader::read(bool& value) {
  const auto number = unsignedInteger();
  if (number > 1) fault();
  value = number == 1;
}

void BinaryReader::read(std::uint32_t& value) {
  const auto number = unsignedInteger();
  if (number > UINT32_MAX) fault();
  value = static_cast<std::uint32_t>(number);
}

void BinaryReader::read(Instant& value) {
  value.ms = integer();
  if (value.ms < -kMaxExact || value.ms > kMaxExact) fault();
}

void BinaryReader::read(std::string& value) {
  const auto bytes = raw(length());
  value.assign(bytes.begin(), bytes.end());
}

void BinaryReader::read(Digest& value) {
  const auto bytes = raw(value.bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) value.bytes[i] = bytes[i];
}

Result<void> BinaryReader::finish() const {
  if (!good_) return fail(Code::damagedBytes, {}, "the bytes end early or hold a value that cannot be");
  if (!bytes_.empty()) return fail(Code::damagedBytes, {}, "there are bytes behind the end");
  return {};
}

}  // namespace souk
