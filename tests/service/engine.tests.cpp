// SPDX-License-Identifier: MIT
// Streams, commands and verdicts.
#include <catch2/catch_test_macros.hpp>

#include "service_world.hpp"

namespace souk::test {

TEST_CASE("submit: facts carry their command, stream, sequence and the hashes of what decided them", "[service][submit]") {
  World world;
  const Digest file = sha256("the engine file");
  world.engine.nameEngine(file);
  auto command = received("c1", "o1", 500);
  const auto answer = world.submit(command);
  REQUIRE(answer.facts.size() == 2);  // the award, and the first level
  for (std::size_t n = 0; n < 2; ++n) {
    const auto& head = headOf(answer.facts[n]);
    CHECK(head.id == factId(head.stream, "c1", static_cast<std::uint32_t>(n)));
    CHECK(head.stream == "account/ann");
    CHECK(head.seq == static_cast<std::int64_t>(n) + 1);
    CHECK(head.command == "c1");
    CHECK(head.commandHash == hashOf(command));
    CHECK(head.program == checkProgram(shopProgram())->hash);
    CHECK(head.engine == file);
  }
  CHECK(answer.verdict.seqs.front().first == 1);
  CHECK(answer.verdict.seqs.front().last == 2);
}

TEST_CASE("submit: the same id again is answered by the first verdict and changes nothing, at whatever instant", "[service][idempotence]") {
  World world;
  const auto first = world.submit(received("c1", "o1", 500));
  const auto before = world.digest();
  const auto again = world.submit(received("c1", "o1", 500, daysOn(3)));
  CHECK(again.repeated);
  CHECK(again.facts.empty());
  CHECK(again.verdict.outcome == Outcome::accepted);
  CHECK(again.verdict.seqs.front().last == first.verdict.seqs.front().last);
  CHECK(world.digest() == before);
}

TEST_CASE("submit: a known id is answered even at an instant that lies before the stream's last fact", "[service][idempotence]") {
  World world;
  world.submit(received("c1", "o1", 500));
  world.submit(received("c2", "o2", 500, daysOn(5)));
  CHECK(world.submit(received("c1", "o1", 500)).repeated);
}

TEST_CASE("submit: a known id with another body is an error and changes nothing", "[service][idempotence]") {
  World world;
  world.submit(received("c1", "o1", 500));
  const auto before = world.digest();
  const auto other = world.engine.submit(received("c1", "o1", 501));
  REQUIRE(!other);
  CHECK(other.error().code == Code::commandIdReused);
  CHECK(world.digest() == before);
}

TEST_CASE("submit: a refusal is kept, so the same id is refused even when it would fit now", "[service][verdict]") {
  World world;
  world.submit(received("c1", "o1", 500));
  const auto early = redeemed("c2", "r1", 5, daysOn(1));
  CHECK(world.submit(early).verdict.code == "insufficient-points");
  const auto late = redeemed("c2", "r1", 5, daysOn(30));
  const auto again = world.submit(late);
  CHECK(again.repeated);
  CHECK(again.verdict.outcome == Outcome::refused);
  CHECK(again.verdict.code == "insufficient-points");
  CHECK(world.submit(redeemed("c3", "r1", 5, daysOn(30))).verdict.outcome == Outcome::accepted);
}

TEST_CASE("submit: a refused command leaves every byte of the state as it was", "[service][atomic]") {
  World world;
  world.submit(received("c1", "o1", 500));
  const auto before = *world.engine.snapshot(world.ann);
  const auto journal = world.engine.journal().bytes();
  world.submit(redeemed("c2", "r1", 1000, daysOn(400)));
  CHECK(*world.engine.snapshot(world.ann) == before);
  CHECK(world.engine.journal().bytes() == journal);
}

TEST_CASE("submit: only the author of the table may give a command (newbee-ltd/newbee-mall #100: a page that says it was paid)",
          "[service][author]") {
  World world;
  auto command = received("c1", "o1", 500);
  headOf(command).author = Author::shopper;
  const auto answer = world.engine.submit(command);
  REQUIRE(!answer);
  CHECK(answer.error().code == Code::notPermitted);
}

TEST_CASE("submit needs a program, an open stream, a good id, and an instant not before the last fact", "[service][submit]") {
  Engine empty;
  REQUIRE(empty.openStream("account/ann"));
  CHECK(empty.submit(received("c1", "o1", 500)).error().code == Code::noProgram);
  World world;
  CHECK(world.engine.submit(commandOf("c1", Due{}, kNewYear2011, "bob")).error().code == Code::streamNotOpen);
  CHECK(world.engine.submit(received("no spaces", "o1", 500)).error().code == Code::invalidId);
  world.submit(received("c1", "o1", 500, daysOn(2)));
  CHECK(world.engine.submit(received("c2", "o2", 500, daysOn(1))).error().code == Code::beforeStream);
}

TEST_CASE("handles: a closed handle is stale for ever, also when its place is taken again", "[service][handle]") {
  World world;
  REQUIRE(world.engine.closeStream(world.ann));
  CHECK(world.engine.digest(world.ann).error().code == Code::staleHandle);
  const auto bob = world.engine.openStream("account/bob");
  REQUIRE(bob);
  CHECK(bob->handle != world.ann);
  CHECK(world.engine.digest(world.ann).error().code == Code::staleHandle);
  for (const std::int64_t handle : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{5}, kMaxExact}) {
    CHECK(world.engine.digest(handle).error().code == Code::staleHandle);
  }
}

