// SPDX-License-Identifier: MIT
// Two accounts become one: what goes over, what is refused, and that not one point is made or lost.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "crossing_world.hpp"
#include "ledger_world.hpp"

namespace souk::test {
namespace {

std::vector<OrderLine> lines(std::int64_t quantity, std::int64_t paid) { return {{"item", quantity, paid}}; }

InvitationPhase inviteeOf(CrossingShop& shop, const std::string& account, std::size_t number) {
  return shop.streams.accounts[account].referral.invitees.at(number - 1).phase;
}

/// A shop where each of these has a code.
CrossingShop withCodes(const std::vector<std::string>& accounts) {
  CrossingShop shop;
  std::int64_t random = 0;
  for (const auto& account : accounts) REQUIRE(!shop.makeCode(account, ++random));
  return shop;
}

/// The same ids for another account: what one person does under two accounts.
struct Renamed {
  std::string suffix;
  void operator()(ReceiveOrder& c) const { c.order += suffix; }
  void operator()(RefundOrder& c) const { c.order += suffix, c.refund += suffix; }
  void operator()(RedeemPoints& c) const { c.redemption += suffix; }
  void operator()(ReturnRedemption& c) const { c.redemption += suffix; }
  void operator()(GrantPoints& c) const { c.grant += suffix; }
  void operator()(ReverseGrant& c) const { c.grant += suffix; }
  void operator()(Due&) const {}
};

/// Two accounts of one shop with histories of their own, each to its last fact.
struct TwoLedgers {
  explicit TwoLedgers(std::uint64_t seed) : random(seed), shop{randomRules(random)} {
    for (const char* suffix : {"a", "b"}) {
      Random own{random.next()};
      RandomCommands source{own};
      auto& ledger = *suffix == 'a' ? a : b;
      for (int i = 0; i < 40; ++i) run(ledger, source.next(), suffix);
    }
    at = std::max(a.at, b.at);
  }

  void run(Ledger& ledger, LoyaltyCommand command, std::string suffix) const {
    std::visit(Renamed{std::move(suffix)}, command);
    const auto facts = decide(command, {shop.rules, shop.zone, pounds()}, ledger);
    if (!facts) return;
    for (const auto& fact : *facts) REQUIRE(evolve(ledger, fact));
  }

