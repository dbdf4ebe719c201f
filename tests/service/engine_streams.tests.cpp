// SPDX-License-Identifier: MIT
// Commands that touch several streams, through the engine: named, decided, folded, repeated and replayed.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "service_world.hpp"

namespace souk::test {
namespace {

Program teamProgram() {
  auto program = shopProgram();
  TeamCampaign campaign;
  campaign.id = "mugs", campaign.item = "mug", campaign.pool = "mugs";
  campaign.opensAt = kNewYear2011;
  campaign.closesAt = daysOn(365);
  campaign.teamPrice = 1'000, campaign.singlePrice = 1'500;
  program.groupbuy = GroupbuyRules{{campaign}};
  ReferralRules referral;
  referral.inviterPoints = 50, referral.inviteePoints = 20, referral.orderBudget = 100, referral.minimumPaid = 500;
  program.referral = referral;
  return program;
}

template <class Module, class Body>
Command by(Author author, std::string id, Body body, Instant at, std::string account = {}) {
  body.id = std::move(id);
  body.account = std::move(account);
  body.at = at;
  body.author = author;
  return Module{std::move(body)};
}

Command stocked(std::string id, std::int64_t units, Instant at = kNewYear2011) {
  SetStock body;
  body.pool = "mugs";
  body.onHand = units;
  return by<PoolCommand>(Author::commerce, std::move(id), body, at);
}

template <class Payment>
Command paid(std::string id, const std::string& account, Payment body = {}, Instant at = kNewYear2011) {
  body.team = "t1", body.payment = "p-" + account, body.order = "o-" + account;
  body.amount = 1'000, body.currency = "GBP";
  if constexpr (requires { body.campaign; }) body.campaign = "mugs";
  return by<TeamCommand>(Author::commerce, std::move(id), std::move(body), at, account);
}

struct Teams {
  Teams() {
    REQUIRE(engine.openProgram(teamProgram()));
    for (const char* name : {"account/ann", "account/bob", "account/cat", "pool/mugs", "team/t1"}) {
      const auto opened = engine.openStream(name);
      REQUIRE(opened);
      handles.push_back(opened->handle);
    }
  }
  Submission submit(const Command& command) {
    auto answer = engine.submit(command);
    REQUIRE(answer);
    return *std::move(answer);
  }
  TeamView team(Instant at = kNewYear2011) { return engine.team({handles[4], at, "ann"})->team; }
  PoolAnswer pool(Instant at = kNewYear2011) { return *engine.pool({handles[3], at}); }
  std::vector<Digest> digests() {
    std::vector<Digest> all;
    for (const auto handle : handles) all.push_back(engine.digest(handle)->digest);
    return all;
  }

  Engine engine;
  std::vector<std::int64_t> handles;
};

std::vector<std::string> streamsIn(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const auto& range : verdict.seqs) names.push_back(range.stream);
  return names;
}

}  // namespace

TEST_CASE("streams: a command's streams are named in their order, further ones once the first are open", "[service][streams]") {
  Engine engine;
  CHECK(engine.streamsOf(paid<StartTeam>("c1", "ann")).error().code == Code::noProgram);
  REQUIRE(engine.openProgram(teamProgram()));
  CHECK(engine.streamsOf(paid<StartTeam>("c1", "ann"))->streams == std::vector<std::string>{"account/ann", "pool/mugs", "team/t1"});
  Teams world;
  world.submit(stocked("s1", 10));
  world.submit(paid<StartTeam>("c1", "ann"));
  CHECK(world.engine.streamsOf(paid<JoinTeam>("c2", "bob"))->streams ==
        std::vector<std::string>{"account/ann", "account/bob", "pool/mugs", "team/t1"});
}

