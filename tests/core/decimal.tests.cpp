// SPDX-License-Identifier: MIT
#include "souk/core/decimal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>
#include <vector>

#include "souk/core/fields.hpp"

namespace souk {
namespace {

Code refusalOf(std::string_view text) {
  const auto number = Decimal::fromText(text);
  REQUIRE_FALSE(number.has_value());
  CHECK_FALSE(Decimal::ifText(text).has_value());
  return number.error().code;
}

TEST_CASE("decimal: text is read exactly and written in its one shortest form", "[decimal]") {
  const auto [text, shortest] = GENERATE(table<std::string, std::string>({
      {"0", "0"},
      {"0.0", "0"},
      {"0e99999999999999999999", "0"},
      {"7", "7"},
      {"-7", "-7"},
      {"1.50", "1.5"},
      {"2.000000000000000000000000", "2"},
      {"100", "100"},
      {"0.05", "0.05"},
      {"-0.05", "-0.05"},
      {"0.000000001", "0.000000001"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"12.5e1", "125"},
      {"12.5e-2", "0.125"},
      {"1000000e-15", "0.000000001"},
      {"9007199254740991", "9007199254740991"},
      {"-9007199254740991", "-9007199254740991"},
      {"9007199.254740991", "9007199.254740991"},
  }));
  const auto number = Decimal::fromText(text);
  REQUIRE(number.has_value());
  CHECK(number->text() == shortest);
  CHECK(Decimal::fromText(shortest) == *number);
  CHECK(Decimal::ifText(text) == number.value());
}

TEST_CASE("decimal: refuses what is no JSON number with code wrong-type", "[decimal]") {
  const auto text = GENERATE(as<std::string>{}, "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1x", " 1", "1 ", "0x10", "NaN",
                             "1.5.2", "--1", "1e5.0");
  CHECK(refusalOf(text) == Code::wrongType);
}

TEST_CASE("decimal: refuses numbers that it cannot hold exactly with code number-out-of-range", "[decimal][boundary]") {
  const auto text = GENERATE(as<std::string>{}, "9007199254740992", "-9007199254740992", "0.0000000001", "1e16", "1e999999999999999999999",
                             "1e-999999999999999999999", "90071992547409910", "900719925474.09911", "123456789012345678901234567890",
                             "1e18446744073709551616", "1" + std::string(64, '0') + "1");
  CHECK(refusalOf(text) == Code::numberOutOfRange);
}

TEST_CASE("decimal: refuses a negative zero with code negative-zero", "[decimal]") {
  CHECK(refusalOf("-0") == Code::negativeZero);
  CHECK(refusalOf("-0.00") == Code::negativeZero);
  CHECK(refusalOf("-0e5") == Code::negativeZero);
}

TEST_CASE("decimal: from shortens, and refuses what lies outside its range", "[decimal][boundary]") {
  CHECK(Decimal::from(1500, 3)->text() == "1.5");
  CHECK(Decimal::from(0, 9)->scale() == 0);
  CHECK(Decimal::from(kMaxExact, 9)->text() == "9007199.254740991");
  CHECK(Decimal::from(kMaxExact + 1).error().code == Code::numberOutOfRange);
  CHECK(Decimal::from(-kMaxExact - 1).error().code == Code::numberOutOfRange);
  CHECK(Decimal::from(1, 10).error().code == Code::numberOutOfRange);
  CHECK(Decimal::from(1, -1).error().code == Code::numberOutOfRange);
}

TEST_CASE("decimal: every pair of numbers compares as its exact values do", "[decimal][property]") {
  // In ascending order; neighbours differ in scale, sign or only far behind the point.
  const std::vector<std::string> ascending{"-9007199254740991",
                                           "-9007199254740990",
                                           "-900719925474099.1",
                                           "-10",
                                           "-1.5",
                                           "-1.2",
                                           "-1",
                                           "-0.999999999",
                                           "-0.5",
                                           "-0.000000001",
                                           "0",
                                           "0.000000001",
                                           "0.1",
                                           "0.11",
                                           "0.2",
                                           "0.999999999",
                                           "1",
                                           "1.000000001",
                                           "1.2",
                                           "9",
                                           "10",
                                           "9007199.254740991",
                                           "9007200",
                                           "9007199254740991"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      const auto a = Decimal::fromText(ascending[i]).value();
      const auto b = Decimal::fromText(ascending[j]).value();
      CAPTURE(ascending[i], ascending[j]);
      CHECK((a <=> b) == (i <=> j));
      CHECK((a == b) == (i == j));
    }
  }
}

TEST_CASE("decimal: 200,000 scaled pairs compare as exact products do", "[decimal][property]") {
  std::uint64_t state = 42;
  const auto next = [&state](std::int64_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::int64_t>((state >> 11) % static_cast<std::uint64_t>(2 * bound + 1)) - bound;
  };
  for (int i = 0; i < 200'000; ++i) {
    const auto bound = i % 2 == 0 ? std::int64_t{1000} : std::int64_t{4'000'000'000};
    const auto aMantissa = next(bound);
    const auto bMantissa = next(bound);
    const auto aScale = static_cast<int>(next(4) + 4);
    const auto bScale = static_cast<int>(next(4) + 4);
    auto aProduct = aMantissa;
    auto bProduct = bMantissa;
    for (int s = aScale; s < bScale; ++s) aProduct *= 10;
    for (int s = bScale; s < aScale; ++s) bProduct *= 10;
    const auto order = *Decimal::from(aMantissa, aScale) <=> *Decimal::from(bMantissa, bScale);
    if (order != (aProduct <=> bProduct)) FAIL(aMantissa << "e-" << aScale << " against " << bMantissa << "e-" << bScale);
  }
}

}  // namespace
}  // namespace souk
