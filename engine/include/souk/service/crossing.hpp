// SPDX-License-Identifier: MIT
// Commands that touch several streams: which streams a command names, and what it becomes on each of them, all or nothing.
//
//   command                                      streams                                what goes across
//   start-team, join-team                        account, pool, team                    a seat holds a unit until the deadline, for the campaign
//   … the last seat                              and every member's account             each unit is committed, each order released
//   leave-team                                   account, pool, team                    the unit is released
//   stop-team, team-due, a dissolving leave,     pool, team, every member's account     units are released, or have expired with the deadline;
//   any team command at or after the deadline                                           each payment is refunded
//   accept-invitation                            account, the inviter's account         the inviter's code is checked
//   receive-order of an invited account          account, the inviter's, budget pool    points for both, taken from the budget
//   refund-order of the rewarded order           account, the inviter's                 points taken back from both
//   merge-accounts                               both accounts, the inviter of an       all that the one account holds; an open invitation that
//                                                invitation that falls away             falls away is withheld
//   every other command                          its own stream alone
//
// The inviter's account is that into which it was merged, if it was; every account on the way there is named.
//
// A module decides on its own state and on plain numbers that are read here from the others. What follows from its facts in another stream is written
// here as that stream's facts. Nothing is changed: the caller folds the facts, every stream's in its order, after all were decided.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "souk/catalog/pool.hpp"
#include "souk/core/id.hpp"
#include "souk/groupbuy.hpp"
#include "souk/loyalty.hpp"
#include "souk/referral.hpp"
#include "souk/service/account.hpp"
#include "souk/service/scope.hpp"

namespace souk {

/// The rules of all modules that a crossing reads.
struct CrossingRules {
  LoyaltyContext loyalty;
  const GroupbuyRules& groupbuy;
  const ReferralRules* referral;  ///< Nothing where invitations are not rewarded.
};

/// Every command and every fact that there is, by module. Modules and alternatives are only ever appended: their places are their binary form.
using Command = std::variant<LoyaltyCommand, PoolCommand, TeamCommand, ReferralCommand, AccountCommand>;
using Fact = std::variant<LoyaltyFact, PoolFact, TeamFact, ReferralFact, AccountFact>;
template <>
inline constexpr const TypeRow* rowAt<Command> = &kCommandRow;
template <>
inline constexpr const TypeRow* rowAt<Fact> = &kFactRow;

/// The state of an open stream; exactly one pointer, by the name's kind.
struct OpenState {
  StreamName name;
  const Account* account = nullptr;
  const Team* team = nullptr;
  const Pool* pool = nullptr;
};

/// What a command becomes on one stream.
struct StreamFacts {
  StreamName stream;
  std::vector<Fact> facts;
};

/// The streams that a command names, as far as the open ones tell: sorted, each once. To be asked again with those open until nothing new is named.
/// Naming reads states, so whoever locks streams must ask once more after locking.
/// @param states  What is open of them; the command's `at` must be set. O(members of the team).
[[nodiscard]] std::vector<StreamName> streamsOf(const Command& command, const CrossingRules& rules, std::span<const OpenState> states);

/// Decides a command on all its streams.
/// @return The streams that got facts, in the order of their names, each with at least one.
/// @error account-merged where the account that acts was ended; stream-not-open, with the stream's name as path, where `streamsOf` names one that is not among the states; and as `decide` of the modules
/// @complexity as `decide` of the modules; copies a ledger only where an order earns or loses a referral's points beside its own.
[[nodiscard]] Result<std::vector<StreamFacts>> decide(const Command& command, const CrossingRules& rules,
                                                      std::span<const OpenState> states);

/// Folds a fact into an account. @error invalid-fact (also for a fact that no account has), before-stream; the account is then unchanged.
[[nodiscard]] Result<void> evolve(Account& account, const Fact& fact);

}  // namespace souk
