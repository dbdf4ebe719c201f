// SPDX-License-Identifier: MIT
// Checked arithmetic, roundings and shares, held against exact rationals.
#include "souk/core/integer.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <limits>
#include <numeric>
#include <string>

#include "number_oracle.hpp"

using namespace souk;

namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

template <class T>
std::string_view refusal(const Result<T>& result) {
  return result ? std::string_view("accepted") : codeName(result.error().code);
}

std::vector<std::int64_t> shares(std::int64_t total, std::vector<std::int64_t> weights) {
  const auto result = allocate(total, weights);
  REQUIRE(result);
  return *result;
}

using List = std::vector<std::int64_t>;

/// Calls `visit` with every list of `size` weights from 0 to `most`.
void forEachWeights(std::size_t size, std::int64_t most, const std::function<void(const List&)>& visit) {
  List weights(size, 0);
  for (;;) {
    visit(weights);
    std::size_t i = 0;
    while (i < size && weights[i] == most) weights[i++] = 0;
    if (i == size) return;
    ++weights[i];
  }
}

}  // namespace

TEST_CASE("checked arithmetic: results up to 2^53 - 1 either way are exact", "[integer][boundary]") {
  CHECK(checkedAdd(kMaxExact - 1, 1) == kMaxExact);
  CHECK(checkedAdd(-kMaxExact, 0) == -kMaxExact);
  CHECK(checkedSub(-kMaxExact + 1, 1) == -kMaxExact);
  CHECK(checkedMul(-kMaxExact, -1) == kMaxExact);
  CHECK(checkedMul(94'906'265, 94'906'265) == 9'007'199'136'250'225);
}

TEST_CASE("checked arithmetic: one beyond 2^53 - 1 is refused with overflow", "[integer][boundary]") {
  CHECK(refusal(checkedAdd(kMaxExact, 1)) == "overflow");
  CHECK(refusal(checkedAdd(-kMaxExact, -1)) == "overflow");
  CHECK(refusal(checkedSub(kMaxExact, -1)) == "overflow");
  CHECK(refusal(checkedSub(-kMaxExact, 1)) == "overflow");
  CHECK(refusal(checkedMul(94'906'267, 94'906'267)) == "overflow");
}

TEST_CASE("checked arithmetic: what wraps around 64 bits into the range is refused too", "[integer][boundary]") {
  CHECK(refusal(checkedAdd(kHighest, kHighest)) == "overflow");
  CHECK(refusal(checkedAdd(kLowest, kLowest)) == "overflow");                              // wraps to 0
  CHECK(refusal(checkedSub(kLowest, kHighest)) == "overflow");                             // wraps to 1
  CHECK(refusal(checkedMul(std::int64_t{1} << 32, std::int64_t{1} << 32)) == "overflow");  // wraps to 0
  CHECK(refusal(checkedMul(kLowest, -1)) == "overflow");
}

TEST_CASE("rounding: each mode gives the documented neighbours of plus and minus 1.1, 1.9, 2.5 and 3.5", "[integer][rounding]") {
  struct Row {
    Rounding rounding;
    std::array<std::int64_t, 8> expected;  // 1.1, -1.1, 1.9, -1.9, 2.5, -2.5, 3.5, -3.5
  };
  constexpr std::array kTenths{11, -11, 19, -19, 25, -25, 35, -35};
  const Row rows[] = {{Rounding::down, {1, -1, 1, -1, 2, -2, 3, -3}},     {Rounding::up, {2, -2, 2, -2, 3, -3, 4, -4}},
                      {Rounding::floor, {1, -2, 1, -2, 2, -3, 3, -4}},    {Rounding::ceiling, {2, -1, 2, -1, 3, -2, 4, -3}},
                      {Rounding::halfDown, {1, -1, 2, -2, 2, -2, 3, -3}}, {Rounding::halfUp, {1, -1, 2, -2, 3, -3, 4, -4}},
                      {Rounding::halfEven, {1, -1, 2, -2, 2, -2, 4, -4}}, {Rounding::halfOdd, {1, -1, 2, -2, 3, -3, 3, -3}}};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < kTenths.size(); ++i) CHECK(mulDiv(kTenths[i], 1, 10, row.rounding) == row.expected[i]);
  }
}

TEST_CASE("rounding: every quotient of -200..200 by 1..200 agrees with exact rationals in all eight modes", "[integer][rounding][oracle]") {
  for (std::int64_t value = -200; value <= 200; ++value) {
    for (std::int64_t denominator = 1; denominator <= 200; ++denominator) {
      const auto mismatch = oracle::checkMulDiv(value, 1, denominator);
      if (!mismatch.empty()) FAIL(mismatch);
    }
  }
}

TEST_CASE("rounding: every product of -30..30 by -30..30 over 1..30 agrees with exact rationals", "[integer][rounding][oracle]") {
  for (std::int64_t value = -30; value <= 30; ++value) {
    for (std::int64_t numerator = -30; numerator <= 30; ++numerator) {
      for (std::int64_t denominator = 1; denominator <= 30; ++denominator) {
        const auto mismatch = oracle::checkMulDiv(value, numerator, denominator);
        if (!mismatch.empty()) FAIL(mismatch);
      }
    }
  }
}

TEST_CASE("rounding: numbers at the borders of 53 and 64 bits agree with exact rationals", "[integer][rounding][oracle][boundary]") {
  const List borders{kLowest, kLowest + 1,   -kMaxExact - 1, -kMaxExact,    -3,           -2,      -1, 0, 1, 2,
                     3,       kMaxExact - 1, kMaxExact,      kMaxExact + 1, kHighest - 1, kHighest};
  for (const auto value : borders) {
    for (const auto numerator : borders) {
      for (const auto denominator : borders) CHECK(oracle::checkMulDiv(value, numerator, denominator) == "");
    }
  }
}

