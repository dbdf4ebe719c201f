// SPDX-License-Identifier: MIT
// The commands of the loyalty module and the facts that they become.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "souk/core/envelope.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"
#include "souk/loyalty/ledger.hpp"

namespace souk {

inline constexpr std::int64_t kMaxLines = 10'000;        ///< Lines of one order: an order of every product of a large shop.
inline constexpr std::int64_t kMaxQuantity = 1'000'000;  ///< Units of one line: above any real one, far below any overflow.

// --- Commands ---------------------------------------------------------------------------------------------------------------------------

/// One line of a received order.
struct OrderLine {
  std::string item;
  std::int64_t quantity = 0;
  std::int64_t paid = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"item", &OrderLine::item, "Id of the item.", 1, 64},
                      Field{"quantity", &OrderLine::quantity, "Units, at least 1.", 1, kMaxQuantity},
                      Field{"paid", &OrderLine::paid, "What was paid for all units together, minor units.", 0}};
  }
};

/// An order has reached its buyer: the fact that proves its points.
struct ReceiveOrder : CommandHead {
  static constexpr std::string_view kKind = "receive-order";
  static constexpr std::string_view kDoc = "An order has reached its buyer; its points are earned and held.";
  std::string order;
  std::string currency;
  std::vector<OrderLine> lines;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<ReceiveOrder>(),
                          std::tuple{Field{"order", &ReceiveOrder::order, "Id of the order, once ever.", 1, 64},
                                     Field{"currency", &ReceiveOrder::currency, "ISO 4217 code; the program's.", 3, 3},
                                     Field{"lines", &ReceiveOrder::lines, "What was bought, in the order's sequence.", 0, kMaxLines}});
  }
};

/// Some units of one line.
struct RefundLine {
  std::int64_t line = 0;
  std::int64_t quantity = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"line", &RefundLine::line, "Index of the line in the order, from 0.", 0, kMaxLines},
                      Field{"quantity", &RefundLine::quantity, "Units given back.", 1, kMaxQuantity}};
  }
};

/// Units of a received order were given back: what exactly those units earned is taken back.
struct RefundOrder : CommandHead {
  static constexpr std::string_view kKind = "refund-order";
  static constexpr std::string_view kDoc = "Units of an order were refunded; exactly what they earned is taken back.";
  std::string order;
  std::string refund;
  std::vector<RefundLine> lines;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<RefundOrder>(),
                          std::tuple{Field{"order", &RefundOrder::order, "Id of a received order.", 1, 64},
                                     Field{"refund", &RefundOrder::refund, "Id of the refund, once ever.", 1, 64},
                                     Field{"lines", &RefundOrder::lines, "What was given back; a line may stand once.", 1, kMaxLines}});
  }
};

/// The shopper spends points.
struct RedeemPoints : CommandHead {
  static constexpr std::string_view kKind = "redeem-points";
  static constexpr std::string_view kDoc = "The shopper spends active points, those first that expire first.";
  std::string redemption;
  std::int64_t points = 0;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<RedeemPoints>(),
                          std::tuple{Field{"redemption", &RedeemPoints::redemption, "Id of the redemption, once ever.", 1, 64},
                                     Field{"points", &RedeemPoints::points, "Points to spend.", 1}});
  }
};

/// What was bought with points went back: the points return to the lots they came from, with the expiry these always had.
struct ReturnRedemption : CommandHead {
  static constexpr std::string_view kKind = "return-redemption";
  static constexpr std::string_view kDoc = "Spent points are given back to the lots they came from, with their old expiry.";
  std::string redemption;
  std::int64_t points = 0;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<ReturnRedemption>(),
                          std::tuple{Field{"redemption", &ReturnRedemption::redemption, "Id of a redemption.", 1, 64},
                                     Field{"points", &ReturnRedemption::points, "Points to give back, at most what it still holds.", 1}});
  }
};

/// The instant that `nextDue` named has come.
struct Due : CommandHead {
  static constexpr std::string_view kKind = "due";
  static constexpr std::string_view kDoc = "An instant that nextDue named has come: holds end, points expire, the level follows.";
  static constexpr auto fields() { return commandFields<Due>(); }
};

