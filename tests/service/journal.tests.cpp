// SPDX-License-Identifier: MIT
// The journal: replayable, chained, and refused when damaged.
#include <catch2/catch_test_macros.hpp>

#include "service_world.hpp"

namespace souk::test {
namespace {

World busyWorld() {
  World world;
  world.submit(received("c1", "o1", 10'000));
  world.submit(received("c2", "o2", 700, daysOn(2)));
  world.submit(redeemed("c3", "r1", 30, daysOn(20)));
  world.submit(redeemed("c4", "r2", 1'000, daysOn(20)));
  return world;
}

}  // namespace

TEST_CASE("journal: replaying it from empty gives the live digest, stream by stream, and the live head", "[service][journal]") {
  auto world = busyWorld();
  REQUIRE(world.engine.openStream("account/bob"));
  ReceiveOrder order;
  order.order = "o1";
  order.currency = "GBP";
  order.lines = line(2, 900);
  world.submit(commandOf("c9", order, daysOn(21), "bob"));
  const auto replayed = replay(world.engine.journal().bytes());
  REQUIRE(replayed);
  CHECK(replayed->facts == world.engine.journal().facts());
  CHECK(replayed->head == world.engine.journal().head());
  REQUIRE(replayed->streams.size() == 2);
  CHECK(replayed->streams[0].stream == "account/ann");
  CHECK(replayed->streams[0].digest == world.digest());
}

TEST_CASE("journal: every flipped bit is found, at the fact that it is in", "[service][journal]") {
  const auto world = busyWorld();
  const auto bytes = world.engine.journal().bytes();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoilt = bytes;
    spoilt[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const auto replayed = replay(spoilt);
    REQUIRE(!replayed);
    REQUIRE((replayed.error().code == Code::damagedBytes || replayed.error().code == Code::unsupportedVersion));
  }
}

TEST_CASE("journal: a truncation is refused, unless it ends behind a whole fact, whose head then differs", "[service][journal]") {
  const auto world = busyWorld();
  const auto bytes = world.engine.journal().bytes();
  int whole = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto replayed = replay(std::span{bytes}.first(size));
    if (!replayed) continue;
    ++whole;
    REQUIRE(replayed->head != world.engine.journal().head());
  }
  CHECK(whole == world.engine.journal().facts());  // one prefix per fact that may be missing: after none, after the first, …
}

TEST_CASE("journal: an empty one is a journal without facts", "[service][journal]") {
  const auto replayed = replay(Journal{}.bytes());
  REQUIRE(replayed);
  CHECK(replayed->facts == 0);
  CHECK(replayed->head == Digest{});
}

}  // namespace souk::test
