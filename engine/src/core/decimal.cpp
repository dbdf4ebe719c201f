// SPDX-License-Identifier: MIT
// Exact decimals: reading the JSON number grammar digit by digit, and comparing without a product wider than 64 bits.
#include "souk/core/decimal.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "souk/core/fields.hpp"

namespace souk {
namespace {

constexpr std::array<std::int64_t, kMaxScale + 1> kPowers{1,       10,        100,        1'000,       10'000,
                                                          100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

// Beyond any exponent that digits of one document could balance, and far below what overflows when two are added.
constexpr std::int64_t kMaxExponent = 1'000'000'000;

std::string_view reasonOf(Code code) {
  if (code == Code::negativeZero) return "write 0";
  if (code == Code::wrongType) return "a number is written as in JSON";
  return "a number has at most 9 digits behind the point and 2^53 - 1 without the point";
}

std::unexpected<Error> refuse(Code code) { return fail(code, {}, std::string{reasonOf(code)}); }

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// A number that is read: significant digits so far, and the power of ten by which they are multiplied.
// Zeros are held back until a digit other than zero follows, so the digits never end in zero and 1.000…0 is short.
class Digits {
 public:
  // False when the digits pass kMaxExact.
  bool take(char c) {
    if (c == '0') {
      if (mantissa_ != 0) ++zeros_;
      return true;
    }
    for (; zeros_ >= 0; --zeros_) {
      if (mantissa_ > kMaxExact / 10) return false;
      mantissa_ *= 10;
    }
    zeros_ = 0;
    mantissa_ += c - '0';
    return mantissa_ <= kMaxExact;
  }

  [[nodiscard]] std::int64_t mantissa() const { return mantissa_; }
  [[nodiscard]] std::int64_t trailingZeros() const { return zeros_; }

 private:
  std::int64_t mantissa_ = 0;
  std::int64_t zeros_ = 0;
};

// Takes the digits at the front of the text. Nothing when there is none or they are too many.
enum class Taken : std::uint8_t { digits, none, tooMany };

Taken takeDigits(std::string_view& text, Digits& digits) {
  if (text.empty() || !isDigit(text.front())) return Taken::none;
  while (!text.empty() && isDigit(text.front())) {
    if (!digits.take(text.front())) return Taken::tooMany;
    text.remove_prefix(1);
  }
  return Taken::digits;
}

// The exponent at the front (`e-3`), 0 when there is none, nothing when it is broken.
std::optional<std::int64_t> takeExponent(std::string_view& text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t exponent = 0;
  for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1)) {
    exponent = std::min(exponent * 10 + (text.front() - '0'), kMaxExponent);
  }
  return negative ? -exponent : exponent;
}

}  // namespace

Result<Decimal> Decimal::from(std::int64_t mantissa, int scale) {
  if (scale < 0 || scale > kMaxScale || mantissa > kMaxExact || mantissa < -kMaxExact) return refuse(Code::numberOutOfRange);
  while (scale > 0 && mantissa % 10 == 0) {
    mantissa /= 10;
    --scale;
  }
  return Decimal{mantissa, scale};
}

Result<Decimal> Decimal::fromText(std::string_view text) {
  const auto number = parse(text);
  return number ? Result<Decimal>{*number} : refuse(number.error());
}

std::optional<Decimal> Decimal::ifText(std::string_view text) {
  const auto number = parse(text);
  return number ? std::optional{*number} : std::nullopt;
}

std::expected<Decimal, Code> Decimal::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && isDigit(text[1])) return std::unexpected(Code::wrongType);
  Digits digits;
  std::int64_t behindPoint = 0;
  auto taken = takeDigits(text, digits);
  if (taken == Taken::digits && text.starts_with('.')) {
    text.remove_prefix(1);
    const auto before = text.size();
    taken = takeDigits(text, digits);
    behindPoint = static_cast<std::int64_t>(before - text.size());
  }
  if (taken == Taken::tooMany) return std::unexpected(Code::numberOutOfRange);
  if (taken == Taken::none) return std::unexpected(Code::wrongType);
  const auto exponent = takeExponent(text);
  if (!exponent || !text.empty()) return std::unexpected(Code::wrongType);
  if (digits.mantissa() == 0 && negative) return std::unexpected(Code::negativeZero);
  if (digits.mantissa() == 0) return Decimal{};
  return scaled(negative, digits.mantissa(), *exponent - behindPoint + digits.trailingZeros());
}

// ±mantissa × 10^power, the mantissa above zero and not ending in zero.
std::expected<Decimal, Code> Decimal::scaled(bool negative, std::int64_t mantissa, std::int64_t power) {
  if (power < -kMaxScale) return std::unexpected(Code::numberOutOfRange);
  for (; power > 0; --power) {
    if (mantissa > kMaxExact / 10) return std::unexpected(Code::numberOutOfRange);
    mantissa *= 10;
  }
  return Decimal{negative ? -mantissa : mantissa, static_cast<int>(-power)};
}

std::string Decimal::text() const {
  std::string digits = std::to_string(mantissa_ < 0 ? -mantissa_ : mantissa_);
  if (scale_ > 0) {
    if (digits.size() <= scale_) digits.insert(0, scale_ + 1 - digits.size(), '0');
    digits.insert(digits.size() - scale_, 1, '.');
  }
  return mantissa_ < 0 ? "-" + digits : digits;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  // Whole parts, then what is behind the point in billionths. Both truncate toward zero, so signs agree.
  const auto mine = kPowers[scale_];
  const auto theirs = kPowers[other.scale_];
  if (const auto whole = mantissa_ / mine <=> other.mantissa_ / theirs; whole != 0) return whole;
  return mantissa_ % mine * (kPowers[kMaxScale] / mine) <=> other.mantissa_ % theirs * (kPowers[kMaxScale] / theirs);
}

}  // namespace souk