/// Points for something that is no order: an invitation, a task, an apology.
struct GrantPoints : CommandHead {
  static constexpr std::string_view kKind = "grant-points";
  static constexpr std::string_view kDoc = "Points are given for something that is no order, held for some days.";
  std::string grant;
  std::string reason;
  std::int64_t points = 0;
  std::optional<std::int64_t> holdDays;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<GrantPoints>(),
                          std::tuple{Field{"grant", &GrantPoints::grant, "Id of the grant, once ever.", 1, 58},
                                     Field{"reason", &GrantPoints::reason, "What it is for, an id such as `referral`.", 1, 64},
                                     Field{"points", &GrantPoints::points, "Points to give.", 1},
                                     Field{"holdDays", &GrantPoints::holdDays,
                                           "Days after the day of the grant for which they are held; absent: active at once.", 0, 366}});
  }
};

/// What a grant was for did not last: its points are taken back, as those of a refunded order are.
struct ReverseGrant : CommandHead {
  static constexpr std::string_view kKind = "reverse-grant";
  static constexpr std::string_view kDoc = "The points of a grant are taken back, as those of a refunded order are.";
  std::string grant;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<ReverseGrant>(), std::tuple{Field{"grant", &ReverseGrant::grant, "Id of a grant.", 1, 58}});
  }
};

using LoyaltyCommand = std::variant<ReceiveOrder, RefundOrder, RedeemPoints, ReturnRedemption, Due, GrantPoints, ReverseGrant>;

/// Who may give a command.
[[nodiscard]] Author authorOf(const LoyaltyCommand& command);

// --- Facts ------------------------------------------------------------------------------------------------------------------------------

/// What one line of an order was and earned.
struct AwardedLine {
  std::string item;
  std::int64_t quantity = 0;
  std::int64_t paid = 0;
  std::int64_t points = 0;
  std::int64_t growth = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"item", &AwardedLine::item, "Id of the item.", 1, 64},
                      Field{"quantity", &AwardedLine::quantity, "Units bought.", 1, kMaxQuantity},
                      Field{"paid", &AwardedLine::paid, "Paid for all units, minor units.", 0},
                      Field{"points", &AwardedLine::points, "The line's share of the points.", 0},
                      Field{"growth", &AwardedLine::growth, "The line's share of the growth.", 0}};
  }
};

/// A lot that an order opened.
struct Award {
  std::int64_t lot = 0;
  std::int64_t points = 0;
  Instant activeAt;
  std::optional<Instant> expiresAt;
  static constexpr auto fields() {
    return std::tuple{Field{"lot", &Award::lot, "Number of the lot, from 1.", 1}, Field{"points", &Award::points, "Points awarded.", 1},
                      Field{"activeAt", &Award::activeAt, "Instant from which they may be spent."},
                      Field{"expiresAt", &Award::expiresAt, "First instant at which they may not; absent: never."}};
  }
};

/// An order earned points and growth; either is absent where it came to nothing.
struct OrderAwarded : FactHead {
  static constexpr std::string_view kKind = "order-awarded";
  static constexpr std::string_view kDoc = "An order was received and earned points and growth.";
  std::string order;
  std::vector<AwardedLine> lines;
  std::optional<Award> points;
  std::optional<Award> growth;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<OrderAwarded>(),
                          std::tuple{Field{"order", &OrderAwarded::order, "Id of the order.", 1, 64},
                                     Field{"lines", &OrderAwarded::lines, "The lines and their shares.", 1, kMaxLines},
                                     Field{"points", &OrderAwarded::points, "The lot of points."},
                                     Field{"growth", &OrderAwarded::growth, "The lot of growth."}});
  }
};

/// What one refund took from one wallet.
struct Clawback {
  std::int64_t lot = 0;            ///< The award's own lot, or 0 where nothing was to be taken.
  std::int64_t fromRemaining = 0;  ///< Taken from what the lot still had.
  std::int64_t fromExpired = 0;    ///< Had expired in the lot; counted as clawed back now, the balance does not change.
  std::vector<LotPart> charges;    ///< Spent meanwhile, so taken from other active lots.
  std::int64_t debt = 0;           ///< Spent meanwhile and owed.
  std::int64_t forgiven = 0;       ///< Spent meanwhile and written off.
  static constexpr auto fields() {
    return std::tuple{Field{"lot", &Clawback::lot, "The order's own lot, or 0 where nothing was earned.", 0},
                      Field{"fromRemaining", &Clawback::fromRemaining, "Taken from what that lot still had.", 0},
                      Field{"fromExpired", &Clawback::fromExpired, "Had expired in that lot already.", 0},
                      Field{"charges", &Clawback::charges, "Spent meanwhile: taken from other active lots."},
                      Field{"debt", &Clawback::debt, "Spent meanwhile: owed from now on.", 0},
                      Field{"forgiven", &Clawback::forgiven, "Spent meanwhile: written off.", 0}};
  }
};