  Random random;
  Shop shop;
  Ledger a, b;
  Instant at;
};

Ledger settledAt(Ledger ledger, Instant at) {
  settle(ledger.points, at);
  settle(ledger.growth, at);
  ledger.at = at;
  return ledger;
}

std::vector<std::int64_t> counted(const WalletTotals& t) {
  return {t.earned, t.spent, t.expired, t.forgiven, t.pending, t.active - t.debt, t.clawedBack};
}

std::vector<std::int64_t> sumOf(const WalletTotals& a, const WalletTotals& b) {
  auto sum = counted(a);
  const auto other = counted(b);
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
  return sum;
}

}  // namespace

TEST_CASE("merge: points, orders and team purchases go over, and the ended account holds nothing", "[merge]") {
  CrossingShop shop;
  REQUIRE(!shop.receive("ann", "o1", lines(1, 1'000)));
  REQUIRE(!shop.receive("bob", "o2", lines(2, 3'000)));
  const auto before = shop.streams.accounts["bob"].ledger.points.lots.at(0);
  shop.now.ms += kDayMs;
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.last.size() == 2);
  CHECK(shop.points("ann").pending == 40);
  CHECK(shop.points("bob").earned == 0);
  const auto& after = shop.streams.accounts["ann"].ledger.points.lots.at(1);
  CHECK(after.activeAt == before.activeAt);
  CHECK(after.expiresAt == before.expiresAt);
  REQUIRE(!shop.refund("ann", "o2", "f1", {{0, 1}}));
  CHECK(shop.points("ann").pending == 25);
  CHECK(shop.refund("bob", "o2", "f2", {{0, 1}}) == Code::accountMerged);
}

TEST_CASE("merge: the level is that of both growth values together, so none falls", "[merge]") {
  CrossingShop shop;
  shop.loyalty.growth.returnWindowDays.reset();
  shop.loyalty.levels = {{"member", 0}, {"silver", 15}, {"gold", 35}};
  REQUIRE(!shop.receive("ann", "o1", lines(1, 1'000)));
  REQUIRE(!shop.receive("bob", "o2", lines(1, 3'000)));
  CHECK(shop.streams.accounts["ann"].ledger.level == "member");
  CHECK(shop.streams.accounts["bob"].ledger.level == "silver");
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.streams.accounts["ann"].ledger.level == "gold");
}

TEST_CASE("merge: itself, an ended account and chains are refused or followed by the account that is left", "[merge]") {
  CrossingShop shop;
  REQUIRE(!shop.receive("cat", "o1", lines(1, 1'000)));
  CHECK(shop.merge("ann", "ann") == Code::mergeWithItself);
  REQUIRE(!shop.merge("bob", "cat"));
  CHECK(shop.merge("ann", "cat") == Code::accountMerged);
  CHECK(shop.merge("cat", "ann") == Code::accountMerged);
  CHECK(shop.merge("bob", "cat") == Code::accountMerged);
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.points("ann").pending == 10);
  CHECK(shop.merge("bob", "ann") == Code::accountMerged);
}

TEST_CASE("merge: an ended account gets no order, grant, seat, code, invitation or link", "[merge]") {
  auto shop = withCodes({"ann", "bob"});
  REQUIRE(!shop.stock(5));
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.receive("bob", "o1", lines(1, 100)) == Code::accountMerged);
  CHECK(shop.payOrder("bob", "o1") == Code::accountMerged);
  CHECK(shop.pay("t", "bob", "p1", true) == Code::accountMerged);
  CHECK(shop.leave("t", "bob") == Code::accountMerged);
  CHECK(shop.makeCode("bob", 9) == Code::accountMerged);
  CHECK(shop.invite("bob", "cat") == Code::accountMerged);
  CHECK(shop.invite("ann", "bob") == Code::accountMerged);
  CHECK(shop.link("bob", "device") == Code::accountMerged);
}

TEST_CASE("merge: it waits while the ended account has a seat in a forming team, not that of the other", "[merge]") {
  CrossingShop shop;
  REQUIRE(!shop.stock(5));
  REQUIRE(!shop.pay("t", "bob", "p1", true));
  CHECK(shop.merge("ann", "bob") == Code::mergeWhileTeamOpen);
  REQUIRE(!shop.pay("u", "ann", "p2", true));
  REQUIRE(!shop.pay("t", "cat", "p3", false));
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.streams.accounts["ann"].seats.seats.size() == 2);
  REQUIRE(!shop.pay("u", "dan", "p4", false));
  CHECK(shop.streams.accounts["ann"].seats.seats.at(0).phase == PaymentPhase::released);
}

TEST_CASE("merge: an order, redemption or payment that both have keeps them two", "[merge]") {
  CrossingShop shop;
  REQUIRE(!shop.receive("ann", "o1", lines(1, 1'000)));
  REQUIRE(!shop.receive("bob", "o1", lines(1, 1'000)));
  CHECK(shop.merge("ann", "bob") == Code::mergeConflict);
  CHECK(shop.streams.accounts["bob"].ledger.orders.size() == 1);
}

TEST_CASE("merge: a history that no fact can hold stays where it is", "[merge][boundary]") {
  CrossingShop shop;
  const std::vector<OrderLine> many(400, {"item", 1, 100});
  for (int i = 0; i < 30; ++i) REQUIRE(!shop.receive("bob", "order-" + std::to_string(i), many));
  CHECK(shop.merge("ann", "bob") == Code::mergeTooLarge);
  REQUIRE(!shop.merge("bob", "ann"));
}

TEST_CASE("merge: debt of one is paid at once by active points of the other, earliest expiry first", "[merge]") {
  for (const bool debtorStays : {true, false}) {
    Random random{1};
    Shop shop{randomRules(random)};
    Ledger debtor, rich;
    for (auto* ledger : {&debtor, &rich}) ledger->at = kNewYear2011;
    debtor.points.totals.debt = debtor.points.totals.clawedBack = 5;
    for (const std::int64_t expiry : {30, 10}) {
      Lot lot{.order = static_cast<std::int64_t>(rich.orders.size()), .original = 4, .remaining = 4, .phase = LotPhase::active};
      lot.activeAt = kNewYear2011;
      lot.expiresAt = Instant{kNewYear2011.ms + expiry * kDayMs};
      rich.points.lots.push_back(lot);
      rich.orders.push_back({.id = "o" + std::to_string(expiry), .lines = {{.quantity = 1, .points = 4}}});
      rich.orders.back().pointsLot = static_cast<std::int64_t>(rich.points.lots.size());
    }
    rich.points.totals.earned = rich.points.totals.active = 8;
    auto& stays = debtorStays ? debtor : rich;
    REQUIRE(absorb(stays, debtorStays ? rich : debtor, kNewYear2011));
    CHECK(stays.points.totals.debt == 0);
    CHECK(stays.points.totals.active == 3);
    CHECK(stays.points.lots.at(0).remaining == 3);
    CHECK(stays.points.lots.at(1).remaining == 0);
  }
}

TEST_CASE("merge: in random histories every point is conserved, whichever account stays", "[merge][property]") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    TwoLedgers two{seed};
    const auto a = settledAt(two.a, two.at);
    const auto b = settledAt(two.b, two.at);
    auto ab = two.a;
    auto ba = two.b;
    REQUIRE(absorb(ab, two.b, two.at));
    REQUIRE(absorb(ba, two.a, two.at));
    for (const auto& merged : {ab, ba}) {
      REQUIRE(brokenPromise(merged).empty());
      REQUIRE(counted(merged.points.totals) == sumOf(a.points.totals, b.points.totals));
      REQUIRE(counted(merged.growth.totals) == sumOf(a.growth.totals, b.growth.totals));
      REQUIRE(merged.points.lots.size() == a.points.lots.size() + b.points.lots.size());
      const auto active = merged.growth.totals.active;
      REQUIRE(active >= std::max(a.growth.totals.active, b.growth.totals.active));
    }
    REQUIRE(counted(ab.points.totals) == counted(ba.points.totals));
    REQUIRE(levelIndex(two.shop.rules.levels, ab.growth.totals.active) == levelIndex(two.shop.rules.levels, ba.growth.totals.active));
  }
}

TEST_CASE("merge: where nothing is owed, waiting and merging may change places", "[merge][property]") {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    INFO("seed " << seed);
    TwoLedgers two{seed};
    if (two.a.points.totals.debt + two.b.points.totals.debt > 0) continue;
    ++compared;
    const Instant later{two.at.ms + 40 * kDayMs};
    auto first = two.a;
    auto last = two.a;
    REQUIRE(absorb(first, two.b, two.at));
    REQUIRE(absorb(last, two.b, later));
    REQUIRE(toBinary(settledAt(first, later)) == toBinary(last));
  }
  CHECK(compared > 100);
}

TEST_CASE("merge: what may be done with an old order or redemption is the same behind it", "[merge][property]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    TwoLedgers two{seed};
    auto merged = two.a;
    REQUIRE(absorb(merged, two.b, two.at));
    Random random{seed};
    RandomCommands source{random};
    for (int i = 0; i < 40; ++i) {
      auto command = source.next();
      std::visit(Renamed{"b"}, command);
      std::visit([&](CommandHead& head) { head.at = two.at; }, command);
      const bool isOld = std::holds_alternative<RefundOrder>(command) || std::holds_alternative<ReturnRedemption>(command) ||
                         std::holds_alternative<ReverseGrant>(command);
      if (!isOld) continue;
      const LoyaltyContext context{two.shop.rules, two.shop.zone, pounds()};
      const auto alone = decide(command, context, two.b);
      const auto behind = decide(command, context, merged);
      REQUIRE(alone.has_value() == behind.has_value());
      if (!alone) {
        REQUIRE(alone.error().code == behind.error().code);
        continue;
      }
      for (const auto& fact : *alone) REQUIRE(evolve(two.b, fact));
      for (const auto& fact : *behind) REQUIRE(evolve(merged, fact));
      REQUIRE(brokenPromise(merged).empty());
    }
  }
}

TEST_CASE("merge: the first invitation stays, the other is withheld for its inviter", "[merge][referral]") {
  for (const bool firstStays : {true, false}) {
    auto shop = withCodes({"cat", "dan"});
    REQUIRE(!shop.invite("cat", "ann"));
    shop.now.ms += 1;
    REQUIRE(!shop.invite("dan", "bob"));
    const std::string stays = firstStays ? "ann" : "bob";
    REQUIRE(!shop.merge(stays, firstStays ? "bob" : "ann"));
    CHECK(shop.streams.accounts[stays].referral.invitation->inviter == "cat");
    CHECK(inviteeOf(shop, "cat", 1) == InvitationPhase::open);
    CHECK(inviteeOf(shop, "dan", 1) == InvitationPhase::withheld);
    REQUIRE(!shop.receive(stays, "o1", lines(1, 1'000)));
    CHECK(shop.points("cat").pending == 50);
    CHECK(shop.points("dan").earned == 0);
  }
}

TEST_CASE("merge: who invited oneself under another name gets nothing, what was given stays given", "[merge][referral]") {
  for (const bool inviterStays : {true, false}) {
    auto shop = withCodes({"ann"});
    REQUIRE(!shop.invite("ann", "bob"));
    const std::string stays = inviterStays ? "ann" : "bob";
    auto rewarded = shop;
    REQUIRE(!shop.merge(stays, inviterStays ? "bob" : "ann"));
    CHECK(!shop.streams.accounts[stays].referral.invitation);
    CHECK(inviteeOf(shop, stays, 1) == InvitationPhase::withheld);
    REQUIRE(!shop.receive(stays, "o1", lines(1, 1'000)));
    CHECK(shop.points(stays).pending == 10);

    REQUIRE(!rewarded.receive("bob", "o1", lines(1, 1'000)));
    REQUIRE(!rewarded.merge(stays, inviterStays ? "bob" : "ann"));
    CHECK(rewarded.points(stays).pending == 80);
    REQUIRE(!rewarded.refund(stays, "o1", "f1", {{0, 1}}));
    CHECK(rewarded.points(stays).pending == 70);
  }
}

TEST_CASE("merge: no cycle arises through a third account", "[merge][referral]") {
  auto shop = withCodes({"ann", "cat"});
  REQUIRE(!shop.invite("ann", "cat"));
  shop.now.ms += 1;
  REQUIRE(!shop.invite("cat", "bob"));
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(!shop.streams.accounts["ann"].referral.invitation);
  CHECK(inviteeOf(shop, "cat", 1) == InvitationPhase::withheld);
  CHECK(shop.streams.accounts["cat"].referral.invitation->inviter == "ann");
}

TEST_CASE("merge: invitations of the ended account go on for the one that stays, by its old code too", "[merge][referral]") {
  auto shop = withCodes({"ann", "bob"});
  REQUIRE(!shop.invite("ann", "eve"));
  REQUIRE(!shop.invite("bob", "cat"));
  const auto oldCode = shop.streams.accounts["bob"].referral.code;
  REQUIRE(!shop.merge("ann", "bob"));
  REQUIRE(!shop.receive("cat", "o1", lines(1, 1'000)));
  CHECK(inviteeOf(shop, "ann", 2) == InvitationPhase::rewarded);
  CHECK(shop.points("ann").pending == 50);
  REQUIRE(!shop.merge("zoe", "ann"));
  REQUIRE(!shop.refund("cat", "o1", "f1", {{0, 1}}));
  CHECK(inviteeOf(shop, "zoe", 2) == InvitationPhase::reversed);
  CHECK(shop.points("zoe").clawedBack == 50);
  AcceptInvitation accept;
  accept.account = "dan", accept.inviter = "zoe", accept.code = oldCode;
  REQUIRE(!shop.run(ReferralCommand{accept}));
  CHECK(inviteeOf(shop, "zoe", 3) == InvitationPhase::open);
  accept.account = "zoe";
  CHECK(shop.run(ReferralCommand{accept}) == Code::selfInvitation);
}

TEST_CASE("merge: of two that were rewarded, the first is taken back with its order and the other stays given", "[merge][referral]") {
  for (const bool firstStays : {true, false}) {
    auto shop = withCodes({"cat", "dan"});
    REQUIRE(!shop.invite("cat", "ann"));
    shop.now.ms += 1;
    REQUIRE(!shop.invite("dan", "bob"));
    REQUIRE(!shop.receive("ann", "o1", lines(1, 1'000)));
    REQUIRE(!shop.receive("bob", "o2", lines(1, 1'000)));
    const std::string stays = firstStays ? "ann" : "bob";
    REQUIRE(!shop.merge(stays, firstStays ? "bob" : "ann"));
    CHECK(shop.points(stays).pending == 60);
    REQUIRE(!shop.refund(stays, "o1", "f1", {{0, 1}}));
    CHECK(shop.points("cat").pending == 0);
    REQUIRE(!shop.refund(stays, "o2", "f2", {{0, 1}}));
    CHECK(shop.points("dan").pending == 50);
    CHECK(shop.points(stays).pending == 20);
  }
}

TEST_CASE("link: an anonymous id is linked once, goes over with a merge, and there are 100 at most", "[merge][link]") {
  CrossingShop shop;
  REQUIRE(!shop.link("bob", "device-0"));
  CHECK(shop.link("bob", "device-0") == Code::alreadyLinked);
  CHECK(shop.link("bob", "a b") == Code::invalidId);
  for (int i = 1; i < 100; ++i) REQUIRE(!shop.link("bob", "device-" + std::to_string(i)));
  CHECK(shop.link("bob", "device-100") == Code::tooManyLinks);
  REQUIRE(!shop.link("ann", "device-1"));
  REQUIRE(!shop.merge("ann", "bob"));
  CHECK(shop.streams.accounts["ann"].anonymous.size() == 100);
  CHECK(shop.link("ann", "device-7") == Code::alreadyLinked);
}

TEST_CASE("merge: a fact that says what cannot be is refused and changes nothing", "[merge][evolve]") {
  CrossingShop shop;
  REQUIRE(!shop.receive("bob", "o1", lines(1, 1'000)));
  AccountAbsorbed fact;
  fact.at = shop.now;
  fact.from = "bob";
  fact.carried = shop.streams.accounts["bob"];
  const auto folds = [&](const AccountAbsorbed& changed, Account account = {}) {
    const auto before = toBinary(account);
    const bool done = evolve(account, Fact{AccountFact{changed}}).has_value();
    CHECK((done || toBinary(account) == before));
    return done;
  };
  CHECK(folds(fact));
  CHECK(!folds(fact, fact.carried));
  auto changed = fact;
  changed.carried.ledger.points.totals.pending += 1;
  CHECK(!folds(changed));
  changed = fact;
  changed.invitation = KeptInvitation::own;
  CHECK(!folds(changed));
  changed = fact;
  changed.carried.merged = Merged{"cat", 0};
  CHECK(!folds(changed));
  changed = fact;
  changed.carried.referral.invitees.emplace_back();
  CHECK(!folds(changed));
  changed = fact;
  changed.carried.seats.seats = {{"p", "t", "c", PaymentPhase::seated}};
  CHECK(!folds(changed));
  Account ended;
  ended.merged = Merged{"ann", 0};
  CHECK(!folds(fact, ended));
}

TEST_CASE("merge: accounts that point at each other end no search", "[merge][evolve]") {
  auto shop = withCodes({"ann"});
  REQUIRE(!shop.invite("ann", "cat"));
  shop.streams.accounts["ann"].merged = Merged{"bob", 0};
  shop.streams.accounts["bob"].merged = Merged{"ann", 0};
  CHECK(shop.receive("cat", "o1", lines(1, 1'000)) == Code::streamNotOpen);
}

}  // namespace souk::test
