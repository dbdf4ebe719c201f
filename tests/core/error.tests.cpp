// SPDX-License-Identifier: MIT
// The table of codes: what a caller may rely on for every refusal.
#include "souk/core/error.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>
#include <string>

using namespace souk;

namespace {

/// Words of lower-case letters and digits with single dashes between them.
bool isKebabCase(std::string_view name) {
  const bool characters = std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return characters && !name.empty() && name.front() != '-' && name.back() != '-' && name.find("--") == std::string_view::npos;
}

}  // namespace

TEST_CASE("errors: each code has one row, and its name finds it", "[error]") {
  std::set<Code> codes;
  for (const auto& row : codeTable()) {
    CHECK(codes.insert(row.code).second);
    CHECK(codeName(row.code) == row.name);
  }
}

TEST_CASE("errors: names are kebab-case and unlike each other", "[error]") {
  std::set<std::string_view> names;
  for (const auto& row : codeTable()) {
    CHECK(isKebabCase(row.name));
    CHECK(names.insert(row.name).second);
  }
}

TEST_CASE("errors: each remedy is a sentence", "[error]") {
  for (const auto& row : codeTable()) {
    CHECK(row.remedy.size() > 10);
    CHECK((row.remedy.front() >= 'A' && row.remedy.front() <= 'Z'));
    CHECK(row.remedy.back() == '.');
  }
}

TEST_CASE("errors: a path grows at its front as an error passes outwards", "[error]") {
  const Error inner{Code::overflow, "/paid", "too much", 17};
  const Error outer = within("/order", within("/lines/3", inner));
  CHECK(outer.path == "/order/lines/3/paid");
  CHECK(outer.code == Code::overflow);
  CHECK(outer.message == "too much");
  CHECK(outer.offset == 17);
}
