// SPDX-License-Identifier: MIT
// Recommendations: against a naive scorer, by what must not change them, and by what must never be in them.
#include "souk/recommend.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "../catalog/pack_fixtures.hpp"
#include "souk/core/binary.hpp"

using namespace souk;
using fixtures::opened;

namespace {

using Ids = std::vector<std::string>;
using Listed = std::vector<std::pair<std::string, std::int64_t>>;

Listed listed(const Recommendation& answer) {
  Listed list;
  for (const auto& item : answer.items) list.emplace_back(item.item, item.score);
  return list;
}

Ids idsOf(const Recommendation& answer) {
  Ids ids;
  for (const auto& item : answer.items) ids.push_back(item.item);
  return ids;
}

Recommendation ask(const Pack& pack, const RecommendRequest& request) {
  auto answer = recommend(pack, request);
  REQUIRE(answer);
  return *std::move(answer);
}

// The context by its definition: cart items 65,535, then each item of the history by how many distinct ones came after it.
std::map<std::string, std::int64_t> naiveContext(const Pack& pack, const RecommendRequest& request) {
  std::map<std::string, std::int64_t> weights;
  for (const auto& id : request.cart) {
    if (pack.find(id)) weights[id] = 65'535;
  }
  std::int64_t rank = 0;
  for (auto id = request.history.rbegin(); id != request.history.rend(); ++id) {
    if (pack.find(*id) && !weights.contains(*id)) weights[*id] = 8'192 * 50 / (50 + rank++);
  }
  return weights;
}

// Every item of the pack, scored by looking at everything.
Listed naiveAnswer(const Pack& pack, const RecommendRequest& request) {
  const auto context = naiveContext(pack, request);
  const auto in = [](const Ids& ids, const std::string& id) { return std::ranges::find(ids, id) != ids.end(); };
  Listed all;
  for (std::uint32_t item = 0; item < pack.items(); ++item) {
    const std::string id(pack.id(item));
    const bool bought = !request.repeat && in(request.history, id);
    if (bought || in(request.cart, id) || in(request.exclude, id) || in(request.unavailable, id)) continue;
    std::int64_t score = pack.popularity(item);
    for (const auto& [from, weight] : context) {
      const auto row = pack.row(*pack.find(from));
      for (std::size_t k = 0; k < row.size(); ++k) {
        if (row[k].item == item) score += std::int64_t{row[k].weight} * row.scale() * weight;
      }
    }
    all.emplace_back(id, score);
  }
  std::ranges::sort(all, [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
  all.resize(std::min(all.size(), static_cast<std::size_t>(request.limit)));
  return all;
}

Ids randomIds(std::mt19937& random, std::size_t most, std::size_t items) {
  Ids ids(random() % (most + 1));
  for (auto& id : ids) id = "i" + std::to_string(random() % (items + items / 4 + 1));  // some of them unknown
  return ids;
}

RecommendRequest randomRequest(std::mt19937& random, std::size_t items) {
  RecommendRequest request;
  request.cart = randomIds(random, 4, items);
  request.history = randomIds(random, 12, items);
  request.exclude = randomIds(random, 3, items);
  request.unavailable = randomIds(random, random() % 5 == 0 ? items * 3 : 3, items);
  request.limit = static_cast<std::int64_t>(1 + random() % 30);
  request.repeat = random() % 2 == 0;
  return request;
}

// i0 … i59 with neighbours.
Pack randomPack(std::mt19937& random, std::size_t items = 60) {
  return opened(fixtures::build(fixtures::randomBaskets(random, 150, items, 6), {.neighbours = 6, .minSupport = 1}));
}

}  // namespace

TEST_CASE("recommend: answers as a naive scorer of every item does", "[recommend][oracle]") {
  std::mt19937 random(1);
  for (int round = 0; round < 40; ++round) {
    const std::size_t items = 2 + random() % 80;
    const auto pack = randomPack(random, items);
    for (int question = 0; question < 50; ++question) {
      const auto request = randomRequest(random, items);
      REQUIRE(listed(ask(pack, request)) == naiveAnswer(pack, request));
    }
  }
}

TEST_CASE("recommend: reasons add up to the score and name neighbours of the pack", "[recommend]") {
  std::mt19937 random(2);
  const auto pack = randomPack(random);
  for (int question = 0; question < 300; ++question) {
    auto request = randomRequest(random, 60);
    const auto without = ask(pack, request);
    request.reasons = true;
    const auto with = ask(pack, request);
    REQUIRE(listed(with) == listed(without));
    for (const auto& item : without.items) REQUIRE(item.reasons.empty());
    for (const auto& item : with.items) {
      std::int64_t sum = 0;
      for (const auto& reason : item.reasons) {
        sum += reason.contribution;
        REQUIRE(reason.contribution > 0);
        if (reason.kind == RecommendReasonKind::popular) continue;
        const auto neighbour = pack.row(*pack.find(reason.item)).find(*pack.find(item.item));
        REQUIRE(neighbour);
        REQUIRE(reason.orders == neighbour->orders);
      }
      REQUIRE(sum == item.score);
      REQUIRE(item.reasons.back().kind == RecommendReasonKind::popular);
      REQUIRE(std::ranges::is_sorted(item.reasons.begin(), item.reasons.end() - 1, std::greater{}, &RecommendReason::contribution));
    }
  }
}

TEST_CASE("recommend: the order of the cart and of exclusions, and repetitions, change nothing", "[recommend][metamorphic]") {
  std::mt19937 random(3);
  const auto pack = randomPack(random);
  for (int question = 0; question < 300; ++question) {
    auto request = randomRequest(random, 60);
    request.reasons = true;
    const auto expected = toBinary(ask(pack, request));
    for (auto* ids : {&request.cart, &request.exclude, &request.unavailable}) {
      if (!ids->empty()) ids->push_back(ids->front());
      std::ranges::shuffle(*ids, random);
    }
    if (!request.history.empty()) request.history.insert(request.history.begin(), request.history.back());
    REQUIRE(toBinary(ask(pack, request)) == expected);
  }
}

TEST_CASE("recommend: excluding an item that was not in the list changes nothing", "[recommend][metamorphic]") {
  std::mt19937 random(4);
  const auto pack = randomPack(random);
  for (int question = 0; question < 300; ++question) {
    auto request = randomRequest(random, 60);
    const auto expected = ask(pack, request);
    const auto ids = idsOf(expected);
    const auto other = "i" + std::to_string(random() % 60);
    if (std::ranges::find(ids, other) != ids.end()) continue;
    request.exclude.push_back(other);
    REQUIRE(listed(ask(pack, request)) == listed(expected));
  }
}

TEST_CASE("recommend: excluding a listed item moves the others up", "[recommend][metamorphic]") {
  std::mt19937 random(5);
  const auto pack = randomPack(random);
  for (int question = 0; question < 300; ++question) {
    auto request = randomRequest(random, 60);
    request.limit = 10;
    auto expected = listed(ask(pack, request));
    if (expected.size() < 10) continue;
    const auto at = static_cast<std::ptrdiff_t>(random() % 9);
    request.exclude.push_back(expected[static_cast<std::size_t>(at)].first);
    request.limit = 9;
    expected.erase(expected.begin() + at);
    REQUIRE(listed(ask(pack, request)) == expected);
  }
}

TEST_CASE("recommend: items of cart, exclusions and unavailable ones never appear", "[recommend]") {
  std::mt19937 random(6);
  const auto pack = randomPack(random);
  for (int question = 0; question < 500; ++question) {
    const auto request = randomRequest(random, 60);
    std::set<std::string> barred(request.cart.begin(), request.cart.end());
    barred.insert(request.exclude.begin(), request.exclude.end());
    barred.insert(request.unavailable.begin(), request.unavailable.end());
    if (!request.repeat) barred.insert(request.history.begin(), request.history.end());
    for (const auto& item : ask(pack, request).items) REQUIRE_FALSE(barred.contains(item.item));
  }
}

TEST_CASE("recommend: the weakest neighbour of the oldest history item stands before the most popular item", "[recommend][boundary]") {
  // "weak" has the least weight that a pack may hold; "star" the greatest popularity; 999 items come after "old" in the history.
  fixtures::RawPack raw;
  for (int i = 0; i < 999; ++i) raw.items.push_back({"h" + std::to_string(1'000 + i)});
  raw.items.push_back({"old", 1, 255, {{1'001, 1, 1}}});
  raw.items.push_back({"star", 65'535});
  raw.items.push_back({"weak", 1});
  const auto pack = opened(fixtures::bytesOf(raw));
  RecommendRequest request{.history = {"old"}, .limit = 2};
  for (int i = 0; i < 999; ++i) request.history.push_back("h" + std::to_string(1'000 + i));
  CHECK(listed(ask(pack, request)) == Listed{{"weak", 255 * 390 + 1}, {"star", 65'535}});

  // One more, and the oldest is beyond the history that counts; still it is not recommended.
  raw.items.insert(raw.items.begin(), {"g"});
  raw.items[1'000].row[0].item = 1'002;
  const auto longer = opened(fixtures::bytesOf(raw));
  request.history.push_back("g");
  CHECK(listed(ask(longer, request)) == Listed{{"star", 65'535}, {"weak", 1}});
}

TEST_CASE("recommend: the largest possible scores stay exact", "[recommend][boundary]") {
  fixtures::RawPack raw;
  for (int i = 0; i < 2'000; ++i) raw.items.push_back({"c" + std::to_string(1'000 + i), 1, 65'535, {{2'000, 255, 65'535}}});
  raw.items.push_back({"target", 65'535});
  const auto pack = opened(fixtures::bytesOf(raw));
  RecommendRequest request{.limit = 1, .reasons = true};
  std::int64_t expected = 65'535;
  for (int i = 0; i < 1'000; ++i) {
    request.cart.push_back("c" + std::to_string(1'000 + i));
    request.history.insert(request.history.begin(), "c" + std::to_string(2'000 + i));
    expected += std::int64_t{255} * 65'535 * (65'535 + 8'192 * 50 / (50 + i));
  }
  const auto answer = ask(pack, request);
  CHECK(listed(answer) == Listed{{"target", expected}});
  CHECK(expected < kMaxExact);
  CHECK(answer.items[0].reasons.size() == 2'001);
}

TEST_CASE("recommend: without context, and with unknown ids only, the most popular items are the answer", "[recommend]") {
  std::mt19937 random(8);
  const auto pack = randomPack(random);
  const auto popular = ask(pack, {.limit = 5});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(popular.items[i].item == pack.id(pack.popular()[i]));
    CHECK(popular.items[i].score == pack.popularity(pack.popular()[i]));
  }
  CHECK(popular.unknown == 0);
  const auto unknown = ask(pack, {.cart = {"nobody", "knows"}, .history = {"knows", "this"}, .exclude = {"either"}, .limit = 5});
  CHECK(listed(unknown) == listed(popular));
  CHECK(unknown.unknown == 3);
}

TEST_CASE("recommend: is empty only when every item is ruled out", "[recommend][boundary]") {
  fixtures::RawPack raw;
  for (int i = 0; i < 1'500; ++i) raw.items.push_back({"i" + std::to_string(1'000 + i), static_cast<std::uint32_t>(2'000 - i)});
  const auto pack = opened(fixtures::bytesOf(raw));
  RecommendRequest request;
  // Beyond the head of popular items there are still 476.
  for (int i = 0; i < 1'024; ++i) request.unavailable.push_back("i" + std::to_string(1'000 + i));
  CHECK(listed(ask(pack, request)).front() == std::pair<std::string, std::int64_t>{"i2024", 976});
  CHECK(ask(pack, request).items.size() == 10);
  for (int i = 1'024; i < 1'499; ++i) request.unavailable.push_back("i" + std::to_string(1'000 + i));
  CHECK(listed(ask(pack, request)) == Listed{{"i2499", 501}});
  request.unavailable.emplace_back("i2499");
  CHECK(ask(pack, request).items.empty());
}

TEST_CASE("recommend: an item of cart and history counts once, as one of the cart", "[recommend]") {
  const auto pack = opened(fixtures::bytesOf(fixtures::threeItems()));
  const RecommendRequest cart{.cart = {"apple"}, .reasons = true};
  const RecommendRequest both{.cart = {"apple", "apple"}, .history = {"apple"}, .repeat = true, .reasons = true};
  CHECK(listed(ask(pack, both)) == listed(ask(pack, cart)));
  CHECK(listed(ask(pack, cart)) ==
        Listed{{"bread", std::int64_t{255} * 30'000 * 65'535 + 200}, {"cheese", std::int64_t{17} * 30'000 * 65'535 + 1}});
}

TEST_CASE("recommend: of a repeated history item the last time counts", "[recommend]") {
  const auto pack = opened(fixtures::bytesOf(fixtures::threeItems()));
  const auto scoreOf = [&](Ids history) { return ask(pack, {.history = std::move(history), .repeat = true}).items.front(); };
  CHECK(scoreOf({"apple", "cheese"}).score < scoreOf({"apple", "cheese", "apple"}).score);
  CHECK(scoreOf({"apple", "cheese", "apple"}).score == scoreOf({"cheese", "apple"}).score);
}

TEST_CASE("recommend: items of the history come again only if asked for", "[recommend]") {
  const auto pack = opened(fixtures::bytesOf(fixtures::threeItems()));
  CHECK(idsOf(ask(pack, {.history = {"apple", "bread"}})) == Ids{"cheese"});
  CHECK(idsOf(ask(pack, {.history = {"apple", "bread"}, .repeat = true})) == Ids{"apple", "bread", "cheese"});
}

TEST_CASE("recommend: rejects a limit outside 1 to 100 with code out-of-range", "[recommend][boundary]") {
  const auto pack = opened(fixtures::bytesOf(fixtures::threeItems()));
  for (const std::int64_t limit : {0LL, -1LL, 101LL, 9'007'199'254'740'991LL}) {
    const auto refused = recommend(pack, {.limit = limit});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::outOfRange);
    CHECK(refused.error().path == "/limit");
  }
  CHECK(recommend(pack, {.limit = 1})->items.size() == 1);
  CHECK(recommend(pack, {.limit = 100})->items.size() == 3);
}
