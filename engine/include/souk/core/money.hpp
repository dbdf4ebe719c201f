// SPDX-License-Identifier: MIT
// Money: whole minor units (pence, fen, yen) and an ISO 4217 currency. There is no other representation, so there is nothing to convert.
//
// How many minor units make one major unit comes from the published ISO 4217 table. Codes without minor units (metals, testing, special
// drawing rights) and withdrawn codes are refused: a shop cannot charge them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

/// Largest amount of money, in minor units: 90 trillion pounds to the penny.
inline constexpr std::int64_t kMaxMoney = kMaxExact;

/// Largest number of points.
inline constexpr std::int64_t kMaxPoints = kMaxExact;

/// A currency of ISO 4217 that is in use and has minor units. Four bytes; copied freely.
class Currency {
 public:
  /// No currency: ISO 4217's code XXX, which no amount can have. Compare with `Currency{}` to ask whether one was set.
  constexpr Currency() = default;

  /// Looks up three capital letters, for example `GBP`.
  ///
  /// @error  unknown-currency  when the code is not three capital letters, not in ISO 4217, withdrawn, or without minor units.
  /// @complexity O(log n) in the table of about 170 codes; allocates nothing on success.
  [[nodiscard]] static Result<Currency> fromCode(std::string_view code);

  /// The three letters. The view lives as long as this object.
  [[nodiscard]] constexpr std::string_view code() const { return {code_.data(), code_.size()}; }

  /// Decimal digits of the minor unit: 0 (JPY), 2 (GBP), 3 (KWD) or 4 (CLF).
  [[nodiscard]] constexpr int digits() const { return digits_; }

  /// Minor units in a major unit: 10 to the power of `digits()`.
  [[nodiscard]] std::int64_t minorPerMajor() const;

  bool operator==(const Currency&) const = default;

 private:
  std::array<char, 3> code_{'X', 'X', 'X'};
  std::uint8_t digits_ = 0;
};

/// An amount. `{1899, GBP}` is £18.99.
struct Money {
  std::int64_t minor = 0;  ///< Minor units, within ±kMaxMoney.
  Currency currency;
  bool operator==(const Money&) const = default;
};

/// a + b. @error currency-mismatch, overflow (outside ±kMaxMoney). O(1); allocates nothing on success.
[[nodiscard]] Result<Money> add(Money a, Money b);

/// a − b. @error currency-mismatch, overflow (outside ±kMaxMoney). O(1); allocates nothing on success.
[[nodiscard]] Result<Money> subtract(Money a, Money b);

/// Reads an amount in major units, exactly: `18.99`, `18.9` and `18` in GBP are 1899, 1890 and 1800 pence.
///
/// The text is a JSON number without an exponent: an optional minus sign, digits without a leading zero, and optionally a point followed
/// by at least one digit. There is no plus sign, space, thousands separator or negative zero.
///
/// @param text      The amount, at most a few dozen bytes in practice; any length is safe.
/// @param currency  Says how many digits may follow the point.
/// @return The amount, never rounded.
/// @error  invalid-amount (not of that form, or a negative zero), too-many-digits (more digits after the point than the currency has, even
///         if they are zeros), out-of-range (outside ±kMaxMoney), unknown-currency (`Currency{}`); tested in this order, the currency first
/// @complexity O(length); allocates nothing on success.
[[nodiscard]] Result<Money> parseDecimal(std::string_view text, Currency currency);

/// Writes an amount in major units with all digits of its currency: `18.99`, `-0.05`, `1500` (JPY). `parseDecimal` reads it back.
[[nodiscard]] std::string formatDecimal(Money amount);

}  // namespace souk
