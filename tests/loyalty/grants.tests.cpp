// SPDX-License-Identifier: MIT
// Points for something that is no order.
#include <catch2/catch_test_macros.hpp>

#include "ledger_world.hpp"
#include "souk/core/binary.hpp"

namespace souk::test {

TEST_CASE("grants: points are held for the days that the grant names, whatever the return window", "[loyalty][grant][boundary]") {
  Shop shop;
  REQUIRE(!shop.grant("g1", 50, 3));
  REQUIRE(!shop.grant("g2", 7));
  CHECK(shop.points().pending == 50);
  CHECK(shop.points().active == 7);
  shop.now = {kNewYear2011.ms + 4 * kDayMs - 1};
  CHECK(shop.points().pending == 50);
  shop.wait(0), shop.now.ms += 1;
  CHECK(shop.points().active == 57);
}

TEST_CASE("grants: one id gives once and is reversed once", "[loyalty][grant]") {
  Shop shop;
  REQUIRE(!shop.grant("g1", 50, 3));
  CHECK(shop.grant("g1", 50) == Code::duplicateGrant);
  CHECK(shop.reverse("g2") == Code::unknownGrant);
  REQUIRE(!shop.reverse("g1"));
  CHECK(shop.reverse("g1") == Code::unknownGrant);
  CHECK(shop.grant("g1", 50) == Code::duplicateGrant);
  CHECK(shop.points().pending == 0);
  CHECK(shop.points().clawedBack == 50);
}

TEST_CASE("grants: reversing one whose points were spent makes debt, as a refund does", "[loyalty][grant]") {
  Shop shop;
  REQUIRE(!shop.grant("g1", 50));
  REQUIRE(!shop.redeem("r1", 30));
  REQUIRE(!shop.reverse("g1"));
  CHECK(shop.points().debt == 30);
  CHECK(shop.points().active == 0);
}

TEST_CASE("grants: a grant is no order: it cannot be refunded, hides no order's id, and makes nobody a customer", "[loyalty][grant]") {
  Shop shop;
  REQUIRE(!shop.grant("o1", 50));
  CHECK(shop.refund("grant/o1", "f1", {{0, 1}}) == Code::unknownOrder);
  CHECK(shop.refund("o1", "f1", {{0, 1}}) == Code::unknownOrder);
  CHECK(!hasReceivedOrder(shop.ledger));
  CHECK(!shop.receive("o1", line(1, 500)));
  CHECK(hasReceivedOrder(shop.ledger));
  CHECK(shop.reverse("o1") == std::nullopt);
}

TEST_CASE("grants are refused: no points, no id, more than a wallet holds", "[loyalty][grant]") {
  Shop shop;
  CHECK(shop.grant("g1", 0) == Code::outOfRange);
  CHECK(shop.grant("g/1", 1) == Code::invalidId);
  REQUIRE(!shop.grant("g1", kMaxExact));
  CHECK(shop.grant("g2", 1) == Code::overflow);
}

TEST_CASE("evolve: a grant or its reversal that does not fit is refused and changes no byte", "[loyalty][grant][evolve]") {
  Shop shop;
  REQUIRE(!shop.grant("g1", 50));
  const auto refused = [&](auto fact, auto spoil) {
    spoil(fact);
    const auto before = toBinary(shop.ledger);
    const auto folded = evolve(shop.ledger, LoyaltyFact{fact});
    return !folded && folded.error().code == Code::invalidFact && toBinary(shop.ledger) == before;
  };
  const auto given = std::get<PointsGranted>(shop.last.front());
  CHECK(refused(given, [](auto&) {}));
  CHECK(refused(given, [](auto& f) { f.grant = "g2"; }));
  CHECK(refused(given, [](auto& f) { f.grant = "g2", f.points.lot = 2, f.points.points = 0; }));
  Shop copy = shop;
  REQUIRE(!copy.reverse("g1"));
  const auto taken = std::get<GrantReversed>(copy.last.front());
  CHECK(refused(taken, [](auto& f) { f.grant = "g2"; }));
  CHECK(refused(taken, [](auto& f) { f.points.fromRemaining -= 1; }));
  CHECK(refused(taken, [](auto& f) { f.points.fromRemaining -= 1, f.points.debt += 1; }));
  CHECK(evolve(shop.ledger, LoyaltyFact{taken}));
  CHECK(refused(taken, [](auto&) {}));
}

}  // namespace souk::test
