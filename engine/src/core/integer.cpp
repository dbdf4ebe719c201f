// SPDX-License-Identifier: MIT
// Checked arithmetic, the one rounded division, and shares by largest remainder (Hamilton's method).
#include "souk/core/integer.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace souk {
namespace {

__extension__ typedef __int128 Int128;  // NOLINT(modernize-use-using): __extension__ goes before a typedef only

bool isExact(std::int64_t value) { return value >= -kMaxExact && value <= kMaxExact; }

Result<std::int64_t> exactOr(bool wrapped, std::int64_t value) {
  if (wrapped || !isExact(value)) return fail(Code::overflow, {}, "the result lies outside ±(2^53 - 1)");
  return value;
}

/// Whether the quotient of a dividend and a divisor above zero, cut toward zero, moves one away from zero.
/// `rest` is the absolute value of the remainder, above zero.
template <class Int>
bool movesAway(Int quotient, Int rest, Int divisor, bool negative, Rounding rounding) {
  const Int otherRest = divisor - rest;  // compared instead of 2 × rest, which could overflow
  const bool beyondHalf = rest > otherRest;
  const bool half = rest == otherRest;
  const bool odd = quotient % 2 != 0;
  switch (rounding) {
    case Rounding::down: return false;
    case Rounding::up: return true;
    case Rounding::floor: return negative;
    case Rounding::ceiling: return !negative;
    case Rounding::halfDown: return beyondHalf;
    case Rounding::halfUp: return beyondHalf || half;
    case Rounding::halfEven: return beyondHalf || (half && odd);
    case Rounding::halfOdd: return beyondHalf || (half && !odd);
  }
  return false;
}

template <class Int>
Int divideRounded(Int dividend, Int divisor, Rounding rounding) {
  const Int quotient = dividend / divisor;
  const Int rest = dividend % divisor;
  if (rest == 0) return quotient;
  const bool negative = dividend < 0;
  if (!movesAway<Int>(quotient, negative ? -rest : rest, divisor, negative, rounding)) return quotient;
  return negative ? quotient - 1 : quotient + 1;
}

struct Share {
  std::int64_t units;  ///< Whole part of total × weight ÷ sum.
  std::int64_t rest;   ///< Its remainder, below the sum.
};

Share exactShare(std::int64_t total, std::int64_t weight, std::int64_t sum) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(total, weight, &product)) return {product / sum, product % sum};
  const Int128 wide = static_cast<Int128>(total) * weight;
  return {static_cast<std::int64_t>(wide / sum), static_cast<std::int64_t>(wide % sum)};
}

Result<std::int64_t> sumOfWeights(std::span<const std::int64_t> weights) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] < 0) return fail(Code::outOfRange, "/" + std::to_string(i), "a weight is below zero");
    if (weights[i] > kMaxExact - sum) return fail(Code::overflow, {}, "the weights sum to more than 2^53 - 1");
    sum += weights[i];
  }
  return sum;
}

Result<void> checkShares(std::size_t places, std::int64_t total, std::size_t lines) {
  if (places != lines) return fail(Code::outOfRange, {}, "there must be one place for each weight");
  if (total < 0 || total > kMaxExact) return fail(Code::outOfRange, {}, "the total is below 0 or above 2^53 - 1");
  if (lines == 0 && total > 0) return fail(Code::outOfRange, {}, "there is no line to carry the total");
  return {};
}

void shareEqually(std::span<std::int64_t> out, std::int64_t total) {
  const auto lines = static_cast<std::int64_t>(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = total / lines + (static_cast<std::int64_t>(i) < total % lines ? 1 : 0);
  }
}

/// The n-th largest of the values, n from 1, all within [0, top]. Bisects on the value: no sorting, no storage, no order lost.
std::int64_t nthLargest(std::span<const std::int64_t> values, std::int64_t n, std::int64_t top) {
  std::int64_t low = 0;
  while (low < top) {
    const std::int64_t middle = low + (top - low) / 2;
    const auto above = std::ranges::count_if(values, [&](std::int64_t value) { return value > middle; });
    if (above < n) {
      top = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

void shareByWeight(std::span<std::int64_t> out, std::int64_t total, std::span<const std::int64_t> weights, std::int64_t sum) {
  std::int64_t left = total;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Share share = exactShare(total, weights[i], sum);
    left -= share.units;
    out[i] = share.rest;  // the remainders wait in the result's place
  }
  const std::int64_t border = left > 0 ? nthLargest(out, left, sum - 1) : sum;
  std::int64_t atBorder = left - std::ranges::count_if(out, [&](std::int64_t rest) { return rest > border; });
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool oneMore = out[i] > border || (out[i] == border && atBorder-- > 0);
    out[i] = exactShare(total, weights[i], sum).units + (oneMore ? 1 : 0);
  }
}

}  // namespace

Result<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  const bool wrapped = __builtin_add_overflow(a, b, &sum);
  return exactOr(wrapped, sum);
}

Result<std::int64_t> checkedSub(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  const bool wrapped = __builtin_sub_overflow(a, b, &difference);
  return exactOr(wrapped, difference);
}

Result<std::int64_t> checkedMul(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  const bool wrapped = __builtin_mul_overflow(a, b, &product);
  return exactOr(wrapped, product);
}

Result<std::int64_t> mulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator, Rounding rounding) {
  if (denominator <= 0) return fail(Code::divisionByZero, {}, "the denominator must be above zero");
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(value, numerator, &product)) return exactOr(false, divideRounded(product, denominator, rounding));
  const Int128 wide = divideRounded<Int128>(static_cast<Int128>(value) * numerator, denominator, rounding);
  return exactOr(wide < -kMaxExact || wide > kMaxExact, static_cast<std::int64_t>(wide));
}

Result<std::int64_t> applyRate(std::int64_t value, BasisPoints rate, Rounding rounding) {
  return mulDiv(value, rate.value, kWholeBasisPoints, rounding);
}

Result<std::int64_t> applyRate(std::int64_t value, Ratio rate, Rounding rounding) {
  return mulDiv(value, rate.numerator, rate.denominator, rounding);
}

Result<void> allocateTo(std::span<std::int64_t> out, std::int64_t total, std::span<const std::int64_t> weights) {
  if (auto fit = checkShares(out.size(), total, weights.size()); !fit) return fit;
  const auto sum = sumOfWeights(weights);
  if (!sum) return std::unexpected(sum.error());
  if (*sum == 0) {
    shareEqually(out, total);
  } else {
    shareByWeight(out, total, weights, *sum);
  }
  return {};
}

Result<std::vector<std::int64_t>> allocate(std::int64_t total, std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> shares(weights.size());
  if (auto done = allocateTo(shares, total, weights); !done) return std::unexpected(done.error());
  return shares;
}

}  // namespace souk
