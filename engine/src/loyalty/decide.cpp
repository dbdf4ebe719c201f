// SPDX-License-Identifier: MIT
// The rules: a command on a ledger becomes facts, or is refused.
#include <algorithm>
#include <string>
#include <utility>

#include "souk/core/id.hpp"
#include "souk/core/integer.hpp"
#include "souk/core/sort.hpp"
#include "souk/loyalty.hpp"
#include "wallet.hpp"

namespace souk {
namespace {

using Facts = Result<std::vector<LoyaltyFact>>;

Result<void> checkIdAt(std::string_view path, std::string_view id) {
  auto checked = checkId(id);
  if (!checked) return std::unexpected(within(path, std::move(checked.error())));
  return {};
}

std::optional<LevelChanged> levelChange(const LoyaltyRules& rules, const std::string& from, std::int64_t activeGrowth, Instant at) {
  const auto& to = rules.levels[levelIndex(rules.levels, activeGrowth)].name;
  if (to == from) return std::nullopt;
  LevelChanged change;
  change.at = at;
  change.from = from;
  change.to = to;
  return change;
}

/// One decision: the ledger at the command's instant, and the facts so far.
class Decision {
 public:
  Decision(const LoyaltyContext& context, const Ledger& ledger, Instant at)
      : context_(context), ledger_(ledger), points_(ledger.points, at), growth_(ledger.growth, at), at_(at) {}

  Facts operator()(const ReceiveOrder& command);
  Facts operator()(const RefundOrder& command);
  Facts operator()(const RedeemPoints& command);
  Facts operator()(const ReturnRedemption& command);
  Facts operator()(const Due& command);
  Facts operator()(const GrantPoints& command);
  Facts operator()(const ReverseGrant& command);

 private:
  /// The fact, and behind it the level's change if the active growth value calls for one.
  template <class Fact>
  Facts decided(Fact fact, std::int64_t activeGrowth) const;

  Result<std::optional<Award>> award(const WalletRules& rules, const Wallet& wallet, std::int64_t paid) const;
  Result<Award> awardOf(const WalletRules& rules, const Wallet& wallet, std::int64_t points) const;
  Result<std::vector<AwardedLine>> sharedLines(const ReceiveOrder& command, const OrderAwarded& fact) const;
  Result<ClawedBackLine> clawedBackLine(const OrderState& order, const RefundLine& line) const;

  const LoyaltyContext& context_;
  const Ledger& ledger_;
  WalletAt points_;
  WalletAt growth_;
  Instant at_;
};

template <class Fact>
Facts Decision::decided(Fact fact, std::int64_t activeGrowth) const {
  fact.at = at_;
  std::vector<LoyaltyFact> facts;
  facts.emplace_back(std::move(fact));
  if (auto change = levelChange(context_.rules, ledger_.level, activeGrowth, at_)) facts.emplace_back(std::move(*change));
  return facts;
}

Result<std::int64_t> totalPaid(const std::vector<OrderLine>& lines) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto path = "/lines/" + std::to_string(i);
    if (auto checked = checkIdAt(path + "/item", lines[i].item); !checked) return std::unexpected(checked.error());
    if (lines[i].quantity < 1 || lines[i].quantity > kMaxQuantity) return fail(Code::outOfRange, path + "/quantity");
    if (lines[i].paid < 0) return fail(Code::outOfRange, path + "/paid", "nobody is paid for buying");
    const auto sum = checkedAdd(total, lines[i].paid);
    if (!sum) return std::unexpected(within(path + "/paid", sum.error()));
    total = *sum;
  }
  return total;
}

Result<std::optional<Award>> Decision::award(const WalletRules& rules, const Wallet& wallet, std::int64_t paid) const {
  const auto points = mulDiv(paid, rules.earn.points, rules.earn.amount, Rounding::floor);
  if (!points) return std::unexpected(points.error());
  if (*points == 0) return std::nullopt;
  return awardOf(rules, wallet, *points);
}

Result<Award> Decision::awardOf(const WalletRules& rules, const Wallet& wallet, std::int64_t points) const {
  if (points > kMaxPoints - wallet.totals.earned) return fail(Code::overflow, {}, "the wallet would pass what it may hold");
  const auto term = lotTerm(rules, context_.zone, at_);
  if (!term) return std::unexpected(term.error());
  return Award{static_cast<std::int64_t>(wallet.lots.size()) + 1, points, term->activeAt, term->expiresAt};
}

