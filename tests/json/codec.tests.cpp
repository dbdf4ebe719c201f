// SPDX-License-Identifier: MIT
#include "souk/json/codec.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "souk/core/binary.hpp"
#include "support.hpp"

namespace souk::json {
namespace {

const std::string kDigest(64, 'a');

// A sample in normal form; `change` replaces the text of one member, or with an empty text removes it.
std::string sampleWith(std::string_view member = {}, std::string_view text = {}) {
  std::vector<std::pair<std::string, std::string>> members{{"at", "1700000000000"}, {"digest", "\"" + kDigest + "\""},
                                                           {"flag", "true"},        {"names", R"(["x"])"},
                                                           {"number", "-7"},        {"parts", "[]"},
                                                           {"shapes", "[]"},        {"size", "\"large\""},
                                                           {"small", "0"},          {"text", "\"\""}};
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& pair) { return pair.first == member; });
  if (found != members.end()) found->second = text;
  else if (!member.empty()) members.emplace_back(member, text);
  std::sort(members.begin(), members.end());
  std::string out = "{";
  for (const auto& [key, value] : members) {
    if (!value.empty()) out.append(out.size() > 1 ? ",\"" : "\"").append(key).append("\":").append(value);
  }
  return out + "}";
}

std::int64_t offsetOf(std::string_view document, std::string_view part) { return static_cast<std::int64_t>(document.find(part)); }

TEST_CASE("codec: a struct is written with its fields in ascending order, empty optionals left out", "[json][codec]") {
  Sample sample;
  sample.at = {1'700'000'000'000};
  sample.digest.bytes.fill(0xAA);
  sample.flag = true;
  sample.names = {"x"};
  sample.number = -7;
  sample.size = Size::large;
  CHECK(toJson(sample) == sampleWith());
  sample.maybe = 3;
  sample.extra = Part{"p", 1};
  sample.shapes = {Circle{5}, Label{"a", "b"}, Point{}};
  const auto text = toJson(sample);
  CHECK(text.find(R"("extra":{"count":1,"name":"p"},"flag":true,"maybe":3,)") != std::string::npos);
  CHECK(text.find(R"("shapes":[{"kind":"circle","radius":5},{"at":"a","kind":"label","text":"b"},{"kind":"point"}])") != std::string::npos);
  CHECK(normal(text) == text);
  CHECK(decode<Sample>(parse(text).value()).value() == sample);
}

TEST_CASE("codec: members are taken in any order and with any white space", "[json][codec]") {
  const auto document = parse(" { \"name\" : \"n\" , \"count\" : 2 } ").value();
  CHECK(decode<Part>(document).value() == Part{"n", 2});
}

TEST_CASE("codec: an unknown field is refused at its key", "[json][codec]") {
  const auto text = sampleWith("colour", "1");
  CHECK(refusedAs<Sample>(text) == Refusal{"unknown-field", "/colour", offsetOf(text, "\"colour\"")});
  CHECK(refusedAs<Part>(R"({"count":1,"name":"a","Name":"b"})") == Refusal{"unknown-field", "/Name", 22});
  CHECK(refusedAs<Part>(R"({"count":1,"kind":"part","name":"a"})") == Refusal{"unknown-field", "/kind", 11});
  CHECK(refusedAs<Part>(R"({"count":1,"name":"a","__proto__":{}})") == Refusal{"unknown-field", "/__proto__", 22});
}

TEST_CASE("codec: each field that is missing is refused by its name, unless it is optional", "[json][codec]") {
  for (const auto* name : {"at", "digest", "flag", "names", "number", "parts", "shapes", "size", "small", "text"}) {
    CHECK(refusedAs<Sample>(sampleWith(name)) == Refusal{"missing-field", "/" + std::string{name}, 0});
  }
  const auto text = sampleWith("parts", R"([{"count":1,"name":"a"},{"count":1}])");
  CHECK(refusedAs<Sample>(text) == Refusal{"missing-field", "/parts/1/name", offsetOf(text, R"({"count":1}])")});
}

TEST_CASE("codec: a value of the wrong type is refused at its place, null included", "[json][codec]") {
  struct Wrong {
    const char* member;
    const char* text;
  };
  for (const auto& [member, text] :
       {Wrong{"text", "1"}, Wrong{"text", "null"}, Wrong{"flag", "0"}, Wrong{"flag", "\"true\""}, Wrong{"number", "\"1\""},
        Wrong{"number", "true"}, Wrong{"at", "\"2026\""}, Wrong{"digest", "1"}, Wrong{"digest", "\"ab\""}, Wrong{"size", "1"},
        Wrong{"maybe", "null"}, Wrong{"parts", "{}"}, Wrong{"parts", "null"}, Wrong{"extra", "[]"}, Wrong{"extra", "null"},
        Wrong{"shapes", "\"\""}, Wrong{"names", "{}"}}) {
    const auto document = sampleWith(member, text);
    INFO(document);
    const auto key = "\"" + std::string{member} + "\":";
    CHECK(refusedAs<Sample>(document) ==
          Refusal{"wrong-type", "/" + std::string{member}, offsetOf(document, key) + static_cast<std::int64_t>(key.size())});
  }
  const auto inner = sampleWith("names", R"(["a",7])");
  CHECK(refusedAs<Sample>(inner) == Refusal{"wrong-type", "/names/1", offsetOf(inner, "7]")});
  CHECK(refusedAs<Sample>("[]") == Refusal{"wrong-type", "", 0});
  CHECK(refusedAs<Sample>(sampleWith("digest", "\"" + std::string(64, 'A') + "\"")).code == "wrong-type");
}

