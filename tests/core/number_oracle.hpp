// SPDX-License-Identifier: MIT
// A second opinion on rounding, shares and decimal text: exact rationals of plain 32-bit limbs and long division, sharing no step with the
// engine. Each check returns an empty string when the engine agrees, else a sentence that names the case.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "souk/core/money.hpp"

namespace souk::oracle {

/// A natural number below 2^160, lowest limb first. Sums and products of the checks stay below 2^140.
struct Natural {
  std::array<std::uint32_t, 5> limbs{};

  static Natural of(std::uint64_t value);
  static Natural magnitude(std::int64_t value);
  [[nodiscard]] bool bit(std::size_t index) const;
  [[nodiscard]] std::size_t bits() const;   ///< Bits up to the highest that is set.
  [[nodiscard]] std::uint64_t low() const;  ///< The lowest 64 bits.
  bool operator==(const Natural&) const = default;
};

std::strong_ordering operator<=>(const Natural& a, const Natural& b);
Natural operator+(const Natural& a, const Natural& b);
Natural operator-(const Natural& a, const Natural& b);  ///< a ≥ b.
Natural operator*(const Natural& a, const Natural& b);

struct Division {
  Natural quotient;
  Natural rest;
};

/// Long division in base 2. The divisor is above zero.
Division divide(const Natural& dividend, const Natural& divisor);

/// value × numerator ÷ denominator in every rounding, with its refusals.
std::string checkMulDiv(std::int64_t value, std::int64_t numerator, std::int64_t denominator);

/// Shares of a total among weights that sum to at most kMaxExact.
std::string checkAllocation(std::int64_t total, const std::vector<std::int64_t>& weights);

/// A decimal text of digits, at most one point, and perhaps a minus sign, of at most 40 bytes; and the way back.
std::string checkDecimal(const std::string& text, Currency currency);

/// Random cases of every size, the same for the same seed on every host.
class Cases {
 public:
  explicit Cases(std::uint64_t seed) : random_(seed) {}

  std::string mulDiv();
  std::string allocation();
  std::string decimal();

 private:
  std::uint64_t below(std::uint64_t bound);
  std::int64_t natural(int mostBits);
  std::int64_t integer(int mostBits);

  std::mt19937_64 random_;
};

}  // namespace souk::oracle