TEST_CASE("rounding: 100,000 random quotients agree with exact rationals in all eight modes", "[integer][rounding][oracle][random]") {
  oracle::Cases cases(20'250'101);
  for (int i = 0; i < 100'000; ++i) {
    const auto mismatch = cases.mulDiv();
    if (!mismatch.empty()) FAIL(mismatch);
  }
}

TEST_CASE("rounding: a denominator of zero or below is refused with division-by-zero", "[integer][boundary]") {
  CHECK(refusal(mulDiv(1, 1, 0, Rounding::down)) == "division-by-zero");
  CHECK(refusal(mulDiv(0, 0, 0, Rounding::down)) == "division-by-zero");
  CHECK(refusal(mulDiv(1, 1, -1, Rounding::down)) == "division-by-zero");
}

TEST_CASE("rounding: the names on the wire are those of the enumeration, in its order", "[integer]") {
  constexpr auto kNames = enumNames(std::type_identity<Rounding>{});
  CHECK(kNames[static_cast<std::size_t>(Rounding::down)] == "down");
  CHECK(kNames[static_cast<std::size_t>(Rounding::ceiling)] == "ceiling");
  CHECK(kNames[static_cast<std::size_t>(Rounding::halfUp)] == "half-up");
  CHECK(kNames[static_cast<std::size_t>(Rounding::halfOdd)] == "half-odd");
}

TEST_CASE("rates: basis points are hundredths of a percent, rounded once", "[integer][rates]") {
  CHECK(applyRate(1'999, BasisPoints{10'000}, Rounding::down) == 1'999);
  CHECK(applyRate(1'999, BasisPoints{250}, Rounding::down) == 49);  // 49.975
  CHECK(applyRate(1'999, BasisPoints{250}, Rounding::halfUp) == 50);
  CHECK(applyRate(-1'999, BasisPoints{250}, Rounding::halfUp) == -50);
  CHECK(applyRate(kMaxExact, BasisPoints{9'999}, Rounding::floor) == 9'006'298'534'815'516);
  CHECK(refusal(applyRate(kMaxExact, BasisPoints{10'001}, Rounding::floor)) == "overflow");
}

TEST_CASE("rates: a ratio is applied exactly, and one over zero is refused", "[integer][rates]") {
  CHECK(applyRate(100, Ratio{1, 3}, Rounding::halfUp) == 33);
  CHECK(applyRate(kMaxExact, Ratio{kMaxExact, kMaxExact}, Rounding::up) == kMaxExact);
  CHECK(refusal(applyRate(100, Ratio{1, 0}, Rounding::halfUp)) == "division-by-zero");
}

TEST_CASE("shares: the units left over go to the largest fractions, equal ones to the first lines", "[integer][shares]") {
  CHECK(shares(100, {1, 1, 1}) == List{34, 33, 33});
  CHECK(shares(5, {3, 3, 3, 3}) == List{2, 1, 1, 1});
  CHECK(shares(10, {1, 2, 4}) == List{1, 3, 6});  // 1.43, 2.86, 5.71
  CHECK(shares(7, {0, 5, 0, 5}) == List{0, 4, 0, 3});
  CHECK(shares(kMaxExact, {kMaxExact - 1, 1}) == List{kMaxExact - 1, 1});
}

TEST_CASE("shares: lines that all weigh nothing count as equal", "[integer][shares]") {
  CHECK(shares(5, {0, 0, 0}) == List{2, 2, 1});
  CHECK(shares(0, {0, 0}) == List{0, 0});
  CHECK(shares(0, {}).empty());
}

TEST_CASE("shares: impossible questions are refused and leave the result's place alone", "[integer][shares]") {
  List out{7, 7};
  const auto code = [&](std::int64_t total, const List& weights) { return refusal(allocateTo(out, total, weights)); };
  CHECK(code(-1, {1, 1}) == "out-of-range");
  CHECK(code(kMaxExact + 1, {1, 1}) == "out-of-range");
  CHECK(code(1, {1, 1, 1}) == "out-of-range");
  CHECK(code(1, {kMaxExact, 1}) == "overflow");
  CHECK(code(1, {kHighest, kHighest}) == "overflow");
  CHECK(code(1, {1, -1}) == "out-of-range");
  CHECK(out == List{7, 7});
  CHECK(refusal(allocate(1, {})) == "out-of-range");
  CHECK(allocate(1, List{1, 2, -3}).error().path == "/2");
}

TEST_CASE("shares: all totals to 30 among all lists of up to 4 weights to 8 agree with exact rationals", "[integer][shares][oracle]") {
  for (std::size_t lines = 1; lines <= 4; ++lines) {
    forEachWeights(lines, 8, [](const List& weights) {
      for (std::int64_t total = 0; total <= 30; ++total) {
        const auto mismatch = oracle::checkAllocation(total, weights);
        if (!mismatch.empty()) FAIL(mismatch);
      }
    });
  }
}

TEST_CASE("shares: 100,000 random allocations agree with exact rationals", "[integer][shares][oracle][random]") {
  oracle::Cases cases(20'250'102);
  for (int i = 0; i < 100'000; ++i) {
    const auto mismatch = cases.allocation();
    if (!mismatch.empty()) FAIL(mismatch);
  }
}

TEST_CASE("shares: a thousand equal lines get whole units from the first on and sum to the total", "[integer][shares]") {
  const List weights(1'000, kMaxExact / 1'000);
  const auto result = shares(1'999, weights);
  CHECK(std::accumulate(result.begin(), result.end(), std::int64_t{0}) == 1'999);
  CHECK(std::ranges::count(result, 2) == 999);
  CHECK(result.back() == 1);
}
