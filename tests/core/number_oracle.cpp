// SPDX-License-Identifier: MIT
// The definitions of rounding and shares, written down slowly.
#include "number_oracle.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

#include "souk/core/integer.hpp"

namespace souk::oracle {
namespace {

std::string show(const Result<std::int64_t>& result) {
  return result ? std::to_string(*result) : std::string(codeName(result.error().code));
}

/// A rational number between two neighbouring integers (or on the lower one).
struct Place {
  std::int64_t lower = 0;                                     ///< The largest integer not above it.
  bool exact = false;                                         ///< It is the lower one.
  std::strong_ordering toHalf = std::strong_ordering::equal;  ///< Its distance from the lower one, against one half.
};

/// Where ±dividend ÷ divisor lies; nothing beyond 2^54.
std::optional<Place> place(bool negative, const Natural& dividend, const Natural& divisor) {
  const auto [quotient, rest] = divide(dividend, divisor);
  if (quotient > Natural::of(std::uint64_t{1} << 54)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(quotient.low());
  const bool exact = rest == Natural{};
  if (!negative) return Place{whole, exact, rest + rest <=> divisor};
  return Place{exact ? -whole : -whole - 1, exact, divisor <=> rest + rest};
}

std::int64_t round(const Place& at, Rounding rounding) {
  const std::int64_t upper = at.lower + 1;
  const bool below = at.lower < 0;  // a number between two integers is negative if the lower one is
  const std::int64_t inner = below ? upper : at.lower;
  const std::int64_t outer = below ? at.lower : upper;
  const std::int64_t even = at.lower % 2 == 0 ? at.lower : upper;
  const std::int64_t odd = at.lower % 2 == 0 ? upper : at.lower;
  if (at.exact) return at.lower;
  if (rounding == Rounding::down) return inner;
  if (rounding == Rounding::up) return outer;
  if (rounding == Rounding::floor) return at.lower;
  if (rounding == Rounding::ceiling) return upper;
  if (at.toHalf != 0) return at.toHalf < 0 ? at.lower : upper;
  if (rounding == Rounding::halfDown) return inner;
  if (rounding == Rounding::halfUp) return outer;
  return rounding == Rounding::halfEven ? even : odd;
}

std::string expectedMulDiv(const std::optional<Place>& at, Rounding rounding) {
  if (!at) return "overflow";
  const std::int64_t rounded = round(*at, rounding);
  return rounded < -kMaxExact || rounded > kMaxExact ? "overflow" : std::to_string(rounded);
}

std::vector<std::int64_t> expectedShares(std::int64_t total, std::vector<std::int64_t> weights) {
  if (std::ranges::all_of(weights, [](std::int64_t weight) { return weight == 0; })) std::ranges::fill(weights, 1);
  const auto sum = Natural::magnitude(std::accumulate(weights.begin(), weights.end(), std::int64_t{0}));
  std::vector<Natural> rests;
  std::vector<std::int64_t> shares;
  for (const auto weight : weights) {
    const auto [quotient, rest] = divide(Natural::magnitude(total) * Natural::magnitude(weight), sum);
    shares.push_back(static_cast<std::int64_t>(quotient.low()));
    rests.push_back(rest);
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return rests[a] == rests[b] ? a < b : rests[a] > rests[b]; });
  const auto left = total - std::accumulate(shares.begin(), shares.end(), std::int64_t{0});
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++shares[order[i]];
  return shares;
}

std::string list(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (const auto number : numbers) text += " " + std::to_string(number);
  return text;
}

/// What the documentation of `parseDecimal` says, one digit after the other.
std::string expectedDecimal(const std::string& text, Currency currency) {
  std::string digits = text.starts_with('-') ? text.substr(1) : text;
  const auto point = digits.find('.');
  const auto wholeSize = point == std::string::npos ? digits.size() : point;
  std::size_t after = 0;
  if (point != std::string::npos) {
    after = digits.size() - point - 1;
    digits.erase(point, 1);
    if (after == 0) return "invalid-amount";
  }
  if (wholeSize == 0 || (wholeSize > 1 && digits[0] == '0')) return "invalid-amount";
  Natural value{};
  for (const char digit : digits) value = value * Natural::of(10) + Natural::of(static_cast<std::uint64_t>(digit - '0'));
  if (value == Natural{} && text.starts_with('-')) return "invalid-amount";
  if (after > static_cast<std::size_t>(currency.digits())) return "too-many-digits";
  for (; after < static_cast<std::size_t>(currency.digits()); ++after) value = value * Natural::of(10);
  if (value > Natural::magnitude(kMaxMoney)) return "out-of-range";
  return (text.starts_with('-') ? "-" : "") + std::to_string(value.low());
}

}  // namespace

Natural Natural::of(std::uint64_t value) { return {{static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)}}; }

