// SPDX-License-Identifier: MIT
// An independent model of the loyalty rules that keeps every single point as a record of its own. Slow and plain: no lots, no totals, no facts.
// It reads the rules in its own words (dates by counting days, shares by handing out point after point) and shares no code with the engine but
// the structs of commands and the calendar.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "souk/loyalty.hpp"

namespace souk::test {

/// What became of one point.
enum class PointState : std::uint8_t { held, active, spent, expired, takenBack, chargedElsewhere };

struct NaivePoint {
  std::string order;
  std::int64_t line = 0;
  std::int64_t unit = 0;
  std::int64_t award = 0;  // number of the award, from 1
  Instant activeAt;
  std::optional<Instant> expiresAt;
  PointState state = PointState::held;
  std::string redemption;
};

/// The sums that the engine's totals are compared with.
struct NaiveTotals {
  std::int64_t earned = 0, active = 0, pending = 0, spent = 0, expired = 0, clawedBack = 0, debt = 0, forgiven = 0;
  auto operator<=>(const NaiveTotals&) const = default;
};

class NaiveWallet {
 public:
  void tick(Instant now);
  [[nodiscard]] NaiveTotals totals() const;

  std::vector<NaivePoint> points;
  /// Active points in the order in which they are spent.
  [[nodiscard]] std::vector<std::size_t> spendingOrder() const;
  /// Takes back `count` points of an award: held or active ones of its own, then expired ones, then any other active ones, then by policy.
  void takeBack(std::int64_t award, std::int64_t count, NegativeBalance policy);
  /// Whether an award becomes active or expires after the last tick and not after `now`.
  [[nodiscard]] bool anythingDue(Instant now) const;

  Instant lastTick{-kMaxExact};
  std::int64_t awards = 0;
  std::int64_t debt = 0;
  std::int64_t forgiven = 0;
};

class NaiveLedger {
 public:
  explicit NaiveLedger(const LoyaltyContext& context) : context_(context) {}

  /// Carries a command out; the code of the refusal, or nothing.
  std::optional<Code> run(const LoyaltyCommand& command);

  void tick(Instant now);
  [[nodiscard]] std::string level() const;

  NaiveWallet points;
  NaiveWallet growth;

 private:
  struct Line {
    std::int64_t quantity, paid, refunded;
  };

  std::optional<Code> carryOut(const ReceiveOrder& command);
  std::optional<Code> carryOut(const RefundOrder& command);
  std::optional<Code> carryOut(const RedeemPoints& command);
  std::optional<Code> carryOut(const ReturnRedemption& command);
  std::optional<Code> carryOut(const Due& command);
  std::optional<Code> carryOut(const GrantPoints& command);
  std::optional<Code> carryOut(const ReverseGrant& command);
  void earn(NaiveWallet& wallet, const WalletRules& rules, const ReceiveOrder& command);

  LoyaltyContext context_;
  std::map<std::string, std::vector<Line>> orders_;
  std::map<std::string, bool> refunds_;
  std::map<std::string, bool> grants_;                           // whether it was reversed
  std::map<std::string, std::vector<std::size_t>> redemptions_;  // points in the order in which they were spent
};

}  // namespace souk::test
