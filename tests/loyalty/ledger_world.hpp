// SPDX-License-Identifier: MIT
// A small shop for tests: 1 point a pound, two weeks to return, six months of life to the month's end, four levels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "random_commands.hpp"
#include "souk/loyalty.hpp"

namespace souk::test {

inline LoyaltyRules shopRules() {
  LoyaltyRules rules;
  rules.points.earn = {100, 1};
  rules.points.returnWindowDays = 14;
  rules.points.expiry = {.months = 6, .monthEnd = true};
  rules.growth = {{.earn = {100, 1}, .returnWindowDays = 14, .expiry = {.months = 12}}};
  rules.levels = {{"member", 0}, {"silver", 100}, {"gold", 500}};
  return rules;
}

/// One account that decides and folds. Each act returns the code of its refusal, or nothing.
class Shop {
 public:
  explicit Shop(LoyaltyRules shopRules) : rules(std::move(shopRules)) {}
  Shop() : Shop(shopRules()) {}

  std::optional<Code> receive(std::string order, std::vector<OrderLine> lines, std::string currency = "GBP") {
    ReceiveOrder command;
    command.order = std::move(order);
    command.currency = std::move(currency);
    command.lines = std::move(lines);
    return run(std::move(command));
  }
  std::optional<Code> refund(std::string order, std::string refund, std::vector<RefundLine> lines) {
    RefundOrder command;
    command.order = std::move(order);
    command.refund = std::move(refund);
    command.lines = std::move(lines);
    return run(std::move(command));
  }
  std::optional<Code> redeem(std::string redemption, std::int64_t points) {
    RedeemPoints command;
    command.redemption = std::move(redemption);
    command.points = points;
    return run(std::move(command));
  }
  std::optional<Code> giveBack(std::string redemption, std::int64_t points) {
    ReturnRedemption command;
    command.redemption = std::move(redemption);
    command.points = points;
    return run(std::move(command));
  }
  std::optional<Code> grant(std::string grant, std::int64_t points, std::optional<std::int64_t> holdDays = {}) {
    GrantPoints command;
    command.grant = std::move(grant);
    command.reason = "referral";
    command.points = points;
    command.holdDays = holdDays;
    return run(std::move(command));
  }
  std::optional<Code> reverse(std::string grant) {
    ReverseGrant command;
    command.grant = std::move(grant);
    return run(std::move(command));
  }
  std::optional<Code> due() { return run(Due{}); }

  template <class Body>
  std::optional<Code> run(Body command) {
    command.at = now;
    last = {};
    const auto facts = decide(command, {rules, zone, pounds()}, ledger);
    if (!facts) {
      refusal = facts.error();
      return facts.error().code;
    }
    last = *facts;
    for (const auto& fact : last) {
      if (auto folded = evolve(ledger, fact); !folded) return folded.error().code;
    }
    return std::nullopt;
  }

  [[nodiscard]] LoyaltyView view() const { return *viewAccount(ledger, rules, now, true); }
  [[nodiscard]] WalletTotals points() const { return view().points.totals; }
  void wait(std::int64_t days) { now.ms += days * kDayMs; }

  LoyaltyRules rules;
  Zone zone = london();
  Instant now = kNewYear2011;
  Ledger ledger;
  std::vector<LoyaltyFact> last;
  Error refusal{};
};

/// One line: `quantity` units, `paid` pence for all of them.
inline std::vector<OrderLine> line(std::int64_t quantity, std::int64_t paid) { return {{"item", quantity, paid}}; }

}  // namespace souk::test
