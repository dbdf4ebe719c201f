// SPDX-License-Identifier: MIT
#include "naive_ledger.hpp"

#include <algorithm>
#include <tuple>

namespace souk::test {
namespace {

constexpr Instant kNoEnd{kMaxExact};

/// Local midnight `days` days after the local date of `at`, found by walking on.
Instant midnightAfter(const Zone& zone, Instant at, std::int64_t days) {
  auto date = *localDate(zone, at);
  for (std::int64_t i = 0; i < days; ++i) {
    ++date.day;
    if (date.day > daysInMonth(date.year, date.month)) date.day = 1, ++date.month;
    if (date.month > 12) date.month = 1, ++date.year;
  }
  return *startOfDay(zone, date);
}

Instant expiryOf(const Expiry& expiry, const Zone& zone, Instant activeAt) {
  auto date = *localDate(zone, activeAt);
  if (expiry.days) date = *localDate(zone, midnightAfter(zone, activeAt, *expiry.days));
  for (std::int64_t i = 0; i < expiry.months.value_or(0); ++i) {
    ++date.month;
    if (date.month > 12) date.month = 1, ++date.year;
  }
  date.day = std::min(date.day, daysInMonth(date.year, date.month));
  if (expiry.monthEnd.value_or(false)) {
    date.day = 1, ++date.month;
    if (date.month > 12) date.month = 1, ++date.year;
  }
  return *startOfDay(zone, date);
}

/// Hands `count` points out one after the other: each goes to where the share is furthest behind, as the largest remainder does.
std::vector<std::int64_t> handOut(std::int64_t count, const std::vector<std::int64_t>& weights) {
  std::int64_t whole = 0;
  for (auto weight : weights) whole += weight;
  std::vector<std::int64_t> shares(weights.size());
  std::vector<std::pair<std::int64_t, std::size_t>> rests;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    shares[i] = count * weights[i] / whole;
    given += shares[i];
    rests.emplace_back(-(count * weights[i] % whole), i);
  }
  std::sort(rests.begin(), rests.end());
  for (std::size_t i = 0; given < count; ++i, ++given) ++shares[rests[i].second];
  return shares;
}

}  // namespace

bool NaiveWallet::anythingDue(Instant now) const {
  const auto between = [&](Instant at) { return at > lastTick && at <= now; };
  return std::any_of(points.begin(), points.end(),
                     [&](const NaivePoint& point) { return between(point.activeAt) || (point.expiresAt && between(*point.expiresAt)); });
}

void NaiveWallet::tick(Instant now) {
  // Instants in order; at each, first expiry, then activation, so that a debt is paid by what becomes active in its turn.
  std::vector<Instant> instants;
  for (const auto& point : points) {
    if (point.state == PointState::held) instants.push_back(point.activeAt);
    if (point.expiresAt && point.state <= PointState::active) instants.push_back(*point.expiresAt);
  }
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  for (const auto instant : instants) {
    if (instant > now) break;
    for (auto& point : points) {
      if (point.state == PointState::active && point.expiresAt && *point.expiresAt <= instant) point.state = PointState::expired;
    }
    for (auto& point : points) {
      if (point.state != PointState::held || point.activeAt > instant) continue;
      point.state = debt > 0 ? PointState::chargedElsewhere : PointState::active;
      if (debt > 0) --debt;
    }
  }
  lastTick = now;
}

NaiveTotals NaiveWallet::totals() const {
  NaiveTotals t{.debt = debt, .forgiven = forgiven};
  for (const auto& point : points) {
    ++t.earned;
    t.pending += point.state == PointState::held;
    t.active += point.state == PointState::active;
    t.spent += point.state == PointState::spent;
    t.expired += point.state == PointState::expired;
    t.clawedBack += point.state == PointState::takenBack || point.state == PointState::chargedElsewhere;
  }
  t.clawedBack += debt;
  return t;
}

std::vector<std::size_t> NaiveWallet::spendingOrder() const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].state == PointState::active) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) { return std::tuple{points[i].expiresAt.value_or(kNoEnd), points[i].activeAt, points[i].award}; };
    return key(a) < key(b);
  });
  return order;
}

void NaiveWallet::takeBack(std::int64_t award, std::int64_t count, NegativeBalance policy) {
  const auto takeFrom = [&](PointState state) {
    for (auto& point : points) {
      if (count > 0 && point.award == award && point.state == state) point.state = PointState::takenBack, --count;
    }
  };
  takeFrom(PointState::held);
  takeFrom(PointState::active);
  takeFrom(PointState::expired);
  for (const auto i : spendingOrder()) {
    if (count > 0 && points[i].award != award) points[i].state = PointState::chargedElsewhere, --count;
  }
  (policy == NegativeBalance::debt ? debt : forgiven) += count;
}

void NaiveLedger::tick(Instant now) {
  points.tick(now);
  growth.tick(now);
}

std::string NaiveLedger::level() const {
  std::string name;
  for (const auto& level : context_.rules.levels) {
    if (growth.totals().active >= level.threshold) name = level.name;
  }
  return name;
}

std::optional<Code> NaiveLedger::run(const LoyaltyCommand& command) {
  return std::visit([&](const auto& body) { return carryOut(body); }, command);
}

