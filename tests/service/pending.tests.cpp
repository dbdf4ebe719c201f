// SPDX-License-Identifier: MIT
// The page's own commands between the click and the verdict.
#include <catch2/catch_test_macros.hpp>

#include "service_world.hpp"

namespace souk::test {
namespace {

/// A collector and a page that has seen the same order.
struct PageAndCollector {
  PageAndCollector() {
    const auto answer = collector.submit(received("c1", "o1", 10'000));
    REQUIRE(page.engine.evolve(page.ann, answer.facts));
  }
  std::int64_t shown(std::int64_t day) { return page.engine.account({.handle = page.ann, .at = daysOn(day)})->points.totals.active; }
  std::int64_t confirmed(std::int64_t day) {
    return page.engine.account({.handle = page.ann, .at = daysOn(day), .confirmed = true})->points.totals.active;
  }

  World collector;
  World page;
};

}  // namespace

TEST_CASE("pending: a command shows at once and changes nothing that is confirmed", "[service][pending]") {
  PageAndCollector both;
  const auto before = both.page.digest();
  const auto answer = both.page.engine.addPending(both.page.ann, redeemed("p1", "r1", 30, daysOn(20)));
  REQUIRE(answer);
  CHECK(answer->verdict.outcome == Outcome::accepted);
  CHECK(both.shown(20) == 70);
  CHECK(both.confirmed(20) == 100);
  CHECK(both.page.digest() == before);
  CHECK(both.page.engine.journal().facts() == 0);
}

TEST_CASE("pending: an accepted verdict with its facts ends it, and page and collector agree", "[service][pending]") {
  PageAndCollector both;
  const auto command = redeemed("p1", "r1", 30, daysOn(20));
  REQUIRE(both.page.engine.addPending(both.page.ann, command));
  const auto decided = both.collector.submit(command);
  const auto status = both.page.engine.apply(both.page.ann, decided.facts, {decided.verdict});
  REQUIRE(status);
  CHECK(status->pending.empty());
  CHECK(both.shown(20) == 70);
  CHECK(both.page.digest() == both.collector.digest());
}

TEST_CASE("pending: a refused verdict ends it, and what was shown is taken back", "[service][pending]") {
  PageAndCollector both;
  const auto elsewhere = both.collector.submit(redeemed("x1", "r9", 100, daysOn(20)));
  const auto command = redeemed("p1", "r1", 30, daysOn(20));
  REQUIRE(both.page.engine.addPending(both.page.ann, command));
  const auto decided = both.collector.submit(command);
  CHECK(decided.verdict.outcome == Outcome::refused);
  REQUIRE(both.page.engine.apply(both.page.ann, elsewhere.facts, {decided.verdict}));
  CHECK(both.shown(20) == 0);
  CHECK(both.page.digest() == both.collector.digest());
}

TEST_CASE("pending: facts from another device rebase it; what no longer fits waits for its verdict without effect", "[service][pending]") {
  PageAndCollector both;
  REQUIRE(both.page.engine.addPending(both.page.ann, redeemed("p1", "r1", 30, daysOn(20))));
  const auto elsewhere = both.collector.submit(redeemed("x1", "r9", 80, daysOn(20)));
  const auto status = both.page.engine.apply(both.page.ann, elsewhere.facts, {});
  REQUIRE(status);
  REQUIRE(status->pending.size() == 1);
  CHECK(!status->pending[0].applies);
  CHECK(status->pending[0].code == "insufficient-points");
  CHECK(both.shown(20) == 20);
}

TEST_CASE("pending: several commands stand on each other in the order in which they were given", "[service][pending]") {
  PageAndCollector both;
  REQUIRE(both.page.engine.addPending(both.page.ann, redeemed("p1", "r1", 60, daysOn(20))));
  const auto second = both.page.engine.addPending(both.page.ann, redeemed("p2", "r2", 60, daysOn(20)));
  CHECK(second->verdict.code == "insufficient-points");
  REQUIRE(both.page.engine.addPending(both.page.ann, redeemed("p3", "r3", 40, daysOn(20))));
  CHECK(both.shown(20) == 0);
  const auto decided = both.collector.submit(redeemed("p1", "r1", 60, daysOn(21)));
  const auto status = both.page.engine.apply(both.page.ann, decided.facts, {decided.verdict});
  REQUIRE(status->pending.size() == 1);
  CHECK(status->pending[0].applies);
  CHECK(both.shown(21) == 0);
}

TEST_CASE("pending: the page cannot give itself points: only the shopper's own commands pass", "[service][pending][author]") {
  PageAndCollector both;
  auto paid = received("p1", "o9", 100'000, daysOn(20));
  CHECK(both.page.engine.addPending(both.page.ann, paid));  // as shown only: the page may dry-run any command
  CHECK(both.confirmed(60) == 100);
  headOf(paid).author = Author::shopper;
  CHECK(!both.page.engine.addPending(both.page.ann, paid));
}

TEST_CASE("evolve: facts that are known are passed over, a gap is refused, and several are taken all or none", "[service][evolve]") {
  World collector;
  std::vector<Fact> facts;
  for (int i = 1; i <= 4; ++i) {
    for (auto& fact : collector.submit(received("c" + std::to_string(i), "o" + std::to_string(i), 500)).facts) facts.push_back(fact);
  }
  World page;
  REQUIRE(page.engine.evolve(page.ann, {facts[0], facts[1]}));
  CHECK(page.engine.evolve(page.ann, {facts[3]}).error().code == Code::sequenceGap);
  const auto before = page.digest();
  auto broken = facts;
  headOf(broken.back()).id = Digest{};
  const auto refused = page.engine.evolve(page.ann, broken);
  CHECK(refused.error().code == Code::invalidFact);
  CHECK(refused.error().path == "/facts/" + std::to_string(facts.size() - 1) + "/id");
  CHECK(page.digest() == before);
  REQUIRE(page.engine.evolve(page.ann, facts));
  CHECK(page.digest() == collector.digest());
  REQUIRE(page.engine.evolve(page.ann, facts));
  CHECK(page.digest() == collector.digest());
}

TEST_CASE("evolve: a fact of another stream, or one whose command has its facts already, is refused", "[service][evolve]") {
  World collector;
  const auto facts = collector.submit(received("c1", "o1", 500)).facts;
  const auto later = collector.submit(received("c2", "o2", 500)).facts;
  World page;
  auto foreign = facts[0];
  headOf(foreign).stream = "account/bob";
  CHECK(page.engine.evolve(page.ann, {foreign}).error().code == Code::invalidFact);
  REQUIRE(page.engine.evolve(page.ann, facts));
  REQUIRE(page.engine.evolve(page.ann, later));
  auto again = later[0];
  headOf(again).seq = page.engine.status(page.ann)->seq + 1;
  headOf(again).command = "c1";
  headOf(again).id = factId(headOf(again).stream, "c1", 0);
  CHECK(page.engine.evolve(page.ann, {again}).error().code == Code::commandIdReused);
}

}  // namespace souk::test
