// SPDX-License-Identifier: MIT
// Stock pools: by hand, and against a model that keeps every single unit as a record.
#include "souk/catalog/pool.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <map>
#include <set>

#include "../support/random.hpp"
#include "souk/core/binary.hpp"
#include "souk/core/invariant.hpp"

namespace souk::test {
namespace {

/// A pool that decides and folds. Each act returns the code of its refusal, or nothing.
struct Shelf {
  Pool pool;
  Instant now{1'000};

  std::optional<Code> set(std::int64_t onHand) {
    SetStock command;
    command.onHand = onHand;
    return run(command);
  }
  std::optional<Code> hold(std::string id, std::int64_t units, std::optional<Instant> expiresAt = {}, std::string owner = "shop") {
    HoldStock command;
    command.hold = std::move(id);
    command.owner = std::move(owner);
    command.units = units;
    command.expiresAt = expiresAt;
    return run(command);
  }
  std::optional<Code> release(std::string id) {
    ReleaseStock command;
    command.hold = std::move(id);
    return run(command);
  }
  std::optional<Code> commit(std::string id) {
    CommitStock command;
    command.hold = std::move(id);
    return run(command);
  }
  std::optional<Code> due() { return run(PoolDue{}); }

  std::optional<Code> run(PoolCommand command) {
    std::visit([&](CommandHead& head) { head.at = now; }, command);
    const auto before = toBinary(pool);
    const auto fact = decide(command, pool);
    if (toBinary(pool) != before) return Code::usage;
    if (!fact) return fact.error().code;
    if (auto folded = evolve(pool, *fact); !folded) return folded.error().code;
    facts.push_back(*fact);
    return std::nullopt;
  }
  [[nodiscard]] std::int64_t available() const { return availableUnits(pool, now); }

  std::vector<PoolFact> facts;
};

}  // namespace

TEST_CASE("stock: what is held is not available, what is released is again, what is committed is sold", "[pool]") {
  Shelf shelf;
  REQUIRE(!shelf.set(5));
  REQUIRE(!shelf.hold("h1", 2));
  REQUIRE(!shelf.hold("h2", 3));
  CHECK(shelf.available() == 0);
  REQUIRE(!shelf.release("h1"));
  REQUIRE(!shelf.commit("h2"));
  CHECK(shelf.available() == 2);
  CHECK(shelf.pool.onHand == 2);
  CHECK(shelf.pool.sold == 3);
}

TEST_CASE("stock: nobody holds more than is available", "[pool][boundary]") {
  Shelf shelf;
  CHECK(shelf.hold("h1", 1) == Code::insufficientStock);
  REQUIRE(!shelf.set(2));
  CHECK(shelf.hold("h1", 3) == Code::insufficientStock);
  CHECK(!shelf.hold("h1", 2));
  CHECK(shelf.hold("h2", 1) == Code::insufficientStock);
  CHECK(shelf.hold("h3", 0) == Code::outOfRange);
  CHECK(shelf.hold("h3", -1) == Code::outOfRange);
}

TEST_CASE("stock: one id holds once, whatever became of the hold", "[pool]") {
  Shelf shelf;
  REQUIRE(!shelf.set(10));
  REQUIRE(!shelf.hold("open", 1));
  REQUIRE(!shelf.hold("released", 1));
  REQUIRE(!shelf.release("released"));
  REQUIRE(!shelf.hold("committed", 1));
  REQUIRE(!shelf.commit("committed"));
  for (const char* id : {"open", "released", "committed"}) CHECK(shelf.hold(id, 1) == Code::duplicateHold);
  CHECK(shelf.release("released") == Code::unknownHold);
  CHECK(shelf.commit("committed") == Code::unknownHold);
  CHECK(shelf.pool.sold == 1);
}

TEST_CASE("stock: a hold counts one millisecond before its expiry and not at it, due or no due", "[pool][boundary]") {
  Shelf shelf;
  REQUIRE(!shelf.set(1));
  CHECK(shelf.hold("h0", 1, shelf.now) == Code::outOfRange);
  REQUIRE(!shelf.hold("h1", 1, Instant{5'000}));
  CHECK(nextDue(shelf.pool) == Instant{5'000});
  shelf.now = {4'999};
  CHECK(shelf.available() == 0);
  CHECK(shelf.due() == Code::nothingDue);
  shelf.now = {5'000};
  CHECK(shelf.available() == 1);
  CHECK(shelf.commit("h1") == Code::unknownHold);
  CHECK(!shelf.due());
  CHECK(!nextDue(shelf.pool));
  CHECK(!shelf.hold("h2", 1));
}

TEST_CASE("stock: it cannot be set below what is held, and never below zero", "[pool]") {
  Shelf shelf;
  REQUIRE(!shelf.set(5));
  REQUIRE(!shelf.hold("h1", 3, Instant{9'000}));
  CHECK(shelf.set(2) == Code::stockBelowHeld);
  CHECK(shelf.set(-1) == Code::outOfRange);
  CHECK(!shelf.set(3));
  shelf.now = {9'000};
  CHECK(!shelf.set(0));
}

TEST_CASE("stock: what an owner has is what it holds and bought", "[pool]") {
  Shelf shelf;
  REQUIRE(!shelf.set(9));
  REQUIRE(!shelf.hold("h1", 2, {}, "spring"));
  REQUIRE(!shelf.hold("h2", 3, Instant{9'000}, "spring"));
  REQUIRE(!shelf.hold("h3", 1, {}, "autumn"));
  REQUIRE(!shelf.commit("h1"));
  CHECK(unitsOf(shelf.pool, "spring", shelf.now) == 5);
  CHECK(unitsOf(shelf.pool, "spring", Instant{9'000}) == 2);
  CHECK(unitsOf(shelf.pool, "autumn", shelf.now) == 1);
}

TEST_CASE("stock: a fact that does not fit is refused and changes no byte", "[pool][evolve]") {
  Shelf shelf;
  REQUIRE(!shelf.set(2));
  REQUIRE(!shelf.hold("h1", 1, Instant{9'000}));
  const auto refused = [&](const PoolFact& fact, std::int64_t at) {
    auto stamped = fact;
    std::visit([&](FactHead& head) { head.at = {at}; }, stamped);
    const auto before = toBinary(shelf.pool);
    return !evolve(shelf.pool, stamped) && toBinary(shelf.pool) == before;
  };
  StockSet set;
  set.onHand = 0;
  CHECK(refused(set, 1'000));
  StockHeld held;
  held.hold = {"h1", "shop", 1, {}};
  CHECK(refused(held, 1'000));
  held.hold = {"h2", "shop", 2, {}};
  CHECK(refused(held, 1'000));
  held.hold = {"h2", "shop", 1, Instant{1'000}};
  CHECK(refused(held, 1'000));
  HoldEnded ended;
  ended.hold = "h1";
  ended.units = 2;
  CHECK(refused(ended, 1'000));
  ended.units = 1;
  ended.end = HoldEnd::expired;
  CHECK(refused(ended, 1'000));
  ended.end = HoldEnd::committed;
  CHECK(refused(ended, 9'000));
  CHECK(refused(ended, 999));
  ended.at = {1'000};
  CHECK(evolve(shelf.pool, PoolFact{ended}));
}

TEST_CASE("two payments for one unit never sell it twice, also after a hold has run out (codingXiaxw/seckill #41)", "[pool][scenario]") {
  Shelf shelf;
  REQUIRE(!shelf.set(1));
  REQUIRE(!shelf.hold("first", 1, Instant{2'000}));
  shelf.now = {2'000};
  REQUIRE(!shelf.hold("second", 1, Instant{3'000}));
  CHECK(shelf.commit("first") == Code::unknownHold);
  CHECK(!shelf.commit("second"));
  CHECK(shelf.pool.onHand == 0);
  CHECK(shelf.pool.sold == 1);
}

TEST_CASE("negative quantities neither raise nor lower the stock (newbee-ltd/newbee-mall #127)", "[pool][scenario]") {
  Shelf shelf;
  REQUIRE(!shelf.set(998));
  CHECK(shelf.hold("h1", -5) == Code::outOfRange);
  CHECK(shelf.pool.onHand == 998);
}

namespace {

/// Every unit is a record: free, held by an id, or sold.
struct NaiveShelf {
  struct Unit {
    std::string hold;
    bool sold = false;
  };
  std::vector<Unit> units;
  std::map<std::string, std::optional<Instant>> open;
  std::set<std::string> seen;

  void tick(Instant now) {
    for (auto it = open.begin(); it != open.end();) {
      const bool over = it->second && *it->second <= now;
      if (over) free(it->first);
      it = over ? open.erase(it) : std::next(it);
    }
  }
  void free(const std::string& id) {
    for (auto& unit : units) {
      if (unit.hold == id && !unit.sold) unit.hold.clear();
    }
  }
  [[nodiscard]] std::int64_t count(bool held, bool sold) const {
    return std::count_if(units.begin(), units.end(),
                         [&](const Unit& unit) { return unit.sold == sold && (sold || unit.hold.empty() != held); });
  }
  std::optional<Code> set(std::int64_t onHand) {
    if (onHand < count(true, false)) return Code::stockBelowHeld;
    std::erase_if(units, [](const Unit& unit) { return !unit.sold && unit.hold.empty(); });
    while (count(true, false) + count(false, false) < onHand) units.push_back({});
    return std::nullopt;
  }
  std::optional<Code> hold(const std::string& id, std::int64_t wanted, std::optional<Instant> until) {
    if (seen.contains(id)) return Code::duplicateHold;
    if (wanted > count(false, false)) return Code::insufficientStock;
    seen.insert(id);
    open[id] = until;
    for (auto& unit : units) {
      if (wanted > 0 && unit.hold.empty() && !unit.sold) unit.hold = id, --wanted;
    }
    return std::nullopt;
  }
  std::optional<Code> finish(const std::string& id, bool sell) {
    if (open.erase(id) == 0) return Code::unknownHold;
    if (!sell) free(id);
    for (auto& unit : units) unit.sold = unit.sold || (sell && unit.hold == id);
    return std::nullopt;
  }
};

std::int64_t commandsToRun() {
  if (const char* wanted = std::getenv("SOUK_MODEL_COMMANDS")) return std::atoll(wanted);
  return 100'000;
}

/// One history of 100 commands in both worlds. Empty where they agree.
std::string differenceIn(std::uint64_t seed) {
  Random random{seed};
  Shelf shelf;
  NaiveShelf naive;
  for (int i = 0; i < 100; ++i) {
    shelf.now.ms += random.between(0, 2);
    const auto ticked = naive.open.size();
    auto later = naive;
    later.tick(shelf.now);
    const auto id = "h" + std::to_string(random.between(1, 25));
    const auto units = random.between(1, 3);
    std::optional<Code> got, expected;
    switch (random.between(0, 6)) {
      case 0: got = shelf.set(units * 3), expected = later.set(units * 3); break;
      case 1:
      case 2: got = shelf.hold(id, units), expected = later.hold(id, units, {}); break;
      case 3: {
        const Instant until{shelf.now.ms + random.between(1, 6)};
        got = shelf.hold(id, units, until), expected = later.hold(id, units, until);
        break;
      }
      case 4: got = shelf.release(id), expected = later.finish(id, false); break;
      case 5: got = shelf.commit(id), expected = later.finish(id, true); break;
      default:
        got = shelf.due();
        if (ticked == later.open.size()) expected = Code::nothingDue;
    }
    if (got != expected) return "the refusals differ at command " + std::to_string(i);
    if (got) continue;
    naive = later;
    const auto& pool = shelf.pool;
    if (pool.held != naive.count(true, false) || pool.sold != naive.count(false, true)) return "the counts differ";
    if (shelf.available() != naive.count(false, false) || pool.onHand < 0) return "the available units differ";
    if (auto promise = brokenPromise(pool); !promise.empty()) return std::string{promise};
  }
  Pool replayed;
  for (const auto& fact : shelf.facts) {
    if (!evolve(replayed, fact)) return "a fact does not fold again";
  }
  if (toBinary(replayed) != toBinary(shelf.pool)) return "the replayed pool differs";
  auto restored = fromBinary<Pool>(toBinary(shelf.pool));
  if (!restored || !restoreDerived(*restored) || restored->next != shelf.pool.next) return "the restored pool differs";
  return {};
}

}  // namespace

TEST_CASE("stock: every count and refusal equals that of a model that keeps single units", "[pool][model]") {
  for (std::int64_t seed = 1; seed <= commandsToRun() / 100; ++seed) {
    const auto difference = differenceIn(static_cast<std::uint64_t>(seed));
    INFO("seed " << seed << ": " << difference);
    REQUIRE(difference.empty());
  }
}

}  // namespace souk::test