void NaiveLedger::earn(NaiveWallet& wallet, const WalletRules& rules, const ReceiveOrder& command) {
  std::int64_t paid = 0;
  std::vector<std::int64_t> weights;
  for (const auto& line : command.lines) paid += line.paid, weights.push_back(line.paid);
  const auto count = paid * rules.earn.points / rules.earn.amount;
  if (count == 0) return;
  const auto activeAt = rules.returnWindowDays ? midnightAfter(context_.zone, command.at, *rules.returnWindowDays + 1) : command.at;
  NaivePoint point{.order = command.order, .award = ++wallet.awards, .activeAt = activeAt};
  if (rules.expiry.months || rules.expiry.days) point.expiresAt = expiryOf(rules.expiry, context_.zone, activeAt);
  const auto shares = handOut(count, weights);
  for (std::size_t line = 0; line < shares.size(); ++line) {
    for (std::int64_t i = 0; i < shares[line]; ++i) {
      point.line = static_cast<std::int64_t>(line);
      // Points are dealt to the units one after the other, again and again.
      point.unit = i % command.lines[line].quantity;
      wallet.points.push_back(point);
    }
  }
  wallet.tick(command.at);
}

std::optional<Code> NaiveLedger::carryOut(const ReceiveOrder& command) {
  if (command.lines.empty()) return Code::emptyOrder;
  if (command.currency != context_.currency.code()) return Code::currencyMismatch;
  if (orders_.contains(command.order)) return Code::duplicateOrder;
  tick(command.at);
  auto& lines = orders_[command.order];
  for (const auto& line : command.lines) lines.push_back({line.quantity, line.paid, 0});
  earn(points, context_.rules.points, command);
  earn(growth, context_.rules.growth, command);
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const RefundOrder& command) {
  const auto found = orders_.find(command.order);
  if (found == orders_.end()) return Code::unknownOrder;
  if (refunds_.contains(command.refund)) return Code::duplicateRefund;
  if (command.lines.empty()) return Code::emptyOrder;
  auto after = found->second;
  for (const auto& line : command.lines) {
    if (line.line >= static_cast<std::int64_t>(after.size())) return Code::unknownLine;
    auto& state = after[static_cast<std::size_t>(line.line)];
    if (line.quantity >
        found->second[static_cast<std::size_t>(line.line)].quantity - found->second[static_cast<std::size_t>(line.line)].refunded) {
      return Code::refundExceedsOrder;
    }
    state.refunded += line.quantity;
  }
  for (std::size_t i = 0; i < command.lines.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (command.lines[i].line == command.lines[j].line) return Code::repeatedLine;
    }
  }
  tick(command.at);
  const auto takeBack = [&](NaiveWallet& wallet) {
    std::int64_t count = 0;
    std::int64_t award = 0;
    for (const auto& point : wallet.points) {
      if (point.order != command.order) continue;
      award = point.award;
      for (const auto& line : command.lines) {
        const auto first = found->second[static_cast<std::size_t>(line.line)].refunded;
        count += point.line == line.line && point.unit >= first && point.unit < first + line.quantity;
      }
    }
    wallet.takeBack(award, count, context_.rules.points.negativeBalance);
  };
  takeBack(points);
  takeBack(growth);
  found->second = after;
  refunds_[command.refund] = true;
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const RedeemPoints& command) {
  if (redemptions_.contains(command.redemption)) return Code::duplicateRedemption;
  auto later = points;
  later.tick(command.at);
  if (command.points > later.totals().active) return Code::insufficientPoints;
  tick(command.at);
  auto order = points.spendingOrder();
  order.resize(static_cast<std::size_t>(command.points));
  for (const auto i : order) points.points[i].state = PointState::spent;
  redemptions_[command.redemption] = order;
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const ReturnRedemption& command) {
  const auto found = redemptions_.find(command.redemption);
  if (found == redemptions_.end()) return Code::unknownRedemption;
  auto& spent = found->second;
  if (command.points > static_cast<std::int64_t>(spent.size())) return Code::returnExceedsRedemption;
  tick(command.at);
  for (std::int64_t i = 0; i < command.points; ++i) {
    auto& point = points.points[spent.back()];
    spent.pop_back();
    const bool over = point.expiresAt && *point.expiresAt <= command.at;
    point.state = over ? PointState::expired : points.debt > 0 ? PointState::chargedElsewhere : PointState::active;
    if (!over && points.debt > 0) --points.debt;
  }
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const Due& command) {
  if (!points.anythingDue(command.at) && !growth.anythingDue(command.at)) return Code::nothingDue;
  tick(command.at);
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const GrantPoints& command) {
  if (grants_.contains(command.grant)) return Code::duplicateGrant;
  tick(command.at);
  grants_[command.grant] = false;
  const auto& rules = context_.rules.points;
  const auto activeAt = command.holdDays ? midnightAfter(context_.zone, command.at, *command.holdDays + 1) : command.at;
  NaivePoint point{.order = "the grant " + command.grant, .award = ++points.awards, .activeAt = activeAt};
  if (rules.expiry.months || rules.expiry.days) point.expiresAt = expiryOf(rules.expiry, context_.zone, activeAt);
  for (std::int64_t i = 0; i < command.points; ++i) points.points.push_back(point);
  points.tick(command.at);
  return std::nullopt;
}

std::optional<Code> NaiveLedger::carryOut(const ReverseGrant& command) {
  const auto found = grants_.find(command.grant);
  if (found == grants_.end() || found->second) return Code::unknownGrant;
  tick(command.at);
  found->second = true;
  std::int64_t count = 0;
  std::int64_t award = 0;
  for (const auto& point : points.points) {
    if (point.order == "the grant " + command.grant) award = point.award, ++count;
  }
  points.takeBack(award, count, context_.rules.points.negativeBalance);
  return std::nullopt;
}

}  // namespace souk::test
