// SPDX-License-Identifier: MIT
// What goes from one stream to another when a command is decided.
#include "souk/service/crossing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "crossing_names.hpp"
#include "souk/core/invariant.hpp"
#include "souk/service/stream.hpp"

namespace souk {
namespace {

/// The owner of budget that was given to both sides of an invitation, and the reason of its grants.
constexpr std::string_view kReferral = "referral";

using Crossed = Result<std::vector<StreamFacts>>;

class Crossing {
 public:
  Crossing(const CrossingRules& rules, std::span<const OpenState> states) : rules_(rules), states_(states) {}

  Crossed operator()(const LoyaltyCommand& command);
  Crossed operator()(const PoolCommand& command);
  Crossed operator()(const TeamCommand& command);
  Crossed operator()(const ReferralCommand& command);
  Crossed operator()(const AccountCommand& command);

 private:
  void add(const StreamName& stream, Fact fact);
  template <class ModuleFact>
  void addAll(const StreamName& stream, std::vector<ModuleFact> facts) {
    for (auto& fact : facts) add(stream, std::move(fact));
  }
  void hold(const StreamName& pool, Hold hold, Instant at);
  void endHold(const StreamName& pool, const std::string& id, HoldEnd end, std::int64_t units, Instant at);

  [[nodiscard]] Result<TeamSurroundings> surroundings(const TeamAct& act, const Team& team, const Pool* pool) const;
  void acrossTeam(const TeamAct& act, std::string_view poolId, const Pool* pool, const TeamFact& fact, Instant deadline);

  Result<void> settle(const ReceiveOrder& command, const Account& own);
  Result<void> reverse(const RefundOrder& command, const Account& own);
  Result<void> merge(const MergeAccounts& command, const Account& own);
  /// Grants or reverses on both sides what an invitation brought: on the account behind the facts that it has so far, and on the inviter's.
  Result<void> grantBoth(const CommandHead& head, const Account& own, const Inviter& inviter, const ReferralFact& settled);
  /// The facts of both sides, the inviter's by the number that the invitation has there.
  void addBoth(const StreamName& own, const Inviter& inviter, ReferralFacts facts);
  Result<void> grant(const CommandHead& head, const std::string& account, const Ledger& ledger, std::string_view id, std::int64_t points,
                     bool reversed);

