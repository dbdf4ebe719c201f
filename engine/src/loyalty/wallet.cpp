// SPDX-License-Identifier: MIT
// The acts on a wallet: award, spend, give back, claw back.
#include "wallet.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

const Lot* lotOf(const Wallet& wallet, std::int64_t number) {
  if (number < 1 || number > static_cast<std::int64_t>(wallet.lots.size())) return nullptr;
  return &wallet.lots[static_cast<std::size_t>(number - 1)];
}

Lot& lotOf(Wallet& wallet, std::int64_t number) { return wallet.lots[static_cast<std::size_t>(number - 1)]; }

/// The one order of spending: earliest expiry (none last), earliest activation, smallest number.
auto spendingKey(const Wallet& wallet, std::int64_t number) {
  const Lot& lot = *lotOf(wallet, number);
  return std::tuple{lot.expiresAt.value_or(kNever), lot.activeAt, number};
}

/// Takes points of the lot for a debt or another order's refund.
void charge(Wallet& wallet, Lot& lot, std::int64_t points) {
  lot.remaining -= points;
  lot.charged += points;
  wallet.totals.active -= points;
}

bool allDifferent(const std::vector<LotPart>& parts) {
  std::vector<std::int64_t> lots;
  lots.reserve(parts.size());
  for (const auto& part : parts) lots.push_back(part.lot);
  sortInPlace(lots);
  return std::adjacent_find(lots.begin(), lots.end()) == lots.end();
}

}  // namespace

WalletAt::WalletAt(const Wallet& wallet, Instant at) : wallet_(wallet) {
  if (wallet.nextChange > at) return;
  copy_ = wallet;
  settle(*copy_, at);
}

void WalletAt::commitTo(Wallet& wallet) {
  if (copy_) wallet = *std::move(copy_);
  copy_.reset();
}

std::int64_t sum(const std::vector<LotPart>& parts) {
  return std::accumulate(parts.begin(), parts.end(), std::int64_t{0},
                         [](std::int64_t total, const LotPart& part) { return total + part.points; });
}

std::int64_t sum(const Clawback& clawback) {
  return clawback.fromRemaining + clawback.fromExpired + sum(clawback.charges) + clawback.debt + clawback.forgiven;
}

std::string grantKey(std::string_view grant) { return std::string{kGrantPrefix} += grant; }

std::int64_t earnedByUnits(std::int64_t points, std::int64_t quantity, std::int64_t units) {
  return units * (points / quantity) + std::min(units, points % quantity);
}

std::string_view misfit(const Wallet& wallet, const Award& award, Instant at) {
  if (award.lot != static_cast<std::int64_t>(wallet.lots.size()) + 1) return "the lot's number is not the next one";
  if (award.activeAt < at) return "the lot would be active before it was earned";
  if (award.expiresAt && *award.expiresAt <= award.activeAt) return "the lot would expire before it is active";
  if (award.points < 1 || award.points > kMaxPoints - wallet.totals.earned) return "the points pass what a wallet may hold";
  return {};
}

void openLot(Wallet& wallet, const Award& award, std::int64_t order, Instant at) {
  wallet.lots.push_back(
      {.order = order, .original = award.points, .remaining = award.points, .activeAt = award.activeAt, .expiresAt = award.expiresAt});
  wallet.totals.earned += award.points;
  wallet.totals.pending += award.points;
  wallet.nextChange = std::min(wallet.nextChange, award.activeAt);
  settle(wallet, at);
}

Result<void> absorb(Wallet& wallet, Wallet other, std::int64_t ordersBefore) {
  using T = WalletTotals;
  for (const auto total : {&T::earned, &T::active, &T::pending, &T::spent, &T::expired, &T::clawedBack, &T::debt, &T::forgiven}) {
    const auto sum = wallet.totals.*total + other.totals.*total;
    if (sum > kMaxPoints) return fail(Code::overflow, {}, "the wallet would pass what it may hold");
    wallet.totals.*total = sum;
  }
  for (auto& lot : other.lots) {
    lot.order += ordersBefore;
    wallet.lots.push_back(lot);
  }
  for (const auto& part : planSpend(wallet, wallet.totals.debt)) {
    charge(wallet, lotOf(wallet, part.lot), part.points);
    wallet.totals.debt -= part.points;
  }
  return {};
}

std::vector<LotPart> planSpend(const Wallet& wallet, std::int64_t points, std::int64_t except) {
  std::vector<std::int64_t> candidates;
  for (std::size_t i = 0; i < wallet.lots.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i) + 1;
    const Lot& lot = wallet.lots[i];
    if (lot.phase == LotPhase::active && lot.remaining > 0 && number != except) candidates.push_back(number);
  }
  sortInPlace(candidates, [&](auto a, auto b) { return spendingKey(wallet, a) < spendingKey(wallet, b); });
  std::vector<LotPart> parts;
  for (const auto number : candidates) {
    if (points == 0) break;
    const auto taken = std::min(points, lotOf(wallet, number)->remaining);
    parts.push_back({number, taken});
    points -= taken;
  }
  return parts;
}

