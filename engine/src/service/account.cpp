// SPDX-License-Identifier: MIT
// What of an account goes over into another, and folding it.
#include "souk/service/account.hpp"

#include <algorithm>
#include <utility>

#include "souk/core/binary.hpp"
#include "souk/core/id.hpp"
#include "souk/core/invariant.hpp"

namespace souk {
namespace {

bool contains(const std::vector<std::string>& ids, const std::string& id) { return std::ranges::find(ids, id) != ids.end(); }

std::string keyOf(std::string_view grant) { return std::string{kGrantPrefix} += grant; }

/// The order that stands for a grant, or nothing.
OrderState* grantIn(Ledger& ledger, std::string_view grant) {
  const auto found = ledger.orderIndex.find(ledger.orders, keyOf(grant));
  return found ? &ledger.orders[*found] : nullptr;
}

/// Names the reward of an invitation that falls away by its lot, so that another's can have its name. No command reaches it any more.
void retireReward(Ledger& ledger, std::size_t lotsBefore) {
  if (auto* reward = grantIn(ledger, kInvitedGrant)) {
    reward->id += '/' + std::to_string(reward->pointsLot + static_cast<std::int64_t>(lotsBefore));
  }
}

/// The rewards of the ended account's invitations follow the numbers of these.
void renumberRewards(Ledger& ledger, std::size_t invitees, std::size_t before) {
  std::vector<std::pair<OrderState*, std::string>> renamed;
  for (std::size_t i = 1; i <= invitees; ++i) {
    if (auto* reward = grantIn(ledger, inviterGrant(static_cast<std::int64_t>(i)))) {
      renamed.emplace_back(reward, keyOf(inviterGrant(static_cast<std::int64_t>(i + before))));
    }
  }
  for (auto& [reward, id] : renamed) reward->id = std::move(id);
}

void absorb(Referral& own, Referral other, KeptInvitation kept) {
  own.hasPaid = own.hasPaid || other.hasPaid;
  if (kept == KeptInvitation::none) own.invitation.reset();
  if (kept == KeptInvitation::carried) own.invitation = std::move(other.invitation);
  own.invitees.insert(own.invitees.end(), other.invitees.begin(), other.invitees.end());
  if (!own.firstInviteAt || (other.firstInviteAt && *other.firstInviteAt < *own.firstInviteAt)) own.firstInviteAt = other.firstInviteAt;
  if (own.code.empty()) std::swap(own.code, other.code);
  if (!other.code.empty()) own.formerCodes.push_back(std::move(other.code));
  own.formerCodes.insert(own.formerCodes.end(), other.formerCodes.begin(), other.formerCodes.end());
}

/// Takes in what another account held; the account is spoilt where that fails. @error damaged-bytes, overflow
Result<void> absorb(Account& account, const AccountAbsorbed& fact) {
  Account carried = fact.carried;
  if (auto restored = restoreDerived(carried); !restored) return restored;
  auto& ledger = account.ledger;
  const auto lots = ledger.points.lots.size();
  if (fact.invitation != KeptInvitation::own) retireReward(ledger, 0);
  if (fact.invitation != KeptInvitation::carried) retireReward(carried.ledger, lots);
  renumberRewards(carried.ledger, carried.referral.invitees.size(), account.referral.invitees.size());
  if (auto done = absorb(ledger, std::move(carried.ledger), fact.at); !done) return done;
  auto& seats = account.seats;
  seats.seats.insert(seats.seats.end(), carried.seats.seats.begin(), carried.seats.seats.end());
  if (auto restored = restoreDerived(seats); !restored) return restored;
  absorb(account.referral, std::move(carried.referral), fact.invitation);
  for (auto& id : carried.anonymous) {
    if (!contains(account.anonymous, id)) account.anonymous.push_back(std::move(id));
  }
  return {};
}

bool hasOpenSeat(const Account& account) {
  return std::ranges::any_of(account.seats.seats, [](const auto& seat) { return seat.phase == PaymentPhase::seated; });
}

std::unexpected<Error> invalid(std::string_view message) { return fail(Code::invalidFact, {}, message); }

struct Fold {
  Account& account;

