// SPDX-License-Identifier: MIT
#include "souk/json/normalize.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "support.hpp"

namespace souk::json {
namespace {

TEST_CASE("normalize: keys ascend by their bytes, white space goes", "[json][normalize]") {
  CHECK(normal(" { \"b\" : 1 , \"a\" : [ 2 , { \"d\" : 3 , \"c\" : 4 } ] , \"\" : 0 } ") == R"({"":0,"a":[2,{"c":4,"d":3}],"b":1})");
  CHECK(normal(R"({"é":1,"z":2,"Z":3,"aa":4,"a":5})") == R"({"Z":3,"a":5,"aa":4,"z":2,"é":1})");
}

TEST_CASE("normalize: beyond the basic plane keys ascend by code point, not by UTF-16 unit", "[json][normalize]") {
  CHECK(normal("{\"\xF0\x9F\x98\x80\":1,\"\xEF\xBF\xBD\":2}") == "{\"\xEF\xBF\xBD\":2,\"\xF0\x9F\x98\x80\":1}");
}

TEST_CASE("normalize: strings have the fewest escapes", "[json][normalize]") {
  CHECK(normal(R"("\u0041\/\u00e9\u2028\u007f")") == "\"A/\xC3\xA9\xE2\x80\xA8\x7F\"");
  CHECK(normal(R"("\u0022\u005c\u0008\u000C\u000a\u000D\u0009\u0000\u001F")") == R"("\"\\\b\f\n\r\t\u0000\u001f")");
}

TEST_CASE("normalize: twice is once", "[json][normalize]") {
  for (const auto* text : {R"({"b":[1.50,"\u00e9",{}],"a":{"y":-1e-9,"x":null}})", "1e2", R"("\u0001")", "[[],[[]],{\"a\":[]}]", "true"}) {
    const auto once = normal(text);
    CHECK(once.front() != '<');
    CHECK(normal(once) == once);
  }
}

TEST_CASE("normalize: what the reader refuses is refused with its place", "[json][normalize]") {
  CHECK(refusalOf(normalize(bytesOf("{\"a\":[-0]}"))) == Refusal{"negative-zero", "/a/0", 6});
}

TEST_CASE("writer: an error is written with sorted members, its offset only where it has one", "[json][writer]") {
  const auto written = [](const Error& error) {
    std::string out;
    Writer writer{out};
    writeError(writer, error);
    return out;
  };
  CHECK(written({Code::unknownField, "/a~1b", "no \"such\" field", 7}) ==
        R"({"error":{"code":"unknown-field","message":"no \"such\" field","offset":7,"path":"/a~1b"},"ok":false})");
  CHECK(written({Code::overflow, "", "", -1}) == R"({"error":{"code":"overflow","message":"","path":""},"ok":false})");
}

}  // namespace
}  // namespace souk::json
