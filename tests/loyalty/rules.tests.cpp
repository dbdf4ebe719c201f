// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "ledger_world.hpp"

namespace souk::test {
namespace {

std::string refusedAt(const LoyaltyRules& rules) {
  const auto checked = checkRules(rules);
  return checked ? "accepted" : checked.error().path;
}

}  // namespace

TEST_CASE("rules: a ladder starts at 0, rises, and gives each level its own name", "[loyalty][rules]") {
  auto rules = shopRules();
  CHECK(refusedAt(rules) == "accepted");
  rules.levels = {};
  CHECK(refusedAt(rules) == "/levels");
  rules.levels = {{"member", 1}};
  CHECK(refusedAt(rules) == "/levels");
  rules.levels = {{"member", 0}, {"silver", 10}, {"gold", 10}};
  CHECK(refusedAt(rules) == "/levels/2/threshold");
  rules.levels = {{"member", 0}, {"silver", 10}, {"member", 20}};
  CHECK(refusedAt(rules) == "/levels/2/name");
}

TEST_CASE("rules: months and days of validity exclude each other, and monthEnd needs one of them", "[loyalty][rules]") {
  auto rules = shopRules();
  rules.growth.expiry = {.months = 1, .days = 1};
  CHECK(refusedAt(rules) == "/growth/expiry");
  rules.growth.expiry = {.monthEnd = true};
  CHECK(refusedAt(rules) == "/growth/expiry/monthEnd");
}

TEST_CASE("rules: a level holds from its threshold up to the next one", "[loyalty][rules][boundary]") {
  const auto levels = shopRules().levels;
  CHECK(levelIndex(levels, 0) == 0);
  CHECK(levelIndex(levels, 99) == 0);
  CHECK(levelIndex(levels, 100) == 1);
  CHECK(levelIndex(levels, 499) == 1);
  CHECK(levelIndex(levels, kMaxExact) == 2);
}

}  // namespace souk::test
