// SPDX-License-Identifier: MIT
// Building packs: against counts made in the plainest way, and by what must not change the bytes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <utility>

#include "pack_fixtures.hpp"

using namespace souk;
using fixtures::BasketList;
using fixtures::build;
using fixtures::opened;

namespace {

struct NaivePair {
  int orders = 0;
  double weight = 0;
};

// All counts, by looking at every pair of items of every order.
struct NaiveCounts {
  std::map<std::string, int> orders;
  std::map<std::string, double> weights;
  std::map<std::pair<std::string, std::string>, NaivePair> pairs;
};

NaiveCounts countNaively(const BasketList& baskets) {
  NaiveCounts counts;
  for (const auto& basket : baskets) {
    const double weight = basket.size() > 200   ? 0
                          : basket.size() <= 20 ? 1
                                                : std::floor(256.0 * 20 / static_cast<double>(basket.size())) / 256;
    for (const auto& a : basket) {
      ++counts.orders[a];
      counts.weights[a] += weight;
      for (const auto& b : basket) {
        if (a == b || weight == 0) continue;
        auto& pair = counts.pairs[{a, b}];
        ++pair.orders;
        pair.weight += weight;
      }
    }
  }
  return counts;
}

double naiveSimilarity(const NaiveCounts& counts, const std::string& a, const std::string& b) {
  const auto& pair = counts.pairs.at({a, b});
  return 65'535 * pair.weight / std::sqrt(counts.weights.at(a) * counts.weights.at(b)) * pair.weight / (pair.weight + 2);
}

// Checks one row: exact counts, similarities as near as 8 bits are, and nothing left out that is nearer than what is kept.
void checkRow(const Pack& pack, std::uint32_t item, const NaiveCounts& counts, const PackOptions& options) {
  const std::string id(pack.id(item));
  const auto row = pack.row(item);
  const double tolerance = row.scale() / 510.0 + 2;
  std::vector<double> all;
  for (const auto& [pair, count] : counts.pairs) {
    if (pair.first == id && count.orders >= options.minSupport) all.push_back(naiveSimilarity(counts, id, pair.second));
  }
  std::ranges::sort(all, std::greater{});
  REQUIRE(row.size() == std::min(all.size(), static_cast<std::size_t>(options.neighbours)));
  for (std::size_t k = 0; k < row.size(); ++k) {
    const std::string other(pack.id(row[k].item));
    const auto similarity = naiveSimilarity(counts, id, other);
    REQUIRE(row[k].orders == counts.pairs.at({id, other}).orders);
    REQUIRE(std::abs(row[k].weight * row.scale() / 255.0 - similarity) <= tolerance);
    REQUIRE(similarity >= all[row.size() - 1] - 2);
  }
  if (row.size() > 0) REQUIRE(std::abs(row.scale() - all.front()) <= 2);
}

}  // namespace

