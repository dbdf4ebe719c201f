// SPDX-License-Identifier: MIT
// Exact decimal numbers, for what a page or a merchant writes as 0.5 or 18.99. Never a binary fraction: 0.1 is one tenth, on every host.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"

namespace souk {

/// Most digits behind the point.
inline constexpr int kMaxScale = 9;

/// mantissa ÷ 10^scale in its shortest form: 1.50 is held as 15 ÷ 10, 2.0 as 2 ÷ 1. So equal numbers have equal members.
///
/// Range: scale in [0, kMaxScale], mantissa within ±kMaxExact. There is no negative zero.
class Decimal {
 public:
  /// Zero.
  constexpr Decimal() = default;

  /// mantissa ÷ 10^scale, shortened. @error number-out-of-range (scale outside [0, kMaxScale], mantissa outside ±kMaxExact)
  [[nodiscard]] static Result<Decimal> from(std::int64_t mantissa, int scale = 0);

  /// Reads a number as JSON writes it (RFC 8259 section 6): `-12`, `0.25`, `1e3`. No leading zero, plus sign or space.
  ///
  /// @return The number, exactly; nothing is rounded.
  /// @error  wrong-type (no such number), negative-zero (`-0`, `-0.0`), number-out-of-range (more than kMaxScale digits behind the
  ///         point after shortening, or digits beyond kMaxExact)
  /// @complexity O(length); allocates nothing on success.
  [[nodiscard]] static Result<Decimal> fromText(std::string_view text);

  /// The same for whom it does not matter why a text is no number. O(length); allocates nothing.
  [[nodiscard]] static std::optional<Decimal> ifText(std::string_view text);

  /// The digits, without the point.
  [[nodiscard]] constexpr std::int64_t mantissa() const { return mantissa_; }

  /// How many of the digits stand behind the point.
  [[nodiscard]] constexpr int scale() const { return scale_; }

  /// The one text of this number, never with an exponent: `-0.05`, `1200`. `fromText` reads it back.
  [[nodiscard]] std::string text() const;

  /// By value, exactly; 64-bit arithmetic only, which is the fast one in JavaScript.
  [[nodiscard]] std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal&) const = default;

 private:
  friend class ValueView;  // holds both members in its own row, checked when they were put there

  static std::expected<Decimal, Code> parse(std::string_view text);
  static std::expected<Decimal, Code> scaled(bool negative, std::int64_t mantissa, std::int64_t power);

  constexpr Decimal(std::int64_t mantissa, int scale) : mantissa_(mantissa), scale_(static_cast<std::uint8_t>(scale)) {}

  std::int64_t mantissa_ = 0;
  std::uint8_t scale_ = 0;
};

}  // namespace souk
