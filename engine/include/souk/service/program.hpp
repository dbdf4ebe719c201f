// SPDX-License-Identifier: MIT
// The merchant's program: everything that is configured, in one document.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/money.hpp"
#include "souk/core/time.hpp"
#include "souk/groupbuy/rules.hpp"
#include "souk/loyalty/rules.hpp"
#include "souk/referral/rules.hpp"

namespace souk {

/// What a merchant configures. Its hash names it in every fact that it decided.
struct Program : LoyaltyRules {
  std::string name;
  std::string currency;
  Zone zone;
  std::optional<GroupbuyRules> groupbuy;
  std::optional<ReferralRules> referral;
  static constexpr auto fields() {
    return std::tuple_cat(std::tuple{Field{"name", &Program::name, "Name of the program, for people.", 1, 200},
                                     Field{"currency", &Program::currency, "ISO 4217 code of all amounts.", 3, 3},
                                     Field{"zone", &Program::zone, "The merchant's time zone, as `souk zone` prints it."}},
                          loyaltyFields<Program>(),
                          std::tuple{Field{"groupbuy", &Program::groupbuy, "Team purchases; absent: none."},
                                     Field{"referral", &Program::referral, "Rewards for invitations; absent: none."}});
  }
};

/// A program that passed every check, with what is looked up once.
struct CheckedProgram {
  Program program;
  Currency currency;
  Digest hash;  ///< SHA-256 of the program's binary form.
};

/// Checks a program whole. @error invalid-program, invalid-zone, unknown-currency, with the path within the program. O(size).
[[nodiscard]] Result<CheckedProgram> checkProgram(Program program);

}  // namespace souk