TEST_CASE("streams: the last seat forms the team on every stream at once, and a payment after it is refunded in full",
          "[service][streams]") {
  Teams world;
  world.submit(stocked("s1", 10));
  const auto started = world.submit(paid<StartTeam>("c1", "ann"));
  CHECK(started.verdict.outcome == Outcome::accepted);
  CHECK(streamsIn(started.verdict) == std::vector<std::string>{"account/ann", "pool/mugs", "team/t1"});
  CHECK(world.team().seatsLeft == 1);
  const auto joined = world.submit(paid<JoinTeam>("c2", "bob"));
  CHECK(streamsIn(joined.verdict) == std::vector<std::string>{"account/ann", "account/bob", "pool/mugs", "team/t1"});
  CHECK(world.team().phase == TeamPhase::formed);
  CHECK(world.pool().sold == 2);
  const auto late = world.submit(paid<JoinTeam>("c3", "cat"));
  CHECK(late.verdict.outcome == Outcome::accepted);
  CHECK(std::holds_alternative<PaymentRefunded>(std::get<TeamFact>(late.facts.front())));
  CHECK(world.pool().sold == 2);
  CHECK(world.pool().available == 8);
}

TEST_CASE("streams: a command that crossed streams is answered by its first verdict, whatever it has changed", "[service][streams]") {
  Teams world;
  world.submit(stocked("s1", 10));
  const auto first = world.submit(paid<StartTeam>("c1", "ann"));
  world.submit(paid<JoinTeam>("c2", "bob"));
  const auto before = world.digests();
  const auto again = world.submit(paid<StartTeam>("c1", "ann"));
  CHECK(again.repeated);
  CHECK(again.facts.empty());
  CHECK(streamsIn(again.verdict) == streamsIn(first.verdict));
  auto other = paid<StartTeam>("c1", "ann");
  std::get<StartTeam>(std::get<TeamCommand>(other)).amount = 999;
  CHECK(world.engine.submit(other).error().code == Code::commandIdReused);
  CHECK(world.digests() == before);
}

TEST_CASE("streams: with one of its streams closed a command is not decided and changes none", "[service][streams]") {
  Teams world;
  world.submit(stocked("s1", 10));
  REQUIRE(world.engine.closeStream(world.handles[3]));
  world.handles.erase(world.handles.begin() + 3);
  const auto before = world.digests();
  const auto error = world.engine.submit(paid<StartTeam>("c1", "ann")).error();
  CHECK(error.code == Code::streamNotOpen);
  CHECK(error.message == "pool/mugs is not open");
  CHECK(world.digests() == before);
  CHECK(world.engine.submit(paid<StartTeam>("c1", "dan")).error().path == "/command/account");
}

TEST_CASE("streams: a team fails at its due instant, and money and stock are as before", "[service][streams]") {
  Teams world;
  world.submit(stocked("s1", 10));
  world.submit(paid<StartTeam>("c1", "ann"));
  CHECK(world.pool().available == 9);
  const auto due = world.engine.status(world.handles[4])->nextDue;
  REQUIRE(due);
  TeamDue body;
  body.team = "t1";
  const auto answer = world.submit(by<TeamCommand>(Author::clock, "d1", body, *due));
  CHECK(answer.verdict.outcome == Outcome::accepted);
  CHECK(world.team(*due).phase == TeamPhase::failed);
  CHECK(world.pool(*due).available == 10);
  CHECK(!world.engine.status(world.handles[4])->nextDue);
}

