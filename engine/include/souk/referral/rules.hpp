// SPDX-License-Identifier: MIT
// What a merchant sets for invitations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

/// Levels that an order pays: the direct inviter and nobody above. Paying more levels by what people below them buy is against the law in places.
inline constexpr int kReferralDepth = 1;

/// Both sides get points once the invited customer's first order was received and its hold has ended.
struct ReferralRules {
  std::int64_t inviterPoints = 0;
  std::int64_t inviteePoints = 0;
  std::int64_t orderBudget = 0;
  std::int64_t holdDays = 14;
  std::int64_t minimumPaid = 1;
  std::optional<std::int64_t> orderWithinDays;
  std::optional<std::int64_t> rewardsPerInviter;
  std::optional<std::string> budgetPool;
  bool withholdSameDevice = true;
  bool withholdSamePayment = true;
  static constexpr auto fields() {
    return std::tuple{
        Field{"inviterPoints", &ReferralRules::inviterPoints, "Points for the one who invited.", 0, 1'000'000'000},
        Field{"inviteePoints", &ReferralRules::inviteePoints, "Points for the one who was invited.", 0, 1'000'000'000},
        Field{"orderBudget", &ReferralRules::orderBudget, "Most points that one order pays to both together.", 0, 2'000'000'000},
        Field{"holdDays", &ReferralRules::holdDays, "Days after the day of receipt for which the points are held.", 0, 366},
        Field{"minimumPaid", &ReferralRules::minimumPaid, "Least that must be paid for the first order, refunds taken off, minor units.",
              1},
        Field{"orderWithinDays", &ReferralRules::orderWithinDays, "Days of 24 hours from the invitation to the receipt; absent: any.", 1,
              3'660},
        Field{"rewardsPerInviter", &ReferralRules::rewardsPerInviter, "Rewards that one inviter gets at most; absent: any number.", 1},
        Field{"budgetPool", &ReferralRules::budgetPool, "Id of the pool whose units are the points of the whole program; absent: no cap.",
              1, 64},
        Field{"withholdSameDevice", &ReferralRules::withholdSameDevice, "Whether both on one device get nothing."},
        Field{"withholdSamePayment", &ReferralRules::withholdSamePayment, "Whether both with one means of payment get nothing."}};
  }
};

/// Checks what the fields' ranges cannot: the points of both fit the budget of an order, and there are some.
/// @error invalid-program with the path within the rules. O(1).
[[nodiscard]] Result<void> checkRules(const ReferralRules& rules);

}  // namespace souk
