// SPDX-License-Identifier: MIT
// The state machine of a team, edge by edge.
#include <catch2/catch_test_macros.hpp>

#include "team_world.hpp"

namespace souk::test {

TEST_CASE("team: the last seat forms it, and every order is released then and not before", "[groupbuy]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 3;
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.released() == 0);
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.released() == 0);
  CHECK(shop.team.phase == TeamPhase::forming);
  REQUIRE(!shop.join("cat", "p3"));
  CHECK(shop.released() == 3);
  CHECK(shop.refunds().empty());
  CHECK(shop.team.phase == TeamPhase::formed);
  CHECK(!nextDue(shop.team));
}

TEST_CASE("team: it takes seats one millisecond before its deadline and fails at it", "[groupbuy][boundary]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  const auto deadline = shop.team.terms.deadline;
  CHECK(deadline.ms == kMorning.ms + 24 * kHourMs);
  CHECK(nextDue(shop.team) == deadline);
  shop.now = {deadline.ms - 1};
  CHECK(shop.due() == Code::nothingDue);
  TeamShop inTime = shop;
  REQUIRE(!inTime.join("bob", "p2"));
  CHECK(inTime.team.phase == TeamPhase::formed);
  shop.now = deadline;
  REQUIRE(!shop.due());
  CHECK(shop.team.phase == TeamPhase::failed);
  CHECK(shop.refunds() == Refunds{"p1 1000 team-failed"});
  CHECK(shop.due() == Code::nothingDue);
}

TEST_CASE("team: a payment at the deadline fails the team first, is late, and each is refunded once", "[groupbuy][boundary]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  shop.now = shop.team.terms.deadline;
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.refunds() == Refunds{"p1 1000 team-failed", "p2 1000 late"});
  REQUIRE(!shop.join("cat", "p3"));
  CHECK(shop.refunds() == Refunds{"p3 1000 late"});
  CHECK(shop.team.phase == TeamPhase::failed);
}

TEST_CASE("team: no deadline lies behind the end of its campaign, and no program moves it later", "[groupbuy][boundary]") {
  TeamShop shop;
  shop.now = {shop.rules.teamCampaigns[0].closesAt.ms - kHourMs};
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.team.terms.deadline == shop.rules.teamCampaigns[0].closesAt);
  const auto deadline = shop.team.terms.deadline;
  shop.rules.teamCampaigns[0].closesAt.ms += 100 * kHourMs;
  shop.rules.teamCampaigns[0].durationMinutes = 40'000;
  shop.now = deadline;
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.team.phase == TeamPhase::failed);
}

TEST_CASE("team: a surplus payment is refunded in full and takes no seat", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2"));
  REQUIRE(!shop.join("cat", "p3"));
  CHECK(shop.refunds() == Refunds{"p3 1000 full"});
  CHECK(seatsTaken(shop.team) == 2);
}

TEST_CASE("team: the same payment again has no effect, seated, refunded or known to the account", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.join("ann", "p1") == Code::duplicatePayment);
  REQUIRE(!shop.join("ann", "p2"));
  CHECK(shop.join("ann", "p2") == Code::duplicatePayment);
  shop.around.knownPayment = true;
  CHECK(shop.join("bob", "p3") == Code::duplicatePayment);
}

TEST_CASE("team: a member cannot sit twice, under another name or order", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("ann", "p2"));
  CHECK(shop.refunds() == Refunds{"p2 1000 already-member"});
  CHECK(seatsTaken(shop.team) == 1);
}

TEST_CASE("team: the wrong amount or currency is refunded as it was paid", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p0", kPrice - 1));
  CHECK(shop.refunds() == Refunds{"p0 999 wrong-amount"});
  CHECK(shop.team.phase == TeamPhase::unstarted);
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2", kPrice + 1));
  CHECK(shop.refunds() == Refunds{"p2 1001 wrong-amount"});
  REQUIRE(!shop.join("bob", "p3", kPrice, "EUR"));
  CHECK(shop.refunds() == Refunds{"p3 1000 wrong-currency"});
  CHECK(std::get<PaymentRefunded>(shop.last[0]).payment.currency == "EUR");
  CHECK(shop.join("bob", "p4", 0) == Code::outOfRange);
  CHECK(shop.join("bob", "p4", -kPrice) == Code::outOfRange);
}

