// SPDX-License-Identifier: MIT
// Folding a fact: first every check, then every change. Reads no rule; only ever added to.
#include <string>
#include <string_view>

#include "souk/core/invariant.hpp"
#include "souk/loyalty.hpp"
#include "wallet.hpp"

namespace souk {
namespace {

/// A ledger brought to a fact's instant, with the fact's checks (`misfit`) and its changes (`apply`).
class Fold {
 public:
  Fold(Ledger& ledger, Instant at) : ledger_(ledger), points_(ledger.points, at), growth_(ledger.growth, at), at_(at) {}

  template <class Fact>
  std::string_view operator()(const Fact& fact) {
    if (auto why = misfit(fact); !why.empty()) return why;
    points_.commitTo(ledger_.points);
    growth_.commitTo(ledger_.growth);
    ledger_.at = at_;
    apply(fact);
    return {};
  }

 private:
  std::string_view misfit(const OrderAwarded& fact) const;
  std::string_view misfit(const OrderClawedBack& fact) const;
  std::string_view misfit(const PointsRedeemed& fact) const;
  std::string_view misfit(const RedemptionReturned& fact) const;
  std::string_view misfit(const TimePassed&) const { return {}; }
  std::string_view misfit(const LevelChanged& fact) const;
  std::string_view misfit(const PointsGranted& fact) const;
  std::string_view misfit(const GrantReversed& fact) const;

  void apply(const OrderAwarded& fact);
  void apply(const OrderClawedBack& fact);
  void apply(const PointsRedeemed& fact);
  void apply(const RedemptionReturned& fact);
  void apply(const TimePassed&) {}
  void apply(const LevelChanged& fact) { ledger_.level = fact.to; }
  void apply(const PointsGranted& fact);
  void apply(const GrantReversed& fact);

