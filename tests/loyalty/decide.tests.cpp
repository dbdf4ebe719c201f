// SPDX-License-Identifier: MIT
// What each command does and when it is refused, by hand.
#include <catch2/catch_test_macros.hpp>

#include "ledger_world.hpp"

namespace souk::test {
namespace {

/// Midnight of a day in London, given in UTC milliseconds for the reader's calculator.
Instant midnight(std::int32_t year, std::int32_t month, std::int32_t day) { return *startOfDay(london(), {year, month, day}); }

}  // namespace

TEST_CASE("earning: the order's total is rounded down once, whatever its lines", "[loyalty][earn]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", {{"a", 1, 199}, {"b", 1, 199}, {"c", 1, 199}}));
  CHECK(shop.points().pending == 5);  // 597 pence; line by line it would be 3
}

TEST_CASE("earning: the lines' shares add up to the order's points", "[loyalty][earn]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", {{"a", 1, 4300}, {"b", 1, 1400}, {"c", 1, 2300}}));
  const auto& fact = std::get<OrderAwarded>(shop.last.front());
  CHECK(fact.lines[0].points == 43);
  CHECK(fact.lines[1].points == 14);
  CHECK(fact.lines[2].points == 23);
  CHECK(fact.points->points == 80);
}

TEST_CASE("earning: an order below one unit earns no lot and can still be refunded", "[loyalty][earn]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(2, 99)));
  CHECK(shop.ledger.points.lots.empty());
  CHECK(!shop.refund("o1", "f1", {{0, 2}}));
}

TEST_CASE("earning: an order of free gifts earns nothing", "[loyalty][earn]") {
  Shop shop;
  CHECK(!shop.receive("o1", {{"gift", 3, 0}, {"gift2", 1, 0}}));
  CHECK(shop.points().earned == 0);
}

TEST_CASE("earning is refused: no line, another currency, the same order again, an item without an id", "[loyalty][earn]") {
  Shop shop;
  CHECK(shop.receive("o1", {}) == Code::emptyOrder);
  CHECK(shop.receive("o1", line(1, 500), "USD") == Code::currencyMismatch);
  CHECK(shop.receive("o1", {{"", 1, 500}}) == Code::invalidId);
  CHECK(shop.refusal.path == "/lines/0/item");
  CHECK(!shop.receive("o1", line(1, 500)));
  CHECK(shop.receive("o1", line(1, 500)) == Code::duplicateOrder);
}

TEST_CASE("earning is refused with overflow when a total or a wallet would pass 2^53 - 1", "[loyalty][earn][boundary]") {
  Shop shop;
  CHECK(shop.receive("o1", {{"a", 1, kMaxExact}, {"b", 1, 1}}) == Code::overflow);
  shop.rules.points.earn = {1, 1};
  CHECK(!shop.receive("o2", line(1, kMaxExact)));
  CHECK(shop.receive("o3", line(1, 1)) == Code::overflow);
  CHECK(shop.points().earned == kMaxExact);
}

TEST_CASE("hold: points are pending to the last millisecond of the return window's last day", "[loyalty][hold][boundary]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));  // 1 January + 14 days: window ends with 15 January
  shop.now = {midnight(2011, 1, 16).ms - 1};
  CHECK(shop.points().pending == 5);
  CHECK(shop.redeem("r1", 1) == Code::insufficientPoints);
  shop.now = midnight(2011, 1, 16);
  CHECK(shop.points().active == 5);
  CHECK(!shop.redeem("r1", 5));
}

TEST_CASE("hold: without a return window points are active at once", "[loyalty][hold]") {
  Shop shop;
  shop.rules.points.returnWindowDays.reset();
  REQUIRE(!shop.receive("o1", line(1, 500)));
  CHECK(shop.points().active == 5);
}

TEST_CASE("expiry: spendable one millisecond before the instant, expired at it, sweep or no sweep", "[loyalty][expiry][boundary]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));  // active 16 January, + 6 months = 16 July, to the month's end: 1 August
  shop.now = {midnight(2011, 8, 1).ms - 1};
  CHECK(shop.points().active == 5);
  Shop atTheInstant = shop;
  CHECK(!shop.redeem("r1", 5));
  atTheInstant.now = midnight(2011, 8, 1);
  CHECK(atTheInstant.points().expired == 5);
  CHECK(atTheInstant.redeem("r1", 1) == Code::insufficientPoints);
}

