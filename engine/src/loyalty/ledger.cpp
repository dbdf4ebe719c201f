// SPDX-License-Identifier: MIT
// What time does to a wallet, and the promises that a ledger keeps.
#include "souk/loyalty/ledger.hpp"

#include <algorithm>
#include <tuple>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

enum class ChangeKind : std::uint8_t { expiry, activation };

/// A lot's change of phase. Sorted by instant, at one instant expiry before activation, then by lot.
struct Change {
  Instant at;
  ChangeKind kind;
  std::size_t lot;
  auto operator<=>(const Change&) const = default;
};

std::vector<Change> changesUntil(const Wallet& wallet, Instant at) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < wallet.lots.size(); ++i) {
    const Lot& lot = wallet.lots[i];
    if (lot.phase == LotPhase::pending && lot.activeAt <= at) changes.push_back({lot.activeAt, ChangeKind::activation, i});
    if (lot.phase != LotPhase::expired && lot.expiresAt && *lot.expiresAt <= at) {
      changes.push_back({*lot.expiresAt, ChangeKind::expiry, i});
    }
  }
  sortInPlace(changes);
  return changes;
}

void activate(Wallet& wallet, Lot& lot) {
  auto& totals = wallet.totals;
  const auto paid = std::min(totals.debt, lot.remaining);
  totals.pending -= lot.remaining;
  totals.debt -= paid;
  lot.remaining -= paid;
  lot.charged += paid;
  totals.active += lot.remaining;
  lot.phase = LotPhase::active;
}

void expire(Wallet& wallet, Lot& lot) {
  wallet.totals.active -= lot.remaining;
  wallet.totals.expired += lot.remaining;
  lot.expired += lot.remaining;
  lot.remaining = 0;
  lot.phase = LotPhase::expired;
}

Instant nextChangeOf(const Wallet& wallet) {
  auto next = kNever;
  for (const Lot& lot : wallet.lots) {
    if (lot.phase == LotPhase::pending) next = std::min(next, lot.activeAt);
    if (lot.phase == LotPhase::active) next = std::min(next, lot.expiresAt.value_or(kNever));
  }
  return next;
}

WalletTotals totalsOf(const Wallet& wallet) {
  WalletTotals sums;
  for (const Lot& lot : wallet.lots) {
    sums.earned += lot.original;
    (lot.phase == LotPhase::pending ? sums.pending : sums.active) += lot.remaining;
    sums.spent += lot.spent;
    sums.expired += lot.expired;
    sums.clawedBack += lot.clawedBack + lot.charged;
    // Beyond the bound the comparison fails whatever follows; going on could overflow on a hostile snapshot.
    if (sums.earned > kMaxExact) break;
  }
  return sums;
}

std::string_view brokenPromise(const Lot& lot, Instant at) {
  const auto parts = {lot.remaining, lot.spent, lot.expired, lot.clawedBack, lot.charged};
  if (std::any_of(parts.begin(), parts.end(), [](auto part) { return part < 0; })) return "no part of a lot is below zero";
  if (lot.original != lot.remaining + lot.spent + lot.expired + lot.clawedBack + lot.charged) {
    return "the parts of a lot are the whole";
  }
  if (lot.phase == LotPhase::pending && lot.spent + lot.expired + lot.charged > 0) return "a pending lot is not spent";
  if (lot.phase == LotPhase::expired && lot.remaining > 0) return "an expired lot is empty";
  const bool active = lot.activeAt <= at;
  const bool over = lot.expiresAt && *lot.expiresAt <= at;
  const auto phase = over ? LotPhase::expired : active ? LotPhase::active : LotPhase::pending;
  return lot.phase == phase ? std::string_view{} : "a lot's phase is a function of the clock";
}

std::string_view brokenPromise(const Wallet& wallet, Instant at) {
  for (const Lot& lot : wallet.lots) {
    if (auto promise = brokenPromise(lot, at); !promise.empty()) return promise;
  }
  const auto sums = totalsOf(wallet);
  const auto& totals = wallet.totals;
  const auto key = [](const WalletTotals& t) { return std::tuple{t.earned, t.active, t.pending, t.spent, t.expired}; };
  if (key(sums) != key(totals)) return "the totals are the sums over the lots";
  if (totals.clawedBack != sums.clawedBack + totals.debt) return "what was clawed back was taken from a lot or is owed";
  if (totals.debt < 0 || totals.forgiven < 0) return "no total is below zero";
  if (totals.debt > 0 && totals.active > 0) return "no points are active while points are owed";
  if (wallet.nextChange != nextChangeOf(wallet)) return "the next change is that of the first lot";
  return {};
}