/// What the refunded units of one line had earned.
struct ClawedBackLine {
  std::int64_t line = 0;
  std::int64_t quantity = 0;
  std::int64_t points = 0;
  std::int64_t growth = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"line", &ClawedBackLine::line, "Index of the line.", 0, kMaxLines},
                      Field{"quantity", &ClawedBackLine::quantity, "Units given back.", 1, kMaxQuantity},
                      Field{"points", &ClawedBackLine::points, "Points that they had earned.", 0},
                      Field{"growth", &ClawedBackLine::growth, "Growth that they had earned.", 0}};
  }
};

/// A refund took back what the refunded units had earned.
struct OrderClawedBack : FactHead {
  static constexpr std::string_view kKind = "order-clawed-back";
  static constexpr std::string_view kDoc = "A refund took back what its units had earned.";
  std::string order;
  std::string refund;
  std::vector<ClawedBackLine> lines;
  Clawback points;
  Clawback growth;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<OrderClawedBack>(),
                          std::tuple{Field{"order", &OrderClawedBack::order, "Id of the order.", 1, 64},
                                     Field{"refund", &OrderClawedBack::refund, "Id of the refund.", 1, 64},
                                     Field{"lines", &OrderClawedBack::lines, "The refunded units.", 1, kMaxLines},
                                     Field{"points", &OrderClawedBack::points, "What was taken from the points."},
                                     Field{"growth", &OrderClawedBack::growth, "What was taken from the growth."}});
  }
};

/// Points were spent.
struct PointsRedeemed : FactHead {
  static constexpr std::string_view kKind = "points-redeemed";
  static constexpr std::string_view kDoc = "Points were spent.";
  std::string redemption;
  std::vector<LotPart> parts;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<PointsRedeemed>(),
                          std::tuple{Field{"redemption", &PointsRedeemed::redemption, "Id of the redemption.", 1, 64},
                                     Field{"parts", &PointsRedeemed::parts, "The lots that paid, in spending order.", 1}});
  }
};

/// Spent points went back to their lots; what went to an expired lot has expired, and debt is paid first.
struct RedemptionReturned : FactHead {
  static constexpr std::string_view kKind = "redemption-returned";
  static constexpr std::string_view kDoc = "Spent points went back to the lots they came from.";
  std::string redemption;
  std::vector<LotPart> parts;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<RedemptionReturned>(),
                          std::tuple{Field{"redemption", &RedemptionReturned::redemption, "Id of the redemption.", 1, 64},
                                     Field{"parts", &RedemptionReturned::parts, "The lots that were restored.", 1}});
  }
};

/// The clock reached a due instant.
struct TimePassed : FactHead {
  static constexpr std::string_view kKind = "time-passed";
  static constexpr std::string_view kDoc = "The clock reached a due instant; lots became active or expired.";
  static constexpr auto fields() { return factFields<TimePassed>(); }
};

/// The level changed.
struct LevelChanged : FactHead {
  static constexpr std::string_view kKind = "level-changed";
  static constexpr std::string_view kDoc = "The level changed.";
  std::string from;
  std::string to;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<LevelChanged>(),
                          std::tuple{Field{"from", &LevelChanged::from, "The level before; empty for the first.", 0, 64},
                                     Field{"to", &LevelChanged::to, "The level from now on.", 1, 64}});
  }
};

/// Points were given for something that is no order.
struct PointsGranted : FactHead {
  static constexpr std::string_view kKind = "points-granted";
  static constexpr std::string_view kDoc = "Points were given for something that is no order.";
  std::string grant;
  std::string reason;
  Award points;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<PointsGranted>(), std::tuple{Field{"grant", &PointsGranted::grant, "Id of the grant.", 1, 58},
                                                                  Field{"reason", &PointsGranted::reason, "What it is for.", 1, 64},
                                                                  Field{"points", &PointsGranted::points, "The lot of points."}});
  }
};

/// A grant was taken back whole.
struct GrantReversed : FactHead {
  static constexpr std::string_view kKind = "grant-reversed";
  static constexpr std::string_view kDoc = "The points of a grant were taken back.";
  std::string grant;
  Clawback points;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<GrantReversed>(), std::tuple{Field{"grant", &GrantReversed::grant, "Id of the grant.", 1, 58},
                                                                  Field{"points", &GrantReversed::points, "What was taken."}});
  }
};

using LoyaltyFact =
    std::variant<OrderAwarded, OrderClawedBack, PointsRedeemed, RedemptionReturned, TimePassed, LevelChanged, PointsGranted, GrantReversed>;

}  // namespace souk
