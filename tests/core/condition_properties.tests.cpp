// SPDX-License-Identifier: MIT
// Laws that conditions keep, held against random conditions and facts from a small vocabulary, so that about half of them hold.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

#include "souk/core/condition.hpp"
#include "value_literals.hpp"

namespace souk {
namespace {

using testing::list;
using testing::Literal;
using testing::number;
using testing::object;
using testing::Random;
using testing::valueOf;

constexpr std::array<const char*, 5> kNames{"a", "b", "c", "a.b", "c.a"};
constexpr std::array<const char*, 9> kTexts{"", "a", "A", "b", "1", "10", "1.2.3", "1.2.3-a", "v2"};

template <class T, std::size_t n>
T oneOf(const std::array<T, n>& choices, Random& random) {
  return choices[random.below(n)];
}

Literal randomScalar(Random& random) {
  switch (random.below(6)) {
    case 0: return nullptr;
    case 1: return random.below(2) == 1;
    case 2: return number("0.5");
    case 3: return static_cast<int>(random.below(4)) - 1;
    default: return oneOf(kTexts, random);
  }
}

// Any value; the keys of its objects are those of facts, or of operators where that is asked for.
Literal randomValue(Random& random, int depth, const std::vector<std::string>& keys) {
  const auto kind = depth > 0 ? random.below(6) : 0;
  if (kind == 4) {
    std::vector<Literal> items;
    for (auto n = random.below(4); n > 0; --n) items.push_back(randomValue(random, depth - 1, keys));
    return list(items);
  }
  if (kind == 5) {
    std::vector<std::pair<std::string, Literal>> members;
    for (const auto& key : keys) {
      if (random.below(keys.size()) < 2) members.emplace_back(key, randomValue(random, depth - 1, keys));
    }
    return object(members);
  }
  return randomScalar(random);
}

Literal randomFact(Random& random, int depth) { return randomValue(random, depth, {"a", "b", "c"}); }

Literal randomFacts(Random& random) {
  return object({{"a", randomFact(random, 2)}, {"b", randomFact(random, 1)}, {"c", randomFact(random, 3)}});
}

Literal randomList(Random& random) {
  std::vector<Literal> items;
  for (auto n = random.below(4); n > 0; --n) items.push_back(randomFact(random, 1));
  return list(items);
}

Literal randomTest(Random& random, int depth);
Literal randomCondition(Random& random, int depth);

std::pair<std::string, Literal> randomOperation(Random& random, int depth) {
  constexpr std::array kEqualities{"$eq", "$ne"};
  constexpr std::array kOrders{"$lt", "$lte", "$gt", "$gte"};
  constexpr std::array kLists{"$in", "$nin", "$ini", "$nini"};
  constexpr std::array kVersions{"$veq", "$vne", "$vlt", "$vlte", "$vgt", "$vgte"};
  constexpr std::array kTypes{"null", "boolean", "number", "string", "array", "object"};
  switch (random.below(depth > 0 ? 10 : 6)) {
    case 0: return {oneOf(kEqualities, random), randomFact(random, 2)};
    case 1: return {oneOf(kOrders, random), randomScalar(random)};
    case 2: return {oneOf(kLists, random), randomList(random)};
    case 3: return {oneOf(kVersions, random), oneOf(kTexts, random)};
    case 4: return {"$exists", random.below(2) == 0};
    case 5: return {"$type", oneOf(kTypes, random)};
    case 6: return {"$not", randomTest(random, depth - 1)};
    case 7: return {"$size", randomTest(random, depth - 1)};
    case 8: return {random.below(2) == 0 ? "$all" : "$alli", list({randomTest(random, depth - 1)})};
    default: break;
  }
  // In a list, because $not alone in $elemMatch is the one of tests.
  const auto element =
      random.below(2) == 0 ? object({{"$and", list({randomCondition(random, depth - 1)})}}) : object({randomOperation(random, depth - 1)});
  return {"$elemMatch", element};
}

Literal randomTest(Random& random, int depth) {
  if (random.below(3) == 0) return randomFact(random, 1);
  return object({randomOperation(random, depth)});
}

Literal randomCondition(Random& random, int depth) {
  constexpr std::array kJunctions{"$and", "$or", "$nor"};
  const auto junction = depth > 0 ? random.below(4) : 0;
  if (junction == 1) return object({{"$not", randomCondition(random, depth - 1)}});
  if (junction == 2) {
    return object({{oneOf(kJunctions, random), list({randomCondition(random, depth - 1), randomCondition(random, depth - 1)})}});
  }
  return object({{oneOf(kNames, random), randomTest(random, depth)}});
}

bool holds(const Literal& condition, const Value& facts) {
  const auto value = valueOf(condition);
  const auto compiled = compileCondition(value);
  if (!compiled) FAIL(compiled.error().path << ": " << compiled.error().message);
  return matches(*compiled, facts);
}

// Tries a law on random conditions a, b and facts; a law that is only tried on conditions that always (never) hold says nothing.
template <class Law>
void hold(std::uint64_t seed, Law law) {
  constexpr int kRounds = 4000;
  Random random{seed};
  int held = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Literal a = valueOf(randomCondition(random, 3));
    const Literal b = valueOf(randomCondition(random, 2));
    const auto facts = valueOf(randomFacts(random));
    held += holds(a, facts) ? 1 : 0;
    if (!law(a, b, facts)) FAIL("round " << round << " of seed " << seed);
  }
  CHECK(held > kRounds / 5);
  CHECK(held < kRounds * 4 / 5);
}

TEST_CASE("condition: De Morgan's laws hold", "[condition][property]") {
  hold(1, [](const Literal& a, const Literal& b, const Value& facts) {
    const auto notA = object({{"$not", a}});
    const auto notB = object({{"$not", b}});
    const auto both = holds(object({{"$and", list({a, b})}}), facts);
    const auto either = holds(object({{"$or", list({a, b})}}), facts);
    return both == (holds(a, facts) && holds(b, facts)) && either == (holds(a, facts) || holds(b, facts)) &&
           !both == holds(object({{"$or", list({notA, notB})}}), facts) &&
           !either == holds(object({{"$and", list({notA, notB})}}), facts) && !either == holds(object({{"$nor", list({a, b})}}), facts);
  });
}

TEST_CASE("condition: $not is an involution, of conditions and of tests", "[condition][property]") {
  hold(2, [](const Literal& a, const Literal&, const Value& facts) {
    const auto notA = object({{"$not", a}});
    return holds(notA, facts) != holds(a, facts) && holds(object({{"$not", notA}}), facts) == holds(a, facts);
  });
  Random random{3};
  for (int round = 0; round < 4000; ++round) {
    const Literal test = valueOf(randomTest(random, 2));
    const auto facts = valueOf(randomFacts(random));
    const auto once = object({{"a", object({{"$not", test}})}});
    const auto twice = object({{"a", object({{"$not", object({{"$not", test}})}})}});
    REQUIRE(holds(object({{"a", test}}), facts) != holds(once, facts));
    REQUIRE(holds(once, facts) != holds(twice, facts));
  }
}

TEST_CASE("condition: entries side by side mean $and, and so do operators", "[condition][property]") {
  hold(4, [](const Literal& a, const Literal& b, const Value& facts) {
    return holds(object({{"$and", list({a})}, {"$not", b}}), facts) == (holds(a, facts) && !holds(b, facts));
  });
  Random random{5};
  for (int round = 0; round < 4000; ++round) {
    const auto first = randomOperation(random, 2);
    const auto second = randomOperation(random, 2);
    if (first.first == second.first) continue;
    const auto facts = valueOf(randomFacts(random));
    const auto apart = holds(object({{"c", object({first})}}), facts) && holds(object({{"c", object({second})}}), facts);
    REQUIRE(holds(object({{"c", object({first, second})}}), facts) == apart);
  }
}

TEST_CASE("condition: $in is $or of $eq, and the negated operators are negations", "[condition][property]") {
  Random random{6};
  int held = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<Literal> items;
    std::vector<Literal> equals;
    for (auto n = random.below(3) + 1; n > 0; --n) {
      const Literal item = valueOf(randomFact(random, 1));
      items.push_back(item);
      const auto equal = object({{"$eq", item}});
      equals.push_back(object({{"a", object({{"$type", "array"}, {"$elemMatch", equal}})}}));
      equals.push_back(object({{"a", object({{"$not", object({{"$type", "array"}})}, {"$eq", item}})}}));
    }
    const auto facts = valueOf(randomFacts(random));
    const auto in = holds(object({{"a", object({{"$in", list(items)}})}}), facts);
    held += in ? 1 : 0;
    REQUIRE(in == holds(object({{"$or", list(equals)}}), facts));
    REQUIRE(in != holds(object({{"a", object({{"$nin", list(items)}})}}), facts));
    REQUIRE(holds(object({{"a", object({{"$ini", list(items)}})}}), facts) !=
            holds(object({{"a", object({{"$nini", list(items)}})}}), facts));
    REQUIRE(holds(object({{"a", object({{"$eq", items[0]}})}}), facts) != holds(object({{"a", object({{"$ne", items[0]}})}}), facts));
  }
  CHECK(held > 250);
}

