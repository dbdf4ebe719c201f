// SPDX-License-Identifier: MIT
#include "souk/core/value.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "souk/core/fields.hpp"
#include "value_literals.hpp"

namespace souk {
namespace {

using testing::list;
using testing::number;
using testing::object;
using testing::valueOf;

// Writes what it is given, without quotes where they would only tire.
struct Text {
  std::string out;
  void null() { out += "null "; }
  void boolean(bool value) { out += value ? "true " : "false "; }
  void number(const Decimal& value) { out += value.text() + " "; }
  void string(std::string_view value) { out += "'" + std::string{value} + "' "; }
  void beginArray() { out += "[ "; }
  void endArray() { out += "] "; }
  void beginObject() { out += "{ "; }
  void key(std::string_view value) { out += std::string{value} + ": "; }
  void endObject() { out += "} "; }
};

std::string textOf(ValueView value) {
  Text text;
  replay(value, text);
  return text.out;
}

// A builder in which some calls have been made.
template <class... Calls>
Error refusalAfter(Calls... calls) {
  ValueBuilder build;
  (calls(build), ...);
  const auto value = build.finish();
  REQUIRE_FALSE(value.has_value());
  return value.error();
}

TEST_CASE("value: what is built is read back, members in order of keys", "[value]") {
  const auto value = valueOf(object({{"tags", list({"b", "a", list({}), object({})})},
                                     {"level", "gold"},
                                     {"n", object({{"z", nullptr}, {"a", number("0.5")}, {"", true}})}}));
  CHECK(textOf(value) == "{ level: 'gold' n: { : true a: 0.5 z: null } tags: [ 'b' 'a' [ ] { } ] } ");
  CHECK(value.view().size() == 3);
  CHECK(value.view().nodes() == 17);
  CHECK(value.view().find("level")->string() == "gold");
  CHECK(value.view().find("n")->find("a")->number() == Decimal::fromText("0.5"));
  CHECK_FALSE(value.view().find("nothing").has_value());
  CHECK_FALSE(value.view().find("level")->find("level").has_value());
}

TEST_CASE("value: asking for what a value is not gives nothing", "[value]") {
  const auto value = valueOf("text");
  CHECK_FALSE(value.view().boolean());
  CHECK(value.view().number() == Decimal{});
  CHECK(value.view().size() == 0);
  CHECK(value.view().children().begin() == value.view().children().end());
  CHECK(valueOf(5).view().string().empty());
  CHECK(Value{}.view().is(Kind::null));
  CHECK(Value{} == valueOf(nullptr));
  CHECK(Value{}.at(0).is(Kind::null));
  CHECK(valueOf(5).at(1).is(Kind::null));
  CHECK(ValueView{}.children().begin() == ValueView{}.children().end());
}

TEST_CASE("value: values that say the same are equal, whatever the order of keys was", "[value]") {
  CHECK(valueOf(object({{"a", 1}, {"b", list({2, "x"})}})) == valueOf(object({{"b", list({2, "x"})}, {"a", number("1.0")}})));
  CHECK_FALSE(valueOf(list({1, 2})) == valueOf(list({2, 1})));
  CHECK_FALSE(valueOf(list({1, list({2})})) == valueOf(list({list({1}), 2})));
  CHECK_FALSE(valueOf("1") == valueOf(1));
  CHECK_FALSE(valueOf(false) == valueOf(nullptr));
  CHECK_FALSE(valueOf(object({{"a", 1}})) == valueOf(object({{"b", 1}})));
}

TEST_CASE("value: a copy of a part stands alone, and views of a moved value stay valid", "[value]") {
  auto whole = valueOf(object({{"a", object({{"b", list({"x", 1})}})}, {"c", "d"}}));
  const auto part = Value::copyOf(*whole.view().find("a"));
  const auto view = whole.view();
  const Value moved = std::move(whole);
  CHECK(textOf(part) == "{ b: [ 'x' 1 ] } ");
  CHECK(textOf(view) == textOf(moved));
  CHECK(moved.at(moved.indexOf(*moved.view().find("c"))).string() == "d");
}

TEST_CASE("value: a builder refuses the second of two equal keys with its path", "[value]") {
  const auto error = refusalAfter([](auto& b) { b.beginObject(), b.key("in/to"), b.beginArray(), b.null(), b.beginObject(); },
                                  [](auto& b) { b.key("k"), b.null(), b.key("a"), b.null(), b.key("k"), b.null(), b.endObject(); });
  CHECK(error.code == Code::duplicateKey);
  CHECK(error.path == "/in~1to/1/k");
}

TEST_CASE("value: a builder takes 32 levels and refuses the 33rd with code too-deep", "[value][boundary]") {
  ValueBuilder build;
  for (int i = 0; i < 32; ++i) REQUIRE(build.beginArray());
  for (int i = 0; i < 32; ++i) REQUIRE(build.endArray());
  CHECK(build.finish().has_value());
  for (int i = 0; i < 32; ++i) REQUIRE(build.beginArray());
  CHECK_FALSE(build.beginArray());
  CHECK_FALSE(build.endArray());
  CHECK(build.finish().error().code == Code::tooDeep);
}

TEST_CASE("value: a builder takes strings of 4,096 bytes and refuses longer ones and keys", "[value][boundary]") {
  CHECK(valueOf(std::string(4096, 'x')).view().string().size() == 4096);
  CHECK(refusalAfter([](auto& b) { b.string(std::string(4097, 'x')); }).code == Code::stringTooLong);
  const auto error = refusalAfter([](auto& b) { b.beginObject(), b.key(std::string(4097, 'x')); });
  CHECK(error.code == Code::stringTooLong);
  CHECK(error.path.empty());
}

TEST_CASE("value: a builder counts values and keys, and refuses one more than allowed", "[value][boundary]") {
  ValueBuilder build{4};
  build.beginObject(), build.key("a"), build.beginArray(), build.null(), build.endArray(), build.endObject();
  CHECK(build.finish().has_value());
  build.beginObject(), build.key("a"), build.beginArray(), build.null();
  CHECK_FALSE(build.null());
  const auto error = build.finish().error();
  CHECK(error.code == Code::documentTooLarge);
  CHECK(error.path == "/a/1");
}

TEST_CASE("value: a builder refuses integers beyond 2^53 - 1", "[value][boundary]") {
  CHECK(valueOf(kMaxExact).view().number().mantissa() == kMaxExact);
  CHECK(refusalAfter([](auto& b) { b.number(kMaxExact + 1); }).code == Code::numberOutOfRange);
}

TEST_CASE("value: a builder refuses calls that do not form one value with code wrong-type", "[value]") {
  CHECK(refusalAfter().code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.null(), b.null(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginArray(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.endArray(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginArray(), b.endObject(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.key("a"); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginArray(), b.key("a"); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginObject(), b.null(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginObject(), b.number(kMaxExact + 1); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginObject(), b.key("a"), b.key("b"), b.null(), b.endObject(); }).code == Code::wrongType);
  CHECK(refusalAfter([](auto& b) { b.beginObject(), b.key("a"), b.endObject(); }).code == Code::wrongType);
}

TEST_CASE("value: after its first refusal a builder takes nothing, and after finish it is empty", "[value]") {
  ValueBuilder build;
  build.endArray();
  CHECK_FALSE(build.beginArray());
  CHECK_FALSE(build.value(valueOf(5)));
  CHECK(build.finish().error().code == Code::wrongType);
  CHECK(build.value(valueOf(5)));
  CHECK(build.finish() == valueOf(5));

  build.beginObject(), build.key("a"), build.endObject();
  CHECK(build.finish().error().path == "/a");
  build.beginObject();
  CHECK_FALSE(build.null());
  CHECK(build.finish().error().path.empty());
}

TEST_CASE("value: a pointer step escapes tilde and slash", "[value]") { CHECK(pointerStep("a~b/c") == "/a~0b~1c"); }

}  // namespace
}  // namespace souk
