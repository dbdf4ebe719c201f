// SPDX-License-Identifier: MIT
// The rules: who may be invited, and what a received order brings.
#include <algorithm>
#include <utility>

#include "souk/core/id.hpp"
#include "souk/core/integer.hpp"
#include "souk/referral.hpp"

namespace souk {
namespace {

using Facts = Result<ReferralFacts>;

bool answersTo(const Referral& inviter, const std::string& code) {
  return inviter.code == code || std::ranges::find(inviter.formerCodes, code) != inviter.formerCodes.end();
}

struct Decision {
  const Referral& own;
  const Referral* inviter;
  bool hasOrdered;

  Facts operator()(const MakeReferralCode& command) const {
    if (!own.code.empty()) return fail(Code::duplicateCode, {}, "the account has a code");
    auto code = makeReferralCode(command.random);
    if (!code) return std::unexpected(within("/random", code.error()));
    CodeMade fact;
    fact.at = command.at;
    fact.code = std::move(*code);
    return ReferralFacts{.own = {std::move(fact)}, .inviters = {}};
  }

  Facts operator()(const AcceptInvitation& command) const {
    auto code = readReferralCode(command.code);
    if (!code) return std::unexpected(within("/code", code.error()));
    if (command.inviter == command.account) return fail(Code::selfInvitation, "/code", "the code is the account's own");
    if (own.invitation) return fail(Code::alreadyInvited, "/account", "an invitation was accepted before");
    if (inviter == nullptr || !answersTo(*inviter, *code)) return fail(Code::unknownCode, "/code", "nobody has this code");
    if (own.hasPaid || hasOrdered) return fail(Code::notANewCustomer, "/account", "has ordered before");
    if (!own.invitees.empty()) return fail(Code::invitationCycle, "/account", "has invited others");
    InviteeAccepted theirs;
    theirs.at = command.at;
    theirs.number = static_cast<std::int64_t>(inviter->invitees.size()) + 1;
    InvitationAccepted ours;
    ours.at = command.at;
    ours.invitation = {.inviter = command.inviter,
                       .code = std::move(*code),
                       .number = theirs.number,
                       .at = command.at,
                       .sameDevice = command.sameDevice.value_or(false)};
    return ReferralFacts{.own = {std::move(ours)}, .inviters = {std::move(theirs)}};
  }

  Facts operator()(const PayOrder& command) const {
    if (auto checked = checkId(command.order); !checked) return std::unexpected(within("/order", checked.error()));
    OrderPaid fact;
    fact.at = command.at;
    fact.order = command.order;
    fact.samePayment = command.samePayment.value_or(false);
    return ReferralFacts{.own = {std::move(fact)}, .inviters = {}};
  }
};

/// Both sides of a settlement.
ReferralFacts settled(const Invitation& invitation, InvitationPhase phase, WithheldReason reason, ReferralReward reward, Instant at) {
  InviteeSettled theirs;
  theirs.at = at;
  theirs.number = invitation.number;
  theirs.phase = phase;
  theirs.points = reward.inviterPoints;
  InvitationSettled ours;
  ours.at = at;
  ours.phase = phase;
  ours.reason = reason;
  ours.reward = std::move(reward);
  return {.own = {std::move(ours)}, .inviters = {std::move(theirs)}};
}

Result<std::int64_t> totalPaid(std::span<const ReferralLine> lines) {
  std::int64_t total = 0;
  for (const auto& line : lines) {
    const auto sum = checkedAdd(total, line.paid);
    if (!sum) return sum;
    total = *sum;
  }
  return total;
}

WithheldReason whyWithheld(const ReferralRules& rules, const Invitation& invitation, std::int64_t paid, Instant at) {
  if (paid < rules.minimumPaid) return WithheldReason::belowMinimum;
  if (rules.orderWithinDays && at.ms - invitation.at.ms > *rules.orderWithinDays * kMsPerDay) return WithheldReason::tooLate;
  if (rules.withholdSameDevice && invitation.sameDevice) return WithheldReason::sameDevice;
  if (rules.withholdSamePayment && invitation.samePayment) return WithheldReason::samePayment;
  return WithheldReason::none;
}

/// What is still paid for a line: a refunded unit takes its share with it, and the first units have a minor unit more where it does not divide.
std::int64_t stillPaid(const ReferralLine& line, std::int64_t refunded) {
  const auto rest = line.paid % line.quantity;
  return line.paid - refunded * (line.paid / line.quantity) - (refunded < rest ? refunded : rest);
}

}  // namespace

Facts decide(const ReferralCommand& command, const Referral& own, const Referral* inviter, bool hasOrdered) {
  return std::visit(Decision{own, inviter, hasOrdered}, command);
}

Facts settleInvitation(const ReferralOrder& order, const ReferralRules* rules, std::optional<std::int64_t> budget, const Referral& own,
                       const Referral& inviter) {
  if (!own.invitation || own.invitation->phase != InvitationPhase::open) return ReferralFacts{};
  const auto paid = totalPaid(order.lines);
  if (!paid) return std::unexpected(paid.error());
  ReferralReward reward{.order = std::string{order.order}, .lines = {order.lines.begin(), order.lines.end()}};
  auto reason = rules == nullptr ? WithheldReason::notOffered : whyWithheld(*rules, *own.invitation, *paid, order.at);
  if (reason == WithheldReason::none && rules->rewardsPerInviter && rewardsOf(inviter) >= *rules->rewardsPerInviter) {
    reason = WithheldReason::inviterLimit;
  }
  if (reason == WithheldReason::none && budget && *budget < rules->inviterPoints + rules->inviteePoints) {
    reason = WithheldReason::budgetSpent;
  }
  if (reason != WithheldReason::none) return settled(*own.invitation, InvitationPhase::withheld, reason, std::move(reward), order.at);
  reward.minimumPaid = rules->minimumPaid;
  reward.inviterPoints = rules->inviterPoints;
  reward.inviteePoints = rules->inviteePoints;
  return settled(*own.invitation, InvitationPhase::rewarded, reason, std::move(reward), order.at);
}

ReferralFacts reverseInvitation(std::string_view order, std::span<const std::int64_t> refunded, Instant at, const Referral& own) {
  if (!own.invitation || own.invitation->phase != InvitationPhase::rewarded || own.invitation->reward->order != order) return {};
  const auto& reward = *own.invitation->reward;
  std::int64_t paid = 0;
  for (std::size_t i = 0; i < reward.lines.size() && i < refunded.size(); ++i) paid += stillPaid(reward.lines[i], refunded[i]);
  if (paid >= reward.minimumPaid) return {};
  return settled(*own.invitation, InvitationPhase::reversed, WithheldReason::none, reward, at);
}

}  // namespace souk
