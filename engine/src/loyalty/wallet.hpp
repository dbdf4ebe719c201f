// SPDX-License-Identifier: MIT
// What can happen to one wallet. Each act is planned on a settled wallet (by `decide`), then recorded in a fact, then checked and applied as it
// was recorded (by `evolve`), so that no rule is read twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "souk/loyalty/commands.hpp"
#include "souk/loyalty/ledger.hpp"
#include "souk/loyalty/rules.hpp"

namespace souk {

/// A wallet at an instant: the wallet itself where time changes nothing until then, else a copy that was brought there.
class WalletAt {
 public:
  WalletAt(const Wallet& wallet, Instant at);
  const Wallet& operator*() const { return copy_ ? *copy_ : wallet_; }
  const Wallet* operator->() const { return &**this; }
  /// Puts the settled copy, if there is one, in the place of the wallet that it was made from.
  void commitTo(Wallet& wallet);

 private:
  const Wallet& wallet_;
  std::optional<Wallet> copy_;
};

/// Opens a lot; a lot that is active at once pays debt at once.
void openLot(Wallet& wallet, const Award& award, std::int64_t order, Instant at);
[[nodiscard]] std::string_view misfit(const Wallet& wallet, const Award& award, Instant at);

/// The lots that pay for `points`, earliest expiry first; the sum of the parts is less than `points` where the wallet has less.
/// @param except  Number of a lot that does not pay, or 0.
[[nodiscard]] std::vector<LotPart> planSpend(const Wallet& wallet, std::int64_t points, std::int64_t except = 0);
void spend(Wallet& wallet, const std::vector<LotPart>& parts);
/// Why the parts cannot be taken from active lots, or an empty text.
[[nodiscard]] std::string_view misfit(const Wallet& wallet, const std::vector<LotPart>& parts);

/// Gives spent points back to their lots: active again, or expired where the lot is.
void giveBack(Wallet& wallet, const std::vector<LotPart>& parts);
[[nodiscard]] std::string_view misfitGivingBack(const Wallet& wallet, const std::vector<LotPart>& parts);

/// How `points` of a lot are taken back.
[[nodiscard]] Clawback planClawback(const Wallet& wallet, std::int64_t lot, std::int64_t points, NegativeBalance policy);
void clawBack(Wallet& wallet, const Clawback& clawback);
[[nodiscard]] std::string_view misfit(const Wallet& wallet, const Clawback& clawback);

/// Takes in the other's lots behind the own ones, their orders behind the own orders, and pays debt. Both must be settled at one instant.
/// @error overflow; the wallet is then spoilt.
[[nodiscard]] Result<void> absorb(Wallet& wallet, Wallet other, std::int64_t ordersBefore);

/// The id under which the ledger keeps a grant.
[[nodiscard]] std::string grantKey(std::string_view grant);

/// All that a clawback counts for.
[[nodiscard]] std::int64_t sum(const Clawback& clawback);
[[nodiscard]] std::int64_t sum(const std::vector<LotPart>& parts);

/// Points that the first `units` of a line of `quantity` units earned, of `points` in all: equal shares, the first units get one more.
[[nodiscard]] std::int64_t earnedByUnits(std::int64_t points, std::int64_t quantity, std::int64_t units);

}  // namespace souk
