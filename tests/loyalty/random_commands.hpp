// SPDX-License-Identifier: MIT
// Programs and commands made from a seed: small numbers, close instants and few ids, so that everything meets everything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../support/random.hpp"
#include "souk/loyalty.hpp"

namespace souk::test {

/// London in 2010 to 2014, with its summer times.
[[nodiscard]] Zone london();
/// An offset of eight hours, always.
[[nodiscard]] Zone shanghai();
[[nodiscard]] Currency pounds();
/// Midnight of 2011-01-01 in London.
inline constexpr Instant kNewYear2011{1'293'840'000'000};
inline constexpr std::int64_t kDayMs = 86'400'000;

[[nodiscard]] LoyaltyRules randomRules(Random& random);

/// Makes commands one after the other, each at or after the instant of the one before.
class RandomCommands {
 public:
  explicit RandomCommands(Random& random) : random_(random) {}
  [[nodiscard]] LoyaltyCommand next();

 private:
  [[nodiscard]] ReceiveOrder receive();
  [[nodiscard]] RefundOrder refund();
  [[nodiscard]] std::string someId(const char* prefix, std::int64_t among);

  Random& random_;
  Instant now_ = kNewYear2011;
  std::int64_t orders_ = 0;
};

}  // namespace souk::test