std::string_view misfit(const Wallet& wallet, const std::vector<LotPart>& parts) {
  if (!allDifferent(parts)) return "a lot stands twice";
  for (const auto& part : parts) {
    const Lot* lot = lotOf(wallet, part.lot);
    if (lot == nullptr || lot->phase != LotPhase::active) return "a lot is not active";
    if (part.points < 1 || part.points > lot->remaining) return "a lot has not that many points";
  }
  return {};
}

void spend(Wallet& wallet, const std::vector<LotPart>& parts) {
  for (const auto& part : parts) {
    Lot& lot = lotOf(wallet, part.lot);
    lot.remaining -= part.points;
    lot.spent += part.points;
    wallet.totals.active -= part.points;
    wallet.totals.spent += part.points;
  }
}

std::string_view misfitGivingBack(const Wallet& wallet, const std::vector<LotPart>& parts) {
  if (!allDifferent(parts)) return "a lot stands twice";
  for (const auto& part : parts) {
    const Lot* lot = lotOf(wallet, part.lot);
    if (lot == nullptr || part.points < 1 || part.points > lot->spent) return "a lot has not spent that many points";
  }
  return {};
}

void giveBack(Wallet& wallet, const std::vector<LotPart>& parts) {
  for (const auto& part : parts) {
    Lot& lot = lotOf(wallet, part.lot);
    lot.spent -= part.points;
    wallet.totals.spent -= part.points;
    if (lot.phase == LotPhase::expired) {
      lot.expired += part.points;
      wallet.totals.expired += part.points;
      continue;
    }
    lot.remaining += part.points;
    wallet.totals.active += part.points;
    const auto paid = std::min(wallet.totals.debt, part.points);
    charge(wallet, lot, paid);
    wallet.totals.debt -= paid;
  }
}

Clawback planClawback(const Wallet& wallet, std::int64_t lot, std::int64_t points, NegativeBalance policy) {
  Clawback plan;
  if (points == 0) return plan;
  const Lot& own = *lotOf(wallet, lot);
  plan.lot = lot;
  plan.fromRemaining = std::min(points, own.remaining);
  plan.fromExpired = std::min(points - plan.fromRemaining, own.expired);
  const auto elsewhere = points - plan.fromRemaining - plan.fromExpired;
  plan.charges = planSpend(wallet, elsewhere, lot);
  const auto rest = elsewhere - sum(plan.charges);
  (policy == NegativeBalance::debt ? plan.debt : plan.forgiven) = rest;
  return plan;
}

std::string_view misfit(const Wallet& wallet, const Clawback& clawback) {
  if (sum(clawback) == 0 && clawback.lot == 0) return {};
  const Lot* own = lotOf(wallet, clawback.lot);
  if (own == nullptr) return "there is no such lot";
  if (clawback.fromRemaining < 0 || clawback.fromRemaining > own->remaining) return "the lot has not that many points left";
  if (clawback.fromExpired < 0 || clawback.fromExpired > own->expired) return "not that many points of the lot expired";
  if (auto why = misfit(wallet, clawback.charges); !why.empty()) return why;
  for (const auto& part : clawback.charges) {
    if (part.lot == clawback.lot) return "the own lot is charged for itself";
  }
  const auto ownActive = own->phase == LotPhase::active ? clawback.fromRemaining : 0;
  if (clawback.debt > 0 && wallet.totals.active != ownActive + sum(clawback.charges)) return "debt is made beside active points";
  if (clawback.debt < 0 || clawback.debt > kMaxPoints - wallet.totals.debt) return "the debt passes what a wallet may owe";
  if (clawback.forgiven < 0 || clawback.forgiven > kMaxPoints - wallet.totals.forgiven) return "too much is forgiven";
  return {};
}

void clawBack(Wallet& wallet, const Clawback& clawback) {
  if (clawback.lot == 0) return;
  Lot& own = lotOf(wallet, clawback.lot);
  auto& totals = wallet.totals;
  own.remaining -= clawback.fromRemaining;
  own.expired -= clawback.fromExpired;
  own.clawedBack += clawback.fromRemaining + clawback.fromExpired;
  (own.phase == LotPhase::pending ? totals.pending : totals.active) -= clawback.fromRemaining;
  totals.expired -= clawback.fromExpired;
  for (const auto& part : clawback.charges) charge(wallet, lotOf(wallet, part.lot), part.points);
  totals.debt += clawback.debt;
  totals.forgiven += clawback.forgiven;
  totals.clawedBack += sum(clawback) - clawback.forgiven;
}

}  // namespace souk