  const CrossingRules& rules_;
  std::span<const OpenState> states_;
  std::vector<StreamFacts> result_;
};

std::unexpected<Error> notOpen(const StreamName& name) {
  return fail(Code::streamNotOpen, formatStreamName(name), "open it and decide again");
}

void Crossing::add(const StreamName& stream, Fact fact) {
  auto place = result_.begin();
  while (place != result_.end() && place->stream < stream) ++place;
  if (place == result_.end() || place->stream != stream) place = result_.insert(place, StreamFacts{stream, {}});
  place->facts.push_back(std::move(fact));
}

void Crossing::hold(const StreamName& pool, Hold hold, Instant at) {
  StockHeld fact;
  fact.at = at;
  fact.hold = std::move(hold);
  add(pool, PoolFact{std::move(fact)});
}

void Crossing::endHold(const StreamName& pool, const std::string& id, HoldEnd end, std::int64_t units, Instant at) {
  HoldEnded fact;
  fact.at = at;
  fact.hold = id;
  fact.end = end;
  fact.units = units;
  add(pool, PoolFact{std::move(fact)});
}

Crossed Crossing::operator()(const PoolCommand& command) {
  const auto name = poolName(std::visit([](const auto& body) -> const std::string& { return body.pool; }, command));
  const auto* state = find(states_, name.kind, name.id);
  if (!kHoldsSharedStreams || state == nullptr) return notOpen(name);
  auto fact = decide(command, *state->pool);
  if (!fact) return std::unexpected(fact.error());
  add(name, std::move(*fact));
  return std::move(result_);
}

Result<TeamSurroundings> Crossing::surroundings(const TeamAct& act, const Team& team, const Pool* pool) const {
  TeamSurroundings around;
  if (act.payment == nullptr) return around;
  const auto* payer = findAccount(states_, act.head.account);
  if (payer == nullptr) return notOpen(accountName(act.head.account));
  if (act.head.at < payer->at) return fail(Code::beforeStream, "/at", "before the account's last fact");
  const std::string_view campaign = team.phase == TeamPhase::unstarted && act.start != nullptr ? act.start->campaign : team.terms.campaign;
  around.shopperSeats = seatsIn(payer->seats, campaign);
  around.knownPayment = payer->seats.seatIndex.find(payer->seats.seats, act.payment->payment).has_value();
  if (pool == nullptr) return around;
  around.knownPayment = around.knownPayment || isKnownHold(*pool, act.payment->payment);
  around.campaignSeats = unitsOf(*pool, campaign, act.head.at);
  around.unitsAvailable = availableUnits(*pool, act.head.at);
  return around;
}

Crossed Crossing::operator()(const TeamCommand& command) {
  const auto act = actOf(command);
  const auto* state = find(states_, StreamKind::team, act.team);
  if (!kHoldsSharedStreams || state == nullptr) return notOpen(teamName(act.team));
  const Team& team = *state->team;
  const auto poolId = poolOf(&team, act, rules_.groupbuy);
  const auto* poolState = poolId.empty() ? nullptr : find(states_, StreamKind::pool, poolId);
  if (!poolId.empty() && poolState == nullptr) return notOpen(poolName(poolId));
  const Pool* pool = poolState != nullptr ? poolState->pool : nullptr;
  if (pool != nullptr && act.head.at < pool->at) return fail(Code::beforeStream, "/at", "before the pool's last fact");
  const auto around = surroundings(act, team, pool);
  if (!around) return std::unexpected(around.error());
  auto facts = decide(command, GroupbuyContext{rules_.groupbuy, rules_.loyalty.currency.code()}, *around, team);
  if (!facts) return std::unexpected(facts.error());
  auto deadline = team.terms.deadline;
  for (auto& fact : *facts) {
    if (const auto* started = std::get_if<TeamStarted>(&fact)) deadline = started->terms.deadline;
    const auto* about = paymentOf(fact);
    if (about != nullptr && findAccount(states_, about->payment.account) == nullptr) return notOpen(accountName(about->payment.account));
    acrossTeam(act, poolId, pool, fact, deadline);
    add(teamName(act.team), std::move(fact));
  }
  return std::move(result_);
}

void Crossing::acrossTeam(const TeamAct& act, std::string_view poolId, const Pool* pool, const TeamFact& fact, Instant deadline) {
  const auto* about = paymentOf(fact);
  if (about == nullptr) return;
  const auto& payment = about->payment;
  add(accountName(payment.account), fact);
  if (payment.seat == 0) return;
  const auto name = poolName(poolId);
  if (payment.phase == PaymentPhase::seated) hold(name, {payment.id, about->campaign, 1, deadline}, act.head.at);
  if (payment.phase == PaymentPhase::released) endHold(name, payment.id, HoldEnd::committed, 1, act.head.at);
  // At the deadline the hold is over by itself.
  const bool isOpen = pool != nullptr && openHold(*pool, payment.id, act.head.at) != nullptr;
  if (payment.phase == PaymentPhase::refunded && isOpen) endHold(name, payment.id, HoldEnd::released, 1, act.head.at);
}

Crossed Crossing::operator()(const ReferralCommand& command) {
  const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
  const auto* own = findAccount(states_, head.account);
  if (own == nullptr) return notOpen(accountName(head.account));
  if (head.at < own->at) return fail(Code::beforeStream, "/at", "before the account's last fact");
  const auto* accept = std::get_if<AcceptInvitation>(&command);
  const auto* inviter = accept != nullptr && kHoldsSharedStreams ? findAccount(states_, accept->inviter) : nullptr;
  if (accept != nullptr && inviter == nullptr) return notOpen(accountName(accept->inviter));
  if (inviter != nullptr && inviter->merged) return fail(Code::accountMerged, "/inviter", "merged into " + inviter->merged->into);
  if (inviter != nullptr && head.at < inviter->at) return fail(Code::beforeStream, "/at", "before the inviter's last fact");
  const auto& seats = own->seats.seats;
  const auto isKept = [](const ShopperSeat& seat) { return seat.phase != PaymentPhase::refunded; };
  const bool hasOrdered = hasReceivedOrder(own->ledger) || std::any_of(seats.begin(), seats.end(), isKept);
  auto facts = decide(command, own->referral, inviter != nullptr ? &inviter->referral : nullptr, hasOrdered);
  if (!facts) return std::unexpected(facts.error());
  addAll(accountName(head.account), std::move(facts->own));
  if (accept != nullptr) addAll(accountName(accept->inviter), std::move(facts->inviters));
  return std::move(result_);
}

Crossed Crossing::operator()(const LoyaltyCommand& command) {
  const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
  const auto* own = findAccount(states_, head.account);
  if (own == nullptr) return notOpen(accountName(head.account));
  if (head.at < own->at) return fail(Code::beforeStream, "/at", "before the account's last fact");
  auto facts = decide(command, rules_.loyalty, own->ledger);
  if (!facts) return std::unexpected(facts.error());
  addAll(accountName(head.account), std::move(*facts));
  Result<void> across;
  if (const auto* receive = std::get_if<ReceiveOrder>(&command)) across = settle(*receive, *own);
  if (const auto* refund = std::get_if<RefundOrder>(&command)) across = reverse(*refund, *own);
  if (!across) return std::unexpected(across.error());
  return std::move(result_);
}

Result<void> Crossing::grant(const CommandHead& head, const std::string& account, const Ledger& ledger, std::string_view id,
                             std::int64_t points, bool reversed) {
  if (points == 0) return {};
  GrantPoints give;
  give.at = head.at;
  give.grant = id;
  give.reason = kReferral;
  give.points = points;
  if (rules_.referral != nullptr) give.holdDays = rules_.referral->holdDays;
  ReverseGrant take;
  take.at = head.at;
  take.grant = id;
  auto facts = decide(reversed ? LoyaltyCommand{std::move(take)} : LoyaltyCommand{std::move(give)}, rules_.loyalty, ledger);
  if (!facts) return std::unexpected(facts.error());
  addAll(accountName(account), std::move(*facts));
  return {};
}

void Crossing::addBoth(const StreamName& own, const Inviter& inviter, ReferralFacts facts) {
  for (auto& fact : facts.inviters) std::get<InviteeSettled>(fact).number = inviter.number;
  addAll(own, std::move(facts.own));
  addAll(inviter.name, std::move(facts.inviters));
}

Result<void> Crossing::grantBoth(const CommandHead& head, const Account& own, const Inviter& inviter, const ReferralFact& settled) {
  const auto& fact = std::get<InvitationSettled>(settled);
  if (fact.phase == InvitationPhase::withheld) return {};
  const bool reversed = fact.phase == InvitationPhase::reversed;
  Ledger after = own.ledger;
  for (const auto& stream : result_) {
    for (const auto& decided : stream.facts) {
      const auto* folded = std::get_if<LoyaltyFact>(&decided);
      if (folded != nullptr && !evolve(after, *folded)) invariantBroken("what was decided can be folded");
    }
  }
  if (auto done = grant(head, head.account, after, kInvitedGrant, fact.reward.inviteePoints, reversed); !done) return done;
  return grant(head, inviter.name.id, inviter.account->ledger, inviterGrant(inviter.number), fact.reward.inviterPoints, reversed);
}

Result<void> Crossing::settle(const ReceiveOrder& command, const Account& own) {
  if (!own.referral.invitation || own.referral.invitation->phase != InvitationPhase::open) return {};
  const auto inviter = inviterOf(states_, *own.referral.invitation);
  if (!kHoldsSharedStreams || inviter.account == nullptr) return notOpen(inviter.name);
  if (command.at < inviter.account->at) return fail(Code::beforeStream, "/at", "before the inviter's last fact");
  const auto* rules = rules_.referral;
  const bool capped = rules != nullptr && rules->budgetPool;
  const auto* budget = capped ? find(states_, StreamKind::pool, *rules->budgetPool) : nullptr;
  if (capped && budget == nullptr) return notOpen(poolName(*rules->budgetPool));
  if (capped && command.at < budget->pool->at) return fail(Code::beforeStream, "/at", "before the budget's last fact");
  std::optional<std::int64_t> left;
  if (capped) left = isKnownHold(*budget->pool, command.account) ? 0 : availableUnits(*budget->pool, command.at);
  std::vector<ReferralLine> lines;
  lines.reserve(command.lines.size());
  for (const auto& line : command.lines) lines.push_back({line.quantity, line.paid});
  auto facts = settleInvitation({command.order, lines, command.at}, rules, left, own.referral, inviter.account->referral);
  if (!facts) return std::unexpected(facts.error());
  const auto& settled = std::get<InvitationSettled>(facts->own.front());
  if (auto granted = grantBoth(command, own, inviter, facts->own.front()); !granted) return granted;
  if (capped && settled.phase == InvitationPhase::rewarded) {
    // The budget is given for good: an account is invited once, so its id names the hold.
    const auto points = settled.reward.inviterPoints + settled.reward.inviteePoints;
    hold(budget->name, {command.account, std::string{kReferral}, points, std::nullopt}, command.at);
    endHold(budget->name, command.account, HoldEnd::committed, points, command.at);
  }
  addBoth(accountName(command.account), inviter, std::move(*facts));
  return {};
}

Result<void> Crossing::reverse(const RefundOrder& command, const Account& own) {
  const auto& invitation = own.referral.invitation;
  if (!invitation || invitation->phase != InvitationPhase::rewarded || invitation->reward->order != command.order) return {};
  const auto inviter = inviterOf(states_, *invitation);
  if (!kHoldsSharedStreams || inviter.account == nullptr) return notOpen(inviter.name);
  if (command.at < inviter.account->at) return fail(Code::beforeStream, "/at", "before the inviter's last fact");
  const auto& order = own.ledger.orders[*own.ledger.orderIndex.find(own.ledger.orders, command.order)];
  std::vector<std::int64_t> refunded;
  refunded.reserve(order.lines.size());
  for (const auto& line : order.lines) refunded.push_back(line.refunded);
  for (const auto& line : command.lines) refunded[static_cast<std::size_t>(line.line)] += line.quantity;
  auto facts = reverseInvitation(command.order, refunded, command.at, own.referral);
  if (facts.own.empty()) return {};
  if (auto granted = grantBoth(command, own, inviter, facts.own.front()); !granted) return granted;
  addBoth(accountName(command.account), inviter, std::move(facts));
  return {};
}

Crossed Crossing::operator()(const AccountCommand& command) {
  const auto& head = std::visit([](const CommandHead& common) -> const CommandHead& { return common; }, command);
  const auto* own = findAccount(states_, head.account);
  if (!kHoldsSharedStreams || own == nullptr) return notOpen(accountName(head.account));
  if (head.at < own->at) return fail(Code::beforeStream, "/at", "before the account's last fact");
  if (const auto* merges = std::get_if<MergeAccounts>(&command)) {
    if (auto merged = merge(*merges, *own); !merged) return std::unexpected(merged.error());
    return std::move(result_);
  }
  auto linked = decideLink(std::get<LinkAnonymous>(command), *own);
  if (!linked) return std::unexpected(linked.error());
  add(accountName(head.account), AccountFact{std::move(*linked)});
  return std::move(result_);
}

Result<void> Crossing::merge(const MergeAccounts& command, const Account& own) {
  if (command.from == command.account) return fail(Code::mergeWithItself, "/from", "an account is one with itself");
  const auto ownName = accountName(command.account);
  const auto fromName = accountName(command.from);
  const auto* from = findAccount(states_, command.from);
  if (from == nullptr) return notOpen(fromName);
  if (command.at < from->at) return fail(Code::beforeStream, "/at", "before the ended account's last fact");
  auto absorbed = decideMerge(command, own, *from);
  if (!absorbed) return std::unexpected(absorbed.error());
  AccountMergedInto ended;
  ended.at = command.at;
  ended.merged = {command.account, static_cast<std::int64_t>(own.referral.invitees.size())};
  std::vector<std::pair<StreamName, InviteeSettled>> withheld;
  for (const auto* invitation : fallenInvitations(own.referral, from->referral)) {
    auto inviter = inviterOf(states_, *invitation);
    if (inviter.account == nullptr) return notOpen(inviter.name);
    if (command.at < inviter.account->at) return fail(Code::beforeStream, "/at", "before the inviter's last fact");
    if (inviter.name == fromName) inviter = {ownName, &own, inviter.number + ended.merged.invitees};
    InviteeSettled fact;
    fact.at = command.at;
    fact.number = inviter.number;
    fact.phase = InvitationPhase::withheld;
    withheld.emplace_back(std::move(inviter.name), std::move(fact));
  }
  Account after = own;
  add(ownName, AccountFact{std::move(*absorbed)});
  if (!evolve(after, result_.front().facts.front())) invariantBroken("what was decided can be folded");
  add(fromName, AccountFact{std::move(ended)});
  if (auto change = levelChange(rules_.loyalty.rules, after.ledger)) add(ownName, LoyaltyFact{std::move(*change)});
  for (auto& [inviter, fact] : withheld) add(inviter, ReferralFact{std::move(fact)});
  return {};
}

/// Folds into the part of an account that a fact is for.
struct FoldAccount {
  Account& account;

