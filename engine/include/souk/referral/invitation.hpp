// SPDX-License-Identifier: MIT
// The state that referral facts fold into: the part of an account that invites and is invited.
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
#include "souk/core/time.hpp"

namespace souk {

/// Where an invitation is. It moves forward only: open → rewarded → reversed, or open → withheld.
enum class InvitationPhase : std::uint8_t {
  open,      ///< The first order was not received yet.
  rewarded,  ///< It was, and both have their points (held at first).
  withheld,  ///< It was, and there is a reason to give nothing.
  reversed,  ///< It was refunded, and both gave their points back.
};

constexpr auto enumNames(std::type_identity<InvitationPhase>) {
  return std::array<std::string_view, 4>{"open", "rewarded", "withheld", "reversed"};
}

/// Why nothing is given.
enum class WithheldReason : std::uint8_t {
  none,          ///< It was not withheld.
  notOffered,    ///< The program rewards no invitations now.
  belowMinimum,  ///< Too little was paid.
  tooLate,       ///< The order came too long after the invitation.
  sameDevice,    ///< Both were seen on one device.
  samePayment,   ///< Both paid by the same means.
  inviterLimit,  ///< The inviter has as many rewards as one may have.
  budgetSpent,   ///< The program has given all its points.
};

constexpr auto enumNames(std::type_identity<WithheldReason>) {
  return std::array<std::string_view, 8>{"none",        "not-offered",  "below-minimum", "too-late",
                                         "same-device", "same-payment", "inviter-limit", "budget-spent"};
}

/// One line of the first order: what a refund is measured by.
struct ReferralLine {
  std::int64_t quantity = 0;
  std::int64_t paid = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"quantity", &ReferralLine::quantity, "Units bought.", 1},
                      Field{"paid", &ReferralLine::paid, "Paid for all units, minor units.", 0}};
  }
};

/// What the first order brought.
struct ReferralReward {
  std::string order;
  std::vector<ReferralLine> lines;
  std::int64_t minimumPaid = 0;
  std::int64_t inviterPoints = 0;
  std::int64_t inviteePoints = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"order", &ReferralReward::order, "Id of the first order.", 1, 64},
                      Field{"lines", &ReferralReward::lines, "Its lines."},
                      Field{"minimumPaid", &ReferralReward::minimumPaid, "Least that must stay paid for it.", 0},
                      Field{"inviterPoints", &ReferralReward::inviterPoints, "Points of the one who invited; 0 where withheld.", 0},
                      Field{"inviteePoints", &ReferralReward::inviteePoints, "Points of the one who was invited; 0 where withheld.", 0}};
  }
};

/// How an account was invited. Made once, and never changed but for its phase and signals.
struct Invitation {
  std::string inviter;
  std::string code;
  std::int64_t number = 0;
  Instant at;
  bool sameDevice = false;
  bool samePayment = false;
  InvitationPhase phase = InvitationPhase::open;
  std::optional<ReferralReward> reward;
  static constexpr auto fields() {
    return std::tuple{Field{"inviter", &Invitation::inviter, "Account of the one who invited.", 1, 64},
                      Field{"code", &Invitation::code, "The code that was used.", 11, 11},
                      Field{"number", &Invitation::number, "Which of the inviter's invitations it is, from 1.", 1},
                      Field{"at", &Invitation::at, "When it was accepted."},
                      Field{"sameDevice", &Invitation::sameDevice, "Whether both were seen on one device."},
                      Field{"samePayment", &Invitation::samePayment, "Whether both paid by the same means."},
                      Field{"phase", &Invitation::phase, "open, rewarded, withheld or reversed."},
                      Field{"reward", &Invitation::reward, "The first order and what it brought; absent while open."}};
  }
};

/// One invitation as its inviter's stream keeps it: without the account that accepted it.
struct Invitee {
  InvitationPhase phase = InvitationPhase::open;
  std::int64_t points = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"phase", &Invitee::phase, "open, rewarded, withheld or reversed."},
                      Field{"points", &Invitee::points, "Points for the inviter; kept after a reversal.", 0}};
  }
};

/// The referral part of an account's state.
///
/// Invitations form no cycle, of any length: an account accepts one only before it has given any (and only one), so along every chain of invitations
/// the instants of acceptance rise, and a chain cannot come back to where it began. Merging accounts keeps this: see `keptInvitation`.
struct Referral {
  std::string code;
  bool hasPaid = false;  ///< Whether an order of the account was ever paid: from then on it is no new customer.
  std::optional<Invitation> invitation;
  std::vector<Invitee> invitees;
  std::optional<Instant> firstInviteAt;
  std::vector<std::string> formerCodes;
  static constexpr auto fields() {
    return std::tuple{Field{"code", &Referral::code, "The account's own code; empty before it was made."},
                      Field{"hasPaid", &Referral::hasPaid, "Whether an order was ever paid."},
                      Field{"invitation", &Referral::invitation, "How the account was invited; absent: it was not."},
                      Field{"invitees", &Referral::invitees, "Invitations that were accepted, by their number."},
                      Field{"firstInviteAt", &Referral::firstInviteAt, "When the first of them was accepted; absent: none was."},
                      Field{"formerCodes", &Referral::formerCodes, "Codes of accounts that were merged into this one; they stay good."}};
  }
};

/// Rewards that an inviter has and that were not reversed. O(invitees).
[[nodiscard]] std::int64_t rewardsOf(const Referral& referral);

/// The first broken promise in words, or an empty text: a reward is there exactly when the invitation is no longer open, and points exactly when
/// it was rewarded. O(invitees).
[[nodiscard]] std::string_view brokenPromise(const Referral& referral);

}  // namespace souk
