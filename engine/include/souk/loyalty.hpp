// SPDX-License-Identifier: MIT
// Points and levels: the rules decide, facts record, the ledger folds.
//
// Points live in lots. A lot is opened by a received order, held while the order may be returned, active until it expires, and its points are
// spent, expired or taken back, each counted. Growth value (成长值) lives in lots of its own and decides the level. Rules are read by `decide`
// only; `evolve` needs the fact alone, so a journal can be folded without the program that made it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "souk/loyalty/commands.hpp"
#include "souk/loyalty/ledger.hpp"
#include "souk/loyalty/rules.hpp"

namespace souk {

/// Decides a command on a ledger. The facts' heads are left to the service; their `at` is the command's.
///
/// @param ledger  State up to the last fact; it is brought to the command's instant on a copy, and not changed.
/// @return        One or two facts: what happened, and the level's change where it follows.
/// @error empty-order, currency-mismatch, duplicate-order, overflow, outside-zone-table (receive-order); unknown-order, unknown-line,
///        duplicate-refund, refund-exceeds-order (refund-order); insufficient-points, duplicate-redemption (redeem-points); unknown-redemption,
///        return-exceeds-redemption (return-redemption); nothing-due (due)
/// @complexity O(lines + lots log lots).
[[nodiscard]] Result<std::vector<LoyaltyFact>> decide(const LoyaltyCommand& command, const LoyaltyContext& context, const Ledger& ledger);

/// Folds a fact into the ledger, in place after all checks: a fact that does not fit leaves every byte as it was.
/// @error invalid-fact (a lot, order or sum that does not fit), before-stream
[[nodiscard]] Result<void> evolve(Ledger& ledger, const LoyaltyFact& fact);

/// The change of level that a ledger's active growth value calls for at its own instant, or nothing. The fact's `at` is the ledger's. O(levels).
[[nodiscard]] std::optional<LevelChanged> levelChange(const LoyaltyRules& rules, const Ledger& ledger);

/// Takes in all that another ledger holds, as it is: both are brought to the instant, the other's lots, orders, refunds and redemptions follow the
/// own ones, and debt is paid at once from active lots in spending order. The level is left as it was.
/// @error damaged-bytes (both have an order, refund or redemption of one id), overflow; the ledger is then unchanged. O(size of both log lots).
[[nodiscard]] Result<void> absorb(Ledger& ledger, Ledger other, Instant at);

/// The next instant at which time alone changes the ledger, or nothing. O(1).
[[nodiscard]] std::optional<Instant> nextDue(const Ledger& ledger);

/// One lot as its owner sees it.
struct LotView {
  std::int64_t lot = 0;
  std::string order;
  std::int64_t original = 0;
  std::int64_t remaining = 0;
  std::int64_t spent = 0;
  std::int64_t expired = 0;
  std::int64_t clawedBack = 0;
  std::int64_t charged = 0;
  LotPhase phase = LotPhase::pending;
  Instant activeAt;
  std::optional<Instant> expiresAt;
  static constexpr auto fields() {
    return std::tuple{Field{"lot", &LotView::lot, "Number of the lot, from 1.", 1},
                      Field{"order", &LotView::order, "The order that earned it."},
                      Field{"original", &LotView::original, "Points awarded.", 1},
                      Field{"remaining", &LotView::remaining, "Points still pending or active.", 0},
                      Field{"spent", &LotView::spent, "Points spent and not returned.", 0},
                      Field{"expired", &LotView::expired, "Points that expired unspent.", 0},
                      Field{"clawedBack", &LotView::clawedBack, "Points taken back with the order's refund.", 0},
                      Field{"charged", &LotView::charged, "Points taken for another order's refund.", 0},
                      Field{"phase", &LotView::phase, "pending, active or expired."},
                      Field{"activeAt", &LotView::activeAt, "Instant from which the points may be spent."},
                      Field{"expiresAt", &LotView::expiresAt, "First instant at which they may not; absent: never."}};
  }
};

/// A wallet with its reasons: `active` is the sum of what remains in active lots, `pending` of what remains in pending ones.
struct WalletView {
  WalletTotals totals;
  std::vector<LotView> lots;
  static constexpr auto fields() {
    return std::tuple{Field{"totals", &WalletView::totals, "Sums over the lots."},
                      Field{"lots", &WalletView::lots, "Each lot: why the sums are what they are. Empty unless asked for."}};
  }
};

/// A level and where it begins.
struct LevelView {
  std::string name;
  std::int64_t threshold = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"name", &LevelView::name, "Name of the level."},
                      Field{"threshold", &LevelView::threshold, "Growth value from which it holds.", 0}};
  }
};

/// The next rung of the ladder and the way to it.
struct NextLevelView {
  std::string name;
  std::int64_t threshold = 0;
  std::int64_t missing = 0;
  std::int64_t pending = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"name", &NextLevelView::name, "Name of the next level."},
                      Field{"threshold", &NextLevelView::threshold, "Growth value from which it holds.", 1},
                      Field{"missing", &NextLevelView::missing, "Active growth still missing.", 1},
                      Field{"pending", &NextLevelView::pending, "Growth that is held and will count once its return window ends.", 0}};
  }
};

/// An account at an instant.
struct LoyaltyView {
  Instant at;
  LevelView level;
  std::optional<NextLevelView> nextLevel;
  WalletView points;
  WalletView growth;
  std::optional<Instant> nextDue;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &LoyaltyView::at, "The instant that this is true for."},
                      Field{"level", &LoyaltyView::level, "The level by the active growth value."},
                      Field{"nextLevel", &LoyaltyView::nextLevel, "The next level and the way to it; absent on the last rung."},
                      Field{"points", &LoyaltyView::points, "Spendable points."},
                      Field{"growth", &LoyaltyView::growth, "Growth value."},
                      Field{"nextDue", &LoyaltyView::nextDue, "Next instant at which time alone changes this; absent: none."}};
  }
};

/// The account as it is at an instant that is not before the ledger's; the ledger is not changed.
/// @param withLots  Whether each lot is listed. @error before-stream. O(lots log lots).
[[nodiscard]] Result<LoyaltyView> viewAccount(const Ledger& ledger, const LoyaltyRules& rules, Instant at, bool withLots);

}  // namespace souk
