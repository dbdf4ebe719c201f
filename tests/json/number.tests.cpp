// SPDX-License-Identifier: MIT
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "support.hpp"

namespace souk::json {
namespace {

// 0, 2^31, 2^32, 2^53, 2^63 and 2^64, each with its neighbours.
constexpr auto kBorders = std::to_array<std::string_view>(
    {"0", "1", "2", "2147483647", "2147483648", "2147483649", "4294967295", "4294967296", "4294967297", "9007199254740991",
     "9007199254740992", "9007199254740993", "9223372036854775807", "9223372036854775808", "9223372036854775809", "18446744073709551615",
     "18446744073709551616", "18446744073709551617"});

bool isExact(std::string_view digits) {
  constexpr std::string_view kMost = "9007199254740991";
  return digits.size() < kMost.size() || (digits.size() == kMost.size() && digits <= kMost);
}

Result<std::int64_t> integerOf(const std::string& text) {
  const auto document = parse(text);
  return document ? document->asInteger(kRoot) : std::unexpected(document.error());
}

// The five other spellings of an integer, which an integer field refuses.
std::vector<std::string> fractionSpellings(const std::string& number) {
  return {number + ".0", number + ".000", number + "e0", number + "E+0", number + ".0e-0"};
}

TEST_CASE("numbers: the borders 0, 2^31, 2^32, 2^53, 2^63, 2^64, each ±1, ±: exact or refused, never changed", "[json][number]") {
  int exact = 0;
  for (const auto digits : kBorders) {
    for (const std::string sign : {"", "-"}) {
      const auto number = sign + std::string{digits};
      INFO(number);
      const auto value = integerOf(number);
      if (number == "-0") CHECK(refusalOf(value) == Refusal{"negative-zero", "", 0});
      else if (!isExact(digits)) CHECK(refusalOf(value) == Refusal{"number-out-of-range", "", 0});
      else CHECK(std::to_string(value.value()) == number);
      exact += value.has_value() ? 1 : 0;
      for (const auto& spelling : fractionSpellings(number)) {
        INFO(spelling);
        CHECK(refusalOf(integerOf(spelling)).code == (number == "-0" ? "negative-zero" : "not-an-integer"));
        if (number != "-0" && isExact(digits)) CHECK(normal(spelling) == number);
      }
    }
  }
  CHECK(exact == 5 + 6 + 6 + 2);
}

TEST_CASE("numbers: an integer field refuses 100.0 and 1e2", "[json][number]") {
  CHECK(refusalOf(integerOf("100.0")) == Refusal{"not-an-integer", "", 0});
  CHECK(refusalOf(integerOf("1e2")) == Refusal{"not-an-integer", "", 0});
  CHECK(refusalOf(integerOf("\"100\"")) == Refusal{"wrong-type", "", 0});
}

TEST_CASE("numbers: characters of numbers right behind a number are no part of it", "[json][number]") {
  CHECK(refused("[0.1e0.1e+99999999999999999999]") == Refusal{"invalid-json", "/1", 6});
  CHECK(refused("[1.5-2]") == Refusal{"invalid-json", "/1", 5});
  CHECK(refused("[2e5+-0]") == Refusal{"invalid-json", "/1", 4});
  CHECK(refused("01") == Refusal{"invalid-json", "", 1});
  CHECK(refused("[-1.50e1e400,1]") == Refusal{"invalid-json", "/1", 8});
}

TEST_CASE("numbers: zero has no sign in any spelling", "[json][number]") {
  for (const auto* zero : {"-0", "-0.0", "-0e0", "-0.000e+5", "-0E-999999999999"}) {
    INFO(zero);
    CHECK(refused("[1," + std::string{zero} + "]") == Refusal{"negative-zero", "/1", 3});
  }
  for (const auto* zero : {"0", "0.0", "0e0", "0.000e+5", "0E-999999999999"}) CHECK(normal(zero) == "0");
}

TEST_CASE("numbers: a value has one text", "[json][number]") {
  constexpr std::array<std::array<const char*, 2>, 25> kTexts{{
      {"1.0", "1"},
      {"1e2", "100"},
      {"100e-2", "1"},
      {"0.10", "0.1"},
      {"-18.990", "-18.99"},
      {"1899e-2", "18.99"},
      {"0.01899E+3", "18.99"},
      {"0.000001", "0.000001"},
      {"0.0000001", "1e-7"},
      {"0.00000012", "1.2e-7"},
      {"1.5e-300", "1.5e-300"},
      {"9007199254740991.0", "9007199254740991"},
      {"9007199254740992.0", "9.007199254740992e+15"},
      {"9.007199254740992e15", "9.007199254740992e+15"},
      {"9007199254740992.5", "9007199254740992.5"},
      {"123456789012345678901.5", "123456789012345678901.5"},
      {"1234567890123456789012.5", "1.2345678901234567890125e+21"},
      {"1e16", "1e+16"},
      {"1e300", "1e+300"},
      {"-1E300", "-1e+300"},
      {"1000e297", "1e+300"},
      {"0.1e-299", "1e-300"},
      {"1.000000000000000005", "1.000000000000000005"},
      {"0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234"},
      {"1e00000000000000000000000000000000000002", "100"},
  }};
  for (const auto& [spelling, text] : kTexts) {
    INFO(spelling);
    CHECK(normal(spelling) == text);
    CHECK(normal(text) == text);
  }
}

TEST_CASE("numbers: beyond 1e-300 … 1e301 and 34 digits nothing is accepted", "[json][number]") {
  for (const auto* number :
       {"1e301", "1e400", "-1e400", "9.9e-301", "1e-400", "1000e298", "0.01e-299", "0.4e00669999999999999999999999999999999999999999999999",
        "1e-99999999999999999999", "0.12345678901234567890123456789012345", "12345678901234567890123456789012345.5",
        "1.00000000000000000000000000000000001", "123456789012345678901234567890123456789e-30"}) {
    INFO(number);
    CHECK(refused("{\"a\":" + std::string{number} + "}") == Refusal{"number-out-of-range", "/a", 5});
  }
  CHECK(normal("1" + std::string(5'000, '0') + "e-5000") == "1");
  CHECK(normal("0." + std::string(5'000, '0') + "1e5001") == "1");
  CHECK(normal("1." + std::string(5'000, '0')) == "1");
}

TEST_CASE("numbers: of 20,000 random decimals the text keeps the value and reads back as itself", "[json][number]") {
  std::uint64_t seed = 20'260'801;
  const auto random = [&](std::uint64_t below) {
    seed = seed * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (seed >> 33) % below;
  };
  for (int i = 0; i < 20'000; ++i) {
    // ±mantissa × 10^exponent, spelled twice: once with the point shifted by some digits.
    const auto mantissa = std::to_string(1 + random(1'000'000'000)) + std::to_string(random(1'000'000'000));
    const auto exponent = static_cast<int>(random(60)) - 30;
    const auto shift = random(mantissa.size() - 1) + 1;
    const std::string sign = random(2) == 0 ? "" : "-";
    const auto first = sign + mantissa + "e" + std::to_string(exponent);
    auto moved = mantissa;
    moved.insert(shift, ".");
    const auto fraction = static_cast<int>(mantissa.size() - shift);
    const auto second = sign + moved + "00E" + (exponent + fraction >= 0 ? "+" : "") + std::to_string(exponent + fraction);
    INFO(first << " and " << second);
    const auto text = normal(first);
    REQUIRE(text.front() != '<');
    REQUIRE(normal(second) == text);
    REQUIRE(normal(text) == text);
  }
}

}  // namespace
}  // namespace souk::json
