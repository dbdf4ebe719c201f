// SPDX-License-Identifier: MIT
// What a merchant sets for points and levels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/money.hpp"
#include "souk/core/time.hpp"

namespace souk {

/// Points for money: `floor(paid × points / amount)`, rounded once, over the whole order.
struct EarnRule {
  std::int64_t amount = 100;  ///< Minor units (fen, pence) that earn `points`.
  std::int64_t points = 1;
  static constexpr auto fields() {
    return std::tuple{
        Field{"amount", &EarnRule::amount, "Minor units that earn `points`.", 1, 1'000'000'000},
        Field{"points", &EarnRule::points, "Points for each `amount`; the order's total is rounded down once.", 0, 1'000'000}};
  }
};

/// How long a lot stays spendable after it became active. Neither months nor days: for ever.
///
/// A lot expires at the start of the local day `months` or `days` after the local date of its activation (31 January + 1 month is the last of
/// February). With `monthEnd` it is valid to the end of that month. Spendable 1 ms before the instant, not at it.
struct Expiry {
  std::optional<std::int64_t> months;
  std::optional<std::int64_t> days;
  std::optional<bool> monthEnd;
  static constexpr auto fields() {
    return std::tuple{Field{"months", &Expiry::months, "Calendar months of validity; not together with `days`.", 1, 120},
                      Field{"days", &Expiry::days, "Local days of validity; not together with `months`.", 1, 3'660},
                      Field{"monthEnd", &Expiry::monthEnd, "Round up to the end of the month."}};
  }
};

/// What happens when an order is refunded whose points were spent meanwhile.
enum class NegativeBalance : std::uint8_t {
  debt,     ///< The account owes the rest; the next points that become active pay it first.
  forgive,  ///< The rest is written off, and counted.
};

constexpr auto enumNames(std::type_identity<NegativeBalance>) { return std::array<std::string_view, 2>{"debt", "forgive"}; }

/// How one wallet fills and empties.
struct WalletRules {
  EarnRule earn;
  /// Local days for which an order may be returned. Its points are held until the start of the local day after that window. Absent: active at once.
  std::optional<std::int64_t> returnWindowDays;
  Expiry expiry;
};

/// Descriptions of a wallet's rules, for the head of each kind's own description.
template <class T>
constexpr auto walletFields() {
  return std::tuple{Field<T, EarnRule>{"earn", &WalletRules::earn, "What an order earns."},
                    Field<T, std::optional<std::int64_t>>{
                        "returnWindowDays", &WalletRules::returnWindowDays,
                        "Days in which an order may be returned; points are held until the day after. Absent: active at once.", 0, 366},
                    Field<T, Expiry>{"expiry", &WalletRules::expiry, "How long points stay spendable; an empty object: for ever."}};
}

/// The rules of growth value.
struct GrowthRules : WalletRules {
  static constexpr auto fields() { return walletFields<GrowthRules>(); }
};

/// The rules of spendable points.
struct PointsRules : WalletRules {
  NegativeBalance negativeBalance = NegativeBalance::debt;
  static constexpr auto fields() {
    return std::tuple_cat(walletFields<PointsRules>(), std::tuple{Field{"negativeBalance", &PointsRules::negativeBalance,
                                                                        "When points of a refunded order were spent already."}});
  }
};

/// One rung of the ladder: reached while the active growth value is at least `threshold`.
struct LevelRule {
  std::string name;
  std::int64_t threshold = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"name", &LevelRule::name, "Name of the level.", 1, 64},
                      Field{"threshold", &LevelRule::threshold, "Growth value from which the level holds.", 0}};
  }
};

/// All rules of the loyalty module.
struct LoyaltyRules {
  PointsRules points;
  GrowthRules growth;
  std::vector<LevelRule> levels;
};

/// Descriptions of the rules, for the description of a program that holds them.
template <class T>
constexpr auto loyaltyFields() {
  return std::tuple{Field<T, PointsRules>{"points", &LoyaltyRules::points, "Spendable points."},
                    Field<T, GrowthRules>{"growth", &LoyaltyRules::growth, "Growth value (成长值): decides the level, never spendable."},
                    Field<T, std::vector<LevelRule>>{"levels", &LoyaltyRules::levels, "The ladder, from threshold 0 upwards.", 1, 100}};
}

/// What a decision may look at beside the account: the rules, the merchant's zone and currency.
struct LoyaltyContext {
  const LoyaltyRules& rules;
  const Zone& zone;
  Currency currency;
};

/// Checks what the fields' ranges cannot: levels start at 0 and rise, names differ, months and days are not both given.
/// @error invalid-program with the path within the rules. O(levels²), at most 100 of them.
[[nodiscard]] Result<void> checkRules(const LoyaltyRules& rules);

/// The instants of one lot's life.
struct LotTerm {
  Instant activeAt;
  std::optional<Instant> expiresAt;
};

/// When points earned at `at` become active and when they expire.
/// @error outside-zone-table when the term leaves the zone's table
[[nodiscard]] Result<LotTerm> lotTerm(const WalletRules& rules, const Zone& zone, Instant at);

/// Index of the highest level that a growth value reaches. Levels must have passed `checkRules`. O(levels).
[[nodiscard]] std::size_t levelIndex(const std::vector<LevelRule>& levels, std::int64_t growth);

}  // namespace souk