Result<std::vector<AwardedLine>> Decision::sharedLines(const ReceiveOrder& command, const OrderAwarded& fact) const {
  std::vector<std::int64_t> weights;
  weights.reserve(command.lines.size());
  for (const auto& line : command.lines) weights.push_back(line.paid);
  const auto points = allocate(fact.points ? fact.points->points : 0, weights);
  if (!points) return std::unexpected(points.error());
  const auto growth = allocate(fact.growth ? fact.growth->points : 0, weights);
  if (!growth) return std::unexpected(growth.error());
  std::vector<AwardedLine> lines;
  lines.reserve(command.lines.size());
  for (std::size_t i = 0; i < command.lines.size(); ++i) {
    const auto& line = command.lines[i];
    lines.push_back({line.item, line.quantity, line.paid, (*points)[i], (*growth)[i]});
  }
  return lines;
}

Facts Decision::operator()(const ReceiveOrder& command) {
  if (auto checked = checkIdAt("/order", command.order); !checked) return std::unexpected(checked.error());
  if (command.lines.empty()) return fail(Code::emptyOrder, "/lines", "the order has no line");
  if (command.currency != context_.currency.code()) return fail(Code::currencyMismatch, "/currency", "not the program's currency");
  if (ledger_.orderIndex.find(ledger_.orders, command.order)) return fail(Code::duplicateOrder, "/order", "received before");
  const auto paid = totalPaid(command.lines);
  if (!paid) return std::unexpected(paid.error());
  OrderAwarded fact;
  fact.order = command.order;
  auto points = award(context_.rules.points, *points_, *paid);
  if (!points) return std::unexpected(points.error());
  auto growth = award(context_.rules.growth, *growth_, *paid);
  if (!growth) return std::unexpected(growth.error());
  fact.points = *points;
  fact.growth = *growth;
  auto lines = sharedLines(command, fact);
  if (!lines) return std::unexpected(lines.error());
  fact.lines = std::move(*lines);
  const bool countsAtOnce = fact.growth && fact.growth->activeAt <= at_;
  return decided(std::move(fact), growth_->totals.active + (countsAtOnce ? (*growth)->points : 0));
}

Result<ClawedBackLine> Decision::clawedBackLine(const OrderState& order, const RefundLine& refund) const {
  if (refund.line < 0 || refund.line >= static_cast<std::int64_t>(order.lines.size())) {
    return fail(Code::unknownLine, "/line", "the order has no such line");
  }
  const auto& line = order.lines[static_cast<std::size_t>(refund.line)];
  if (refund.quantity < 1) return fail(Code::outOfRange, "/quantity", "at least one unit is given back");
  if (refund.quantity > line.quantity - line.refunded) {
    return fail(Code::refundExceedsOrder, "/quantity", "not that many units are left to refund");
  }
  const auto earned = [&](std::int64_t whole) {
    return earnedByUnits(whole, line.quantity, line.refunded + refund.quantity) - earnedByUnits(whole, line.quantity, line.refunded);
  };
  return ClawedBackLine{refund.line, refund.quantity, earned(line.points), earned(line.growth)};
}

Facts Decision::operator()(const RefundOrder& command) {
  if (auto checked = checkIdAt("/refund", command.refund); !checked) return std::unexpected(checked.error());
  const auto found = ledger_.orderIndex.find(ledger_.orders, command.order);
  if (!found || command.order.starts_with(kGrantPrefix)) return fail(Code::unknownOrder, "/order", "no such order was received");
  if (ledger_.refundIndex.find(ledger_.refunds, command.refund)) return fail(Code::duplicateRefund, "/refund", "taken before");
  if (command.lines.empty()) return fail(Code::emptyOrder, "/lines", "the refund has no line");
  const auto& order = ledger_.orders[*found];
  OrderClawedBack fact;
  fact.order = command.order;
  fact.refund = command.refund;
  for (std::size_t i = 0; i < command.lines.size(); ++i) {
    auto line = clawedBackLine(order, command.lines[i]);
    if (!line) return std::unexpected(within("/lines/" + std::to_string(i), std::move(line.error())));
    fact.lines.push_back(*line);
  }
  sortInPlace(fact.lines, [](const auto& a, const auto& b) { return a.line < b.line; });
  const auto sameLine = [](const auto& a, const auto& b) { return a.line == b.line; };
  if (std::adjacent_find(fact.lines.begin(), fact.lines.end(), sameLine) != fact.lines.end()) {
    return fail(Code::repeatedLine, "/lines", "a line stands twice");
  }
  std::int64_t points = 0;
  std::int64_t growth = 0;
  for (const auto& line : fact.lines) points += line.points, growth += line.growth;
  fact.points = planClawback(*points_, order.pointsLot, points, context_.rules.points.negativeBalance);
  fact.growth = planClawback(*growth_, order.growthLot, growth, context_.rules.points.negativeBalance);
  const bool wasActive = growth > 0 && growth_->lots[static_cast<std::size_t>(order.growthLot - 1)].phase == LotPhase::active;
  const auto taken = wasActive ? fact.growth.fromRemaining : 0;
  return decided(std::move(fact), growth_->totals.active - taken);
}