  Ledger& ledger_;
  WalletAt points_;
  WalletAt growth_;
  Instant at_;
};

std::string_view misfitShares(const OrderAwarded& fact) {
  std::int64_t points = 0;
  std::int64_t growth = 0;
  for (const auto& line : fact.lines) {
    if (line.quantity < 1 || line.points < 0 || line.growth < 0) return "a line is below zero";
    points += line.points;
    growth += line.growth;
    if (points > kMaxPoints || growth > kMaxPoints) return "the shares pass what a wallet may hold";
  }
  if (points != (fact.points ? fact.points->points : 0)) return "the lines' points are not the lot's";
  if (growth != (fact.growth ? fact.growth->points : 0)) return "the lines' growth is not the lot's";
  return {};
}

std::string_view Fold::misfit(const OrderAwarded& fact) const {
  if (fact.order.starts_with(kGrantPrefix)) return "a grant is no order";
  if (ledger_.orderIndex.find(ledger_.orders, fact.order)) return "the order is known";
  if (auto why = misfitShares(fact); !why.empty()) return why;
  if (fact.points) {
    if (auto why = souk::misfit(*points_, *fact.points, at_); !why.empty()) return why;
  }
  return fact.growth ? souk::misfit(*growth_, *fact.growth, at_) : std::string_view{};
}

void Fold::apply(const OrderAwarded& fact) {
  const auto index = static_cast<std::int64_t>(ledger_.orders.size());
  OrderState order{.id = fact.order, .lines = {}};
  order.lines.reserve(fact.lines.size());
  for (const auto& line : fact.lines) {
    order.lines.push_back({.quantity = line.quantity, .points = line.points, .growth = line.growth});
  }
  if (fact.points) order.pointsLot = fact.points->lot;
  if (fact.growth) order.growthLot = fact.growth->lot;
  ledger_.orders.push_back(std::move(order));
  ledger_.orderIndex.addLast(ledger_.orders);
  if (fact.points) openLot(ledger_.points, *fact.points, index, at_);
  if (fact.growth) openLot(ledger_.growth, *fact.growth, index, at_);
}

std::string_view misfitLine(const OrderState& order, const ClawedBackLine& refund) {
  if (refund.line < 0 || refund.line >= static_cast<std::int64_t>(order.lines.size())) return "there is no such line";
  const auto& line = order.lines[static_cast<std::size_t>(refund.line)];
  const auto after = line.refunded + refund.quantity;
  if (refund.quantity < 1 || after > line.quantity) return "not that many units are left";
  const auto earned = [&](std::int64_t whole) {
    return earnedByUnits(whole, line.quantity, after) - earnedByUnits(whole, line.quantity, line.refunded);
  };
  return refund.points == earned(line.points) && refund.growth == earned(line.growth) ? std::string_view{}
                                                                                      : "the units had not earned that";
}

std::string_view Fold::misfit(const OrderClawedBack& fact) const {
  const auto found = ledger_.orderIndex.find(ledger_.orders, fact.order);
  if (!found || fact.order.starts_with(kGrantPrefix)) return "the order is not known";
  if (ledger_.refundIndex.find(ledger_.refunds, fact.refund)) return "the refund is known";
  const auto& order = ledger_.orders[*found];
  std::int64_t points = 0;
  std::int64_t growth = 0;
  std::int64_t last = -1;
  for (const auto& line : fact.lines) {
    if (line.line <= last) return "the lines are not in the order's sequence";
    last = line.line;
    if (auto why = misfitLine(order, line); !why.empty()) return why;
    points += line.points;
    growth += line.growth;
  }
  if (points != sum(fact.points) || growth != sum(fact.growth)) return "what was taken is not what was earned";
  if (points > 0 && fact.points.lot != order.pointsLot) return "the points were earned in another lot";
  if (growth > 0 && fact.growth.lot != order.growthLot) return "the growth was earned in another lot";
  if (auto why = souk::misfit(*points_, fact.points); !why.empty()) return why;
  return souk::misfit(*growth_, fact.growth);
}

void Fold::apply(const OrderClawedBack& fact) {
  auto& order = ledger_.orders[*ledger_.orderIndex.find(ledger_.orders, fact.order)];
  for (const auto& line : fact.lines) order.lines[static_cast<std::size_t>(line.line)].refunded += line.quantity;
  ledger_.refunds.push_back(fact.refund);
  ledger_.refundIndex.addLast(ledger_.refunds);
  clawBack(ledger_.points, fact.points);
  clawBack(ledger_.growth, fact.growth);
}

std::string_view Fold::misfit(const PointsRedeemed& fact) const {
  if (ledger_.redemptionIndex.find(ledger_.redemptions, fact.redemption)) return "the redemption is known";
  if (fact.parts.empty()) return "nothing was spent";
  return souk::misfit(*points_, fact.parts);
}

void Fold::apply(const PointsRedeemed& fact) {
  ledger_.redemptions.push_back({.id = fact.redemption, .parts = fact.parts});
  ledger_.redemptionIndex.addLast(ledger_.redemptions);
  spend(ledger_.points, fact.parts);
}

/// Points are returned from the back: the parts that were spent last come back first.
std::string_view misfitReturn(const RedemptionState& redemption, const std::vector<LotPart>& parts) {
  if (parts.empty() || parts.size() > redemption.parts.size()) return "the redemption holds not that many lots";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& held = redemption.parts[redemption.parts.size() - 1 - i];
    const bool last = i + 1 == parts.size();
    if (parts[i].lot != held.lot || parts[i].points > held.points) return "another lot was to come back first";
    if (!last && parts[i].points != held.points) return "a lot was to come back whole";
  }
  return {};
}

std::string_view Fold::misfit(const RedemptionReturned& fact) const {
  const auto found = ledger_.redemptionIndex.find(ledger_.redemptions, fact.redemption);
  if (!found) return "the redemption is not known";
  if (auto why = misfitReturn(ledger_.redemptions[*found], fact.parts); !why.empty()) return why;
  return misfitGivingBack(*points_, fact.parts);
}

void Fold::apply(const RedemptionReturned& fact) {
  auto& held = ledger_.redemptions[*ledger_.redemptionIndex.find(ledger_.redemptions, fact.redemption)].parts;
  for (const auto& part : fact.parts) {
    held.back().points -= part.points;
    if (held.back().points == 0) held.pop_back();
  }
  giveBack(ledger_.points, fact.parts);
}

std::string_view Fold::misfit(const LevelChanged& fact) const {
  if (fact.from != ledger_.level) return "the level was another";
  return fact.to == fact.from || fact.to.empty() ? "the level did not change" : std::string_view{};
}

std::string_view Fold::misfit(const PointsGranted& fact) const {
  if (ledger_.orderIndex.find(ledger_.orders, grantKey(fact.grant))) return "the grant is known";
  return souk::misfit(*points_, fact.points, at_);
}

void Fold::apply(const PointsGranted& fact) {
  const auto index = static_cast<std::int64_t>(ledger_.orders.size());
  ledger_.orders.push_back(
      {.id = grantKey(fact.grant), .lines = {{.quantity = 1, .points = fact.points.points}}, .pointsLot = fact.points.lot});
  ledger_.orderIndex.addLast(ledger_.orders);
  openLot(ledger_.points, fact.points, index, at_);
}

std::string_view Fold::misfit(const GrantReversed& fact) const {
  const auto found = ledger_.orderIndex.find(ledger_.orders, grantKey(fact.grant));
  if (!found) return "the grant is not known";
  const auto& grant = ledger_.orders[*found];
  if (grant.lines[0].refunded > 0) return "the grant was reversed before";
  if (fact.points.lot != grant.pointsLot || sum(fact.points) != grant.lines[0].points) return "what was taken is not what was given";
  return souk::misfit(*points_, fact.points);
}

void Fold::apply(const GrantReversed& fact) {
  ledger_.orders[*ledger_.orderIndex.find(ledger_.orders, grantKey(fact.grant))].lines[0].refunded = 1;
  clawBack(ledger_.points, fact.points);
}

}  // namespace

