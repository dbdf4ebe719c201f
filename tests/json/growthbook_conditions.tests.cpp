// SPDX-License-Identifier: MIT
// The evalCondition cases that GrowthBook publishes for its SDKs (packages/sdk-js/test/cases.json, version 0.8.0): [name, condition,
// facts, verdict, groups]. Every case is compiled; all but those named below give the published verdict.
#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "souk/core/condition.hpp"

namespace souk {
namespace {

using Json = nlohmann::json;

// Cases whose condition we refuse, with the reason. Published verdicts, where the operator is broken, are "false for everybody": a
// merchant learns of the slip before anything is decided by it.
struct Refused {
  std::string_view name;
  std::string_view path;
};

constexpr std::array kRefused{
    // Patterns are not part of the language.
    Refused{"$and/$or - all true", "/$and/1/$or/0/bday/$regex"},
    Refused{"$and/$or - first or true", "/$and/1/$or/0/bday/$regex"},
    Refused{"$and/$or - second or true", "/$and/1/$or/0/bday/$regex"},
    Refused{"$and/$or - first and false", "/$and/1/$or/0/bday/$regex"},
    Refused{"$and/$or - both or false", "/$and/1/$or/0/bday/$regex"},
    Refused{"$and/$or - both and false", "/$and/1/$or/0/bday/$regex"},
    Refused{"$regex - pass", "/userAgent/$regex"},
    Refused{"$regex - fail", "/userAgent/$regex"},
    Refused{"$regex - fail (case sensitive mismatch)", "/userAgent/$regex"},
    Refused{"$regexi - pass (case insensitive match)", "/userAgent/$regexi"},
    Refused{"$regexi - pass (uppercase pattern, lowercase value)", "/userAgent/$regexi"},
    Refused{"$regexi - fail", "/userAgent/$regexi"},
    Refused{"$regex invalid - pass", "/name/$regex"},
    Refused{"$regex invalid - fail", "/name/$regex"},
    Refused{"$elemMatch nested - pass", "/hobbies/$elemMatch/name/$regex"},
    Refused{"$elemMatch nested - fail", "/hobbies/$elemMatch/name/$regex"},
    Refused{"$elemMatch nested - fail not array", "/hobbies/$elemMatch/name/$regex"},
    Refused{"$not - pass", "/name/$not/$regex"},  // the second of that name
    Refused{"$not - fail", "/name/$not/$regex"},  // the second of that name
    // A list is wanted.
    Refused{"$in - not array", "/num/$in"},
    Refused{"$nin - not array", "/num/$nin"},
    Refused{"$ini - not array", "/num/$ini"},
    Refused{"$nini - not array", "/num/$nini"},
    // No such operator.
    Refused{"unknown operator - pass", "/name/$regx"},
};

Json publishedCases() {
  std::ifstream file{SOUK_TESTS_FOLDER "/json/data/growthbook-conditions.json"};
  return Json::parse(file);
}

void build(const Json& json, ValueBuilder& value) {
  if (json.is_null()) value.null();
  if (json.is_boolean()) value.boolean(json.get<bool>());
  if (json.is_number()) value.number(Decimal::fromText(json.dump()).value());
  if (json.is_string()) value.string(json.get<std::string>());
  if (json.is_array()) {
    value.beginArray();
    for (const auto& item : json) build(item, value);
    value.endArray();
  }
  if (json.is_object()) {
    value.beginObject();
    for (const auto& [key, item] : json.items()) value.key(key), build(item, value);
    value.endObject();
  }
}

Value valueOf(const Json& json) {
  ValueBuilder value;
  build(json, value);
  return value.finish().value();
}

TEST_CASE("growthbook: every published condition gives the published verdict or is one that we name as refused",
          "[condition][growthbook]") {
  const auto cases = publishedCases();
  REQUIRE(cases.size() == 248);
  std::multiset<std::string> refused;
  std::size_t agreed = 0;
  for (const auto& published : cases) {
    const auto name = published[0].get<std::string>();
    INFO(name << ": " << published[1].dump() << " on " << published[2].dump());
    const auto condition = compileCondition(valueOf(published[1]));
    if (!condition) {
      CHECK(condition.error().code == Code::invalidCondition);
      refused.insert(name + " at " + condition.error().path);
      continue;
    }
    const auto groups = published.size() > 4 ? valueOf(published[4]) : Value{};
    CHECK(matches(*condition, valueOf(published[2]), groups) == published[3].get<bool>());
    ++agreed;
  }
  std::multiset<std::string> named;
  for (const auto& one : kRefused) named.insert(std::string{one.name} + " at " + std::string{one.path});
  CHECK(refused == named);
  CHECK(agreed == cases.size() - kRefused.size());
}

}  // namespace
}  // namespace souk
