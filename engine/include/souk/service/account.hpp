// SPDX-License-Identifier: MIT
// Who is who: an account's state, and the back office's commands that say that two ids are one person.
//
// merge-accounts ends one account in favour of another. What it held goes over, once and to the last point:
//
//   lots of points and growth   as they are: instants, phase, what was spent or taken of them; behind the lots of the account that stays. Debt of one
//                               is paid at once by active lots of the other, in spending order. Growth adds up, so no level falls.
//   orders, refunds,            with their lots: an old order is refunded, an old redemption returned, on the account that stays
//   redemptions, grants
//   team purchases              those that are over; a merge waits until the ended account has no seat in a forming team
//   the invitation              one of the two stays: a settled one before an open one (a person is rewarded once), then the first in time. None stays
//                               where the other account had invited somebody by then: so nobody is invited by oneself, and no cycle arises. An open
//                               invitation that falls away is withheld for its inviter; what was given for a settled one stays given.
//   invitations to others       go on: their rewards go to the account that stays, which also answers to the ended one's code
//   anonymous ids               all of them
//
// An ended account decides nothing any more; its verdicts are still repeated.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "souk/core/envelope.hpp"
#include "souk/groupbuy.hpp"
#include "souk/loyalty.hpp"
#include "souk/referral.hpp"

namespace souk {

inline constexpr std::size_t kMaxAnonymous = 100;  ///< Anonymous ids that are linked to one account: above any real number of devices.

/// Bytes of the binary form of an account that may be merged into another. One fact carries it whole, and as JSON, at most 14 times as long, it has
/// to be read within 1 MiB, other facts beside it.
inline constexpr std::size_t kMaxMergedBytes = 32'768;

/// Where an ended account went.
struct Merged {
  std::string into;
  std::int64_t invitees = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"into", &Merged::into, "The account that stays.", 1, 64},
                      Field{"invitees", &Merged::invitees, "Invitations that account had given before; the ended one's follow them.", 0}};
  }
};

/// All that an account's stream folds into, beside its known commands.
struct Account {
  Instant at;
  Ledger ledger;
  ShopperSeats seats;
  Referral referral;
  std::vector<std::string> anonymous;
  std::optional<Merged> merged;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &Account::at, "Instant of the last fact."},
                      Field{"ledger", &Account::ledger, "Points and level."},
                      Field{"seats", &Account::seats, "Team purchases."},
                      Field{"referral", &Account::referral, "Invitations."},
                      Field{"anonymous", &Account::anonymous, "Anonymous ids that belong to it, in the order of linking."},
                      Field{"merged", &Account::merged, "Where it went when it was ended; absent: it was not."}};
  }
};

/// Recomputes what a snapshot does not hold. @error damaged-bytes where an id stands twice or a promise is broken.
[[nodiscard]] Result<void> restoreDerived(Account& account);

// --- Commands ---------------------------------------------------------------------------------------------------------------------------

/// Two accounts are one person's.
struct MergeAccounts : CommandHead {
  static constexpr std::string_view kKind = "merge-accounts";
  static constexpr std::string_view kDoc = "Two accounts are one person's: one ends, and what it holds goes to the other.";
  std::string from;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<MergeAccounts>(),
                          std::tuple{Field{"from", &MergeAccounts::from, "The account that ends; `account` stays.", 1, 64}});
  }
};

/// A device's anonymous id belongs to the account. It changes no invitation: only accept-invitation does.
struct LinkAnonymous : CommandHead {
  static constexpr std::string_view kKind = "link-anonymous";
  static constexpr std::string_view kDoc = "A device's anonymous id belongs to the account, from now on and for ever.";
  std::string anonymous;
  static constexpr auto fields() {
    return std::tuple_cat(commandFields<LinkAnonymous>(),
                          std::tuple{Field{"anonymous", &LinkAnonymous::anonymous, "The anonymous id.", 1, 64}});
  }
};

using AccountCommand = std::variant<MergeAccounts, LinkAnonymous>;

/// Who may give a command.
[[nodiscard]] Author authorOf(const AccountCommand& command);

// --- Facts ------------------------------------------------------------------------------------------------------------------------------

/// Whose invitation a merged account has.
enum class KeptInvitation : std::uint8_t {
  none,     ///< Neither's.
  own,      ///< That of the account that stays.
  carried,  ///< That of the ended account.
};

constexpr auto enumNames(std::type_identity<KeptInvitation>) { return std::array<std::string_view, 3>{"none", "own", "carried"}; }

/// The account was ended. Its last fact.
struct AccountMergedInto : FactHead {
  static constexpr std::string_view kKind = "account-merged-into";
  static constexpr std::string_view kDoc = "The account ended; what it held is another's now. Its last fact.";
  Merged merged;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<AccountMergedInto>(), std::tuple{Field{"merged", &AccountMergedInto::merged, "Where it went."}});
  }
};

/// The account took in another. On the stream of the one that stays.
struct AccountAbsorbed : FactHead {
  static constexpr std::string_view kKind = "account-absorbed";
  static constexpr std::string_view kDoc = "The account took in all that another held, which ended.";
  std::string from;
  Account carried;
  KeptInvitation invitation = KeptInvitation::none;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<AccountAbsorbed>(),
                          std::tuple{Field{"from", &AccountAbsorbed::from, "The account that ended.", 1, 64},
                                     Field{"carried", &AccountAbsorbed::carried,
                                           "What it held, as it stood after its fact before; time since then is still to pass."},
                                     Field{"invitation", &AccountAbsorbed::invitation, "Whose invitation stays: own, carried or none."}});
  }
};

/// An anonymous id belongs to the account.
struct AnonymousLinked : FactHead {
  static constexpr std::string_view kKind = "anonymous-linked";
  static constexpr std::string_view kDoc = "An anonymous id belongs to the account.";
  std::string anonymous;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<AnonymousLinked>(),
                          std::tuple{Field{"anonymous", &AnonymousLinked::anonymous, "The anonymous id.", 1, 64}});
  }
};

using AccountFact = std::variant<AccountMergedInto, AccountAbsorbed, AnonymousLinked>;

/// The grant of the one who was invited, and that of the one who invited, by the invitation's number.
inline constexpr std::string_view kInvitedGrant = "referral:invited";
[[nodiscard]] std::string inviterGrant(std::int64_t number);

/// Whose invitation stays when two accounts become one. O(1).
[[nodiscard]] KeptInvitation keptInvitation(const Referral& own, const Referral& carried);

/// Decides what an account that takes in another keeps of it.
/// @error account-merged, merge-while-team-open, merge-too-large; merge-conflict, overflow (also of `evolve`'s making), with the path `/from`.
[[nodiscard]] Result<AccountAbsorbed> decideMerge(const MergeAccounts& command, const Account& own, const Account& from);

/// Decides a link. @error invalid-id, already-linked, too-many-links
[[nodiscard]] Result<AnonymousLinked> decideLink(const LinkAnonymous& command, const Account& own);

/// Folds a fact, in place after all checks. @error invalid-fact; the account is then unchanged. O(size of both accounts).
[[nodiscard]] Result<void> evolve(Account& account, const AccountFact& fact);

}  // namespace souk
