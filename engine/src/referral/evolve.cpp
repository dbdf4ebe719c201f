// SPDX-License-Identifier: MIT
// Folding a fact: first every check, then every change. Reads no rule; only ever added to.
#include "souk/core/invariant.hpp"
#include "souk/referral.hpp"

namespace souk {
namespace {

bool mayFollow(InvitationPhase before, InvitationPhase after) {
  if (before == InvitationPhase::open) return after == InvitationPhase::rewarded || after == InvitationPhase::withheld;
  return before == InvitationPhase::rewarded && after == InvitationPhase::reversed;
}

struct Misfit {
  const Referral& referral;

  std::string_view operator()(const CodeMade& fact) const {
    if (!referral.code.empty()) return "the account has a code";
    return readReferralCode(fact.code) == fact.code ? "" : "not a code";
  }
  std::string_view operator()(const InvitationAccepted& fact) const {
    if (referral.invitation || referral.hasPaid || !referral.invitees.empty()) return "the account cannot be invited";
    const auto& invitation = fact.invitation;
    return invitation.phase == InvitationPhase::open && !invitation.reward && invitation.number > 0 ? "" : "the invitation is not open";
  }
  std::string_view operator()(const InviteeAccepted& fact) const {
    if (referral.code.empty()) return "who has no code invites nobody";
    return fact.number == static_cast<std::int64_t>(referral.invitees.size()) + 1 ? "" : "the number is not the next one";
  }
  std::string_view operator()(const OrderPaid&) const { return {}; }
  std::string_view operator()(const InvitationSettled& fact) const {
    if (!referral.invitation || !mayFollow(referral.invitation->phase, fact.phase)) return "the invitation does not go on so";
    const auto& reward = fact.reward;
    if (reward.inviterPoints < 0 || reward.inviteePoints < 0) return "no points are below zero";
    for (const auto& line : reward.lines) {
      if (line.quantity < 1 || line.paid < 0) return "a line is below zero";
    }
    const bool some = reward.inviterPoints + reward.inviteePoints > 0;
    if (some != (fact.phase != InvitationPhase::withheld)) return "points are given where they are not withheld";
    if (fact.phase != InvitationPhase::reversed) return {};
    const auto& before = *referral.invitation->reward;
    const bool same =
        before.order == reward.order && before.inviterPoints == reward.inviterPoints && before.inviteePoints == reward.inviteePoints;
    return same ? "" : "what is reversed is not what was given";
  }
  std::string_view operator()(const InviteeSettled& fact) const {
    if (fact.number < 1 || fact.number > static_cast<std::int64_t>(referral.invitees.size())) return "there is no such invitation";
    const auto& invitee = referral.invitees[static_cast<std::size_t>(fact.number - 1)];
    if (!mayFollow(invitee.phase, fact.phase)) return "the invitation does not go on so";
    if (fact.points < 0 || (fact.phase == InvitationPhase::withheld && fact.points > 0))
      return "no points are given where they are withheld";
    return fact.phase != InvitationPhase::reversed || fact.points == invitee.points ? "" : "what is reversed is not what was given";
  }
};

struct Apply {
  Referral& referral;

  void operator()(const CodeMade& fact) const { referral.code = fact.code; }
  void operator()(const InvitationAccepted& fact) const { referral.invitation = fact.invitation; }
  void operator()(const InviteeAccepted& fact) const {
    if (referral.invitees.empty()) referral.firstInviteAt = fact.at;
    referral.invitees.emplace_back();
  }
  void operator()(const OrderPaid& fact) const {
    referral.hasPaid = true;
    if (referral.invitation && fact.samePayment) referral.invitation->samePayment = true;
  }
  void operator()(const InvitationSettled& fact) const {
    referral.invitation->phase = fact.phase;
    if (!referral.invitation->reward) referral.invitation->reward = fact.reward;
  }
  void operator()(const InviteeSettled& fact) const {
    auto& invitee = referral.invitees[static_cast<std::size_t>(fact.number - 1)];
    invitee.phase = fact.phase;
    invitee.points = fact.points;
  }
};

}  // namespace

Result<void> evolve(Referral& referral, const ReferralFact& fact) {
  const auto why = std::visit(Misfit{referral}, fact);
  if (!why.empty()) return fail(Code::invalidFact, {}, why);
  std::visit(Apply{referral}, fact);
  if constexpr (kCheckInvariants) {
    if (auto promise = brokenPromise(referral); !promise.empty()) invariantBroken(promise);
  }
  return {};
}

std::int64_t rewardsOf(const Referral& referral) {
  std::int64_t count = 0;
  for (const auto& invitee : referral.invitees) count += invitee.phase == InvitationPhase::rewarded;
  return count;
}

std::string_view brokenPromise(const Referral& referral) {
  if (!referral.code.empty() && readReferralCode(referral.code) != referral.code) return "a code reads as itself";
  if (!referral.invitees.empty() && referral.code.empty()) return "who invites has a code";
  if (referral.invitees.empty() == referral.firstInviteAt.has_value()) return "who invites has done so first at an instant";
  for (const auto& invitee : referral.invitees) {
    if (invitee.points < 0 ||
        (invitee.points > 0 && (invitee.phase == InvitationPhase::open || invitee.phase == InvitationPhase::withheld))) {
      return "points are given where they are not withheld";
    }
  }
  if (!referral.invitation) return {};
  const auto& invitation = *referral.invitation;
  if (invitation.reward.has_value() == (invitation.phase == InvitationPhase::open)) return "what is settled names its order";
  return {};
}

}  // namespace souk