Natural Natural::magnitude(std::int64_t value) {
  return of(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

bool Natural::bit(std::size_t index) const { return (limbs[index / 32] >> (index % 32) & 1) != 0; }

std::size_t Natural::bits() const {
  std::size_t size = limbs.size();
  while (size > 0 && limbs[size - 1] == 0) --size;
  return size == 0 ? 0 : 32 * (size - 1) + static_cast<std::size_t>(std::bit_width(limbs[size - 1]));
}

std::uint64_t Natural::low() const { return std::uint64_t{limbs[1]} << 32 | limbs[0]; }

std::strong_ordering operator<=>(const Natural& a, const Natural& b) {
  return std::lexicographical_compare_three_way(a.limbs.rbegin(), a.limbs.rend(), b.limbs.rbegin(), b.limbs.rend());
}

Natural operator+(const Natural& a, const Natural& b) {
  Natural sum;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < sum.limbs.size(); ++i, carry >>= 32) {
    carry += std::uint64_t{a.limbs[i]} + b.limbs[i];
    sum.limbs[i] = static_cast<std::uint32_t>(carry);
  }
  return sum;
}

Natural operator-(const Natural& a, const Natural& b) {
  Natural difference;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < difference.limbs.size(); ++i, borrow >>= 32) {
    borrow += std::int64_t{a.limbs[i]} - b.limbs[i];
    difference.limbs[i] = static_cast<std::uint32_t>(borrow);
  }
  return difference;
}

Natural operator*(const Natural& a, const Natural& b) {
  Natural product;
  for (std::size_t i = 0; i < product.limbs.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; i + j < product.limbs.size(); ++j, carry >>= 32) {
      carry += std::uint64_t{a.limbs[i]} * b.limbs[j] + product.limbs[i + j];
      product.limbs[i + j] = static_cast<std::uint32_t>(carry);
    }
  }
  return product;
}

Division divide(const Natural& dividend, const Natural& divisor) {
  Division result;
  for (std::size_t index = dividend.bits(); index-- > 0;) {
    result.rest = result.rest + result.rest;
    result.rest.limbs[0] |= dividend.bit(index) ? 1U : 0U;
    if (result.rest < divisor) continue;
    result.rest = result.rest - divisor;
    result.quotient.limbs[index / 32] |= 1U << (index % 32);
  }
  return result;
}

std::string checkMulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator) {
  const Natural product = Natural::magnitude(value) * Natural::magnitude(numerator);
  std::optional<Place> at;
  if (denominator > 0) at = place((value < 0) != (numerator < 0) && product != Natural{}, product, Natural::magnitude(denominator));
  constexpr auto kNames = enumNames(std::type_identity<Rounding>{});
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto rounding = static_cast<Rounding>(i);
    const std::string expected = denominator > 0 ? expectedMulDiv(at, rounding) : "division-by-zero";
    const std::string got = show(mulDiv(value, numerator, denominator, rounding));
    if (got == expected) continue;
    return std::to_string(value) + " * " + std::to_string(numerator) + " / " + std::to_string(denominator) + " " + std::string(kNames[i]) +
           " gave " + got + " instead of " + expected;
  }
  return {};
}

std::string checkAllocation(std::int64_t total, const std::vector<std::int64_t>& weights) {
  const auto shares = allocate(total, weights);
  if (shares && *shares == expectedShares(total, weights)) return {};
  const std::string got = shares ? list(*shares) : " " + std::string(codeName(shares.error().code));
  return std::to_string(total) + " among" + list(weights) + " gave" + got + " instead of" + list(expectedShares(total, weights));
}

std::string checkDecimal(const std::string& text, Currency currency) {
  const auto money = parseDecimal(text, currency);
  const std::string got = money ? std::to_string(money->minor) : std::string(codeName(money.error().code));
  const std::string expected = expectedDecimal(text, currency);
  const std::string what = text + " " + std::string(currency.code());
  if (got != expected) return what + " gave " + got + " instead of " + expected;
  if (money && parseDecimal(formatDecimal(*money), currency) != *money) return what + " does not come back from " + formatDecimal(*money);
  return {};
}

std::uint64_t Cases::below(std::uint64_t bound) { return random_() % bound; }

std::int64_t Cases::natural(int mostBits) {
  const auto bits = below(static_cast<std::uint64_t>(mostBits)) + 1;
  const std::uint64_t top = ~std::uint64_t{0} >> (64 - bits);
  const std::uint64_t close = below(4);
  // A quarter of the numbers are next to a power of two, where carries and borders are.
  return static_cast<std::int64_t>(below(4) == 0 ? top - std::min(top, close) : random_() & top);
}

std::int64_t Cases::integer(int mostBits) {
  const std::int64_t value = natural(mostBits);
  return below(2) == 0 ? value : -value;
}

std::string Cases::mulDiv() {
  const std::int64_t value = integer(63);
  const std::int64_t numerator = integer(63);
  std::int64_t denominator = natural(63);
  // Half of the cases divide by twice a divisor of the product, so that exact halves come up.
  if (below(2) == 0) denominator = std::max<std::int64_t>(1, (natural(20) * 2) | 2);
  return checkMulDiv(value, numerator, denominator);
}

std::string Cases::allocation() {
  const int bits = static_cast<int>(below(48)) + 1;  // up to 32 weights of 48 bits sum to less than 2^53
  std::vector<std::int64_t> weights(below(8) == 0 ? below(32) + 1 : below(8) + 1);
  for (auto& weight : weights) weight = below(8) == 0 ? 0 : natural(bits);
  return checkAllocation(natural(53), weights);
}

std::string Cases::decimal() {
  constexpr std::array<std::string_view, 4> kCodes{"JPY", "GBP", "KWD", "CLF"};
  const auto currency = Currency::fromCode(kCodes[below(kCodes.size())]);
  std::string text = below(4) == 0 ? "-" : "";
  text += std::to_string(natural(62));
  if (below(4) != 0) text.insert(text.size() - below(std::min<std::size_t>(text.size(), 7)), 1, '.');
  return checkDecimal(text, *currency);
}

}  // namespace souk::oracle