Result<void> evolve(Ledger& ledger, const LoyaltyFact& fact) {
  const Instant at = std::visit([](const FactHead& head) { return head.at; }, fact);
  if (at < ledger.at) return fail(Code::beforeStream, "/at", "the fact lies before the state");
  const auto why = std::visit(Fold{ledger, at}, fact);
  if (!why.empty()) return fail(Code::invalidFact, {}, std::string{why});
  if constexpr (kCheckInvariants) {
    if (auto promise = brokenPromise(ledger); !promise.empty()) invariantBroken(promise);
  }
  return {};
}

Result<void> absorb(Ledger& ledger, Ledger other, Instant at) {
  Ledger draft = ledger;
  for (auto* each : {&draft, &other}) {
    settle(each->points, at);
    settle(each->growth, at);
    each->at = at;
  }
  const auto points = static_cast<std::int64_t>(draft.points.lots.size());
  const auto growth = static_cast<std::int64_t>(draft.growth.lots.size());
  const auto orders = static_cast<std::int64_t>(draft.orders.size());
  if (auto done = absorb(draft.points, std::move(other.points), orders); !done) return done;
  if (auto done = absorb(draft.growth, std::move(other.growth), orders); !done) return done;
  for (auto& order : other.orders) {
    if (order.pointsLot > 0) order.pointsLot += points;
    if (order.growthLot > 0) order.growthLot += growth;
    draft.orders.push_back(std::move(order));
  }
  for (auto& redemption : other.redemptions) {
    for (auto& part : redemption.parts) part.lot += points;
    draft.redemptions.push_back(std::move(redemption));
  }
  draft.refunds.insert(draft.refunds.end(), other.refunds.begin(), other.refunds.end());
  if (auto restored = restoreDerived(draft); !restored) return restored;
  ledger = std::move(draft);
  return {};
}

std::optional<Instant> nextDue(const Ledger& ledger) {
  const auto next = std::min(ledger.points.nextChange, ledger.growth.nextChange);
  return next < kNever ? std::optional{next} : std::nullopt;
}

}  // namespace souk
