// SPDX-License-Identifier: MIT
// Team purchase (拼团): who pays for a seat in time gets the team price, if enough others do.
//
// The state machine of a team. "Refund" is always one fact for the whole payment.
//
//   state      event                                   → state      facts
//   unstarted  start-team that fits                      forming    team-started, seat-taken (hold the order)
//              start-team that does not, join-team       unstarted  refund of the payment
//   forming    join-team that fits                       forming    seat-taken
//              join-team for the last seat               formed     seat-taken, team-closed, fulfilment-released for each seat
//              join-team that does not fit, start-team   forming    refund of the payment
//              leave-team, as the terms allow            forming    refund of the seat; the first in line left leads; same deadline
//              leave-team of the last member             cancelled  refund of the seat, team-closed
//              leave-team of the initiator, "dissolving" cancelled  team-closed, refund of each seat
//              stop-team                                 cancelled  team-closed, refund of each seat
//              any command at or after the deadline      failed     team-closed, refund of each seat; then the payment's own refund, if it is one
//   formed, failed, cancelled
//              start-team, join-team                     the same   refund of the payment
//              leave-team, stop-team                     the same   refused: team-closed
//
// A payment that comes with any id known before is refused (duplicate-payment) and has no effect: the shop may send it as often as it likes. All
// other payments are recorded, because the money has arrived. Seats are taken in the order in which the backend decides; nothing that is not paid
// holds a seat. A seat's price is the team's, whatever a later program says. Orders are held from `seat-taken` and released at `formed` only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "souk/groupbuy/commands.hpp"
#include "souk/groupbuy/rules.hpp"
#include "souk/groupbuy/team.hpp"

namespace souk {

/// What a decision reads of the program.
struct GroupbuyContext {
  const GroupbuyRules& rules;
  std::string_view currency;  ///< ISO 4217 code of the program.
};

/// What a payment's decision reads of other streams, put together by the service for the campaign that the payment is about.
struct TeamSurroundings {
  std::int64_t shopperSeats = 0;    ///< Seats of the payer in the campaign: `seatsIn` of the account.
  bool knownPayment = false;        ///< Whether the account has seen the payment's id.
  std::int64_t campaignSeats = 0;   ///< Seats of the campaign: `unitsOf` of the pool.
  std::int64_t unitsAvailable = 0;  ///< Units that can be held in the pool now.
};

/// Decides a command on a team. The facts' heads are left to the service but for `at`.
/// @return At least one fact.
/// @error before-stream; invalid-id, out-of-range (an amount below 1), duplicate-payment (start-team, join-team); unknown-team, team-closed,
///        not-a-member, leaving-not-allowed (leave-team); unknown-team, team-closed (stop-team); nothing-due (team-due)
/// @complexity O(payments).
[[nodiscard]] Result<std::vector<TeamFact>> decide(const TeamCommand& command, const GroupbuyContext& context,
                                                   const TeamSurroundings& around, const Team& team);

/// Folds a fact into its team, in place after all checks. @error invalid-fact, before-stream; the team is then unchanged. O(payments).
[[nodiscard]] Result<void> evolve(Team& team, const TeamFact& fact);

/// Folds a fact about one payment into the seats of its payer. @error invalid-fact; the seats are then unchanged. O(log seats).
[[nodiscard]] Result<void> evolve(ShopperSeats& seats, const TeamFact& fact);

/// The deadline while the team is forming, else nothing. O(1).
[[nodiscard]] std::optional<Instant> nextDue(const Team& team);

/// A name with all but its first letter hidden: `Ирина` is `И**`. Empty stays empty. Expects UTF-8; never splits a character of it.
[[nodiscard]] std::string maskName(std::string_view name);

/// One seat as everybody may see it: no account, payment or order.
struct SeatView {
  std::int64_t position = 0;
  std::string name;
  bool initiator = false;
  bool own = false;
  static constexpr auto fields() {
    return std::tuple{Field{"position", &SeatView::position, "Place in line, from 1.", 1, kMaxTeamSize},
                      Field{"name", &SeatView::name, "Masked name, or empty."},
                      Field{"initiator", &SeatView::initiator, "Whether this member leads the team."},
                      Field{"own", &SeatView::own, "Whether it is the seat of the one who looks."}};
  }
};

/// A team as everybody may see it.
struct TeamView {
  Instant at;
  TeamPhase phase = TeamPhase::unstarted;
  std::string campaign;
  std::string item;
  std::int64_t size = 0;
  std::int64_t seatsLeft = 0;
  std::int64_t price = 0;
  std::string currency;
  std::optional<Instant> deadline;
  std::vector<SeatView> seats;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &TeamView::at, "The instant that this is true for."},
                      Field{"phase", &TeamView::phase, "Where the team is in its life; failed from the deadline on, refunded or not yet."},
                      Field{"campaign", &TeamView::campaign, "Id of the campaign; empty for a team that never started."},
                      Field{"item", &TeamView::item, "Id of the item."},
                      Field{"size", &TeamView::size, "Seats of the team.", 0, kMaxTeamSize},
                      Field{"seatsLeft", &TeamView::seatsLeft, "Seats that a payment could still take; 0 unless forming.", 0, kMaxTeamSize},
                      Field{"price", &TeamView::price, "Price of a seat, minor units.", 0},
                      Field{"currency", &TeamView::currency, "ISO 4217 code."},
                      Field{"deadline", &TeamView::deadline, "First instant at which no seat is taken; absent: never started."},
                      Field{"seats", &TeamView::seats, "Seats that are taken, in line; of a team that is over without forming, none."}};
  }
};

/// The redacted view of a team, at an instant that is not before its last fact.
/// @param viewer  Account of the one who looks; empty for anybody. @error before-stream. O(payments).
[[nodiscard]] Result<TeamView> viewTeam(const Team& team, Instant at, std::string_view viewer);

}  // namespace souk
