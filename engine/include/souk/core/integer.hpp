// SPDX-License-Identifier: MIT
// Integers that decide: checked arithmetic within ±kMaxExact, one division with named roundings, rates, and shares that sum to the whole.
//
// Every function takes and returns std::int64_t. Values wider than that exist only inside one expression (128 bits), so nothing here
// can overflow silently, and every host computes the same digits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

/// a + b. @error overflow  when the sum lies outside ±kMaxExact. O(1); allocates nothing on success.
[[nodiscard]] Result<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b);

/// a − b. @error overflow  when the difference lies outside ±kMaxExact. O(1); allocates nothing on success.
[[nodiscard]] Result<std::int64_t> checkedSub(std::int64_t a, std::int64_t b);

/// a × b. @error overflow  when the product lies outside ±kMaxExact. O(1); allocates nothing on success.
[[nodiscard]] Result<std::int64_t> checkedMul(std::int64_t a, std::int64_t b);

/// What becomes of the part of a quotient that is no whole number. Each rule of a program names one. An exact quotient is never changed.
enum class Rounding : std::uint8_t {
  down,      ///< Toward zero: 1.9 → 1, −1.9 → −1.
  up,        ///< Away from zero: 1.1 → 2, −1.1 → −2.
  floor,     ///< Toward −∞: 1.9 → 1, −1.1 → −2.
  ceiling,   ///< Toward +∞: 1.1 → 2, −1.9 → −1.
  halfDown,  ///< To the nearest, a half toward zero: 2.5 → 2, −2.5 → −2.
  halfUp,    ///< To the nearest, a half away from zero: 2.5 → 3, −2.5 → −3. What a shop calls "commercial".
  halfEven,  ///< To the nearest, a half to the even neighbour: 2.5 → 2, 3.5 → 4. What banks use.
  halfOdd,   ///< To the nearest, a half to the odd neighbour: 2.5 → 3, 3.5 → 3.
};

/// Names of the roundings on the wire.
constexpr auto enumNames(std::type_identity<Rounding>) {
  return std::array<std::string_view, 8>{"down", "up", "floor", "ceiling", "half-down", "half-up", "half-even", "half-odd"};
}

/// value × numerator ÷ denominator, computed exactly and rounded once.
///
/// @param value, numerator  Any 64-bit integers; their product may exceed 64 bits.
/// @param denominator       Above zero.
/// @param rounding          How the exact quotient becomes a whole number.
/// @return The rounded quotient, within ±kMaxExact.
/// @error  division-by-zero (a denominator of zero or below), overflow (a quotient outside ±kMaxExact)
/// @complexity O(1); allocates nothing on success. Products within 64 bits take the 64-bit path, which is the fast one in JavaScript.
[[nodiscard]] Result<std::int64_t> mulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator, Rounding rounding);

/// An exact rate. `{3, 2}` is one and a half.
struct Ratio {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
  bool operator==(const Ratio&) const = default;  ///< Of the two numbers, not of the value: {1, 2} differs from {2, 4}.
  static constexpr auto fields() {
    return std::tuple{Field{"numerator", &Ratio::numerator, "Parts taken."},
                      Field{"denominator", &Ratio::denominator, "Parts of a whole, at least 1.", 1}};
  }
};

/// A rate in hundredths of a percent: 10,000 is the whole, 250 is 2.5 %.
struct BasisPoints {
  std::int64_t value = 0;
  auto operator<=>(const BasisPoints&) const = default;
};

/// Basis points of a whole.
inline constexpr std::int64_t kWholeBasisPoints = 10'000;

/// value × rate, rounded once. Same range, errors and cost as `mulDiv`.
[[nodiscard]] Result<std::int64_t> applyRate(std::int64_t value, BasisPoints rate, Rounding rounding);
[[nodiscard]] Result<std::int64_t> applyRate(std::int64_t value, Ratio rate, Rounding rounding);

/// Shares a total among lines in proportion to their weights, by largest remainder.
///
/// Each line first gets the whole part of total × weight ÷ (sum of the weights). The units left over, fewer than there are lines, go
/// one each to the lines with the largest fractional parts; among equal parts the earlier line comes first. Therefore the shares are
/// never negative, always sum to the total, and each differs from its exact share by less than one.
///
/// When all weights are zero the lines count as equal. A line of weight zero among others gets nothing.
///
/// @param total    What is shared, [0, kMaxExact]. To share a negative amount, share its opposite and negate.
/// @param weights  One per line, each at least 0, their sum at most kMaxExact. Empty is allowed only for a total of 0.
/// @return One share per weight, in the same order.
/// @error  out-of-range (a total outside its range; a total above 0 and no line; a negative weight, path `/index`),
///         overflow (the weights sum to more than kMaxExact)
/// @complexity O(n log(sum of weights)) comparisons and 2 n divisions; allocates the result only.
[[nodiscard]] Result<std::vector<std::int64_t>> allocate(std::int64_t total, std::span<const std::int64_t> weights);

/// The same into storage of the caller's: allocates nothing on success.
///
/// @param out  As many places as there are weights, not overlapping them. Unchanged when refused.
/// @error  the same, and out-of-range when the sizes differ
[[nodiscard]] Result<void> allocateTo(std::span<std::int64_t> out, std::int64_t total, std::span<const std::int64_t> weights);

}  // namespace souk