TEST_CASE("team: its price is the one that it was started at, whatever the program says later", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  shop.rules.teamCampaigns[0].teamPrice = 500;
  REQUIRE(!shop.join("bob", "p2", 500));
  CHECK(shop.refunds() == Refunds{"p2 500 wrong-amount"});
  REQUIRE(!shop.join("bob", "p3"));
  CHECK(shop.team.phase == TeamPhase::formed);
}

TEST_CASE("team: a campaign that is paused, ended, gone, early or over takes no payment", "[groupbuy]") {
  for (const auto state : {CampaignState::paused, CampaignState::ended}) {
    TeamShop shop;
    REQUIRE(!shop.start("ann", "p1"));
    shop.rules.teamCampaigns[0].state = state;
    REQUIRE(!shop.join("bob", "p2"));
    CHECK(shop.refunds() == Refunds{"p2 1000 campaign-closed"});
    CHECK(shop.team.phase == TeamPhase::forming);
  }
  TeamShop shop;
  shop.now = {kMorning.ms - 1};
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.refunds() == Refunds{"p1 1000 campaign-closed"});
  shop.now = shop.rules.teamCampaigns[0].closesAt;
  REQUIRE(!shop.start("ann", "p2"));
  CHECK(shop.refunds() == Refunds{"p2 1000 campaign-closed"});
  shop.rules.teamCampaigns.clear();
  REQUIRE(!shop.start("ann", "p3"));
  CHECK(shop.refunds() == Refunds{"p3 1000 campaign-closed"});
}

TEST_CASE("team: a payment for a team that nobody started, or to start one that exists, is refunded", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.join("bob", "p1"));
  CHECK(shop.refunds() == Refunds{"p1 1000 no-team"});
  REQUIRE(!shop.start("ann", "p2"));
  REQUIRE(!shop.start("bob", "p3"));
  CHECK(shop.refunds() == Refunds{"p3 1000 team-exists"});
}

TEST_CASE("team: limits per shopper and campaign, and stock, are kept by refunding", "[groupbuy]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].seatsPerShopper = 1;
  shop.rules.teamCampaigns[0].seats = 10;
  shop.around.shopperSeats = 1;
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.refunds() == Refunds{"p1 1000 shopper-limit"});
  shop.around = {.campaignSeats = 10, .unitsAvailable = 100};
  REQUIRE(!shop.start("ann", "p2"));
  CHECK(shop.refunds() == Refunds{"p2 1000 campaign-limit"});
  shop.around = {};
  REQUIRE(!shop.start("ann", "p3"));
  CHECK(shop.refunds() == Refunds{"p3 1000 sold-out"});
}

TEST_CASE("team: when the initiator leaves, the next in line leads with the same deadline", "[groupbuy]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 3;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2"));
  const auto deadline = shop.team.terms.deadline;
  shop.wait(kHourMs);
  REQUIRE(!shop.leave("ann"));
  CHECK(shop.refunds() == Refunds{"p1 1000 left"});
  CHECK(initiatorOf(shop.team)->account == "bob");
  CHECK(shop.team.terms.deadline == deadline);
  REQUIRE(!shop.join("ann", "p3"));
  CHECK(initiatorOf(shop.team)->account == "bob");
}

TEST_CASE("team: the last one to leave cancels it", "[groupbuy]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.leave("ann"));
  CHECK(shop.refunds() == Refunds{"p1 1000 left"});
  CHECK(shop.team.phase == TeamPhase::cancelled);
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.refunds() == Refunds{"p2 1000 team-cancelled"});
}

TEST_CASE("team: who may leave is the rule that it was started under", "[groupbuy]") {
  const auto forming = [](Leaving leaving) {
    TeamShop shop;
    shop.rules.teamCampaigns[0].size = 3;
    shop.rules.teamCampaigns[0].leaving = leaving;
    CHECK(!shop.start("ann", "p1"));
    CHECK(!shop.join("bob", "p2"));
    shop.rules.teamCampaigns[0].leaving = Leaving::everyone;
    return shop;
  };
  auto nobody = forming(Leaving::nobody);
  CHECK(nobody.leave("bob") == Code::leavingNotAllowed);
  auto members = forming(Leaving::members);
  CHECK(members.leave("ann") == Code::leavingNotAllowed);
  CHECK(!members.leave("bob"));
  auto dissolving = forming(Leaving::dissolving);
  CHECK(!dissolving.leave("ann"));
  CHECK(dissolving.refunds() == Refunds{"p1 1000 team-cancelled", "p2 1000 team-cancelled"});
  CHECK(dissolving.team.phase == TeamPhase::cancelled);
}

