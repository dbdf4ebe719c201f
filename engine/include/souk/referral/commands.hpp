// SPDX-License-Identifier: MIT
// The commands of the referral module and the facts that they and orders become.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "souk/core/envelope.hpp"
#include "souk/core/fields.hpp"
#include "souk/referral/code.hpp"
#include "souk/referral/invitation.hpp"

namespace souk {

// --- Commands ---------------------------------------------------------------------------------------------------------------------------

/// The account gets its code.
struct MakeReferralCode : CommandHead {
  static constexpr std::string_view kKind = "make-referral-code";
  static constexpr std::string_view kDoc = "The account gets its invitation code, from a random value that the collector drew.";
  std::int64_t random = 0;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<MakeReferralCode>(),
                          std::tuple{Field{"random", &MakeReferralCode::random, "50 random bits.", 0, kReferralCodes - 1}});
  }
};

/// The shopper followed a link or typed a code.
struct AcceptInvitation : CommandHead {
  static constexpr std::string_view kKind = "accept-invitation";
  static constexpr std::string_view kDoc = "A new customer accepts an invitation: once, for ever, and before the first order.";
  std::string code;
  std::string inviter;
  std::optional<bool> sameDevice;
  static constexpr auto fields() {
    return std::tuple_cat(
        commandFields<AcceptInvitation>(),
        std::tuple{Field{"code", &AcceptInvitation::code, "The code, as it was written.", 1, 64},
                   Field{"inviter", &AcceptInvitation::inviter, "Whose code it is; set by the collector, and checked.", 1, 64},
                   Field{"sameDevice", &AcceptInvitation::sameDevice, "Whether the collector saw both on one device; absent: no."}});
  }
};

/// An order was paid: from now on the account is no new customer.
struct PayOrder : CommandHead {
  static constexpr std::string_view kKind = "pay-order";
  static constexpr std::string_view kDoc = "An order was paid; from now on the account is no new customer.";
  std::string order;
  std::optional<bool> samePayment;
  static constexpr auto fields() {
    return std::tuple_cat(
        commandFields<PayOrder>(),
        std::tuple{Field{"order", &PayOrder::order, "Id of the order.", 1, 64},
                   Field{"samePayment", &PayOrder::samePayment, "Whether the shop saw the inviter pay by the same means; absent: no."}});
  }
};

using ReferralCommand = std::variant<MakeReferralCode, AcceptInvitation, PayOrder>;

/// Who may give a command.
[[nodiscard]] Author authorOf(const ReferralCommand& command);

// --- Facts ------------------------------------------------------------------------------------------------------------------------------

/// The account has a code.
struct CodeMade : FactHead {
  static constexpr std::string_view kKind = "code-made";
  static constexpr std::string_view kDoc = "The account has an invitation code.";
  std::string code;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<CodeMade>(), std::tuple{Field{"code", &CodeMade::code, "The code.", 11, 11}});
  }
};

/// The account was invited. On the stream of the invited.
struct InvitationAccepted : FactHead {
  static constexpr std::string_view kKind = "invitation-accepted";
  static constexpr std::string_view kDoc = "The account accepted an invitation.";
  Invitation invitation;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<InvitationAccepted>(),
                          std::tuple{Field{"invitation", &InvitationAccepted::invitation, "The invitation, open."}});
  }
};

/// Somebody accepted an invitation of the account. On the stream of the inviter.
struct InviteeAccepted : FactHead {
  static constexpr std::string_view kKind = "invitee-accepted";
  static constexpr std::string_view kDoc = "Somebody accepted an invitation of the account.";
  std::int64_t number = 0;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<InviteeAccepted>(), std::tuple{Field{"number", &InviteeAccepted::number, "Its number, from 1.", 1}});
  }
};

/// An order of the account was paid.
struct OrderPaid : FactHead {
  static constexpr std::string_view kKind = "order-paid";
  static constexpr std::string_view kDoc = "An order of the account was paid.";
  std::string order;
  bool samePayment = false;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<OrderPaid>(),
                          std::tuple{Field{"order", &OrderPaid::order, "Id of the order.", 1, 64},
                                     Field{"samePayment", &OrderPaid::samePayment, "Whether the inviter pays by the same means."}});
  }
};

/// The first order was received, or refunded after that. On the stream of the invited.
struct InvitationSettled : FactHead {
  static constexpr std::string_view kKind = "invitation-settled";
  static constexpr std::string_view kDoc =
      "The invited account's first order was received and both are rewarded or not, or it was refunded.";
  InvitationPhase phase = InvitationPhase::rewarded;
  WithheldReason reason = WithheldReason::none;
  ReferralReward reward;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<InvitationSettled>(),
                          std::tuple{Field{"phase", &InvitationSettled::phase, "rewarded, withheld or reversed."},
                                     Field{"reason", &InvitationSettled::reason, "Why it was withheld, or none."},
                                     Field{"reward", &InvitationSettled::reward, "The order and the points."}});
  }
};

/// The same on the stream of the inviter, without the invited one's order.
struct InviteeSettled : FactHead {
  static constexpr std::string_view kKind = "invitee-settled";
  static constexpr std::string_view kDoc = "The first order of an invited account was received and rewarded or not, or it was refunded.";
  std::int64_t number = 0;
  InvitationPhase phase = InvitationPhase::rewarded;
  std::int64_t points = 0;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<InviteeSettled>(),
                          std::tuple{Field{"number", &InviteeSettled::number, "Number of the invitation.", 1},
                                     Field{"phase", &InviteeSettled::phase, "rewarded, withheld or reversed."},
                                     Field{"points", &InviteeSettled::points, "Points given or taken back; 0 where withheld.", 0}});
  }
};

using ReferralFact = std::variant<CodeMade, InvitationAccepted, InviteeAccepted, OrderPaid, InvitationSettled, InviteeSettled>;

}  // namespace souk