TEST_CASE("codec: a fraction or exponent in an integer field is refused", "[json][codec]") {
  for (const auto* member : {"number", "small", "at", "maybe"}) {
    CHECK(refusedAs<Sample>(sampleWith(member, "1.0")).code == "not-an-integer");
    CHECK(refusedAs<Sample>(sampleWith(member, "1e0")).code == "not-an-integer");
    CHECK(refusedAs<Sample>(sampleWith(member, "9007199254740992")).code == "number-out-of-range");
  }
}

TEST_CASE("codec: numbers outside their field's range are refused, its ends accepted", "[json][codec]") {
  struct Range {
    const char* member;
    const char* least;
    const char* below;
    const char* most;
    const char* above;
  };
  for (const auto& range : {Range{"maybe", "-5", "-6", "5", "6"}, Range{"small", "0", "-1", "4294967295", "4294967296"},
                            Range{"at", "-62135596800000", "-62135596800001", "253402300799999", "253402300800000"}}) {
    const auto path = "/" + std::string{range.member};
    INFO(path);
    CHECK(refusedAs<Sample>(sampleWith(range.member, range.least)).code == "accepted");
    CHECK(refusedAs<Sample>(sampleWith(range.member, range.most)).code == "accepted");
    for (const auto* outside : {range.below, range.above}) {
      const auto text = sampleWith(range.member, outside);
      CHECK(refusedAs<Sample>(text) == Refusal{"out-of-range", path, offsetOf(text, outside)});
    }
  }
}

TEST_CASE("codec: sizes of texts (bytes) and lists outside their field's range are refused", "[json][codec]") {
  CHECK(refusedAs<Part>(R"({"count":1,"name":""})") == Refusal{"out-of-range", "/name", 18});
  CHECK(refusedAs<Part>(R"({"count":1,"name":"12345678"})").code == "accepted");
  CHECK(refusedAs<Part>(R"({"count":1,"name":"123456789"})") == Refusal{"out-of-range", "/name", 18});
  CHECK(refusedAs<Part>("{\"count\":1,\"name\":\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\"}") == Refusal{"out-of-range", "/name", 18});
  const std::string part = R"({"count":1,"name":"a"})";
  CHECK(refusedAs<Sample>(sampleWith("parts", "[" + part + "," + part + "," + part + "]")).code == "accepted");
  const auto text = sampleWith("parts", "[" + part + "," + part + "," + part + "," + part + "]");
  CHECK(refusedAs<Sample>(text) == Refusal{"out-of-range", "/parts", offsetOf(text, "\"parts\":") + 8});
}

TEST_CASE("codec: an unknown name of an enumeration is refused", "[json][codec]") {
  const auto text = sampleWith("size", "\"Large\"");
  CHECK(refusedAs<Sample>(text) == Refusal{"unknown-value", "/size", offsetOf(text, "\"Large\"")});
}

TEST_CASE("codec: a variant is told by its kind, wherever that stands", "[json][codec]") {
  const auto shape = [](const char* text) { return refusedAs<Drawn>(text); };
  CHECK(std::get<Circle>(decode<Drawn>(parse(R"({"radius":1,"kind":"circle"})").value()).value()) == Circle{1});
  CHECK(shape(R"({"kind":"square"})") == Refusal{"unknown-value", "/kind", 8});
  CHECK(shape(R"({"radius":1})") == Refusal{"missing-field", "/kind", 0});
  CHECK(shape(R"({"kind":7})") == Refusal{"wrong-type", "/kind", 8});
  CHECK(shape(R"({"kind":"circle","text":""})") == Refusal{"unknown-field", "/text", 17});
  CHECK(shape(R"({"kind":"circle"})") == Refusal{"missing-field", "/radius", 0});
  CHECK(shape(R"({"kind":"circle","radius":-1})") == Refusal{"out-of-range", "/radius", 26});
  CHECK(shape(R"("circle")") == Refusal{"wrong-type", "", 0});
  const auto nested = sampleWith("shapes", R"([{"kind":"point"},{"kind":"label","text":"","at":null}])");
  CHECK(refusedAs<Sample>(nested) == Refusal{"wrong-type", "/shapes/1/at", offsetOf(nested, "null")});
}

TEST_CASE("codec: a variant of variants is written as if it were one, and told by the kind", "[json][codec]") {
  using Nested = std::variant<std::variant<Circle>, std::variant<Label, Point>>;
  const Nested point = std::variant<Label, Point>{Point{}};
  CHECK(toJson(point) == R"({"kind":"point"})");
  CHECK(decode<Nested>(parse(R"({"kind":"point"})").value()).value().index() == 1);
  CHECK(decode<Nested>(parse(R"({"kind":"circle","radius":1})").value()).value().index() == 0);
  CHECK(refusedAs<Nested>(R"({"kind":"square"})") == Refusal{"unknown-value", "/kind", 8});
  CHECK(fromBinary<Nested>(toBinary(point)).value().index() == 1);
}

