// SPDX-License-Identifier: MIT
// Every state that a small world can reach, breadth first over distinct digests: two orders, two amounts, two redemptions, three instants.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <deque>
#include <set>
#include <vector>

#include "ledger_world.hpp"
#include "souk/core/binary.hpp"
#include "souk/core/digest.hpp"
#include "souk/core/invariant.hpp"

namespace souk::test {
namespace {

LoyaltyRules tinyRules(NegativeBalance policy) {
  LoyaltyRules rules;
  rules.points.earn = {1, 1};
  rules.points.returnWindowDays = 0;
  rules.points.expiry = {.days = 2};
  rules.points.negativeBalance = policy;
  rules.growth = {{.earn = {1, 1}, .returnWindowDays = 0, .expiry = {.days = 3}}};
  rules.levels = {{"member", 0}, {"silver", 2}, {"gold", 4}};
  return rules;
}

/// Every command of the world, without its instant.
std::vector<LoyaltyCommand> everyCommand() {
  std::vector<LoyaltyCommand> commands{Due{}};
  for (const char* order : {"o1", "o2"}) {
    ReceiveOrder receive;
    receive.order = order;
    receive.currency = "GBP";
    receive.lines = {{"a", 2, 3}};
    commands.emplace_back(receive);
    for (const char* refund : {"f1", "f2"}) {
      RefundOrder command;
      command.order = order;
      command.refund = refund;
      command.lines = {{0, 1}};
      commands.emplace_back(command);
    }
  }
  for (const char* redemption : {"r1", "r2"}) {
    for (const std::int64_t points : {1, 3}) {
      RedeemPoints redeem;
      redeem.redemption = redemption;
      redeem.points = points;
      commands.emplace_back(redeem);
    }
    ReturnRedemption give;
    give.redemption = redemption;
    give.points = 1;
    commands.emplace_back(give);
  }
  return commands;
}

int depthToSearch() {
  if (const char* wanted = std::getenv("SOUK_SMALL_WORLD_DEPTH")) return std::atoi(wanted);
  return kCheckInvariants ? 4 : 6;
}

struct Place {
  Ledger ledger;
  int depth = 0;
};

/// Walks every command at every instant from every distinct state. @return How many states there are.
std::size_t exploreAll(NegativeBalance policy) {
  const auto rules = tinyRules(policy);
  const auto zone = london();
  const auto commands = everyCommand();
  std::set<Digest> seen{sha256(toBinary(Ledger{}))};
  std::deque<Place> places{{}};
  for (; !places.empty(); places.pop_front()) {
    const auto& place = places.front();
    if (place.depth == depthToSearch()) continue;
    for (auto command : commands) {
      for (const std::int64_t days : {0, 1, 2}) {
        auto& at = std::visit([](CommandHead& head) -> Instant& { return head.at; }, command);
        at = {std::max(place.ledger.at.ms, kNewYear2011.ms) + days * kDayMs};
        const auto facts = decide(command, {rules, zone, pounds()}, place.ledger);
        if (!facts) continue;
        Ledger next = place.ledger;
        for (const auto& fact : *facts) REQUIRE(evolve(next, fact));
        if (!seen.insert(sha256(toBinary(next))).second) continue;
        REQUIRE(brokenPromise(next).empty());
        places.push_back({std::move(next), place.depth + 1});
      }
    }
  }
  return seen.size();
}

}  // namespace

TEST_CASE("small world: no reachable state breaks a promise, where debt is kept", "[loyalty][small-world]") {
  CHECK(exploreAll(NegativeBalance::debt) > 1'000);
}

TEST_CASE("small world: no reachable state breaks a promise, where debt is forgiven", "[loyalty][small-world]") {
  CHECK(exploreAll(NegativeBalance::forgive) > 1'000);
}

}  // namespace souk::test