TEST_CASE("pack builder: counts and similarities are those of a naive count of random baskets", "[catalog][oracle]") {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    const PackOptions options{.neighbours = static_cast<std::int64_t>(1 + random() % 12),
                              .minSupport = static_cast<std::int64_t>(1 + random() % 3)};
    const auto baskets = fixtures::randomBaskets(random, 20 + random() % 100, 5 + random() % 60, round % 4 == 0 ? 60 : 8);
    const auto counts = countNaively(baskets);
    const auto pack = opened(build(baskets, options));
    REQUIRE(pack.items() == counts.orders.size());
    REQUIRE(pack.orders() == baskets.size());
    const int most = std::ranges::max_element(counts.orders, {}, [](const auto& entry) { return entry.second; })->second;
    for (const auto& [id, count] : counts.orders) {
      const auto item = pack.find(id);
      REQUIRE(item);
      REQUIRE(pack.popularity(*item) == static_cast<std::uint32_t>(std::ceil(65'535.0 * count / most)));
      checkRow(pack, *item, counts, options);
    }
  }
}

TEST_CASE("pack builder: a row worked out by hand", "[catalog]") {
  // tea 4 orders, cake 3, jam 2; tea and cake share 3, tea and jam 2, cake and jam 1.
  const auto pack = opened(build({{"tea", "cake"}, {"tea", "cake"}, {"tea", "cake", "jam"}, {"tea", "jam"}}));
  const auto tea = pack.row(*pack.find("tea"));
  REQUIRE(tea.size() == 2);
  // 65,535 × 3 / sqrt(4 × 3) × 3 / 5 = 34,053.0; 65,535 × 2 / sqrt(4 × 2) × 2 / 4 = 23,170.1, which is 173.5 255ths of the first.
  CHECK(tea.scale() >= 34'052);
  CHECK(tea.scale() <= 34'054);
  CHECK(tea.find(*pack.find("cake"))->weight == 255);
  CHECK(tea.find(*pack.find("cake"))->orders == 3);
  CHECK(tea.find(*pack.find("jam"))->weight >= 173);
  CHECK(tea.find(*pack.find("jam"))->weight <= 174);
  CHECK(tea.find(*pack.find("jam"))->orders == 2);
  // One common order is below the least support.
  CHECK_FALSE(pack.row(*pack.find("cake")).find(*pack.find("jam")));
  CHECK(pack.popularity(*pack.find("tea")) == 65'535);
  CHECK(pack.popularity(*pack.find("jam")) == 32'768);
}

TEST_CASE("pack builder: order and repetition of lines and the names of orders do not change a byte", "[catalog][metamorphic]") {
  std::mt19937 random(11);
  const auto baskets = fixtures::randomBaskets(random, 200, 80, 12);
  const auto expected = build(baskets);
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t order = 0; order < baskets.size(); ++order) {
    for (const auto& item : baskets[order]) lines.emplace_back("other\xff name " + std::to_string(order), item);
  }
  for (int round = 0; round < 5; ++round) {
    std::ranges::shuffle(lines, random);
    PackBuilder builder;
    for (const auto& [order, item] : lines) {
      REQUIRE(builder.add(order, item));
      if (random() % 4 == 0) REQUIRE(builder.add(order, item));
    }
    CHECK(builder.build({}).value() == expected);
  }
}

TEST_CASE("pack builder: the same baskets give the same bytes on every host", "[catalog][golden]") {
  std::mt19937 random(13);
  const auto pack = opened(build(fixtures::randomBaskets(random, 500, 120, 30)));
  CHECK(toHex(pack.digest()) == "306aa6a7144688302092a30ca1042f4aa21a2e862bbf55c452a57f1afb5afeb1");
}

TEST_CASE("pack builder: an order of more than 200 items counts for popularity and makes no pairs", "[catalog][boundary]") {
  for (const int size : {200, 201}) {
    BasketList baskets{{"a", "b"}, {"a", "b"}, {"a"}};
    for (int copy = 0; copy < 2; ++copy) {
      auto& large = baskets.emplace_back();
      for (int i = 0; i < size - 1; ++i) large.insert("i" + std::to_string(i));
      large.insert("a");
    }
    const auto pack = opened(build(baskets, {.neighbours = 255}));
    const auto row = pack.row(*pack.find("a"));
    CHECK(row.size() == (size == 200 ? 200 : 1));
    CHECK(pack.popularity(*pack.find("a")) == 65'535);
    CHECK(pack.popularity(*pack.find("b")) == 26'214);
    CHECK((pack.row(*pack.find("i0")).size() > 0) == (size == 200));
  }
}

TEST_CASE("pack builder: orders of more than 200 items leave every similarity as it was", "[catalog][metamorphic]") {
  std::mt19937 random(17);
  auto baskets = fixtures::randomBaskets(random, 100, 300, 10);
  const auto before = opened(build(baskets));
  auto& large = baskets.emplace_back();
  for (int i = 0; i < 300; ++i) large.insert("i" + std::to_string(i));
  const auto after = opened(build(baskets));
  for (std::uint32_t item = 0; item < before.items(); ++item) {
    const auto old = before.row(item);
    const auto now = after.row(after.find(before.id(item)).value());
    REQUIRE(now.scale() == old.scale());
    for (std::size_t k = 0; k < old.size(); ++k) {
      const auto same = now.find(after.find(before.id(old[k].item)).value());
      REQUIRE(same);
      REQUIRE(same->weight == old[k].weight);
      REQUIRE(same->orders == old[k].orders);
    }
  }
}

TEST_CASE("pack builder: a larger order says less about what goes together", "[catalog]") {
  BasketList baskets{{"a", "small"}, {"a", "small"}};
  for (int copy = 0; copy < 2; ++copy) {
    auto& large = baskets.emplace_back();
    for (int i = 0; i < 98; ++i) large.insert("i" + std::to_string(i));
    large.insert("a");
    large.insert("large");
  }
  const auto pack = opened(build(baskets, {.neighbours = 255}));
  const auto row = pack.row(*pack.find("a"));
  const auto small = row.find(*pack.find("small"));
  const auto large = row.find(*pack.find("large"));
  REQUIRE(small);
  REQUIRE(large);
  CHECK(small->orders == large->orders);
  CHECK(small->weight > 5 * large->weight);
}

TEST_CASE("pack builder: weights are comparable across rows", "[catalog]") {
  // The same pair, seen from either side: the row of b has a nearer neighbour than a, and so another scale.
  BasketList baskets;
  for (int i = 0; i < 5; ++i) baskets.push_back({"a", "b"});
  for (int i = 0; i < 30; ++i) baskets.push_back({"b", "c"});
  const auto pack = opened(build(baskets));
  const auto a = pack.row(*pack.find("a"));
  const auto b = pack.row(*pack.find("b"));
  REQUIRE(a.scale() != b.scale());
  const auto fromA = a.find(*pack.find("b"))->weight * a.scale();
  const auto fromB = b.find(*pack.find("a"))->weight * b.scale();
  CHECK(std::abs(static_cast<double>(fromA) - fromB) <= b.scale() / 2.0);
}

TEST_CASE("pack builder: refuses items that are no ids, options out of range, and nothing at all", "[catalog]") {
  PackBuilder builder;
  CHECK(builder.build({}).error().code == Code::nothingLeft);
  CHECK(builder.add("1", "BANK CHARGES").error().code == Code::invalidId);
  CHECK(builder.add("1", "").error().code == Code::invalidId);
  CHECK(builder.lines() == 0);
  REQUIRE(builder.add("1", "85123A"));
  for (const std::int64_t neighbours : {0, -1, 256}) {
    const auto refused = builder.build({.neighbours = neighbours});
    CHECK(refused.error().code == Code::outOfRange);
    CHECK(refused.error().path == "/neighbours");
  }
  CHECK(builder.build({.minSupport = 0}).error().path == "/minSupport");
  const auto pack = opened(builder.build({}).value());
  CHECK(pack.items() == 1);
  CHECK(pack.row(0).size() == 0);
}
