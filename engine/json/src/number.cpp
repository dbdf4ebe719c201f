// SPDX-License-Identifier: MIT
// Decimal spellings to the one text of their value, by moving digits; no binary fraction is ever formed.
#include "number.hpp"

#include <algorithm>
#include <cstdint>

#include "souk/core/fields.hpp"

namespace souk::json {
namespace {

// Decimal128 has 34 digits; a spelling with more is no amount, rate or measurement, and its work would grow with the attacker's patience.
constexpr std::size_t kMostDigits = 34;
// Within what a double can hold, so that a host that reads it as one neither overflows nor loses it to zero.
constexpr std::int64_t kMostExponent = 300;
// Exponents beyond this are cut to it while reading: far outside the range above whatever the digits are.
constexpr std::int64_t kExponentCap = std::int64_t{1} << 40;

// The value ±d.ddd × 10^exponent, without leading or trailing zeros; no digits for zero.
struct Scientific {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

std::int64_t readExponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : text) value = std::min(value * 10 + (c - '0'), kExponentCap);
  return negative ? -value : value;
}

// Digits beyond kMostDigits + 1 are not kept: one too many is enough to refuse.
void readMantissa(std::string_view text, Scientific& number) {
  std::size_t zeros = 0;      // zeros that only count if another digit follows
  std::int64_t leading = -1;  // places before the point, less one
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    const bool started = !number.digits.empty();
    if (!fraction && (started || c != '0')) ++leading;
    if (fraction && !started && c == '0') --leading;
    if (c == '0') {
      zeros += started ? 1 : 0;
      continue;
    }
    number.digits.append(std::min(zeros, kMostDigits), '0');
    if (number.digits.size() <= kMostDigits) number.digits += c;
    zeros = 0;
  }
  number.exponent = leading;
}

Scientific readNumber(std::string_view text) {
  Scientific number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  const auto mark = text.find_first_of("eE");
  readMantissa(text.substr(0, mark), number);
  if (mark != std::string_view::npos) number.exponent += readExponent(text.substr(mark + 1));
  return number;
}

bool isExactInteger(const Scientific& number) {
  const auto places = number.exponent + 1;
  if (places < static_cast<std::int64_t>(number.digits.size()) || places > 16) return false;
  std::int64_t value = 0;
  for (std::int64_t i = 0; i < places; ++i) {
    const auto index = static_cast<std::size_t>(i);
    value = value * 10 + (index < number.digits.size() ? number.digits[index] - '0' : 0);
  }
  return value <= kMaxExact;
}

std::string plain(const Scientific& number) {
  const auto places = number.exponent + 1;
  auto text = number.digits;
  if (places <= 0) return text.insert(0, static_cast<std::size_t>(-places), '0').insert(0, "0.");
  const auto whole = static_cast<std::size_t>(places);
  if (whole >= text.size()) return text.append(whole - text.size(), '0');
  return text.insert(whole, 1, '.');
}

std::string scientific(const Scientific& number) {
  auto text = number.digits;
  if (text.size() > 1) text.insert(1, 1, '.');
  return text + (number.exponent < 0 ? "e" : "e+") + std::to_string(number.exponent);
}

}  // namespace

std::expected<std::string, Code> decimalText(std::string_view spelling) {
  const auto number = readNumber(spelling);
  if (number.digits.empty()) {
    if (number.negative) return std::unexpected(Code::negativeZero);
    return "0";
  }
  if (number.digits.size() > kMostDigits || number.exponent > kMostExponent || number.exponent < -kMostExponent) {
    return std::unexpected(Code::numberOutOfRange);
  }
  const bool hasFraction = number.exponent + 1 < static_cast<std::int64_t>(number.digits.size());
  const bool isPlain = hasFraction ? number.exponent >= -6 && number.exponent < 21 : isExactInteger(number);
  auto text = isPlain ? plain(number) : scientific(number);
  if (number.negative) text.insert(0, 1, '-');
  return text;
}

}  // namespace souk::json
