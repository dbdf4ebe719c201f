// SPDX-License-Identifier: MIT
// Ids, names of streams, ids of facts.
#include "souk/core/id.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

using namespace souk;

TEST_CASE("ids: 1 to 64 bytes are accepted, 0 and 65 refused", "[id][boundary]") {
  CHECK(checkId("a"));
  CHECK(checkId(std::string(64, 'a')));
  CHECK_FALSE(checkId(""));
  REQUIRE_FALSE(checkId(std::string(65, 'a')));
  CHECK(checkId(std::string(65, 'a')).error().code == Code::invalidId);
}

TEST_CASE("ids: of all bytes only letters, digits, dot, underscore, colon and dash are accepted", "[id]") {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    CHECK(checkId(std::string{'x', c}).has_value() == (allowed.find(c) != std::string::npos));
  }
}

TEST_CASE("stream names: each kind is read and written back", "[id]") {
  for (const std::string text : {"account/17850", "community/c", "pool/85123A", "team/t:1"}) {
    const auto name = parseStreamName(text);
    REQUIRE(name);
    CHECK(formatStreamName(*name) == text);
  }
  CHECK(parseStreamName("pool/85123A") == StreamName{StreamKind::pool, "85123A"});
}

TEST_CASE("stream names: another kind, a missing part or an impossible id is refused with invalid-id", "[id]") {
  for (const std::string text : {"", "account", "account/", "/17850", "Account/1", "shop/1", "account/1/2", "account/ 1", "accounts/1"}) {
    const auto name = parseStreamName(text);
    INFO(text);
    REQUIRE_FALSE(name);
    CHECK(name.error().code == Code::invalidId);
  }
}

TEST_CASE("stream names: their order is the order of the written names", "[id]") {
  const std::vector<std::string> written{"account/1", "account/10", "account/2", "community/1", "pool/1", "team/1", "team/a"};
  REQUIRE(std::ranges::is_sorted(written));
  for (std::size_t i = 1; i < written.size(); ++i) CHECK(*parseStreamName(written[i - 1]) < *parseStreamName(written[i]));
}

TEST_CASE("fact ids: the id is SHA-256 of the stream, the command's id and the number, each but the last with a zero byte behind", "[id]") {
  using namespace std::string_literals;
  CHECK(factId("account/7", "cmd-1", 0) == sha256("account/7\0cmd-1\0\0\0\0\0"s));
  CHECK(factId("account/7", "cmd-1", 0x01020304) == sha256("account/7\0cmd-1\0\x04\x03\x02\x01"s));
}

TEST_CASE("fact ids: no two of short names and small numbers are the same", "[id]") {
  std::vector<Digest> ids;
  for (const std::string stream : {"team/1", "team/11", "pool/1"}) {
    for (const std::string command : {"a", "b", "aa", "ab", "1", "11"}) {
      for (std::uint32_t n = 0; n < 300; ++n) ids.push_back(factId(stream, command, n));
    }
  }
  std::ranges::sort(ids);
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
}
