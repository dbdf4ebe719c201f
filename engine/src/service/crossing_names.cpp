// SPDX-License-Identifier: MIT
// Which streams a command touches.
#include "crossing_names.hpp"

#include <algorithm>
#include <utility>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

struct ActOf {
  TeamAct operator()(const StartTeam& c) const { return {.team = c.team, .head = c, .start = &c, .payment = &c}; }
  TeamAct operator()(const JoinTeam& c) const { return {.team = c.team, .head = c, .payment = &c}; }
  TeamAct operator()(const LeaveTeam& c) const { return {.team = c.team, .head = c, .leaves = true}; }
  TeamAct operator()(const StopTeam& c) const { return {.team = c.team, .head = c, .stops = true}; }
  TeamAct operator()(const TeamDue& c) const { return {.team = c.team, .head = c}; }
};

/// Whether a command may close the team, so that every member's account gets a fact.
bool mayClose(const Team& team, const TeamAct& act) {
  if (team.phase != TeamPhase::forming) return false;
  if (act.head.at >= team.terms.deadline || act.stops) return true;
  if (act.leaves) return team.terms.leaving == Leaving::dissolving && initiatorOf(team)->account == act.head.account;
  return act.payment != nullptr && seatsTaken(team) + 1 >= team.terms.size;
}

class Naming {
 public:
  Naming(const CrossingRules& rules, std::span<const OpenState> states) : rules_(rules), states_(states) {}

  void operator()(const LoyaltyCommand& command) {
    const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
    names.push_back(accountName(head.account));
    const auto* account = findAccount(states_, head.account);
    if (account == nullptr || !account->referral.invitation) return;
    const auto& invitation = *account->referral.invitation;
    if (std::holds_alternative<ReceiveOrder>(command) && invitation.phase == InvitationPhase::open) {
      (void)inviterOf(states_, invitation, &names);
      if (rules_.referral != nullptr && rules_.referral->budgetPool) names.push_back(poolName(*rules_.referral->budgetPool));
    }
    const auto* refund = std::get_if<RefundOrder>(&command);
    if (refund != nullptr && invitation.phase == InvitationPhase::rewarded && invitation.reward->order == refund->order) {
      (void)inviterOf(states_, invitation, &names);
    }
  }

  void operator()(const PoolCommand& command) {
    names.push_back(poolName(std::visit([](const auto& body) -> const std::string& { return body.pool; }, command)));
  }

  void operator()(const TeamCommand& command) {
    const auto act = actOf(command);
    names.push_back(teamName(act.team));
    if (act.payment != nullptr || act.leaves) names.push_back(accountName(act.head.account));
    const auto* state = find(states_, StreamKind::team, act.team);
    const Team* team = state != nullptr ? state->team : nullptr;
    if (const auto pool = poolOf(team, act, rules_.groupbuy); !pool.empty()) names.push_back(poolName(pool));
    if (team == nullptr || !mayClose(*team, act)) return;
    for (const auto& payment : team->payments) {
      if (payment.phase == PaymentPhase::seated) names.push_back(accountName(payment.account));
    }
  }

  void operator()(const ReferralCommand& command) {
    const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
    names.push_back(accountName(head.account));
    if (const auto* accept = std::get_if<AcceptInvitation>(&command)) names.push_back(accountName(accept->inviter));
  }

  void operator()(const AccountCommand& command) {
    const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
    names.push_back(accountName(head.account));
    const auto* merge = std::get_if<MergeAccounts>(&command);
    if (merge == nullptr) return;
    names.push_back(accountName(merge->from));
    const auto* own = findAccount(states_, head.account);
    const auto* from = findAccount(states_, merge->from);
    if (own == nullptr || from == nullptr) return;
    for (const auto* invitation : fallenInvitations(own->referral, from->referral)) (void)inviterOf(states_, *invitation, &names);
  }

  std::vector<StreamName> names;

 private:
  const CrossingRules& rules_;
  std::span<const OpenState> states_;
};

}  // namespace

StreamName accountName(std::string_view id) { return {StreamKind::account, std::string{id}}; }
StreamName poolName(std::string_view id) { return {StreamKind::pool, std::string{id}}; }
StreamName teamName(std::string_view id) { return {StreamKind::team, std::string{id}}; }

const OpenState* find(std::span<const OpenState> states, StreamKind kind, std::string_view id) {
  for (const auto& state : states) {
    if (state.name.kind == kind && state.name.id == id) return &state;
  }
  return nullptr;
}

const Account* findAccount(std::span<const OpenState> states, std::string_view id) {
  const auto* state = find(states, StreamKind::account, id);
  return state != nullptr ? state->account : nullptr;
}

Inviter inviterOf(std::span<const OpenState> states, const Invitation& invitation, std::vector<StreamName>* way) {
  Inviter inviter{accountName(invitation.inviter), nullptr, invitation.number};
  for (std::size_t steps = 0; steps <= states.size(); ++steps) {
    if (way != nullptr) way->push_back(inviter.name);
    const auto* account = findAccount(states, inviter.name.id);
    if (account == nullptr || !account->merged) {
      inviter.account = account;
      break;
    }
    inviter.number += account->merged->invitees;
    inviter.name.id = account->merged->into;
  }
  return inviter;
}

std::vector<const Invitation*> fallenInvitations(const Referral& own, const Referral& carried) {
  const auto kept = keptInvitation(own, carried);
  std::vector<const Invitation*> fallen;
  const auto add = [&](const Referral& referral, KeptInvitation which) {
    const auto& invitation = referral.invitation;
    if (kept != which && invitation && invitation->phase == InvitationPhase::open) fallen.push_back(&*invitation);
  };
  add(own, KeptInvitation::own);
  add(carried, KeptInvitation::carried);
  return fallen;
}

std::string_view poolOf(const Team* team, const TeamAct& act, const GroupbuyRules& rules) {
  if (team != nullptr && team->phase == TeamPhase::forming) return team->terms.pool;
  if (team != nullptr && team->phase != TeamPhase::unstarted) return {};
  const auto* campaign = act.start != nullptr ? findCampaign(rules, act.start->campaign) : nullptr;
  return campaign != nullptr ? std::string_view{campaign->pool} : std::string_view{};
}

TeamAct actOf(const TeamCommand& command) { return std::visit(ActOf{}, command); }

std::vector<StreamName> streamsOf(const Command& command, const CrossingRules& rules, std::span<const OpenState> states) {
  Naming naming{rules, states};
  std::visit(naming, command);
  sortInPlace(naming.names);
  naming.names.erase(std::unique(naming.names.begin(), naming.names.end()), naming.names.end());
  return std::move(naming.names);
}

}  // namespace souk
