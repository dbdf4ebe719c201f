// SPDX-License-Identifier: MIT
// What crosses from stream to stream, story by story.
#include <catch2/catch_test_macros.hpp>

#include "crossing_world.hpp"

namespace souk::test {
namespace {

std::vector<std::string> namesOf(const std::vector<StreamFacts>& facts) {
  std::vector<std::string> names;
  for (const auto& stream : facts) names.push_back(formatStreamName(stream.stream));
  return names;
}

using Names = std::vector<std::string>;

/// A shop where ann has invited bob.
CrossingShop invited() {
  CrossingShop shop;
  REQUIRE(!shop.makeCode("ann", 1));
  REQUIRE(!shop.invite("ann", "bob"));
  return shop;
}

std::vector<OrderLine> lines(std::int64_t quantity, std::int64_t paid) { return {{"item", quantity, paid}}; }

}  // namespace

TEST_CASE("crossing: the last seat commits every unit and tells every member", "[crossing]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(2));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  CHECK(namesOf(shop.last) == Names{"account/ann", "pool/mugs", "team/t"});
  CHECK(availableUnits(shop.streams.pools["mugs"], shop.now) == 1);
  REQUIRE(!shop.pay("t", "bob", "p2", false));
  CHECK(namesOf(shop.last) == Names{"account/ann", "account/bob", "pool/mugs", "team/t"});
  CHECK(shop.streams.pools["mugs"].sold == 2);
  CHECK(shop.streams.accounts["ann"].seats.seats[0].phase == PaymentPhase::released);
}

TEST_CASE("crossing: no fact in an account's stream names another account", "[crossing]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(2));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  REQUIRE(!shop.pay("t", "bob", "p2", false));
  for (const auto& [stream, fact] : shop.journal) {
    if (stream.kind != StreamKind::account) continue;
    const auto* about = paymentOf(std::get<TeamFact>(fact));
    REQUIRE(about != nullptr);
    CHECK(about->payment.account == stream.id);
  }
}

TEST_CASE("crossing: a failed team gives its units back at the deadline, the pool's clock or the team's first", "[crossing]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(1));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  const auto deadline = shop.streams.teams["t"].terms.deadline;
  CHECK(nextDue(shop.streams.pools["mugs"]) == deadline);
  shop.now = deadline;
  REQUIRE(!shop.pay("u", "bob", "p2", true));  // the unit is free, though nobody has run the due yet
  CHECK(shop.streams.teams["u"].phase == TeamPhase::forming);
  REQUIRE(!shop.due("t"));
  CHECK(namesOf(shop.last) == Names{"account/ann", "team/t"});
  CHECK(shop.streams.accounts["ann"].seats.seats[0].phase == PaymentPhase::refunded);
}

TEST_CASE("crossing: leaving gives the unit back at once", "[crossing]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(1));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  REQUIRE(!shop.leave("t", "ann"));
  CHECK(namesOf(shop.last) == Names{"account/ann", "pool/mugs", "team/t"});
  CHECK(availableUnits(shop.streams.pools["mugs"], shop.now) == 1);
}

TEST_CASE("crossing: the last unit goes to one of two teams, the other payment is refunded", "[crossing]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(1));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  REQUIRE(!shop.pay("u", "bob", "p2", true));
  CHECK(shop.streams.teams["u"].phase == TeamPhase::unstarted);
  CHECK(shop.streams.teams["u"].payments[0].phase == PaymentPhase::refunded);
}

TEST_CASE("crossing: a shopper's limit counts seats in all teams, but not those that were refunded", "[crossing]") {
  CrossingShop shop;
  shop.groupbuy.teamCampaigns[0].seatsPerShopper = 1;
  REQUIRE(!shop.stock(9));
  REQUIRE(!shop.pay("t", "ann", "p1", true));
  REQUIRE(!shop.pay("u", "ann", "p2", true));
  CHECK(shop.streams.teams["u"].phase == TeamPhase::unstarted);
  REQUIRE(!shop.stop("t"));
  REQUIRE(!shop.pay("u", "ann", "p3", true));
  CHECK(shop.streams.teams["u"].phase == TeamPhase::forming);
}

TEST_CASE("crossing: a stream that is not among the states is named, and nothing is decided", "[crossing]") {
  CrossingShop shop;
  const CrossingRules rules{{shop.loyalty, shop.zone, pounds()}, shop.groupbuy, nullptr};
  StartTeam command;
  command.team = "t", command.account = "ann", command.campaign = "mugs", command.payment = command.order = "p1", command.amount = 1'000;
  command.currency = "GBP", command.at = shop.now;
  const Account ann;
  const Team team;
  const std::vector<OpenState> states{{.name = {StreamKind::account, "ann"}, .account = &ann},
                                      {.name = {StreamKind::team, "t"}, .team = &team}};
  const auto decided = decide(TeamCommand{command}, rules, states);
  REQUIRE(!decided);
  CHECK(decided.error().code == Code::streamNotOpen);
  CHECK(decided.error().path == "pool/mugs");
}

TEST_CASE("referral: link, first order, received: both get points that are held, and can spend them after the hold",
          "[crossing][referral]") {
  auto shop = invited();
  REQUIRE(!shop.payOrder("bob", "o1"));
  REQUIRE(!shop.receive("bob", "o1", lines(1, 500)));
  CHECK(namesOf(shop.last) == Names{"account/ann", "account/bob"});
  CHECK(shop.points("ann").pending == 50);
  CHECK(shop.points("bob").pending == 25);  // five of the order's own
  shop.now.ms += 16 * kDayMs;
  CHECK(shop.points("ann").active == 50);
  CHECK(shop.points("bob").active == 25);
}

TEST_CASE("referral: the refund of that order takes back from both, another order's from nobody", "[crossing][referral]") {
  auto shop = invited();
  REQUIRE(!shop.receive("bob", "o1", lines(2, 1'000)));
  REQUIRE(!shop.receive("bob", "o2", lines(1, 1'000)));
  CHECK(shop.points("ann").earned == 50);
  REQUIRE(!shop.refund("bob", "o2", "f1", {{0, 1}}));
  CHECK(shop.points("ann").clawedBack == 0);
  REQUIRE(!shop.refund("bob", "o1", "f2", {{0, 1}}));  // 500 stay paid, the minimum
  CHECK(shop.points("ann").clawedBack == 0);
  REQUIRE(!shop.refund("bob", "o1", "f3", {{0, 1}}));
  CHECK(shop.points("ann").clawedBack == 50);
  CHECK(shop.points("bob").pending == 0);
}

TEST_CASE("referral: the program's budget is never passed, and stays spent after a reversal", "[crossing][referral]") {
  CrossingShop shop;
  shop.referral.budgetPool = "budget";
  REQUIRE(!shop.stock(100, "budget"));
  REQUIRE(!shop.makeCode("ann", 1));
  REQUIRE(!shop.invite("ann", "bob"));
  REQUIRE(!shop.invite("ann", "cat"));
  REQUIRE(!shop.receive("bob", "o1", lines(1, 500)));
  CHECK(namesOf(shop.last) == Names{"account/ann", "account/bob", "pool/budget"});
  REQUIRE(!shop.refund("bob", "o1", "f1", {{0, 1}}));
  REQUIRE(!shop.receive("cat", "o1", lines(1, 500)));
  CHECK(shop.streams.accounts["cat"].referral.invitation->phase == InvitationPhase::withheld);
  CHECK(shop.streams.pools["budget"].sold == 70);
}

TEST_CASE("referral: a seat in a team makes a customer, a refunded one does not", "[crossing][referral]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(1));
  REQUIRE(!shop.makeCode("ann", 1));
  REQUIRE(!shop.pay("t", "bob", "p1", true));
  CHECK(shop.invite("ann", "bob") == Code::notANewCustomer);
  REQUIRE(!shop.stop("t"));
  CHECK(!shop.invite("ann", "bob"));
}

TEST_CASE("referral: chains do not pay upwards, and cannot close into a cycle", "[crossing][referral]") {
  CrossingShop shop;
  for (const auto& [name, random] : {std::pair{"ann", 1}, {"bob", 2}, {"cat", 3}}) REQUIRE(!shop.makeCode(name, random));
  REQUIRE(!shop.invite("ann", "bob"));
  REQUIRE(!shop.invite("bob", "cat"));
  CHECK(shop.invite("cat", "ann") == Code::invitationCycle);
  CHECK(shop.invite("bob", "ann") == Code::invitationCycle);
  CHECK(shop.invite("ann", "ann") == Code::selfInvitation);
  REQUIRE(!shop.receive("cat", "o1", lines(1, 500)));
  CHECK(shop.points("bob").pending == 50);
  CHECK(shop.points("ann").earned == 0);
}

TEST_CASE("one reward for an order that is reported again and again (openmetaearth/me-hub #894)", "[crossing][scenario]") {
  auto shop = invited();
  REQUIRE(!shop.receive("bob", "o1", lines(1, 500)));
  for (int i = 0; i < 20; ++i) CHECK(shop.receive("bob", "o1", lines(1, 500)) == Code::duplicateOrder);
  REQUIRE(!shop.receive("bob", "o2", lines(1, 500)));
  CHECK(shop.points("ann").earned == 50);
}

TEST_CASE("fifty payments for the last seat of two units: stock and money are exact (codingXiaxw/seckill #41)", "[crossing][scenario]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(3));
  REQUIRE(!shop.pay("t", "m0", "p0", true));
  for (int i = 1; i <= 50; ++i) REQUIRE(!shop.pay("t", "m" + std::to_string(i), "p" + std::to_string(i), false));
  std::int64_t kept = 0, refunded = 0;
  for (const auto& payment : shop.streams.teams["t"].payments)
    (payment.phase == PaymentPhase::refunded ? refunded : kept) += payment.amount;
  CHECK(kept == 2'000);
  CHECK(refunded == 49'000);
  CHECK(shop.streams.pools["mugs"].sold == 2);
  CHECK(availableUnits(shop.streams.pools["mugs"], shop.now) == 1);
}

}  // namespace souk::test
