// SPDX-License-Identifier: MIT
// The state that loyalty facts fold into: two wallets of lots, the orders that earned them and the redemptions that spent them.
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
#include "souk/core/id_index.hpp"
#include "souk/core/time.hpp"

namespace souk {

/// Where a lot is in its life. It moves forward only, by the clock alone.
enum class LotPhase : std::uint8_t {
  pending,  ///< Held until the return window ends.
  active,   ///< Spendable.
  expired,  ///< Over; what was left is counted as expired.
};

constexpr auto enumNames(std::type_identity<LotPhase>) { return std::array<std::string_view, 3>{"pending", "active", "expired"}; }

/// One award of points. Always `original == remaining + spent + expired + clawedBack + charged`.
struct Lot {
  std::int64_t order = 0;       ///< Index of the order that earned it.
  std::int64_t original = 0;    ///< Points awarded.
  std::int64_t remaining = 0;   ///< Points that are still pending or active.
  std::int64_t spent = 0;       ///< Points in redemptions that were not returned.
  std::int64_t expired = 0;     ///< Points that were left when the lot expired.
  std::int64_t clawedBack = 0;  ///< Points taken back from this lot because its own order was refunded.
  std::int64_t charged = 0;     ///< Points taken from this lot for the refund of another order, at once or as debt paid later.
  LotPhase phase = LotPhase::pending;
  Instant activeAt;
  std::optional<Instant> expiresAt;
  static constexpr auto fields() {
    return std::tuple{Field{"order", &Lot::order, "Index of the order.", 0},
                      Field{"original", &Lot::original, "Points awarded.", 1},
                      Field{"remaining", &Lot::remaining, "Points still pending or active.", 0},
                      Field{"spent", &Lot::spent, "Points spent and not returned.", 0},
                      Field{"expired", &Lot::expired, "Points left when the lot expired.", 0},
                      Field{"clawedBack", &Lot::clawedBack, "Points taken back with the own order's refund.", 0},
                      Field{"charged", &Lot::charged, "Points taken for another order's refund.", 0},
                      Field{"phase", &Lot::phase, "pending, active or expired."},
                      Field{"activeAt", &Lot::activeAt, "Instant from which the points may be spent."},
                      Field{"expiresAt", &Lot::expiresAt, "First instant at which they may not; absent: never."}};
  }
};

/// The sums over a wallet. Always `earned + debt == active + pending + spent + expired + clawedBack`, and `active == 0` while `debt > 0`.
struct WalletTotals {
  std::int64_t earned = 0;
  std::int64_t active = 0;
  std::int64_t pending = 0;
  std::int64_t spent = 0;
  std::int64_t expired = 0;
  std::int64_t clawedBack = 0;
  std::int64_t debt = 0;
  std::int64_t forgiven = 0;  ///< Points of refunded orders that were spent and written off.
  static constexpr auto fields() {
    return std::tuple{Field{"earned", &WalletTotals::earned, "Points ever awarded.", 0},
                      Field{"active", &WalletTotals::active, "Points that may be spent.", 0},
                      Field{"pending", &WalletTotals::pending, "Points held until their return window ends.", 0},
                      Field{"spent", &WalletTotals::spent, "Points spent and not returned.", 0},
                      Field{"expired", &WalletTotals::expired, "Points that expired unspent.", 0},
                      Field{"clawedBack", &WalletTotals::clawedBack, "Points taken back with refunds, debt included.", 0},
                      Field{"debt", &WalletTotals::debt, "Points owed; the next active points pay it first.", 0},
                      Field{"forgiven", &WalletTotals::forgiven, "Points of refunds that were written off.", 0}};
  }
};

/// An instant that never comes: later than every instant of the calendar.
inline constexpr Instant kNever{kMaxExact};

/// An append-only ledger of lots; the number of a lot is its index + 1.
struct Wallet {
  std::vector<Lot> lots;
  WalletTotals totals;
  /// Derived: the next instant at which time alone changes the wallet; `kNever` where there is none.
  Instant nextChange = kNever;
  static constexpr auto fields() {
    return std::tuple{Field{"lots", &Wallet::lots, "All lots, in the order of their award."},
                      Field{"totals", &Wallet::totals, "Sums over the lots."}};
  }
};

/// One line of an order as the ledger keeps it: what its units earned and how many of them went back.
struct OrderLineState {
  std::int64_t quantity = 0;
  std::int64_t refunded = 0;
  std::int64_t points = 0;
  std::int64_t growth = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"quantity", &OrderLineState::quantity, "Units bought.", 1},
                      Field{"refunded", &OrderLineState::refunded, "Units refunded.", 0},
                      Field{"points", &OrderLineState::points, "Points that the line earned.", 0},
                      Field{"growth", &OrderLineState::growth, "Growth that the line earned.", 0}};
  }
};

