// SPDX-License-Identifier: MIT
// Whole histories: replay, metamorphic relations, and the public failures of others as scenarios.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "ledger_world.hpp"
#include "souk/core/binary.hpp"
#include "souk/core/digest.hpp"

namespace souk::test {
namespace {

struct Recorded {
  std::vector<LoyaltyFact> facts;
  std::vector<Digest> digests;  // after each fact
};

Recorded randomHistory(std::uint64_t seed, int commands) {
  Random random{seed};
  Shop shop{randomRules(random)};
  RandomCommands source{random};
  Recorded recorded;
  for (int i = 0; i < commands; ++i) {
    const auto facts = decide(source.next(), {shop.rules, shop.zone, pounds()}, shop.ledger);
    if (!facts) continue;
    for (const auto& fact : *facts) {
      REQUIRE(evolve(shop.ledger, fact));
      recorded.facts.push_back(fact);
      recorded.digests.push_back(sha256(toBinary(shop.ledger)));
    }
  }
  return recorded;
}

}  // namespace

TEST_CASE("replay: folding the facts from empty gives the live digest at every prefix", "[loyalty][replay]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto recorded = randomHistory(seed, 60);
    Ledger ledger;
    for (std::size_t i = 0; i < recorded.facts.size(); ++i) {
      REQUIRE(evolve(ledger, recorded.facts[i]));
      REQUIRE(sha256(toBinary(ledger)) == recorded.digests[i]);
    }
  }
}

TEST_CASE("replay: a restored ledger goes on exactly as the one that was saved", "[loyalty][replay]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto recorded = randomHistory(seed, 60);
    Ledger live;
    for (const auto& fact : recorded.facts) {
      auto restored = fromBinary<Ledger>(toBinary(live));
      REQUIRE(restored);
      REQUIRE(restoreDerived(*restored));
      REQUIRE(evolve(*restored, fact));
      REQUIRE(evolve(live, fact));
      REQUIRE(toBinary(*restored) == toBinary(live));
    }
  }
}

TEST_CASE("time: looking often and looking once give the same wallet", "[loyalty][expiry][metamorphic]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Ledger ledger;
    for (const auto& fact : randomHistory(seed, 40).facts) REQUIRE(evolve(ledger, fact));
    Wallet once = ledger.points;
    Wallet often = ledger.points;
    settle(once, {ledger.at.ms + 90 * kDayMs});
    for (int day = 0; day <= 90; ++day) settle(often, {ledger.at.ms + day * kDayMs});
    CHECK(toBinary(once) == toBinary(often));
  }
}

TEST_CASE("earning: k times the money and the threshold per point gives the same points", "[loyalty][earn][metamorphic]") {
  Random random{7};
  for (int i = 0; i < 200; ++i) {
    const auto paid = random.between(0, 1'000'000);
    const auto k = random.between(2, 1000);
    Shop shop;
    Shop scaled;
    scaled.rules.points.earn.amount *= k;
    REQUIRE(!shop.receive("o", line(1, paid)));
    REQUIRE(!scaled.receive("o", line(1, paid * k)));
    CHECK(shop.points().pending == scaled.points().pending);
  }
}

TEST_CASE("earning: splitting an order never makes points, joining never loses any", "[loyalty][earn][metamorphic]") {
  Random random{8};
  for (int i = 0; i < 500; ++i) {
    const auto first = random.between(0, 10'000);
    const auto second = random.between(0, 10'000);
    Shop whole;
    Shop split;
    REQUIRE(!whole.receive("o", {{"a", 1, first}, {"b", 1, second}}));
    REQUIRE(!split.receive("o1", line(1, first)));
    REQUIRE(!split.receive("o2", line(1, second)));
    CHECK(split.points().pending <= whole.points().pending);
  }
}

// The scenarios below are failures that were reported in public against other systems.

TEST_CASE("twenty redemptions of one balance: one is accepted (fushengqian/fuint #71)", "[loyalty][scenario]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 10'000)));
  shop.wait(20);
  int accepted = 0;
  for (int i = 0; i < 20; ++i) accepted += !shop.redeem("r" + std::to_string(i), 100);
  CHECK(accepted == 1);
  CHECK(shop.points().active == 0);
}

TEST_CASE("an order that is delivered twice earns once, and its return takes everything back (AnthropicBots/compressor #1481)",
          "[loyalty][scenario]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(2, 10'000)));
  CHECK(shop.receive("o1", line(2, 10'000)) == Code::duplicateOrder);
  REQUIRE(!shop.refund("o1", "f1", {{0, 2}}));
  CHECK(shop.points().pending == 0);
}

TEST_CASE("points that are given back meet a spend in between without making points (Ixotic27/The-Leetcode-City #690)",
          "[loyalty][scenario]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 10'000)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 60));
  REQUIRE(!shop.redeem("r2", 40));
  REQUIRE(!shop.giveBack("r1", 60));
  CHECK(shop.points().active == 60);
  CHECK(shop.points().spent == 40);
}

TEST_CASE("two returns at one instant are both counted (macrozheng/mall #299)", "[loyalty][scenario]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 10'000)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 30));
  REQUIRE(!shop.redeem("r2", 30));
  REQUIRE(!shop.giveBack("r1", 30));
  REQUIRE(!shop.giveBack("r2", 30));
  CHECK(shop.points().active == 100);
}

TEST_CASE("points never expire twice: old debits do not eat new credits (FreeOpenSourcePOS/FloCafe #78)", "[loyalty][scenario]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 10'000)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 80));
  shop.wait(300);  // the other 20 have expired
  REQUIRE(!shop.receive("o2", line(1, 5'000)));
  shop.wait(20);
  CHECK(shop.points().active == 50);
  CHECK(shop.points().expired == 20);
}

}  // namespace souk::test