std::string_view brokenRedemptions(const Ledger& ledger) {
  const auto& lots = ledger.points.lots;
  std::vector<std::int64_t> spent(lots.size());
  for (const auto& redemption : ledger.redemptions) {
    for (const auto& part : redemption.parts) {
      if (part.lot < 1 || part.lot > static_cast<std::int64_t>(lots.size())) return "a redemption names lots that there are";
      const auto index = static_cast<std::size_t>(part.lot - 1);
      if (part.points < 0 || part.points > lots[index].spent - spent[index]) return "redemptions hold what their lots spent";
      spent[index] += part.points;
    }
  }
  for (std::size_t i = 0; i < lots.size(); ++i) {
    if (spent[i] != lots[i].spent) return "what a lot spent is in the redemptions";
  }
  return {};
}

bool namesLot(const Wallet& wallet, std::int64_t number, std::size_t order) {
  if (number == 0) return true;
  if (number < 0 || number > static_cast<std::int64_t>(wallet.lots.size())) return false;
  return wallet.lots[static_cast<std::size_t>(number - 1)].order == static_cast<std::int64_t>(order);
}

std::string_view brokenOrders(const Ledger& ledger) {
  for (std::size_t i = 0; i < ledger.orders.size(); ++i) {
    const auto& order = ledger.orders[i];
    if (!namesLot(ledger.points, order.pointsLot, i) || !namesLot(ledger.growth, order.growthLot, i)) {
      return "an order and its lots name each other";
    }
    if (order.id.starts_with(kGrantPrefix) && (order.lines.size() != 1 || order.lines[0].quantity != 1 || order.growthLot != 0)) {
      return "a grant is one unit that earned points alone";
    }
    for (const auto& line : order.lines) {
      if (line.quantity < 1 || line.refunded < 0 || line.refunded > line.quantity) {
        return "no more units are refunded than were bought";
      }
    }
  }
  const auto known = [&](const Lot& lot) { return lot.order >= 0 && lot.order < static_cast<std::int64_t>(ledger.orders.size()); };
  const auto allKnown = [&](const Wallet& wallet) { return std::all_of(wallet.lots.begin(), wallet.lots.end(), known); };
  return allKnown(ledger.points) && allKnown(ledger.growth) ? std::string_view{} : "a lot names the order that earned it";
}

}  // namespace

void settle(Wallet& wallet, Instant at) {
  if (wallet.nextChange > at) return;
  for (const auto& change : changesUntil(wallet, at)) {
    Lot& lot = wallet.lots[change.lot];
    change.kind == ChangeKind::activation ? activate(wallet, lot) : expire(wallet, lot);
  }
  wallet.nextChange = nextChangeOf(wallet);
}

bool hasReceivedOrder(const Ledger& ledger) {
  return std::any_of(ledger.orders.begin(), ledger.orders.end(), [](const auto& order) { return !order.id.starts_with(kGrantPrefix); });
}

Result<void> restoreDerived(Ledger& ledger) {
  ledger.points.nextChange = nextChangeOf(ledger.points);
  ledger.growth.nextChange = nextChangeOf(ledger.growth);
  const bool unique = ledger.orderIndex.rebuild(ledger.orders) && ledger.refundIndex.rebuild(ledger.refunds) &&
                      ledger.redemptionIndex.rebuild(ledger.redemptions);
  if (!unique) return fail(Code::damagedBytes, {}, "an id stands twice");
  if (auto promise = brokenPromise(ledger); !promise.empty()) return fail(Code::damagedBytes, {}, std::string{promise});
  return {};
}

std::string_view brokenPromise(const Ledger& ledger) {
  if (auto promise = brokenPromise(ledger.points, ledger.at); !promise.empty()) return promise;
  if (auto promise = brokenPromise(ledger.growth, ledger.at); !promise.empty()) return promise;
  if (auto promise = brokenRedemptions(ledger); !promise.empty()) return promise;
  return brokenOrders(ledger);
}

}  // namespace souk
