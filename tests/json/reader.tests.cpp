// SPDX-License-Identifier: MIT
#include "souk/json/reader.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "support.hpp"

namespace souk::json {
namespace {

using namespace std::string_literals;

Document read(std::string_view text) { return parse(text).value(); }

Node at(const Document& document, std::string_view key) { return document.find(kRoot, key).value(); }

TEST_CASE("reader: each kind of value is found where it stands", "[json][reader]") {
  const auto document = read(R"({"n":null,"t":true,"f":false,"i":-12,"w":9007199254740991,"d":18.990,"s":"a\u00e9","a":[1,[2]],"o":{}})");
  CHECK(document.kind(kRoot) == Kind::object);
  CHECK(document.count(kRoot) == 9);
  CHECK(document.kind(at(document, "n")) == Kind::null);
  CHECK(document.asBool(at(document, "t")).value());
  CHECK_FALSE(document.asBool(at(document, "f")).value());
  CHECK(document.asInteger(at(document, "i")).value() == -12);
  CHECK(document.asInteger(at(document, "w")).value() == kMaxExact);
  CHECK(document.asDecimal(at(document, "d")).value() == "18.99");
  CHECK(document.asDecimal(at(document, "i")).value() == "-12");
  CHECK(document.asString(at(document, "s")).value() == "aé");
  CHECK(document.count(at(document, "a")) == 2);
  CHECK(document.count(at(document, "o")) == 0);
  CHECK_FALSE(document.find(kRoot, "x"));
  CHECK_FALSE(document.find(at(document, "a"), "x"));
}

TEST_CASE("reader: a value of another kind is refused with its path and offset", "[json][reader]") {
  const auto document = read(R"({"a/b":[10,{"~":"x"}]})");
  const auto list = at(document, "a/b");
  CHECK(refusalOf(document.asBool(kRoot)) == Refusal{"wrong-type", "", 0});
  CHECK(refusalOf(document.asInteger(list)) == Refusal{"wrong-type", "/a~1b", 7});
  document.eachItem(list, [&](Node item) {
    if (document.kind(item) == Kind::integer) {
      CHECK(refusalOf(document.asString(item)) == Refusal{"wrong-type", "/a~1b/0", 8});
    } else {
      CHECK(refusalOf(document.asDecimal(document.find(item, "~").value())) == Refusal{"wrong-type", "/a~1b/1/~0", 16});
    }
    return true;
  });
}

TEST_CASE("reader: white space, nesting and order of members are kept track of in offsets", "[json][reader]") {
  const auto document = read(" {\r\n\t\"a\" : [ 1 , -2.5 , \"\\\"\" , { } ] , \"b\" : true } \n");
  CHECK(document.offset(kRoot) == 1);
  std::vector<std::int64_t> offsets;
  document.eachItem(at(document, "a"), [&](Node item) { return offsets.push_back(document.offset(item)), true; });
  CHECK(offsets == std::vector<std::int64_t>{13, 17, 24, 31});
  CHECK(document.offset(at(document, "b")) == 45);
}

TEST_CASE("reader: iteration ends when the visitor says so", "[json][reader]") {
  const auto document = read("[1,2,3]");
  int visited = 0;
  CHECK_FALSE(document.eachItem(kRoot, [&](Node) { return ++visited < 2; }));
  CHECK(visited == 2);
  CHECK(document.eachMember(kRoot, [](const Member&) { return false; }));
}

TEST_CASE("reader: empty input and white space alone are refused", "[json][reader]") {
  CHECK(refused("") == Refusal{"invalid-json", "", 0});
  CHECK(refused(" \n") == Refusal{"invalid-json", "", 2});
  CHECK(refusalOf(parse(std::span<const std::uint8_t>{})) == Refusal{"invalid-json", "", 0});
}

TEST_CASE("reader: bytes after the document are refused", "[json][reader]") {
  CHECK(refused("{} {}") == Refusal{"invalid-json", "", 3});
  CHECK(refused("1,") == Refusal{"invalid-json", "", 1});
  CHECK(refused("[]]") == Refusal{"invalid-json", "", 2});
}

TEST_CASE("reader: NaN, Infinity, comments and single quotes are refused", "[json][reader]") {
  CHECK(refused("[NaN]") == Refusal{"invalid-json", "/0", 1});
  CHECK(refused("[1,Infinity]") == Refusal{"invalid-json", "/1", 3});
  CHECK(refused("{\"a\":-Infinity}") == Refusal{"invalid-json", "/a", 6});
  CHECK(refused("[1/**/]") == Refusal{"invalid-json", "/1", 2});
  CHECK(refused("['a']") == Refusal{"invalid-json", "/0", 1});
}

TEST_CASE("reader: a byte order mark is refused, the same character within a string is text", "[json][reader]") {
  CHECK(refused("\xEF\xBB\xBF{}") == Refusal{"byte-order-mark", "", 0});
  CHECK(refused("\xEF\xBB\xBF") == Refusal{"byte-order-mark", "", 0});
  CHECK(refused("[\xEF\xBB\xBF]") == Refusal{"invalid-json", "/0", 1});
  CHECK(normal("[\"\xEF\xBB\xBF\"]") == "[\"\xEF\xBB\xBF\"]");
}

TEST_CASE("reader: a NUL byte is refused wherever it stands, also where the library would end the document", "[json][nul]") {
  CHECK(refused("{\"a\":1}\0{\"a\":2}"s) == Refusal{"nul-byte", "", 7});
  CHECK(refused("[1,2\0]"s) == Refusal{"nul-byte", "/2", 4});
  CHECK(refused("\0"s) == Refusal{"nul-byte", "", 0});
  CHECK(refused("{\"a\":\"x\0y\"}"s) == Refusal{"nul-byte", "/a", 7});
  CHECK(refused("{\"a\0\":1}"s) == Refusal{"nul-byte", "", 3});
  CHECK(refused("[]\0"s) == Refusal{"nul-byte", "", 2});
  CHECK(normal(R"(["\u0000"])") == R"(["\u0000"])");
}

TEST_CASE("reader: of two offences the earlier one is reported", "[json][nul]") {
  CHECK(refused("[x,\0]"s) == Refusal{"invalid-json", "/0", 1});
  CHECK(refused("[-0,\0]"s) == Refusal{"negative-zero", "/0", 1});
  CHECK(refused("[\0,x]"s) == Refusal{"nul-byte", "/0", 1});
  CHECK(refused("[\"\xFF\",-0]") == Refusal{"invalid-utf8", "/0", 2});
}

TEST_CASE("reader: UTF-8 must be well-formed: overlong, surrogate, too large, cut off, stray", "[json][utf8]") {
  for (const auto* bad : {"\xC0\x80",
                          "\xC1\xBF",
                          "\xE0\x80\x80",
                          "\xE0\x9F\xBF",
                          "\xF0\x80\x80\x80",
                          "\xF0\x8F\xBF\xBF",  // overlong
                          "\xED\xA0\x80",
                          "\xED\xBF\xBF",  // surrogates
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xFF",
                          "\xFE",  // too large
                          "\xC3",
                          "\xE2\x82",
                          "\xF0\x9F\x98",
                          "\xC3\x28",
                          "\xE2\x28\xA1",
                          "\xF0\x9F\x28\x80",  // cut off
                          "\x80",
                          "\xBF"}) {  // stray
    const auto text = "{\"key\":[\"abcd" + std::string{bad} + "\"]}";
    INFO(text);
    CHECK(refused(text) == Refusal{"invalid-utf8", "/key/0", 13});
    CHECK(refused(std::string{bad}) == Refusal{"invalid-utf8", "", 0});
  }
}

TEST_CASE("reader: the first and last character of each length of UTF-8 is accepted", "[json][utf8]") {
  for (const auto* good : {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    const auto text = "\"" + std::string{good} + "\"";
    CHECK(normal(text) == text);
  }
}

TEST_CASE("reader: escapes of lone surrogates are refused, of pairs accepted", "[json][utf8]") {
  CHECK(refused(R"(["\ud83d"])") == Refusal{"invalid-utf8", "/0", 2});
  CHECK(refused(R"(["ab\ude00"])") == Refusal{"invalid-utf8", "/0", 4});
  CHECK(refused(R"(["\ude00\ud83d"])") == Refusal{"invalid-utf8", "/0", 2});
  CHECK(refused(R"(["\ud83d\ud83d\ude00"])") == Refusal{"invalid-utf8", "/0", 2});
  CHECK(refused(R"(["\ud83d\n"])") == Refusal{"invalid-utf8", "/0", 2});
  CHECK(refused(R"(["\ud83d\u0041"])") == Refusal{"invalid-utf8", "/0", 2});
  CHECK(refused(R"({"a":1,"\uDC00":2})") == Refusal{"invalid-utf8", "", 8});
  CHECK(refused(R"(["\\ud83d","\ud83d"])") == Refusal{"invalid-utf8", "/1", 12});
  CHECK(refused(R"(["\ud83d)") == Refusal{"invalid-json", "/0", 8});
  CHECK(normal(R"(["\ud83d\ude00"])") == "[\"\xF0\x9F\x98\x80\"]");
  CHECK(normal(R"(["\uD83D\uDE00", "\\ud83d"])") == "[\"\xF0\x9F\x98\x80\",\"\\\\ud83d\"]");
}

TEST_CASE("reader: a text that quotes the library's own words about surrogates is judged by what it is", "[json][utf8]") {
  CHECK(refused(R"(["invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF \x"])").code == "invalid-json");
}

TEST_CASE("reader: control characters and wrong escapes within strings are refused", "[json][reader]") {
  CHECK(refused("[\"a\nb\"]") == Refusal{"invalid-json", "/0", 3});
  CHECK(refused("[\"\x1F\"]") == Refusal{"invalid-json", "/0", 2});
  CHECK(refused(R"(["\x41"])") == Refusal{"invalid-json", "/0", 3});
  CHECK(refused(R"(["\u00g0"])") == Refusal{"invalid-json", "/0", 6});
}

TEST_CASE("reader: a key given twice is refused, whatever its spelling", "[json][duplicate]") {
  CHECK(refused(R"({"qty":1,"qty":-1})") == Refusal{"duplicate-key", "/qty", 9});
  CHECK(refused(R"({"qty":1,"qty":1})") == Refusal{"duplicate-key", "/qty", 9});
  CHECK(refused(R"({"a":1,"\u0061":2})") == Refusal{"duplicate-key", "/a", 7});
  CHECK(refused(R"({"/":1,"\/":2})") == Refusal{"duplicate-key", "/~1", 7});
  CHECK(refused("{\"\xC3\xA9\":1,\"\\u00E9\":2}") == Refusal{"duplicate-key", "/\xC3\xA9", 8});
  CHECK(refused("{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\uDE00\":2}") == Refusal{"duplicate-key", "/\xF0\x9F\x98\x80", 10});
  CHECK(refused(R"({"":1,"":2})") == Refusal{"duplicate-key", "/", 6});
  CHECK(refused(R"([{"b":1},{"x":[{"c":1,"b":2,"a":3,"c":4,"b":5}]}])") == Refusal{"duplicate-key", "/1/x/0/c", 34});
  CHECK(normal(R"({"a":{"a":{"a":1}},"A":2,"a ":3})") == R"({"A":2,"a":{"a":{"a":1}},"a ":3})");
}

TEST_CASE("reader: 32 levels are read, 33 refused", "[json][depth]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(normal(nested(32)) == nested(32));
  CHECK(refused(nested(33)).code == "too-deep");
  CHECK(refused(nested(33)).offset == 32);
  std::string objects;
  for (int i = 0; i < 33; ++i) objects += R"({"k":)";
  const auto refusal = refused(objects);
  CHECK(refusal.code == "too-deep");
  CHECK(refusal.offset == 32 * 5);
  CHECK(refusal.path.size() == 32 * 2);
  CHECK(refused("[[[]]]", {.maxDepth = 2}) == Refusal{"too-deep", "/0/0", 2});
}

TEST_CASE("reader: strings and keys of 4 KiB are read, longer ones refused", "[json][size]") {
  const std::string fits(4096, 'x');
  CHECK(normal("\"" + fits + "\"").size() == 4098);
  CHECK(refused("[0,\"" + fits + "x\"]") == Refusal{"string-too-long", "/1", 3});
  CHECK(refused("{\"a\":1,\"" + fits + "x\":2}") == Refusal{"string-too-long", "", 7});
  std::string escaped;
  for (int i = 0; i < 2048; ++i) escaped += "\\u00e9";
  CHECK(normal("\"" + escaped + "\"").size() == 4098);
  CHECK(refused("\"" + escaped + "!\"").code == "string-too-long");
}

TEST_CASE("reader: a document of its limit is read, one byte more refused", "[json][size]") {
  const std::string fits = "[" + std::string((1 << 20) - 2, ' ') + "]";
  CHECK(normal(fits) == "[]");
  CHECK(refused(fits + " ") == Refusal{"document-too-large", "", 1 << 20});
  CHECK(parse(fits + " ", kProgramLimits));
  CHECK(refused(std::string((4 << 20) + 1, ' '), kProgramLimits) == Refusal{"document-too-large", "", 4 << 20});
  CHECK(refused("[1]", {.maxBytes = 2}) == Refusal{"document-too-large", "", 2});
}

TEST_CASE("reader: a document cut off at any byte is refused", "[json][reader]") {
  const std::string whole =
      "{\"id\":\"a\\u00e9\\ud83d\\ude00\xC3\xA9\",\"n\":[0,-1,2.5e-3,true,false,null],\"o\":{\"k\":{}},\"z\":\"\\\\\"}";
  REQUIRE(parse(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto refusal = refused(std::string_view{whole}.substr(0, size));
    INFO(size << ": " << refusal);
    CHECK((refusal.code == "invalid-json" || refusal.code == "invalid-utf8"));
    CHECK(refusal.offset <= static_cast<std::int64_t>(size));
    CHECK(refusal.offset >= static_cast<std::int64_t>(size) - 1);
  }
}

TEST_CASE("reader: the path of a document cut off names the value that was to come", "[json][reader]") {
  CHECK(refused(R"({"a":[1,{"b":)") == Refusal{"invalid-json", "/a/1/b", 13});
  CHECK(refused(R"({"a":[1,{"b")") == Refusal{"invalid-json", "/a/1/b", 12});
  CHECK(refused(R"({"a":[1,{"b":2)") == Refusal{"invalid-json", "/a/1", 14});
  CHECK(refused(R"({"a":[1,{"b":2},)") == Refusal{"invalid-json", "/a/2", 16});
  CHECK(refused(R"({"a":[1,{"b":2}])") == Refusal{"invalid-json", "", 16});
}

}  // namespace
}  // namespace souk::json