TEST_CASE("streams: both sides of an invitation are rewarded when the first order is received", "[service][streams]") {
  Teams world;
  MakeReferralCode make;
  make.random = 12'345;
  world.submit(by<ReferralCommand>(Author::commerce, "c1", make, kNewYear2011, "ann"));
  const auto code = world.engine.invitations({world.handles[0]})->code;
  REQUIRE(code);
  AcceptInvitation accept;
  accept.code = *code, accept.inviter = "ann";
  CHECK(streamsIn(world.submit(by<ReferralCommand>(Author::shopper, "c2", accept, kNewYear2011, "bob")).verdict) ==
        std::vector<std::string>{"account/ann", "account/bob"});
  auto order = received("c3", "o1", 10'000);
  headOf(order).account = "bob";
  world.submit(order);
  const auto pending = [&](std::size_t who) {
    return world.engine.account({world.handles[who], kNewYear2011, false, false})->points.totals.pending;
  };
  CHECK(pending(0) == 50);
  CHECK(pending(1) == 120);
  CHECK(world.engine.invitations({world.handles[1]})->invited == InvitationPhase::rewarded);
  CHECK(world.engine.invitations({world.handles[0]})->invitees.at(0).points == 50);
}

TEST_CASE("streams: the journal replays to the digest of every stream, and each is restored from its snapshot", "[service][streams]") {
  Teams world;
  world.submit(stocked("s1", 10));
  world.submit(paid<StartTeam>("c1", "ann"));
  world.submit(paid<JoinTeam>("c2", "bob"));
  const auto replayed = replay(world.engine.journal().bytes());
  REQUIRE(replayed);
  for (const auto& stream : replayed->streams) {
    Engine other;
    Digest live;
    for (const auto handle : world.handles) {
      if (world.engine.status(handle)->stream == stream.stream) live = world.engine.digest(handle)->digest;
    }
    CHECK(stream.digest == live);
  }
  for (const auto handle : world.handles) {
    Engine other;
    const auto restored = other.restore(*world.engine.snapshot(handle));
    REQUIRE(restored);
    CHECK(other.digest(restored->handle)->digest == world.engine.digest(handle)->digest);
  }
}

TEST_CASE("streams: a snapshot whose body is of another kind than its name is refused", "[service][streams]") {
  Teams world;
  auto state = *restoreSnapshot(*world.engine.snapshot(world.handles[4]));
  state.stream = "pool/t1";
  CHECK(restoreSnapshot(snapshotOf(state)).error().code == Code::damagedBytes);
  state.stream = "team/t1";
  state.pool.emplace();
  CHECK(restoreSnapshot(snapshotOf(state)).error().code == Code::damagedBytes);
}

TEST_CASE("streams: a snapshot of a rewarded invitation without its reward is refused even when its digest is right",
          "[service][streams]") {
  Teams world;
  auto state = *restoreSnapshot(*world.engine.snapshot(world.handles[1]));
  Invitation invitation;
  invitation.inviter = "ann", invitation.code = "00003NQK8N1", invitation.number = 1;
  state.account->referral.invitation = invitation;
  CHECK(restoreSnapshot(snapshotOf(state)));
  state.account->referral.invitation->phase = InvitationPhase::rewarded;
  const auto refused = restoreSnapshot(snapshotOf(state));
  REQUIRE(!refused);
  CHECK(refused.error().code == Code::damagedBytes);
}

TEST_CASE("streams: a page's command whose other streams it does not have waits for its verdict, without effect", "[service][pending]") {
  Teams world;
  world.submit(stocked("s1", 10));
  world.submit(paid<StartTeam>("c1", "ann"));
  Engine page;
  REQUIRE(page.openProgram(teamProgram()));
  const auto ann = page.restore(*world.engine.snapshot(world.handles[0]));
  REQUIRE(ann);
  LeaveTeam leave;
  leave.team = "t1";
  const auto command = by<TeamCommand>(Author::shopper, "c2", leave, kNewYear2011, "ann");
  const auto shown = page.addPending(ann->handle, command);
  REQUIRE(shown);
  CHECK(shown->facts.empty());
  const auto waiting = page.status(ann->handle)->pending;
  REQUIRE(waiting.size() == 1);
  CHECK(!waiting[0].applies);
  CHECK(waiting[0].code == "stream-not-open");
  const auto decided = world.submit(command);
  std::vector<Fact> own;
  for (const auto& fact : decided.facts) {
    if (headOf(fact).stream == "account/ann") own.push_back(fact);
  }
  const auto after = page.apply(ann->handle, own, {decided.verdict});
  REQUIRE(after);
  CHECK(after->pending.empty());
  CHECK(page.digest(ann->handle)->digest == world.digests()[0]);
}

}  // namespace souk::test