TEST_CASE("expiry: a month after 31 January is the last day of February, local midnight, summer time or not",
          "[loyalty][expiry][boundary]") {
  const WalletRules rules{.returnWindowDays = {}, .expiry = {.months = 1}};
  const auto zone = london();
  CHECK(lotTerm(rules, zone, midnight(2011, 1, 31))->expiresAt == midnight(2011, 2, 28));
  CHECK(lotTerm(rules, zone, midnight(2012, 1, 31))->expiresAt == midnight(2012, 2, 29));
  const auto march = lotTerm(rules, zone, midnight(2011, 3, 1))->expiresAt;
  CHECK(march->ms == midnight(2011, 3, 1).ms + 31 * kDayMs - 3'600'000);  // the clocks went forward on the 27th
}

TEST_CASE("expiry: a term beyond the zone's table is refused, not guessed", "[loyalty][expiry]") {
  Shop shop;
  shop.now = midnight(2014, 12, 1);
  CHECK(shop.receive("o1", line(1, 500)) == Code::outsideZoneTable);
}

TEST_CASE("spending: the lot that expires first pays first, and a lot without expiry last", "[loyalty][spend]") {
  Shop shop;
  shop.rules.points.returnWindowDays.reset();
  shop.rules.points.expiry = {};
  REQUIRE(!shop.receive("never", line(1, 300)));
  shop.rules.points.expiry = {.months = 3};
  REQUIRE(!shop.receive("late", line(1, 300)));
  shop.rules.points.expiry = {.months = 1};
  REQUIRE(!shop.receive("soon", line(1, 300)));
  REQUIRE(!shop.redeem("r1", 7));
  const auto& parts = std::get<PointsRedeemed>(shop.last.front()).parts;
  CHECK(parts == std::vector<LotPart>{{3, 3}, {2, 3}, {1, 1}});
}

TEST_CASE("spending is refused: more than is active, nothing, the same redemption again", "[loyalty][spend]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));
  shop.wait(20);
  CHECK(shop.redeem("r1", 6) == Code::insufficientPoints);
  CHECK(shop.redeem("r1", 0) == Code::outOfRange);
  CHECK(!shop.redeem("r1", 2));
  CHECK(shop.redeem("r1", 2) == Code::duplicateRedemption);
}

TEST_CASE("return of a redemption: the points go back to their lots with the expiry these always had", "[loyalty][return]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 4));
  REQUIRE(!shop.giveBack("r1", 3));
  CHECK(shop.points().active == 4);
  shop.now = midnight(2011, 8, 1);
  CHECK(shop.points().active == 0);
  CHECK(shop.points().expired == 4);
}

TEST_CASE("return of a redemption: points whose lot expired meanwhile have expired, they are not laundered", "[loyalty][return]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 5));
  shop.now = midnight(2011, 9, 1);
  REQUIRE(!shop.giveBack("r1", 5));
  CHECK(shop.points().active == 0);
  CHECK(shop.points().expired == 5);
}

TEST_CASE("return of a redemption is refused: unknown, or more than it still holds", "[loyalty][return]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 5));
  CHECK(shop.giveBack("r2", 1) == Code::unknownRedemption);
  CHECK(shop.giveBack("r1", 6) == Code::returnExceedsRedemption);
  CHECK(!shop.giveBack("r1", 4));
  CHECK(shop.giveBack("r1", 2) == Code::returnExceedsRedemption);
}

TEST_CASE("refund: partial refunds take back exactly what their units earned and sum to the whole", "[loyalty][refund]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(3, 500)));  // 5 points over 3 units: 2, 2, 1
  REQUIRE(!shop.refund("o1", "f1", {{0, 1}}));
  CHECK(shop.points().pending == 3);
  REQUIRE(!shop.refund("o1", "f2", {{0, 1}}));
  CHECK(shop.points().pending == 1);
  REQUIRE(!shop.refund("o1", "f3", {{0, 1}}));
  CHECK(shop.points().pending == 0);
  CHECK(shop.points().clawedBack == 5);
}

TEST_CASE("refund: the recorded award counts, not today's rule", "[loyalty][refund]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 5000)));
  shop.rules.points.earn = {100, 2};
  REQUIRE(!shop.refund("o1", "f1", {{0, 1}}));
  CHECK(shop.points().clawedBack == 50);
  CHECK(shop.points().debt == 0);
}