TEST_CASE("team: leaving is refused to strangers, twice, and after the end", "[groupbuy]") {
  TeamShop shop;
  CHECK(shop.leave("ann") == Code::unknownTeam);
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.leave("bob") == Code::notAMember);
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.leave("ann") == Code::teamClosed);
  CHECK(shop.stop() == Code::teamClosed);
}

TEST_CASE("team: leaving at the deadline finds the team failed, with one refund", "[groupbuy][boundary]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  shop.now = shop.team.terms.deadline;
  REQUIRE(!shop.leave("ann"));
  CHECK(shop.refunds() == Refunds{"p1 1000 team-failed"});
  CHECK(shop.team.phase == TeamPhase::failed);
}

TEST_CASE("team: the shop's stop cancels it and refunds every seat", "[groupbuy]") {
  TeamShop shop;
  CHECK(shop.stop() == Code::unknownTeam);
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.stop());
  CHECK(shop.refunds() == Refunds{"p1 1000 team-cancelled"});
  CHECK(shop.stop() == Code::teamClosed);
}

TEST_CASE("team view: it shows masked names and places, and no account, payment or order", "[groupbuy][view]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 3;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2"));
  const auto view = shop.view("bob");
  REQUIRE(view.seats.size() == 2);
  CHECK(view.seatsLeft == 1);
  CHECK(view.seats[0].name == "a**");
  CHECK(view.seats[0].initiator);
  CHECK(!view.seats[0].own);
  CHECK(view.seats[1].own);
  CHECK(view.price == kPrice);
  CHECK(maskName("Ирина") == "И**");
  CHECK(maskName("拼团") == "拼**");
  CHECK(maskName("").empty());
}

TEST_CASE("team view: it is failed from the deadline on, refunded or not yet", "[groupbuy][view][boundary]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  shop.now = {shop.team.terms.deadline.ms - 1};
  CHECK(shop.view().phase == TeamPhase::forming);
  shop.wait(1);
  CHECK(shop.view().phase == TeamPhase::failed);
  CHECK(shop.view().seatsLeft == 0);
  CHECK(!viewTeam(shop.team, {0}, ""));
}

// The scenarios below are failures that were reported in public against other systems.

TEST_CASE("a team that is not full at its deadline is never a success (linlinjava/litemall #159)", "[groupbuy][scenario]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 5;
  for (const char* name : {"a", "b", "c", "d"})
    REQUIRE(!(shop.team.phase == TeamPhase::unstarted ? shop.start(name, name) : shop.join(name, name)));
  shop.now = shop.team.terms.deadline;
  REQUIRE(!shop.due());
  CHECK(shop.team.phase == TeamPhase::failed);
  CHECK(shop.refunds().size() == 4);
  CHECK(shop.released() == 0);
}

TEST_CASE("fifty payments for the last seat: one seat, forty-nine refunds (vendurehq/vendure #4660 and its like)", "[groupbuy][scenario]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p0"));
  std::size_t refunds = 0;
  for (int i = 1; i <= 50; ++i) {
    REQUIRE(!shop.join("m" + std::to_string(i), "p" + std::to_string(i)));
    refunds += shop.refunds().size();
  }
  CHECK(seatsTaken(shop.team) == 2);
  CHECK(refunds == 49);
}

TEST_CASE("a member who left is no longer shown (crmeb/CRMEB #27)", "[groupbuy][scenario]") {
  TeamShop shop;
  shop.rules.teamCampaigns[0].size = 3;
  REQUIRE(!shop.start("ann", "p1"));
  REQUIRE(!shop.join("bob", "p2"));
  REQUIRE(!shop.leave("bob"));
  CHECK(shop.view().seats.size() == 1);
  CHECK(shop.view().seatsLeft == 2);
}

TEST_CASE("an order of a forming team waits in a state of its own (linlinjava/litemall #283)", "[groupbuy][scenario]") {
  TeamShop shop;
  REQUIRE(!shop.start("ann", "p1"));
  CHECK(shop.team.payments[0].phase == PaymentPhase::seated);
  REQUIRE(!shop.join("bob", "p2"));
  CHECK(shop.team.payments[0].phase == PaymentPhase::released);
}

}  // namespace souk::test