/// What stands before the id of a grant where the ledger keeps it among its orders. No id holds a slash, so no order can be mistaken for a grant.
inline constexpr std::string_view kGrantPrefix = "grant/";

/// One order; lot numbers are 0 where it earned nothing. A grant is kept as an order of one unit that earned its points.
struct OrderState {
  std::string id;
  std::vector<OrderLineState> lines;
  std::int64_t pointsLot = 0;
  std::int64_t growthLot = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &OrderState::id, "Id of the order."}, Field{"lines", &OrderState::lines, "Its lines."},
                      Field{"pointsLot", &OrderState::pointsLot, "Number of its lot of points, or 0.", 0},
                      Field{"growthLot", &OrderState::growthLot, "Number of its lot of growth, or 0.", 0}};
  }
};

/// Some points of one lot.
struct LotPart {
  std::int64_t lot = 0;
  std::int64_t points = 0;
  auto operator<=>(const LotPart&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"lot", &LotPart::lot, "Number of the lot, from 1.", 1},
                      Field{"points", &LotPart::points, "Points of that lot.", 1}};
  }
};

/// One redemption and what of it was not returned.
struct RedemptionState {
  std::string id;
  std::vector<LotPart> parts;  ///< In spending order; returning takes from the back.
  static constexpr auto fields() {
    return std::tuple{Field{"id", &RedemptionState::id, "Id of the redemption."},
                      Field{"parts", &RedemptionState::parts, "The lots that paid and were not restored."}};
  }
};

/// The loyalty part of an account's state.
struct Ledger {
  Instant at;  ///< The instant to which the lots were brought.
  Wallet points;
  Wallet growth;
  std::string level;  ///< Name of the level of the last fact; empty before the first.
  std::vector<OrderState> orders;
  std::vector<std::string> refunds;
  std::vector<RedemptionState> redemptions;
  /// Derived: where the order, refund or redemption with an id stands.
  IdIndex orderIndex, refundIndex, redemptionIndex;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &Ledger::at, "Instant to which the lots were brought."},
                      Field{"points", &Ledger::points, "Spendable points."},
                      Field{"growth", &Ledger::growth, "Growth value."},
                      Field{"level", &Ledger::level, "Name of the level, empty before the first fact."},
                      Field{"orders", &Ledger::orders, "Orders that were received."},
                      Field{"refunds", &Ledger::refunds, "Ids of refunds that were taken."},
                      Field{"redemptions", &Ledger::redemptions, "Redemptions that were made."}};
  }
};

/// Brings a wallet to an instant: lots become active (and pay debt first) and expire, each at its own instant, whoever looks and however often.
/// At one instant lots expire before others become active. O(1) when nothing happens, else O(lots log lots).
void settle(Wallet& wallet, Instant at);

/// Whether an order was ever received; grants are none. O(orders).
[[nodiscard]] bool hasReceivedOrder(const Ledger& ledger);

/// Recomputes what a snapshot does not hold (`nextChange`, the indexes). @error damaged-bytes where an id stands twice or a promise is broken.
[[nodiscard]] Result<void> restoreDerived(Ledger& ledger);

/// The first broken promise of a ledger in words, or an empty text: totals equal the sums over the lots, nothing below zero, conservation, no
/// active points beside debt, phases fit the clock, parts fit their lots. What a debug build checks after every fact. O(lots + orders + parts).
[[nodiscard]] std::string_view brokenPromise(const Ledger& ledger);

}  // namespace souk
