// SPDX-License-Identifier: MIT
#include "souk/referral/rules.hpp"

#include "souk/core/id.hpp"

namespace souk {

Result<void> checkRules(const ReferralRules& rules) {
  const auto points = rules.inviterPoints + rules.inviteePoints;
  if (points < 1) return fail(Code::invalidProgram, "/inviterPoints", "a reward is some points");
  if (points > rules.orderBudget) return fail(Code::invalidProgram, "/orderBudget", "less than an order pays to both");
  if (rules.budgetPool && !checkId(*rules.budgetPool)) return fail(Code::invalidProgram, "/budgetPool", "not an id");
  return {};
}

}  // namespace souk