  Result<void> operator()(const LoyaltyFact& fact) const { return evolve(account.ledger, fact); }
  Result<void> operator()(const TeamFact& fact) const { return evolve(account.seats, fact); }
  Result<void> operator()(const ReferralFact& fact) const { return evolve(account.referral, fact); }
  Result<void> operator()(const AccountFact& fact) const { return evolve(account, fact); }
  Result<void> operator()(const PoolFact&) const { return fail(Code::invalidFact, {}, "no fact of an account"); }
};

Instant instantOf(const Fact& fact) {
  return std::visit([](const auto& module) { return std::visit([](const FactHead& head) { return head.at; }, module); }, fact);
}

}  // namespace

Crossed decide(const Command& command, const CrossingRules& rules, std::span<const OpenState> states) {
  const auto home = homeOf(command);
  const auto* actor = home.kind == StreamKind::account ? findAccount(states, home.id) : nullptr;
  if (actor != nullptr && actor->merged) return fail(Code::accountMerged, "/account", "merged into " + actor->merged->into);
  return std::visit(Crossing{rules, states}, command);
}

Result<void> evolve(Account& account, const Fact& fact) {
  const auto at = instantOf(fact);
  if (at < account.at) return fail(Code::beforeStream, "/at", "the fact lies before the state");
  if (account.merged) return fail(Code::invalidFact, {}, "the account was ended");
  if (auto folded = std::visit(FoldAccount{account}, fact); !folded) return folded;
  account.at = at;
  return {};
}

}  // namespace souk
