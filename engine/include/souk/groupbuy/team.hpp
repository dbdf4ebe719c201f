// SPDX-License-Identifier: MIT
// The states that team facts fold into: a team, and the seats of one shopper.
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
#include "souk/groupbuy/rules.hpp"

namespace souk {

/// Where a team is in its life. The last three are final.
enum class TeamPhase : std::uint8_t {
  unstarted,  ///< Nobody has paid for it, or nobody could start it.
  forming,    ///< Takes payments for seats until it is full or its deadline comes.
  formed,     ///< Full in time: its orders are fulfilled.
  failed,     ///< Not full at its deadline: every seat is refunded.
  cancelled,  ///< Stopped by the shop, dissolved, or left by all: every seat is refunded.
};

constexpr auto enumNames(std::type_identity<TeamPhase>) {
  return std::array<std::string_view, 5>{"unstarted", "forming", "formed", "failed", "cancelled"};
}

/// Why a payment is refunded in full.
enum class RefundReason : std::uint8_t {
  teamFailed,      ///< The team was not full at its deadline.
  teamCancelled,   ///< The team was stopped or dissolved.
  left,            ///< The member left.
  late,            ///< It came at or after the deadline.
  full,            ///< It came when the last seat was taken.
  noTeam,          ///< Nobody has started that team.
  teamExists,      ///< It was to start a team that was started before.
  campaignClosed,  ///< The campaign is not running, or not yet, or no more.
  wrongAmount,     ///< It is not the price of a seat.
  wrongCurrency,   ///< It is not in the currency of the program.
  alreadyMember,   ///< The payer has a seat in the team.
  shopperLimit,    ///< The payer has as many seats as one shopper may have.
  campaignLimit,   ///< The campaign has as many seats as it may have.
  soldOut,         ///< No stock is left.
};

constexpr auto enumNames(std::type_identity<RefundReason>) {
  return std::array<std::string_view, 14>{
      "team-failed",     "team-cancelled", "left",           "late",           "full",          "no-team",        "team-exists",
      "campaign-closed", "wrong-amount",   "wrong-currency", "already-member", "shopper-limit", "campaign-limit", "sold-out"};
}

/// Where the money of a payment is: kept for a seat, or on its way back. A refunded payment stays refunded.
enum class PaymentPhase : std::uint8_t {
  seated,    ///< Kept for a seat; its order waits.
  released,  ///< Kept; its order is fulfilled.
  refunded,  ///< Refunded, once and in full.
};

constexpr auto enumNames(std::type_identity<PaymentPhase>) { return std::array<std::string_view, 3>{"seated", "released", "refunded"}; }

/// One accepted payment for a seat, whether it got one or not.
struct TeamPayment {
  std::string id;
  std::string account;
  std::string order;
  std::string name;  ///< Masked; empty where the shop gave none.
  std::int64_t amount = 0;
  std::string currency;
  std::int64_t seat = 0;  ///< The seat's number in the order of taking, from 1; 0 for a payment that never got one.
  PaymentPhase phase = PaymentPhase::seated;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &TeamPayment::id, "Id of the payment."},
                      Field{"account", &TeamPayment::account, "Who paid."},
                      Field{"order", &TeamPayment::order, "Id of the order that was paid."},
                      Field{"name", &TeamPayment::name, "Masked name to show, or empty."},
                      Field{"amount", &TeamPayment::amount, "What was paid, minor units.", 1},
                      Field{"currency", &TeamPayment::currency, "ISO 4217 code."},
                      Field{"seat", &TeamPayment::seat, "Number of the seat, or 0.", 0},
                      Field{"phase", &TeamPayment::phase, "seated, released or refunded."}};
  }
};

/// What a team was started under. Later programs do not change it.
struct TeamTerms {
  std::string campaign;
  std::string item;
  std::string pool;
  std::int64_t size = 2;
  std::int64_t price = 0;
  std::string currency;
  Leaving leaving = Leaving::everyone;
  Instant deadline;  ///< First instant at which no seat is taken. Absolute; it never moves.
  static constexpr auto fields() {
    return std::tuple{Field{"campaign", &TeamTerms::campaign, "Id of the campaign."},
                      Field{"item", &TeamTerms::item, "Id of the item."},
                      Field{"pool", &TeamTerms::pool, "Id of the stock pool."},
                      Field{"size", &TeamTerms::size, "Seats.", 2, kMaxTeamSize},
                      Field{"price", &TeamTerms::price, "Price of a seat, minor units.", 1},
                      Field{"currency", &TeamTerms::currency, "ISO 4217 code."},
                      Field{"leaving", &TeamTerms::leaving, "Who may give a paid seat back while the team is forming."},
                      Field{"deadline", &TeamTerms::deadline, "First instant at which no seat is taken."}};
  }
};

/// The state of the stream `team/ID`.
struct Team {
  Instant at;
  TeamPhase phase = TeamPhase::unstarted;
  TeamTerms terms;
  std::vector<TeamPayment> payments;  ///< All that ever came, in the backend's order.
  IdIndex paymentIndex;               ///< Derived.
  static constexpr auto fields() {
    return std::tuple{Field{"at", &Team::at, "Instant of the last fact."}, Field{"phase", &Team::phase, "Where it is in its life."},
                      Field{"terms", &Team::terms, "What it was started under; empty before."},
                      Field{"payments", &Team::payments, "Every payment, in the order of arrival."}};
  }
};

/// A shopper's seat or refunded payment, as the stream `account/ID` keeps it.
struct ShopperSeat {
  std::string id;  ///< Of the payment.
  std::string team;
  std::string campaign;
  PaymentPhase phase = PaymentPhase::seated;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &ShopperSeat::id, "Id of the payment."}, Field{"team", &ShopperSeat::team, "Id of the team."},
                      Field{"campaign", &ShopperSeat::campaign, "Id of the campaign; empty for a payment without a team."},
                      Field{"phase", &ShopperSeat::phase, "seated, released or refunded."}};
  }
};

/// The team purchases of one shopper: the part of an account's state that limits per shopper are decided on.
struct ShopperSeats {
  std::vector<ShopperSeat> seats;
  IdIndex seatIndex;  ///< Derived.
  static constexpr auto fields() {
    return std::tuple{Field{"seats", &ShopperSeats::seats, "Seats and refunded payments, in the order of arrival."}};
  }
};

/// Seats that are taken now. O(payments).
[[nodiscard]] std::int64_t seatsTaken(const Team& team);

/// The payment of the one who leads the team: the first in line that holds a seat; nothing where nobody does. O(payments).
[[nodiscard]] const TeamPayment* initiatorOf(const Team& team);

/// Seats of a shopper in forming and formed teams of a campaign. O(seats).
[[nodiscard]] std::int64_t seatsIn(const ShopperSeats& seats, std::string_view campaign);

/// Recomputes what a snapshot does not hold. @error damaged-bytes where a payment stands twice or a promise is broken.
[[nodiscard]] Result<void> restoreDerived(Team& team);
[[nodiscard]] Result<void> restoreDerived(ShopperSeats& seats);

/// The first broken promise of a team in words, or an empty text. Holds after every fact: seats ≤ size, nobody sits twice, a formed team is full,
/// a seated payment is the price, a forming team has a member and its deadline ahead. O(payments²).
[[nodiscard]] std::string_view brokenPromise(const Team& team);

/// Whether refunds or releases of a team that is over are still to come: never after the last fact of a command.
[[nodiscard]] bool isUnfinished(const Team& team);

}  // namespace souk
