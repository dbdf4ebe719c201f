// SPDX-License-Identifier: MIT
// UTF-8 as RFC 3629 section 4 spells it, and surrogate escapes as RFC 8259 section 7 pairs them.
#include "utf8.hpp"

#include <cstring>

namespace souk::json {
namespace {

// Whether four bytes are all between 1 and 127. Words of 32 bits: the plain-JavaScript build has no fast 64-bit ones.
bool fourPlain(const std::uint8_t* bytes) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, 4);
  return (((word - 0x01010101U) | word) & 0x80808080U) == 0;
}

bool within(std::uint8_t byte, std::uint8_t least, std::uint8_t most) { return byte >= least && byte <= most; }

// Length of the sequence at the front of `bytes` (which begins with a byte above 127), or 0 if it is none.
std::size_t sequenceLength(std::span<const std::uint8_t> bytes) {
  const auto lead = bytes[0];
  const std::size_t length = within(lead, 0xC2, 0xDF) ? 2 : within(lead, 0xE0, 0xEF) ? 3 : within(lead, 0xF0, 0xF4) ? 4 : 0;
  if (length == 0 || length > bytes.size()) return 0;
  // The second byte excludes overlong forms (E0, F0), surrogates (ED) and what is beyond U+10FFFF (F4).
  const std::uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!within(bytes[1], least, most)) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!within(bytes[i], 0x80, 0xBF)) return 0;
  }
  return length;
}

int hexDigit(std::uint8_t c) {
  if (within(c, '0', '9')) return c - '0';
  const auto lower = static_cast<std::uint8_t>(c | 0x20);
  return within(lower, 'a', 'f') ? lower - 'a' + 10 : -1;
}

// The number of a `\uXXXX` escape at `offset`, or -1 if there is none.
int escapeAt(std::span<const std::uint8_t> bytes, std::size_t offset) {
  if (offset + 6 > bytes.size() || bytes[offset] != '\\' || bytes[offset + 1] != 'u') return -1;
  int value = 0;
  for (std::size_t i = 2; i < 6; ++i) {
    const int digit = hexDigit(bytes[offset + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool isHigh(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool isLow(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

}  // namespace

std::optional<BadByte> firstBadByte(std::span<const std::uint8_t> bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (i + 4 <= bytes.size() && fourPlain(bytes.data() + i)) {
      i += 4;
    } else if (bytes[i] < 0x80) {
      if (bytes[i] == 0) return BadByte{Code::nulByte, i};
      ++i;
    } else {
      const auto length = sequenceLength(bytes.subspan(i));
      if (length == 0) return BadByte{Code::invalidUtf8, i};
      i += length;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> firstLoneSurrogate(std::span<const std::uint8_t> bytes) {
  bool inString = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '"') inString = !inString;
    if (!inString || bytes[i] != '\\') continue;
    const int unit = escapeAt(bytes, i);
    if (isLow(unit) || (isHigh(unit) && !isLow(escapeAt(bytes, i + 6)))) return i;
    i += isHigh(unit) ? 11 : unit >= 0 ? 5 : 1;
  }
  return std::nullopt;
}

}  // namespace souk::json
