// SPDX-License-Identifier: MIT
#include "souk/core/condition.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>
#include <vector>

#include "value_literals.hpp"

namespace souk {
namespace {

using testing::list;
using testing::Literal;
using testing::number;
using testing::object;
using testing::valueOf;

bool holds(const Literal& condition, const Literal& facts, const Literal& groups = nullptr) {
  const auto compiled = compileCondition(valueOf(condition));
  if (!compiled) FAIL(compiled.error().path << ": " << compiled.error().message);
  return matches(*compiled, valueOf(facts), valueOf(groups));
}

// Whether a fact passes a test.
bool passes(const Literal& test, const Literal& fact) { return holds(object({{"fact", test}}), object({{"fact", fact}})); }

// The path of the refusal, after its code was checked.
std::string refusedAt(const Literal& condition) {
  const auto compiled = compileCondition(valueOf(condition));
  REQUIRE_FALSE(compiled.has_value());
  CHECK(compiled.error().code == Code::invalidCondition);
  return compiled.error().path;
}

TEST_CASE("condition: one made by default holds, and so does an empty one", "[condition]") {
  CHECK(matches(Condition{}, valueOf(object({}))));
  CHECK(holds(object({}), object({{"level", "gold"}})));
  CHECK(holds(object({}), nullptr));
}

TEST_CASE("condition: keeps its source, in order of keys", "[condition]") {
  const auto a = compileCondition(valueOf(object({{"b", 1}, {"a", object({{"$lt", 2}, {"$gt", 0}})}})));
  const auto b = compileCondition(valueOf(object({{"a", object({{"$gt", 0}, {"$lt", 2}})}, {"b", 1}})));
  CHECK(*a == *b);
  CHECK(a->source() == valueOf(object({{"a", object({{"$gt", 0}, {"$lt", 2}})}, {"b", 1}})));
}

TEST_CASE("condition: outlives and survives the value it was compiled from, copied and moved", "[condition]") {
  auto compiled = compileCondition(valueOf(object({{"level", object({{"$in", list({"a level with a long name", "gold"})}})}})));
  Condition copy = *compiled;
  const Condition moved = std::move(*compiled);
  compiled = fail(Code::usage);
  const auto facts = valueOf(object({{"level", "a level with a long name"}}));
  CHECK(matches(copy, facts));
  CHECK(matches(moved, facts));
}

TEST_CASE("condition: a part of a larger document compiles by itself", "[condition]") {
  const auto program = valueOf(object({{"levels", list({object({{"when", object({{"orders", object({{"$gte", 5}})}})}})})}}));
  const auto level = *program.view().children().begin();
  const auto when = *(*level.value.children().begin()).value.find("when");
  const auto compiled = compileCondition(when);
  REQUIRE(compiled.has_value());
  CHECK(matches(*compiled, valueOf(object({{"orders", 5}}))));
  CHECK_FALSE(matches(*compiled, valueOf(object({{"orders", 4}}))));
}

TEST_CASE("condition: an absent fact is null", "[condition]") {
  CHECK(holds(object({{"a", nullptr}}), object({})));
  CHECK(holds(object({{"a", object({{"$exists", false}})}}), object({{"a", nullptr}})));
  CHECK(holds(object({{"a", object({{"$type", "null"}})}}), object({})));
  CHECK(holds(object({{"a", object({{"$in", list({1, nullptr})}})}}), object({})));
  CHECK(holds(object({{"a.b.c", object({{"$exists", false}})}}), object({{"a", object({{"b", 5}})}})));
  for (const auto& literal : {Literal{0}, Literal{false}, Literal{true}, Literal{""}, Literal{"null"}, list({}), object({})}) {
    CHECK_FALSE(holds(object({{"a", literal}}), object({})));
  }
}

TEST_CASE("condition: an absent fact orders as zero", "[condition]") {
  CHECK(passes(object({{"$gte", 0}, {"$lte", 0}}), nullptr));
  CHECK_FALSE(passes(object({{"$gte", 0}, {"$exists", true}}), nullptr));
  CHECK_FALSE(passes(object({{"$lt", "text"}}), nullptr));
}

TEST_CASE("condition: paths go through objects only, by whole names", "[condition]") {
  const auto facts = object({{"a", object({{"b", object({{"", 1}})}})}, {"list", list({7})}, {"a.b", 2}});
  CHECK(holds(object({{"a.b.", 1}}), facts));
  CHECK(holds(object({{"a.b", object({{"", 1}})}}), facts));
  CHECK(holds(object({{"list.0", nullptr}}), facts));
  CHECK(holds(object({{"list.length", nullptr}}), facts));
  CHECK(holds(object({{"a.bb", nullptr}, {"", nullptr}, {".", nullptr}}), facts));
}

TEST_CASE("condition: a string literal equals the text of numbers and booleans", "[condition]") {
  CHECK(passes("10", 10));
  CHECK(passes("0.5", number("0.50")));
  CHECK(passes("true", true));
  CHECK_FALSE(passes("10.0", 10));
  CHECK_FALSE(passes("1", true));
  CHECK_FALSE(passes("a", list({"a"})));
}

TEST_CASE("condition: a number literal equals strings that read as it, and booleans as 1 and 0", "[condition]") {
  CHECK(passes(10, "10"));
  CHECK(passes(10, "1e1"));
  CHECK(passes(number("0.1"), number("0.10")));
  CHECK(passes(1, true));
  CHECK_FALSE(passes(0, ""));
  CHECK_FALSE(passes(10, " 10"));
  CHECK_FALSE(passes(1, list({1})));
}

TEST_CASE("condition: a boolean literal is true of all but false, 0 and the empty string", "[condition]") {
  for (const auto& fact : {Literal{true}, Literal{-1}, Literal{"false"}, list({}), object({})}) {
    CHECK(passes(true, fact));
    CHECK_FALSE(passes(false, fact));
  }
  for (const auto& fact : {Literal{false}, Literal{0}, Literal{""}}) {
    CHECK(passes(false, fact));
    CHECK_FALSE(passes(true, fact));
  }
}

TEST_CASE("condition: $eq and $ne go by type and content, arrays and objects included", "[condition]") {
  CHECK(passes(object({{"$eq", list({1, object({{"a", 2}})})}}), list({1, object({{"a", 2}})})));
  CHECK(passes(object({{"$ne", "10"}}), 10));
  CHECK(passes(object({{"$ne", true}}), 1));
  CHECK(passes(object({{"$eq", nullptr}}), nullptr));
  CHECK_FALSE(passes(object({{"$eq", list({1, 2})}}), list({2, 1})));
}

TEST_CASE("condition: fractions compare exactly", "[condition][boundary]") {
  CHECK(passes(object({{"$gt", number("0.3")}}), number("0.300000001")));
  CHECK_FALSE(passes(object({{"$gt", number("0.3")}}), number("0.3")));
  CHECK(passes(object({{"$eq", number("1.5")}}), number("1.50")));
  CHECK(passes(object({{"$lt", number("9007199254740991")}}), number("9007199254740990")));
  CHECK(passes(object({{"$gt", number("-0.2")}, {"$lt", number("-0.05")}}), number("-0.1")));
}

TEST_CASE("condition: strings order by code points, and with numbers only if they read as one", "[condition]") {
  CHECK(passes(object({{"$lt", "b"}}), "B"));
  CHECK(passes(object({{"$gt", "10"}}), "9"));
  CHECK(passes(object({{"$lt", 10}}), "9"));
  CHECK(passes(object({{"$gt", "\xEF\xBF\xBD"}}), "\xF0\x9F\x8E\x81"));  // U+1F381 after U+FFFD, unlike in UTF-16
  for (const auto* op : {"$lt", "$lte", "$gt", "$gte"}) {
    CHECK_FALSE(passes(object({{op, 5}}), "five"));
    CHECK_FALSE(passes(object({{op, 5}}), list({5})));
    CHECK_FALSE(passes(object({{op, 5}}), object({})));
  }
}

TEST_CASE("condition: $in looks for the fact, or for any of its elements", "[condition]") {
  const auto inList = object({{"$in", list({"a", 1, list({2})})}});
  CHECK(passes(inList, list({5, "a"})));
  CHECK(passes(inList, list({list({2})})));
  CHECK_FALSE(passes(inList, list({2})));
  CHECK_FALSE(passes(inList, "1"));
  CHECK_FALSE(passes(object({{"$in", list({})}}), "a"));
  CHECK(passes(object({{"$nin", list({})}}), "a"));
}

TEST_CASE("condition: $in finds the same in long arrays, where it sorts, as element by element", "[condition][boundary]") {
  std::vector<Literal> listed{"AbC", list({1, object({{"a", 2}})}), nullptr, number("0.5"), object({})};
  std::vector<Literal> others;
  for (int i = 0; i < 200; ++i) {
    listed.push_back("listed " + std::to_string(i));
    listed.push_back(i);
    others.push_back("other " + std::to_string(i));
    others.push_back(list({i}));
    others.push_back(-1 - i);
  }
  const auto in = object({{"$in", list(listed)}});
  const auto ini = object({{"$ini", list(listed)}});
  CHECK_FALSE(passes(in, list(others)));
  CHECK_FALSE(passes(ini, list(others)));
  for (const auto& item : listed) {
    auto facts = others;
    facts.insert(facts.begin() + 300, item);
    CHECK(passes(in, list(facts)));
    CHECK(passes(ini, list(facts)));
  }
  others.push_back("aBc");
  CHECK_FALSE(passes(in, list(others)));
  CHECK(passes(ini, list(others)));
}

TEST_CASE("condition: without regard to case means the letters A to Z", "[condition]") {
  CHECK(passes(object({{"$ini", list({"GoLd"})}}), "gOlD"));
  CHECK_FALSE(passes(object({{"$ini", list({"\xC3\x84"})}}), "\xC3\xA4"));  // Ä, ä
  CHECK(passes(object({{"$alli", list({"TRUE", "a"})}}), list({true, "A"})));
  CHECK_FALSE(passes(object({{"$ini", list({"["})}}), "{"));
  CHECK_FALSE(passes(object({{"$ini", list({"@"})}}), "`"));
  CHECK_FALSE(passes(object({{"$ini", list({"gol"})}}), "gold"));
}

TEST_CASE("condition: groups are lists that the caller names", "[condition]") {
  const auto inGroup = object({{"id", object({{"$inGroup", "staff"}})}});
  const auto groups = object({{"staff", list({1, "2"})}, {"odd", "staff"}});
  CHECK(holds(inGroup, object({{"id", 1}}), groups));
  CHECK_FALSE(holds(inGroup, object({{"id", "1"}}), groups));
  CHECK_FALSE(holds(inGroup, object({{"id", 1}})));
  CHECK(holds(object({{"id", object({{"$notInGroup", "odd"}})}}), object({{"id", "staff"}}), groups));
  CHECK_FALSE(holds(inGroup, object({{"id", 1}}), object({{"staff", object({{"a", 1}})}})));
}

TEST_CASE("condition: $elemMatch tries every element, those that are 0, false or empty too", "[condition]") {
  CHECK(passes(object({{"$elemMatch", object({{"$lt", 1}})}}), list({5, 0})));
  CHECK(passes(object({{"$elemMatch", object({{"$eq", ""}})}}), list({""})));
  CHECK_FALSE(passes(object({{"$elemMatch", object({{"$lt", 1}})}}), list({})));
  CHECK_FALSE(passes(object({{"$elemMatch", object({})}}), "text"));
  CHECK_FALSE(passes(object({{"$elemMatch", object({{"$eq", 1}})}}), object({{"a", 1}})));
}

TEST_CASE("condition: $elemMatch with names or lists of conditions takes the element as facts", "[condition]") {
  const auto orders = list({object({{"paid", 5}, {"lines", list({object({{"sku", "a"}})})}}), object({{"paid", 50}})});
  CHECK(passes(object({{"$elemMatch", object({{"paid", object({{"$gt", 9}})}})}}), orders));
  CHECK_FALSE(passes(object({{"$elemMatch", object({{"paid", object({{"$gt", 9}})}, {"lines", object({{"$exists", true}})}})}}), orders));
  CHECK(passes(object({{"$elemMatch", object({{"$or", list({object({{"paid", 1}}), object({{"paid", 50}})})}})}}), orders));
  CHECK(passes(object({{"$elemMatch", object({{"lines", object({{"$elemMatch", object({{"sku", "a"}})}})}})}}), orders));
}

TEST_CASE("condition: $size, $all and $type test arrays", "[condition]") {
  CHECK(passes(object({{"$size", object({{"$in", list({1, 2})}})}}), list({"a", "b"})));
  CHECK_FALSE(passes(object({{"$size", 0}}), nullptr));
  CHECK(passes(object({{"$all", list({object({{"$gt", 5}}), "1"})}}), list({1, 6})));
  CHECK(passes(object({{"$all", list({})}}), list({})));
  CHECK_FALSE(passes(object({{"$all", list({})}}), "text"));
  CHECK(passes(object({{"$not", object({{"$type", "array"}})}}), object({})));
}

TEST_CASE("condition: versions compare numbers of any length as numbers", "[condition][boundary]") {
  CHECK(passes(object({{"$vgt", "99999.0.0"}}), "100000.0.0"));
  CHECK(passes(object({{"$vgt", "1.0.99999999999999999999"}}), "1.0.100000000000000000000"));
  CHECK(passes(object({{"$veq", "1.02.3"}}), "v1.2.03+build+more"));
  CHECK(passes(object({{"$veq", "0"}}), nullptr));
  CHECK(passes(object({{"$veq", "0"}}), ""));
  CHECK(passes(object({{"$veq", "0"}}), list({"1"})));
  CHECK(passes(object({{"$vgt", 2}}), number("2.5")));
  CHECK(passes(object({{"$vlt", "1.2.0"}}), "1.2"));
  CHECK(passes(object({{"$vlt", "v1"}}), "vv1") == false);
}

TEST_CASE("condition: refuses what can never be meant, with the path to it", "[condition]") {
  CHECK(refusedAt(nullptr).empty());
  CHECK(refusedAt(list({})).empty());
  CHECK(refusedAt(object({{"a", object({{"$gtt", 1}})}})) == "/a/$gtt");
  CHECK(refusedAt(object({{"a", object({{"$regex", "^a"}})}})) == "/a/$regex");
  CHECK(refusedAt(object({{"a", object({{"$regexi", "^a"}})}})) == "/a/$regexi");
  CHECK(refusedAt(object({{"$orr", list({})}})) == "/$orr");
  CHECK(refusedAt(object({{"$gt", object({{"$eq", 1}})}})) == "/$gt");
  CHECK(refusedAt(object({{"$or", object({})}})) == "/$or");
  CHECK(refusedAt(object({{"$and", list({object({}), 5})}})) == "/$and/1");
  CHECK(refusedAt(object({{"$nor", list({object({{"a/b", object({{"$x", 1}})}})})}})) == "/$nor/0/a~1b/$x");
  CHECK(refusedAt(object({{"$not", "gold"}})) == "/$not");
  CHECK(refusedAt(object({{"a", object({{"$and", list({})}})}})) == "/a/$and");
  CHECK(refusedAt(object({{"a", object({{"$gt", 1}, {"b", 2}})}})) == "/a");
  CHECK(refusedAt(object({{"a", object({{"b", object({{"$gt", 1}})}})}})) == "/a/b");
  CHECK(refusedAt(object({{"a", list({1, object({{"$gt", 1}})})}})) == "/a/1");
  CHECK(refusedAt(object({{"a", object({{"$eq", object({{"$x", 1}})}})}})) == "/a/$eq");
}

TEST_CASE("condition: refuses an operand that its operator cannot use", "[condition]") {
  for (const auto* op : {"$in", "$nin", "$ini", "$nini", "$all", "$alli"}) {
    CHECK(refusedAt(object({{"a", object({{op, "b"}})}})) == std::string{"/a/"} + op);
  }
  for (const auto* op :
       {"$lt", "$lte", "$gt", "$gte", "$veq", "$vne", "$vgt", "$inGroup", "$notInGroup", "$type", "$exists", "$elemMatch"}) {
    CHECK(refusedAt(object({{"a", object({{op, list({})}})}})) == std::string{"/a/"} + op);
  }
  CHECK(refusedAt(object({{"a", object({{"$type", "text"}})}})) == "/a/$type");
  CHECK(refusedAt(object({{"a", object({{"$exists", 1}})}})) == "/a/$exists");
  CHECK(refusedAt(object({{"a", object({{"$size", object({{"$x", 1}})}})}})) == "/a/$size/$x");
  CHECK(refusedAt(object({{"a", object({{"$all", list({1, object({{"$x", 1}})})}})}})) == "/a/$all/1/$x");
  CHECK(refusedAt(object({{"a", object({{"$elemMatch", object({{"$or", list({1})}})}})}})) == "/a/$elemMatch/$or/0");
  CHECK(refusedAt(object({{"a", object({{"$not", object({{"$x", 1}})}})}})) == "/a/$not/$x");
}

TEST_CASE("condition: takes 10,000 nodes and refuses more", "[condition][boundary]") {
  const auto conditionOf = [](std::size_t nodes) {
    ValueBuilder build{20'000};
    build.beginObject(), build.key("a"), build.beginObject(), build.key("$in"), build.beginArray();
    for (std::size_t i = 5; i < nodes; ++i) build.number(static_cast<std::int64_t>(i));
    build.endArray(), build.endObject(), build.endObject();
    return build.finish().value();
  };
  CHECK(compileCondition(conditionOf(10'000)).has_value());
  CHECK(compileCondition(conditionOf(10'001)).error().code == Code::invalidCondition);
}

TEST_CASE("condition: nests to the depth of a value", "[condition][boundary]") {
  Literal condition = object({{"a", 1}});
  for (int i = 0; i < 31; ++i) condition = object({{"$not", condition}});
  CHECK_FALSE(holds(condition, object({{"a", 1}})));
  CHECK(holds(condition, object({{"a", 2}})));
}

}  // namespace
}  // namespace souk
