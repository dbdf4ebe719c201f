// SPDX-License-Identifier: MIT
// An account at an instant, with the reasons of its balance.
#include "souk/loyalty.hpp"
#include "wallet.hpp"

namespace souk {
namespace {

LotView viewOf(const Ledger& ledger, const Lot& lot, std::int64_t number) {
  return {.lot = number,
          .order = ledger.orders[static_cast<std::size_t>(lot.order)].id,
          .original = lot.original,
          .remaining = lot.remaining,
          .spent = lot.spent,
          .expired = lot.expired,
          .clawedBack = lot.clawedBack,
          .charged = lot.charged,
          .phase = lot.phase,
          .activeAt = lot.activeAt,
          .expiresAt = lot.expiresAt};
}

WalletView viewOf(const Ledger& ledger, const Wallet& wallet, bool withLots) {
  WalletView view{.totals = wallet.totals, .lots = {}};
  if (!withLots) return view;
  view.lots.reserve(wallet.lots.size());
  for (const auto& lot : wallet.lots) {
    view.lots.push_back(viewOf(ledger, lot, static_cast<std::int64_t>(view.lots.size()) + 1));
  }
  return view;
}

std::optional<NextLevelView> nextLevel(const LoyaltyRules& rules, std::size_t level, const WalletTotals& growth) {
  if (level + 1 == rules.levels.size()) return std::nullopt;
  const auto& next = rules.levels[level + 1];
  return NextLevelView{next.name, next.threshold, next.threshold - growth.active, growth.pending};
}

}  // namespace

Result<LoyaltyView> viewAccount(const Ledger& ledger, const LoyaltyRules& rules, Instant at, bool withLots) {
  if (at < ledger.at) return fail(Code::beforeStream, "/at", "the state is already later than that");
  const WalletAt points{ledger.points, at};
  const WalletAt growth{ledger.growth, at};
  const auto level = levelIndex(rules.levels, growth->totals.active);
  const auto next = std::min(points->nextChange, growth->nextChange);
  return LoyaltyView{.at = at,
                     .level = {rules.levels[level].name, rules.levels[level].threshold},
                     .nextLevel = nextLevel(rules, level, growth->totals),
                     .points = viewOf(ledger, *points, withLots),
                     .growth = viewOf(ledger, *growth, withLots),
                     .nextDue = next < kNever ? std::optional{next} : std::nullopt};
}

}  // namespace souk
