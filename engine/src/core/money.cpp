// SPDX-License-Identifier: MIT
// Amounts of money: sums in one currency, and the exact way between minor units and decimal text.
#include "souk/core/money.hpp"

#include <algorithm>

#include "souk/core/integer.hpp"

namespace souk {
namespace {

Result<Money> inOneCurrency(Money a, Money b, const Result<std::int64_t>& minor) {
  if (a.currency != b.currency) return fail(Code::currencyMismatch, {}, "amounts of two currencies have no sum");
  if (!minor) return std::unexpected(minor.error());
  return Money{*minor, a.currency};
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isZero(std::string_view digits) { return digits.find_first_not_of('0') == std::string_view::npos; }

/// The parts of a decimal text. `hasPoint` tells `18.` from `18`.
struct Decimal {
  std::string_view whole;
  std::string_view fraction;
  bool negative;
  bool hasPoint;
};

Decimal split(std::string_view text) {
  Decimal parts{};
  parts.negative = text.starts_with('-');
  if (parts.negative) text.remove_prefix(1);
  const auto point = text.find('.');
  parts.hasPoint = point != std::string_view::npos;
  parts.whole = text.substr(0, point);
  if (parts.hasPoint) parts.fraction = text.substr(point + 1);
  return parts;
}

bool wellFormed(const Decimal& parts) {
  if (parts.whole.empty() || parts.hasPoint == parts.fraction.empty()) return false;
  if (parts.whole.size() > 1 && parts.whole.front() == '0') return false;
  if (!std::ranges::all_of(parts.whole, isDigit) || !std::ranges::all_of(parts.fraction, isDigit)) return false;
  return !(parts.negative && isZero(parts.whole) && isZero(parts.fraction));
}

/// Appends digits to a number; false once it passes kMaxMoney, where it stays.
bool append(std::int64_t& number, std::string_view digits) {
  for (const char digit : digits) {
    number = number * 10 + (digit - '0');
    if (number > kMaxMoney) return false;
  }
  return true;
}

}  // namespace

std::int64_t Currency::minorPerMajor() const {
  constexpr std::array<std::int64_t, 5> kPowers{1, 10, 100, 1'000, 10'000};
  return kPowers[digits_];
}

Result<Money> add(Money a, Money b) { return inOneCurrency(a, b, checkedAdd(a.minor, b.minor)); }

Result<Money> subtract(Money a, Money b) { return inOneCurrency(a, b, checkedSub(a.minor, b.minor)); }

Result<Money> parseDecimal(std::string_view text, Currency currency) {
  if (currency == Currency{}) return fail(Code::unknownCurrency, {}, "an amount needs a currency");
  const Decimal parts = split(text);
  if (!wellFormed(parts)) return fail(Code::invalidAmount, {}, "an amount is written like 18.99");
  const auto digits = static_cast<std::size_t>(currency.digits());
  if (parts.fraction.size() > digits) return fail(Code::tooManyDigits, {}, "more digits after the point than the currency has");
  constexpr std::string_view kZeros = "0000";
  std::int64_t minor = 0;
  if (!append(minor, parts.whole) || !append(minor, parts.fraction) || !append(minor, kZeros.substr(0, digits - parts.fraction.size()))) {
    return fail(Code::outOfRange, {}, "the amount exceeds 2^53 - 1 minor units");
  }
  return Money{parts.negative ? -minor : minor, currency};
}

std::string formatDecimal(Money amount) {
  const bool negative = amount.minor < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor) : static_cast<std::uint64_t>(amount.minor);
  std::string text = std::to_string(magnitude);
  const auto digits = static_cast<std::size_t>(amount.currency.digits());
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  if (digits > 0) text.insert(text.size() - digits, 1, '.');
  if (negative) text.insert(0, 1, '-');
  return text;
}

}  // namespace souk