  Result<void> operator()(const AccountMergedInto& fact) const {
    if (hasOpenSeat(account)) return invalid("the account has a seat in a forming team");
    if (fact.merged.into.empty() || fact.merged.invitees < 0) return invalid("nobody took the account in");
    account = Account{};
    account.merged = fact.merged;
    return {};
  }

  Result<void> operator()(const AccountAbsorbed& fact) const {
    if (fact.carried.merged || hasOpenSeat(fact.carried)) return invalid("what was ended before, or sits in a forming team, goes nowhere");
    if (fact.invitation == KeptInvitation::own ? !account.referral.invitation
                                               : fact.invitation == KeptInvitation::carried && !fact.carried.referral.invitation) {
      return invalid("there is no such invitation");
    }
    Account draft = account;
    if (auto done = absorb(draft, fact); !done) return invalid(done.error().message);
    account = std::move(draft);
    return {};
  }

  Result<void> operator()(const AnonymousLinked& fact) const {
    if (contains(account.anonymous, fact.anonymous)) return invalid("the anonymous id is linked");
    account.anonymous.push_back(fact.anonymous);
    return {};
  }
};

}  // namespace

Author authorOf(const AccountCommand&) { return Author::commerce; }

std::string inviterGrant(std::int64_t number) { return "referral:" + std::to_string(number); }

Result<void> restoreDerived(Account& account) {
  if (const auto promise = brokenPromise(account.referral); !promise.empty()) return fail(Code::damagedBytes, {}, promise);
  if (auto restored = restoreDerived(account.ledger); !restored) return restored;
  return restoreDerived(account.seats);
}

// The kept invitation is earlier than every invitation that either account gave, so the instants of acceptance still rise along every chain of
// invitations; where two are equal, both were given or accepted by one account, in that order.
KeptInvitation keptInvitation(const Referral& own, const Referral& carried) {
  if (!own.invitation && !carried.invitation) return KeptInvitation::none;
  const auto rank = [](const Invitation& invitation) { return std::pair{invitation.phase == InvitationPhase::open, invitation.at}; };
  const bool isCarried = carried.invitation && (!own.invitation || rank(*carried.invitation) < rank(*own.invitation));
  const auto& kept = isCarried ? carried : own;
  const auto& other = isCarried ? own : carried;
  if (other.firstInviteAt && *other.firstInviteAt <= kept.invitation->at) return KeptInvitation::none;
  return isCarried ? KeptInvitation::carried : KeptInvitation::own;
}

Result<AccountAbsorbed> decideMerge(const MergeAccounts& command, const Account& own, const Account& from) {
  if (from.merged) return fail(Code::accountMerged, "/from", "merged into " + from.merged->into);
  if (hasOpenSeat(from)) return fail(Code::mergeWhileTeamOpen, "/from", "has a seat in a forming team");
  if (toBinary(from).size() > kMaxMergedBytes) return fail(Code::mergeTooLarge, "/from", "one fact cannot hold its history");
  AccountAbsorbed fact;
  fact.at = command.at;
  fact.from = command.from;
  fact.carried = from;
  fact.invitation = keptInvitation(own.referral, from.referral);
  Account draft = own;
  if (auto done = absorb(draft, fact); !done) {
    const auto& error = done.error();
    return fail(error.code == Code::overflow ? Code::overflow : Code::mergeConflict, "/from", error.message);
  }
  return fact;
}

Result<AnonymousLinked> decideLink(const LinkAnonymous& command, const Account& own) {
  if (auto checked = checkId(command.anonymous); !checked) return std::unexpected(within("/anonymous", checked.error()));
  if (contains(own.anonymous, command.anonymous)) return fail(Code::alreadyLinked, "/anonymous", "linked before");
  if (own.anonymous.size() >= kMaxAnonymous) return fail(Code::tooManyLinks, "/anonymous", "as many are linked as may be");
  AnonymousLinked fact;
  fact.at = command.at;
  fact.anonymous = command.anonymous;
  return fact;
}

Result<void> evolve(Account& account, const AccountFact& fact) {
  if (account.merged) return invalid("the account was ended");
  auto folded = std::visit(Fold{account}, fact);
  if constexpr (kCheckInvariants) {
    if (auto promise = brokenPromise(account.ledger); folded && !promise.empty()) invariantBroken(promise);
  }
  return folded;
}

}  // namespace souk