TEST_CASE("condition: versions are totally ordered", "[condition][property]") {
  const std::vector<std::string> versions{"",          "0",       "v0.0.0",   "1",       "1.0",       "1.0.0",    "1.0.0-a", "1.0.0-a.1",
                                          "1.0.0-a.b", "1.0.0-1", "1.0.0-10", "1.2.3",   "1.2.3+x",   "1-2-3",    "1.2.3.4", "a.b.c",
                                          "1.0.0-",    "1.0.0--", "--",       ".",       "v",         "+",        "~",       "1.0.0-~",
                                          "100000",    "1.0.0-A", "01.0.0",   "1.0.0-B", "99999.0.0", "\xC3\xA9", " 1"};
  const auto is = [](const char* op, const std::string& fact, const std::string& operand) {
    return holds(object({{"v", object({{op, operand}})}}), valueOf(object({{"v", fact}})));
  };
  for (const auto& a : versions) {
    for (const auto& b : versions) {
      CAPTURE(a, b);
      const bool less = is("$vlt", a, b);
      const bool same = is("$veq", a, b);
      const bool greater = is("$vgt", a, b);
      REQUIRE(less + same + greater == 1);
      REQUIRE(is("$vgt", b, a) == less);
      REQUIRE(is("$vne", a, b) != same);
      REQUIRE(is("$vlte", a, b) != greater);
      REQUIRE(is("$vgte", a, b) != less);
      for (const auto& c : versions) {
        if (less && is("$vlt", b, c)) REQUIRE(is("$vlt", a, c));
        if (same && is("$veq", b, c)) REQUIRE(is("$veq", a, c));
      }
    }
  }
}

