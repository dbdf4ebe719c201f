// SPDX-License-Identifier: MIT
// Invitations: who brought whom, and what both get for it.
//
//   state of the invited      event                                            → state      facts (invited | inviter)
//   not invited, new          accept-invitation                                  open       invitation-accepted | invitee-accepted
//   open                      first order received, all conditions met           rewarded   invitation-settled | invitee-settled, and points for both
//   open                      first order received, a condition not met          withheld   invitation-settled with its reason | invitee-settled
//   rewarded                  refund that leaves less than the minimum, or none  reversed   invitation-settled | invitee-settled, points taken back
//
// New is who has no order paid or received and no team seat at the instant at which the collector decides accept-invitation; what follows does not
// change it. The rewarded order is the first one that is received after the invitation; there is never a second. Points go to the two of them and
// nobody else (`kReferralDepth`), as loyalty lots that are held for `holdDays` and taken back by the grant's id, so a reward can never be spent before
// its hold has ended. Budget that was given stays spent when a reward is reversed, so that refunds cannot be used to go around the cap.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "souk/referral/code.hpp"
#include "souk/referral/commands.hpp"
#include "souk/referral/invitation.hpp"
#include "souk/referral/rules.hpp"

namespace souk {

/// What a decision says on each stream; either may be empty. Heads are left to the service but for `at`.
struct ReferralFacts {
  std::vector<ReferralFact> own;
  std::vector<ReferralFact> inviters;
};

/// Decides a command.
///
/// @param own         The account's state.
/// @param inviter     State of the account that an accept-invitation names, else nothing.
/// @param hasOrdered  Whether the account has a received order or a team seat: known to other modules.
/// @error invalid-id; out-of-range, duplicate-code (make-referral-code); invalid-code, unknown-code, self-invitation, already-invited,
///        not-a-new-customer, invitation-cycle (accept-invitation)
[[nodiscard]] Result<ReferralFacts> decide(const ReferralCommand& command, const Referral& own, const Referral* inviter, bool hasOrdered);

/// An order that was received.
struct ReferralOrder {
  std::string_view order;
  std::span<const ReferralLine> lines;
  Instant at;
};

/// Settles an open invitation by the first received order; no facts where there is none to settle.
///
/// @param rules   Nothing where the program rewards no invitations.
/// @param budget  Points that the program may still give; nothing: no cap.
/// @error overflow (the lines' sum). O(lines + invitees).
[[nodiscard]] Result<ReferralFacts> settleInvitation(const ReferralOrder& order, const ReferralRules* rules,
                                                     std::optional<std::int64_t> budget, const Referral& own, const Referral& inviter);

/// Reverses a reward whose order was refunded so far that it would not have been given; no facts otherwise.
/// @param refunded  Units of each line that are refunded by now, this refund included; one for each line of the order. O(lines).
[[nodiscard]] ReferralFacts reverseInvitation(std::string_view order, std::span<const std::int64_t> refunded, Instant at,
                                              const Referral& own);

/// Folds a fact, in place after all checks. @error invalid-fact; the state is then unchanged. O(1).
[[nodiscard]] Result<void> evolve(Referral& referral, const ReferralFact& fact);

}  // namespace souk