Facts Decision::operator()(const RedeemPoints& command) {
  if (auto checked = checkIdAt("/redemption", command.redemption); !checked) return std::unexpected(checked.error());
  if (command.points < 1) return fail(Code::outOfRange, "/points", "at least one point is spent");
  if (ledger_.redemptionIndex.find(ledger_.redemptions, command.redemption)) {
    return fail(Code::duplicateRedemption, "/redemption", "made before");
  }
  if (command.points > points_->totals.active) {
    return fail(Code::insufficientPoints, "/points", std::to_string(points_->totals.active) + " points are active");
  }
  PointsRedeemed fact;
  fact.redemption = command.redemption;
  fact.parts = planSpend(*points_, command.points);
  return decided(std::move(fact), growth_->totals.active);
}

Facts Decision::operator()(const ReturnRedemption& command) {
  const auto found = ledger_.redemptionIndex.find(ledger_.redemptions, command.redemption);
  if (!found) return fail(Code::unknownRedemption, "/redemption", "no such redemption was made");
  if (command.points < 1) return fail(Code::outOfRange, "/points", "at least one point is returned");
  const auto& held = ledger_.redemptions[*found].parts;
  if (command.points > sum(held)) return fail(Code::returnExceedsRedemption, "/points", "the redemption holds less");
  RedemptionReturned fact;
  fact.redemption = command.redemption;
  auto left = command.points;
  for (auto part = held.rbegin(); left > 0; ++part) {
    fact.parts.push_back({part->lot, std::min(left, part->points)});
    left -= fact.parts.back().points;
  }
  return decided(std::move(fact), growth_->totals.active);
}

Facts Decision::operator()(const GrantPoints& command) {
  if (auto checked = checkIdAt("/grant", command.grant); !checked) return std::unexpected(checked.error());
  if (auto checked = checkIdAt("/reason", command.reason); !checked) return std::unexpected(checked.error());
  if (command.points < 1) return fail(Code::outOfRange, "/points", "at least one point is given");
  if (ledger_.orderIndex.find(ledger_.orders, grantKey(command.grant))) return fail(Code::duplicateGrant, "/grant", "made before");
  PointsRules rules = context_.rules.points;
  rules.returnWindowDays = command.holdDays;
  auto award = awardOf(rules, *points_, command.points);
  if (!award) return std::unexpected(award.error());
  PointsGranted fact;
  fact.grant = command.grant;
  fact.reason = command.reason;
  fact.points = *award;
  return decided(std::move(fact), growth_->totals.active);
}

Facts Decision::operator()(const ReverseGrant& command) {
  const auto found = ledger_.orderIndex.find(ledger_.orders, grantKey(command.grant));
  if (!found || ledger_.orders[*found].lines[0].refunded > 0) return fail(Code::unknownGrant, "/grant", "not made, or reversed before");
  const auto& order = ledger_.orders[*found];
  GrantReversed fact;
  fact.grant = command.grant;
  fact.points = planClawback(*points_, order.pointsLot, order.lines[0].points, context_.rules.points.negativeBalance);
  return decided(std::move(fact), growth_->totals.active);
}

Facts Decision::operator()(const Due&) {
  const auto due = nextDue(ledger_);
  if (!due || *due > at_) return fail(Code::nothingDue, "/at", "nothing happens until then");
  return decided(TimePassed{}, growth_->totals.active);
}

}  // namespace

std::optional<LevelChanged> levelChange(const LoyaltyRules& rules, const Ledger& ledger) {
  return levelChange(rules, ledger.level, ledger.growth.totals.active, ledger.at);
}

Facts decide(const LoyaltyCommand& command, const LoyaltyContext& context, const Ledger& ledger) {
  const Instant at = std::visit([](const CommandHead& head) { return head.at; }, command);
  if (at < ledger.at) return fail(Code::beforeStream, "/at", "the command lies before the stream's last fact");
  return std::visit(Decision{context, ledger, at}, command);
}

}  // namespace souk