TEST_CASE("codec: a struct with a kind carries it outside of variants too", "[json][codec]") {
  CHECK(toJson(Circle{2}) == R"({"kind":"circle","radius":2})");
  CHECK(refusedAs<Circle>(R"({"kind":"circle","radius":2})").code == "accepted");
  CHECK(refusedAs<Circle>(R"({"radius":2})") == Refusal{"missing-field", "/kind", 0});
  CHECK(refusedAs<Circle>(R"({"kind":"label","radius":2})") == Refusal{"unknown-value", "/kind", 8});
}

struct Free {
  Value value;
  static constexpr auto fields() { return std::tuple{Field{"value", &Free::value, "Anything."}}; }
};

TEST_CASE("codec: a free-form field takes any value and gives it back in normal form", "[json][codec]") {
  for (const auto* text : {"null", "true", "-12", "0.5", "\"a\\nb\"", "[]", "{}", R"({"a":[1,{"b":null}],"c":2.25})", "1e-7", "-0.00000105",
                           "9007199254740991"}) {
    const auto document = "{\"value\":" + std::string{text} + "}";
    INFO(document);
    const auto read = decode<Free>(parse(document).value());
    REQUIRE(read);
    CHECK(toJson(*read) == normal(document));
  }
}

TEST_CASE("codec: a free-form number that a Decimal cannot hold is refused at its place", "[json][codec]") {
  CHECK(refusedAs<Free>(R"({"value":{"a":[1,1e22]}})") == Refusal{"number-out-of-range", "/value/a/1", 17});
  CHECK(refusedAs<Free>(R"({"value":0.0000000001})") == Refusal{"number-out-of-range", "/value", 9});
}

TEST_CASE("codec: a free-form value of too many nodes is refused", "[json][codec]") {
  std::string many = "{\"value\":[0";
  for (std::size_t i = 0; i < kMaxValueNodes; ++i) many += ",0";
  const auto refusal = refusedAs<Free>(many + "]}");
  CHECK(refusal.code == "document-too-large");
  CHECK(refusal.path.starts_with("/value"));
}

/// Random samples: every field, also empty and at its ends.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t count) {
    state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (state_ >> 33) % count;
  }
  std::int64_t number(std::int64_t least, std::int64_t most) {
    const auto wide = (below(std::uint64_t{1} << 31) << 31) | below(std::uint64_t{1} << 31);
    return least + static_cast<std::int64_t>(wide % static_cast<std::uint64_t>(most - least + 1));
  }
  std::string text(std::size_t least, std::size_t most) {
    std::string result;
    const auto pieces = std::to_array<std::string_view>({"a", "\"", "\\", "\n", "\x01", "\x7F", "/", "\xC3\xA9", "\xF0\x9F\x98\x80", "é"});
    const auto size = least + below(most - least + 1);
    while (result.size() < size) {
      const auto piece = pieces[below(pieces.size())];
      if (result.size() + piece.size() <= most) result += piece;
      else result += 'x';
    }
    return result;
  }
  Part part() { return {text(1, 8), number(1, 100)}; }
  Drawn shape() {
    switch (below(3)) {
      case 0: return Circle{number(0, kMaxExact)};
      case 1: return Label{text(0, 5), text(0, 5)};
      default: return Point{};
    }
  }
  Sample sample() {
    Sample result;
    result.text = text(0, 40);
    result.flag = below(2) == 0;
    result.number = number(-kMaxExact, kMaxExact);
    result.small = static_cast<std::uint32_t>(number(0, 4'294'967'295));
    for (auto& byte : result.digest.bytes) byte = static_cast<std::uint8_t>(below(256));
    result.at = {number(kFirstInstant.ms, kLastInstant.ms)};
    result.size = below(2) == 0 ? Size::small : Size::large;
    if (below(2) == 0) result.maybe = number(-5, 5);
    for (auto n = below(4); n > 0; --n) result.parts.push_back(part());
    for (auto n = below(5); n > 0; --n) result.names.push_back(text(0, 9));
    if (below(2) == 0) result.extra = part();
    for (auto n = below(5); n > 0; --n) result.shapes.push_back(shape());
    return result;
  }

 private:
  std::uint64_t state_;
};

TEST_CASE("codec: 2,000 random structs are read back as they were, from a normal form", "[json][codec]") {
  Random random{4};
  for (int i = 0; i < 2'000; ++i) {
    const auto sample = random.sample();
    const auto text = toJson(sample);
    INFO(text);
    const auto document = parse(text);
    REQUIRE(document);
    const auto read = decode<Sample>(*document);
    REQUIRE(read);
    REQUIRE(*read == sample);
    REQUIRE(normal(text) == text);
  }
}

}  // namespace
}  // namespace souk::json
