// SPDX-License-Identifier: MIT
// Snapshots: the whole state, and nothing that was spoilt.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "service_world.hpp"

namespace souk::test {
namespace {

Bytes busySnapshot(Digest& digest) {
  World world;
  world.submit(received("c1", "o1", 10'000));
  world.submit(redeemed("c2", "r1", 30, daysOn(20)));
  digest = world.digest();
  return *world.engine.snapshot(world.ann);
}

/// The snapshot with another state in it, its digest made right again: what a forger would send.
Bytes forged(const std::function<void(StreamState&)>& change) {
  Digest digest;
  auto state = *restoreSnapshot(busySnapshot(digest));
  change(state);
  return snapshotOf(state);
}

}  // namespace

TEST_CASE("snapshot: a restored stream has the same digest and goes on the same way", "[service][snapshot]") {
  Digest digest;
  const auto bytes = busySnapshot(digest);
  Engine engine;
  REQUIRE(engine.openProgram(shopProgram()));
  const auto opened = engine.restore(bytes);
  REQUIRE(opened);
  CHECK(engine.digest(opened->handle)->digest == digest);
  CHECK(engine.submit(received("c1", "o1", 10'000))->repeated);
  CHECK(engine.submit(redeemed("c3", "r2", 70, daysOn(20)))->verdict.outcome == Outcome::accepted);
  CHECK(engine.submit(redeemed("c4", "r3", 1, daysOn(20)))->verdict.code == "insufficient-points");
}

TEST_CASE("snapshot: every flipped bit, truncation and added byte is refused", "[service][snapshot]") {
  Digest digest;
  const auto bytes = busySnapshot(digest);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto spoilt = bytes;
    spoilt[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    REQUIRE(!restoreSnapshot(spoilt));
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE(!restoreSnapshot(std::span{bytes}.first(size)));
  auto longer = bytes;
  longer.push_back(0);
  CHECK(!restoreSnapshot(longer));
}

TEST_CASE("snapshot: a state that breaks a promise is refused even when its digest is right", "[service][snapshot]") {
  const auto refused = [](const std::function<void(StreamState&)>& change) { return !restoreSnapshot(forged(change)); };
  CHECK(refused([](auto& s) { s.account->ledger.points.totals.active += 1; }));
  CHECK(refused([](auto& s) { s.account->ledger.points.lots[0].remaining += 1, s.account->ledger.points.totals.active += 1; }));
  CHECK(refused([](auto& s) { s.account->ledger.points.lots[0].phase = LotPhase::expired; }));
  CHECK(refused([](auto& s) { s.account->ledger.points.lots[0].order = 7; }));
  CHECK(refused([](auto& s) { s.account->ledger.orders.push_back(s.account->ledger.orders[0]); }));
  CHECK(refused([](auto& s) { s.account->ledger.redemptions[0].parts[0].points += 1; }));
  CHECK(refused([](auto& s) { s.commands.push_back(s.commands[0]); }));
  CHECK(refused([](auto& s) { s.stream = "nothing"; }));
  CHECK(!refused([](auto&) {}));
}

}  // namespace souk::test
