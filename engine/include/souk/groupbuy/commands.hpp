// SPDX-License-Identifier: MIT
// The commands of team purchase and the facts that they become.
//
// A fact about one payment stands in the team's stream and, word for word, in its payer's account stream; it names no other account.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "souk/core/envelope.hpp"
#include "souk/core/fields.hpp"
#include "souk/groupbuy/team.hpp"

namespace souk {

// --- Commands ---------------------------------------------------------------------------------------------------------------------------

/// An accepted payment for a seat: the money is the shop's already, so whatever follows is a seat or a refund.
struct SeatPayment : CommandHead {
  std::string team;
  std::string payment;
  std::string order;
  std::int64_t amount = 0;
  std::string currency;
  std::string name;
};

/// Descriptions of a payment's fields, for the commands that are one.
template <class T>
constexpr auto seatPaymentFields() {
  return std::tuple_cat(
      commandFields<T>(),
      std::tuple{Field<T, std::string>{"team", &SeatPayment::team, "Id of the team, made by the collector.", 1, 64},
                 Field<T, std::string>{"payment", &SeatPayment::payment, "Id of the payment, once ever.", 1, 64},
                 Field<T, std::string>{"order", &SeatPayment::order, "Id of the order that was paid.", 1, 64},
                 Field<T, std::int64_t>{"amount", &SeatPayment::amount, "What was paid, minor units.", 1},
                 Field<T, std::string>{"currency", &SeatPayment::currency, "ISO 4217 code of the amount.", 3, 3},
                 Field<T, std::string>{"name", &SeatPayment::name, "The payer's name; only its first letter is kept.", 0, 256}});
}

/// The initiator's seat is paid: the team starts.
struct StartTeam : SeatPayment {
  static constexpr std::string_view kKind = "start-team";
  static constexpr std::string_view kDoc = "The initiator's seat was paid; the team starts, or the payment is refunded.";
  std::string campaign;
  static constexpr auto fields() {
    return std::tuple_cat(seatPaymentFields<StartTeam>(),
                          std::tuple{Field{"campaign", &StartTeam::campaign, "Id of the campaign.", 1, 64}});
  }
};

/// A seat of a team that exists is paid.
struct JoinTeam : SeatPayment {
  static constexpr std::string_view kKind = "join-team";
  static constexpr std::string_view kDoc = "A seat was paid; it is taken, or the payment is refunded. The last seat forms the team.";
  static constexpr auto fields() { return seatPaymentFields<JoinTeam>(); }
};

/// A member gives the seat back.
struct LeaveTeam : CommandHead {
  static constexpr std::string_view kKind = "leave-team";
  static constexpr std::string_view kDoc = "A member gives the seat back while the team is forming, and is refunded.";
  std::string team;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<LeaveTeam>(), std::tuple{Field{"team", &LeaveTeam::team, "Id of the team.", 1, 64}});
  }
};

/// The shop stops a forming team.
struct StopTeam : CommandHead {
  static constexpr std::string_view kKind = "stop-team";
  static constexpr std::string_view kDoc = "The shop stops a forming team; every seat is refunded.";
  std::string team;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<StopTeam>(), std::tuple{Field{"team", &StopTeam::team, "Id of the team.", 1, 64}});
  }
};

/// The team's deadline has come.
struct TeamDue : CommandHead {
  static constexpr std::string_view kKind = "team-due";
  static constexpr std::string_view kDoc = "The deadline that a team's nextDue named has come; the team fails and every seat is refunded.";
  std::string team;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<TeamDue>(), std::tuple{Field{"team", &TeamDue::team, "Id of the team.", 1, 64}});
  }
};

using TeamCommand = std::variant<StartTeam, JoinTeam, LeaveTeam, StopTeam, TeamDue>;

/// Who may give a command.
[[nodiscard]] Author authorOf(const TeamCommand& command);

// --- Facts ------------------------------------------------------------------------------------------------------------------------------

/// A team started. The initiator's `seat-taken` follows.
struct TeamStarted : FactHead {
  static constexpr std::string_view kKind = "team-started";
  static constexpr std::string_view kDoc = "A team started, under terms that no later program changes.";
  TeamTerms terms;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<TeamStarted>(), std::tuple{Field{"terms", &TeamStarted::terms, "What it was started under."}});
  }
};

/// What a fact about one payment names.
struct PaymentFact : FactHead {
  std::string team;
  std::string campaign;
  TeamPayment payment;
};

/// Descriptions of those fields.
template <class T>
constexpr auto paymentFactFields() {
  return std::tuple_cat(
      factFields<T>(),
      std::tuple{Field<T, std::string>{"team", &PaymentFact::team, "Id of the team.", 1, 64},
                 Field<T, std::string>{"campaign", &PaymentFact::campaign, "Id of the campaign; empty where there is none.", 0, 64},
                 Field<T, TeamPayment>{"payment", &PaymentFact::payment, "The payment as it is from now on."}});
}

/// A payment took a seat, at the price that it paid. Its order is held.
struct SeatTaken : PaymentFact {
  static constexpr std::string_view kKind = "seat-taken";
  static constexpr std::string_view kDoc = "A payment took a seat; hold the order's fulfilment until fulfilment-released.";
  static constexpr auto fields() { return paymentFactFields<SeatTaken>(); }
};

/// The team formed, failed or was cancelled. A `fulfilment-released` or a `payment-refunded` follows for each seat.
struct TeamClosed : FactHead {
  static constexpr std::string_view kKind = "team-closed";
  static constexpr std::string_view kDoc = "The team formed, failed or was cancelled; a fact for each seat follows.";
  TeamPhase phase = TeamPhase::failed;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<TeamClosed>(), std::tuple{Field{"phase", &TeamClosed::phase, "formed, failed or cancelled."}});
  }
};

/// The team formed: the order is to be fulfilled.
struct FulfilmentReleased : PaymentFact {
  static constexpr std::string_view kKind = "fulfilment-released";
  static constexpr std::string_view kDoc = "The team formed; fulfil the order.";
  static constexpr auto fields() { return paymentFactFields<FulfilmentReleased>(); }
};

/// The whole payment is to be refunded and its order never fulfilled. At most one for each payment, ever.
struct PaymentRefunded : PaymentFact {
  static constexpr std::string_view kKind = "payment-refunded";
  static constexpr std::string_view kDoc = "Refund the whole payment and do not fulfil its order. At most one such fact for a payment.";
  RefundReason reason = RefundReason::teamFailed;
  static constexpr auto fields() {
    return std::tuple_cat(paymentFactFields<PaymentRefunded>(), std::tuple{Field{"reason", &PaymentRefunded::reason, "Why."}});
  }
};

using TeamFact = std::variant<TeamStarted, SeatTaken, TeamClosed, FulfilmentReleased, PaymentRefunded>;

/// What a fact says of one payment, or nothing where it is about the team as a whole.
[[nodiscard]] const PaymentFact* paymentOf(const TeamFact& fact);

}  // namespace souk