TEST_CASE("streams: one name is open once, and a kind that is not built cannot be opened", "[service][handle]") {
  World world;
  CHECK(world.engine.openStream("account/ann").error().code == Code::streamAlreadyOpen);
  CHECK(world.engine.openStream("community/c1").error().code == Code::unknownValue);
  CHECK(world.engine.openStream("account").error().code == Code::invalidId);
}

TEST_CASE("due: the instant that nextDue names is accepted, moves the points and the level, and names the next", "[service][due]") {
  World world;
  world.submit(received("c1", "o1", 10'000));
  const auto next = world.engine.status(world.ann)->nextDue;
  REQUIRE(next);
  CHECK(world.submit(commandOf("d0", Due{}, {next->ms - 1})).verdict.code == "nothing-due");
  const auto answer = world.submit(commandOf("d1", Due{}, *next));
  REQUIRE(answer.facts.size() == 2);
  CHECK(std::get<LevelChanged>(std::get<LoyaltyFact>(answer.facts[1])).to == "silver");
  CHECK(*world.engine.status(world.ann)->nextDue > *next);
}

TEST_CASE("programs: what is wrong is named with its path", "[service][program]") {
  const auto refusedAt = [](auto spoil) {
    auto program = shopProgram();
    spoil(program);
    return checkProgram(program).error().path;
  };
  CHECK(refusedAt([](Program& p) { p.currency = "XAU"; }) == "/currency");
  CHECK(refusedAt([](Program& p) { p.zone.until = p.zone.from; }).starts_with("/zone"));
  CHECK(refusedAt([](Program& p) { p.levels.clear(); }) == "/levels");
}

TEST_CASE("programs: the hash names the rules, and another program has another", "[service][program]") {
  auto other = shopProgram();
  other.points.earn.points = 2;
  CHECK(checkProgram(shopProgram())->hash == checkProgram(shopProgram())->hash);
  CHECK(checkProgram(shopProgram())->hash != checkProgram(other)->hash);
}

TEST_CASE("account: asks for a program, an open handle and an instant not before the last fact", "[service][account]") {
  World world;
  world.submit(received("c1", "o1", 500, daysOn(1)));
  CHECK(world.engine.account({.handle = world.ann, .at = daysOn(0)}).error().code == Code::beforeStream);
  CHECK(world.engine.account({.handle = world.ann + 1, .at = daysOn(1)}).error().code == Code::staleHandle);
  const auto short_ = world.engine.account({.handle = world.ann, .at = daysOn(20)});
  CHECK(short_->points.totals.active == 5);
  CHECK(short_->points.lots.empty());
  CHECK(world.engine.account({.handle = world.ann, .at = daysOn(20), .lots = true})->points.lots.size() == 1);
}

}  // namespace souk::test
