// SPDX-License-Identifier: MIT
// Facts that do not fit are refused, and change no byte.
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "ledger_world.hpp"
#include "souk/core/binary.hpp"

namespace souk::test {
namespace {

/// A ledger with everything in it: a spent lot, an active one, a pending one.
Shop busyShop() {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(2, 1000)));
  REQUIRE(!shop.receive("o2", line(1, 500)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 12));
  REQUIRE(!shop.receive("o3", line(1, 300)));
  return shop;
}

/// Folds a spoilt copy of the next fact; whether it was refused without a trace.
template <class Fact>
bool refusedWithoutTrace(Shop& shop, Fact fact, const std::function<void(Fact&)>& spoil) {
  fact.at = shop.now;
  spoil(fact);
  const auto before = toBinary(shop.ledger);
  const auto folded = evolve(shop.ledger, LoyaltyFact{fact});
  return !folded && folded.error().code == Code::invalidFact && toBinary(shop.ledger) == before;
}

template <class Fact, class Command>
Fact nextFact(Shop& shop, Command command) {
  command.at = shop.now;
  return std::get<Fact>(decide(command, {shop.rules, shop.zone, pounds()}, shop.ledger)->front());
}

}  // namespace

TEST_CASE("evolve: an award that does not fit is refused and changes no byte", "[loyalty][evolve]") {
  auto shop = busyShop();
  shop.wait(300);  // so that refusing must not even let time pass
  ReceiveOrder command;
  command.order = "o4";
  command.currency = "GBP";
  command.lines = line(1, 800);
  const auto fact = nextFact<OrderAwarded>(shop, command);
  const auto refused = [&](std::function<void(OrderAwarded&)> spoil) { return refusedWithoutTrace<OrderAwarded>(shop, fact, spoil); };
  CHECK(refused([](auto& f) { f.order = "o1"; }));
  CHECK(refused([](auto& f) { f.points->lot = 3; }));
  CHECK(refused([](auto& f) { f.points->points += 1; }));
  CHECK(refused([](auto& f) { f.lines[0].points -= 1; }));
  CHECK(refused([](auto& f) { f.lines[0].growth = -1; }));
  CHECK(refused([](auto& f) { f.growth.reset(); }));
  CHECK(refused([](auto& f) { f.points->activeAt.ms = 0; }));
  CHECK(refused([](auto& f) { f.points->expiresAt = f.points->activeAt; }));
  CHECK(refused([](auto& f) { f.points->points = f.lines[0].points = kMaxExact; }));
  CHECK(evolve(shop.ledger, LoyaltyFact{fact}));
}

TEST_CASE("evolve: a clawback that does not fit is refused and changes no byte", "[loyalty][evolve]") {
  auto shop = busyShop();
  RefundOrder command;
  command.order = "o1";
  command.refund = "f1";
  command.lines = {{0, 2}};
  const auto fact = nextFact<OrderClawedBack>(shop, command);
  REQUIRE(fact.points.debt > 0);
  const auto refused = [&](std::function<void(OrderClawedBack&)> spoil) { return refusedWithoutTrace<OrderClawedBack>(shop, fact, spoil); };
  CHECK(refused([](auto& f) { f.order = "o9"; }));
  CHECK(refused([](auto& f) { f.points.lot = 2; }));
  CHECK(refused([](auto& f) { f.points.debt -= 1; }));
  CHECK(refused([](auto& f) { f.points.debt += 1, f.points.charges[0].points -= 1; }));
  CHECK(refused([](auto& f) { f.points.charges[0].lot = 1; }));
  CHECK(refused([](auto& f) { f.points.charges[0].lot = 77; }));
  CHECK(refused([](auto& f) { f.points.fromExpired += 1, f.points.debt -= 1; }));
  CHECK(refused([](auto& f) { f.lines[0].quantity = 3; }));
  CHECK(refused([](auto& f) { f.lines[0].line = 5; }));
  CHECK(refused([](auto& f) { f.lines.push_back(f.lines[0]); }));
  CHECK(evolve(shop.ledger, LoyaltyFact{fact}));
}

TEST_CASE("evolve: a redemption or its return that does not fit is refused and changes no byte", "[loyalty][evolve]") {
  auto shop = busyShop();
  RedeemPoints redeem;
  redeem.redemption = "r2";
  redeem.points = 2;
  const auto spent = nextFact<PointsRedeemed>(shop, redeem);
  const auto spendRefused = [&](std::function<void(PointsRedeemed&)> spoil) {
    return refusedWithoutTrace<PointsRedeemed>(shop, spent, spoil);
  };
  CHECK(spendRefused([](auto& f) { f.redemption = "r1"; }));
  CHECK(spendRefused([](auto& f) { f.parts = {}; }));
  CHECK(spendRefused([](auto& f) { f.parts[0].points = 4; }));
  CHECK(spendRefused([](auto& f) { f.parts = {{3, 1}}; }));
  CHECK(spendRefused([](auto& f) { f.parts = {{2, 1}, {2, 1}}; }));

  ReturnRedemption give;
  give.redemption = "r1";
  give.points = 3;
  const auto returned = nextFact<RedemptionReturned>(shop, give);
  const auto returnRefused = [&](std::function<void(RedemptionReturned&)> spoil) {
    return refusedWithoutTrace<RedemptionReturned>(shop, returned, spoil);
  };
  CHECK(returnRefused([](auto& f) { f.redemption = "r9"; }));
  CHECK(returnRefused([](auto& f) { std::swap(f.parts.front(), f.parts.back()); }));
  CHECK(returnRefused([](auto& f) { f.parts[0].points += 1; }));
  CHECK(returnRefused([](auto& f) { f.parts = {}; }));
  CHECK(evolve(shop.ledger, LoyaltyFact{returned}));
}

TEST_CASE("evolve: a level change must start from the level that was", "[loyalty][evolve]") {
  auto shop = busyShop();
  LevelChanged change;
  change.from = "member";
  change.to = "gold";
  CHECK(refusedWithoutTrace<LevelChanged>(shop, change, [](auto& f) { f.from = "silver"; }));
  CHECK(refusedWithoutTrace<LevelChanged>(shop, change, [](auto& f) { f.to = f.from; }));
}

TEST_CASE("evolve: a fact before the state is refused", "[loyalty][evolve]") {
  auto shop = busyShop();
  TimePassed fact;
  fact.at = {shop.now.ms - 1};
  const auto folded = evolve(shop.ledger, LoyaltyFact{fact});
  REQUIRE(!folded);
  CHECK(folded.error().code == Code::beforeStream);
}

}  // namespace souk::test
