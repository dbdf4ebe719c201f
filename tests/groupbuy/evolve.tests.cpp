// SPDX-License-Identifier: MIT
// Facts that do not fit are refused, and change no byte.
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "souk/core/binary.hpp"
#include "team_world.hpp"

namespace souk::test {
namespace {

/// Folds a spoilt copy of a fact; whether it was refused without a trace.
template <class Fact>
bool refusedWithoutTrace(TeamShop& shop, Fact fact, const std::function<void(Fact&)>& spoil) {
  spoil(fact);
  const auto before = toBinary(shop.team);
  return !evolve(shop.team, TeamFact{fact}) && toBinary(shop.team) == before;
}

/// The first fact of a kind that a join would become, without folding it.
template <class Fact>
Fact factOfJoin(const TeamShop& shop, std::string account, std::string payment) {
  TeamShop copy = shop;
  REQUIRE(!copy.join(std::move(account), std::move(payment)));
  for (const auto& fact : copy.last) {
    if (const auto* found = std::get_if<Fact>(&fact)) return *found;
  }
  FAIL("no such fact");
  return {};
}

}  // namespace

TEST_CASE("evolve: a seat that does not fit is refused and changes no byte", "[groupbuy][evolve]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  const auto fact = factOfJoin<SeatTaken>(shop, "bob", "p2");
  const auto refused = [&](std::function<void(SeatTaken&)> spoil) { return refusedWithoutTrace<SeatTaken>(shop, fact, spoil); };
  CHECK(refused([](auto& f) { f.payment.id = "p1"; }));
  CHECK(refused([](auto& f) { f.payment.account = "ann"; }));
  CHECK(refused([](auto& f) { f.payment.amount -= 1; }));
  CHECK(refused([](auto& f) { f.payment.currency = "EUR"; }));
  CHECK(refused([](auto& f) { f.payment.seat = 1; }));
  CHECK(refused([](auto& f) { f.payment.seat = 0; }));
  CHECK(refused([](auto& f) { f.payment.phase = PaymentPhase::released; }));
  CHECK(refused([&](auto& f) { f.at = shop.team.terms.deadline; }));
  CHECK(refused([](auto& f) { f.at.ms = 0; }));
  REQUIRE(evolve(shop.team, TeamFact{fact}));
  SeatTaken third = fact;
  third.payment.id = "p3", third.payment.account = "cat", third.payment.seat = 3;
  CHECK(refusedWithoutTrace<SeatTaken>(shop, third, [](auto&) {}));
}

TEST_CASE("evolve: a team ends only as its seats and its deadline say", "[groupbuy][evolve]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  TeamClosed closed;
  closed.at = shop.now;
  const auto refused = [&](TeamPhase phase, Instant at) {
    return refusedWithoutTrace<TeamClosed>(shop, closed, [&](auto& f) { f.phase = phase, f.at = at; });
  };
  CHECK(refused(TeamPhase::formed, shop.now));
  CHECK(refused(TeamPhase::failed, {shop.team.terms.deadline.ms - 1}));
  CHECK(refused(TeamPhase::cancelled, shop.team.terms.deadline));
  CHECK(refused(TeamPhase::forming, shop.now));
  CHECK(refused(TeamPhase::unstarted, shop.now));
}

TEST_CASE("evolve: no payment is refunded twice, released after a refund, or refunded after its team has formed", "[groupbuy][evolve]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  TeamShop failed = shop;
  failed.now = shop.team.terms.deadline;
  REQUIRE(!failed.due());
  const auto refund = std::get<PaymentRefunded>(failed.last.back());
  CHECK(refusedWithoutTrace<PaymentRefunded>(failed, refund, [](auto&) {}));
  CHECK(refusedWithoutTrace<PaymentRefunded>(shop, refund, [&](auto& f) { f.at = shop.now; }));  // still forming, and nobody left
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(refusedWithoutTrace<PaymentRefunded>(shop, refund, [](auto&) {}));
  const auto release = std::get<FulfilmentReleased>(shop.last.back());
  CHECK(refusedWithoutTrace<FulfilmentReleased>(shop, release, [](auto&) {}));
}

TEST_CASE("evolve: a refund is of the payment as it came, whole", "[groupbuy][evolve]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 3;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2"));
  TeamShop copy = shop;
  REQUIRE(!copy.leave("bob"));
  const auto fact = std::get<PaymentRefunded>(copy.last.front());
  const auto refused = [&](std::function<void(PaymentRefunded&)> spoil) { return refusedWithoutTrace<PaymentRefunded>(shop, fact, spoil); };
  CHECK(refused([](auto& f) { f.payment.amount -= 1; }));
  CHECK(refused([](auto& f) { f.payment.amount += 1; }));
  CHECK(refused([](auto& f) { f.payment.account = "ann"; }));
  CHECK(refused([](auto& f) { f.payment.currency = "EUR"; }));
  CHECK(refused([](auto& f) { f.payment.order = "other"; }));
  CHECK(refused([](auto& f) { f.payment.phase = PaymentPhase::seated; }));
  CHECK(refused([](auto& f) { f.reason = RefundReason::teamFailed; }));
  CHECK(refused([](auto& f) { f.payment.id = "unknown"; }));
  CHECK(evolve(shop.team, TeamFact{fact}));
}

TEST_CASE("evolve: a shopper's seats take each payment once, and end it once", "[groupbuy][evolve]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  const TeamFact started = shop.last[0];
  const TeamFact taken = shop.last[1];
  REQUIRE(!shop.join("bob", "p2"));
  const TeamFact released = shop.last[2];
  REQUIRE(paymentOf(released)->payment.id == "p1");
  ShopperSeats seats;
  CHECK(!evolve(seats, started));
  CHECK(!evolve(seats, released));
  REQUIRE(evolve(seats, taken));
  CHECK(seatsIn(seats, "mugs") == 1);
  CHECK(!evolve(seats, taken));
  REQUIRE(evolve(seats, released));
  CHECK(!evolve(seats, released));
  CHECK(seatsIn(seats, "mugs") == 1);
  CHECK(seatsIn(seats, "other") == 0);
  auto restored = fromBinary<ShopperSeats>(toBinary(seats));
  CHECK((restored && restoreDerived(*restored)));
}

TEST_CASE("evolve: a restored team goes on as the one that was saved, and a damaged one is refused", "[groupbuy][evolve]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  auto restored = fromBinary<Team>(toBinary(shop.team));
  REQUIRE(restored);
  REQUIRE(restoreDerived(*restored));
  TeamShop other = shop;
  other.team = *restored;
  CHECK(other.join("bob", "p1") == Code::duplicatePayment);
  auto twice = shop.team;
  twice.payments.push_back(twice.payments[0]);
  CHECK(!restoreDerived(twice));
  auto richer = shop.team;
  richer.payments[0].amount += 1;
  CHECK(!restoreDerived(richer));
}

}  // namespace souk::test