TEST_CASE("refund is refused: unknown order or line, a line twice, too many units, the same refund again", "[loyalty][refund]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(3, 500)));
  CHECK(shop.refund("o2", "f1", {{0, 1}}) == Code::unknownOrder);
  CHECK(shop.refund("o1", "f1", {{1, 1}}) == Code::unknownLine);
  CHECK(shop.refusal.path == "/lines/0/line");
  CHECK(shop.refund("o1", "f1", {{0, 1}, {0, 1}}) == Code::repeatedLine);
  CHECK(shop.refund("o1", "f1", {{0, 4}}) == Code::refundExceedsOrder);
  CHECK(shop.refund("o1", "f1", {}) == Code::emptyOrder);
  CHECK(!shop.refund("o1", "f1", {{0, 2}}));
  CHECK(shop.refund("o1", "f1", {{0, 1}}) == Code::duplicateRefund);
  CHECK(shop.refund("o1", "f2", {{0, 2}}) == Code::refundExceedsOrder);
}

TEST_CASE("refund of spent points: other active lots pay, the rest is debt, and the next active points pay the debt first",
          "[loyalty][debt]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 1000)));
  REQUIRE(!shop.receive("o2", line(1, 300)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 11));
  REQUIRE(!shop.refund("o1", "f1", {{0, 1}}));  // 10 points: 1 was left of o1 or o2, 9 were spent
  CHECK(shop.points().active == 0);
  CHECK(shop.points().debt == 8);
  REQUIRE(!shop.receive("o3", line(1, 1000)));
  CHECK(shop.points().debt == 8);
  shop.wait(20);
  CHECK(shop.points().debt == 0);
  CHECK(shop.points().active == 2);
}

TEST_CASE("refund of spent points: where debt is forgiven, what cannot be taken is counted and gone", "[loyalty][debt]") {
  Shop shop;
  shop.rules.points.negativeBalance = NegativeBalance::forgive;
  REQUIRE(!shop.receive("o1", line(1, 1000)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 10));
  REQUIRE(!shop.refund("o1", "f1", {{0, 1}}));
  CHECK(shop.points().debt == 0);
  CHECK(shop.points().forgiven == 10);
}

TEST_CASE("refund of expired points makes no debt: they were lost already", "[loyalty][debt]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 1000)));
  shop.now = midnight(2011, 9, 1);
  REQUIRE(!shop.refund("o1", "f1", {{0, 1}}));
  CHECK(shop.points().debt == 0);
  CHECK(shop.points().expired == 0);
  CHECK(shop.points().clawedBack == 10);
}

TEST_CASE("levels: exactly at the threshold the level is reached, one below it is not", "[loyalty][level][boundary]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 9'900)));
  shop.wait(20);
  REQUIRE(!shop.due());
  CHECK(shop.ledger.level == "member");
  CHECK(shop.view().nextLevel->missing == 1);
  REQUIRE(!shop.receive("o2", line(1, 100)));
  CHECK(shop.view().nextLevel->pending == 1);
  shop.wait(20);
  REQUIRE(!shop.due());
  CHECK(shop.ledger.level == "silver");
}

TEST_CASE("levels: several rungs are passed at once, the last has no next, and a level falls when growth expires", "[loyalty][level]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 60'000)));
  shop.wait(20);
  REQUIRE(!shop.due());
  CHECK(shop.ledger.level == "gold");
  CHECK(!shop.view().nextLevel);
  shop.wait(400);
  CHECK(shop.view().level.name == "member");
  REQUIRE(!shop.due());
  CHECK(shop.ledger.level == "member");
}

TEST_CASE("due: refused while nothing is due, and nextDue names the instant at which it is", "[loyalty][due]") {
  Shop shop;
  CHECK(shop.due() == Code::nothingDue);
  REQUIRE(!shop.receive("o1", line(1, 500)));
  const auto next = nextDue(shop.ledger);
  REQUIRE(next);
  shop.now = {next->ms - 1};
  CHECK(shop.due() == Code::nothingDue);
  shop.now = *next;
  CHECK(!shop.due());
}

TEST_CASE("a command before the stream's last fact is refused", "[loyalty][time]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(1, 500)));
  shop.now.ms -= 1;
  CHECK(shop.receive("o2", line(1, 500)) == Code::beforeStream);
}

TEST_CASE("view: a balance is the sum of its lots' reasons", "[loyalty][view]") {
  Shop shop;
  REQUIRE(!shop.receive("o1", line(2, 1000)));
  REQUIRE(!shop.receive("o2", line(1, 700)));
  shop.wait(20);
  REQUIRE(!shop.redeem("r1", 12));
  REQUIRE(!shop.refund("o2", "f1", {{0, 1}}));
  const auto view = shop.view();
  std::int64_t active = 0;
  for (const auto& lot : view.points.lots) active += lot.phase == LotPhase::active ? lot.remaining : 0;
  CHECK(active == view.points.totals.active);
  CHECK(view.points.lots[0].order == "o1");
}

}  // namespace souk::test