// Writes a value again with the members of every object in random order.
void writeShuffled(ValueView value, Random& random, ValueBuilder& build) {
  if (!value.is(Kind::array) && !value.is(Kind::object)) {
    build.value(value);
    return;
  }
  std::vector<ValueChild> children;
  for (const auto& child : value.children()) children.push_back(child);
  const bool keyed = value.is(Kind::object);
  for (auto i = children.size(); keyed && i > 1; --i) std::swap(children[i - 1], children[random.below(i)]);
  keyed ? build.beginObject() : build.beginArray();
  for (const auto& child : children) {
    if (keyed) build.key(child.key);
    writeShuffled(child.value, random, build);
  }
  keyed ? build.endObject() : build.endArray();
}

TEST_CASE("condition: the order in which keys were written has no meaning", "[condition][property]") {
  Random random{7};
  const auto shuffled = [&random](const Value& value) {
    ValueBuilder build;
    writeShuffled(value, random, build);
    return build.finish().value();
  };
  for (int round = 0; round < 4000; ++round) {
    const auto condition =
        valueOf(object({{"$or", list({randomCondition(random, 3)})}, {"$not", randomCondition(random, 2)}, {"b", randomTest(random, 1)}}));
    const auto facts = valueOf(randomFacts(random));
    const auto other = shuffled(condition);
    REQUIRE(other == condition);
    REQUIRE(matches(*compileCondition(other), shuffled(facts)) == matches(*compileCondition(condition), facts));
  }
}

// Whether a JSON pointer, made of the keys used here, leads to something.
bool leadsSomewhere(ValueView value, std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto step = path.substr(0, path.find('/'));
    path.remove_prefix(step.size());
    std::size_t index = 0;
    bool found = false;
    for (const auto& child : value.children()) {
      if (value.is(Kind::object) ? child.key == step : std::to_string(index) == step) {
        value = child.value;
        found = true;
        break;
      }
      ++index;
    }
    if (!found) return false;
  }
  return true;
}

TEST_CASE("condition: any value at all is compiled or refused at a path that exists, and whatever compiles can be asked",
          "[condition][property]") {
  Random random{8};
  const std::vector<std::string> keys{"$and", "$or", "$not", "$elemMatch", "$in", "$eq", "$size", "$all", "a", "b", "$exists", "$veq"};
  int compiledCount = 0;
  for (int round = 0; round < 50'000; ++round) {
    const auto condition = valueOf(randomValue(random, 5, keys));
    const auto facts = valueOf(randomValue(random, 4, {"a", "b", "$and"}));
    const auto compiled = compileCondition(condition);
    if (!compiled) {
      REQUIRE(compiled.error().code == Code::invalidCondition);
      REQUIRE(leadsSomewhere(condition, compiled.error().path));
      continue;
    }
    ++compiledCount;
    REQUIRE(matches(*compiled, facts, facts) == matches(*compileCondition(compiled->source()), facts, facts));
  }
  CHECK(compiledCount > 500);
}

}  // namespace
}  // namespace souk
