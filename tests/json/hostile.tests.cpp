// SPDX-License-Identifier: MIT
// Documents made to cost more than they weigh, and documents that are nearly right.
#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <new>
#include <string>
#include <vector>

#include "support.hpp"

namespace {

// Bytes from `new` that are alive, and the most there were: what a document costs beyond itself.
std::size_t alive = 0;
std::size_t most = 0;

void* counted(std::size_t size) {
  auto* block = static_cast<std::size_t*>(std::malloc(size + alignof(std::max_align_t)));  // NOLINT(cppcoreguidelines-no-malloc)
  if (block == nullptr) std::abort();
  *block = size;
  alive += size;
  most = std::max(most, alive);
  return reinterpret_cast<char*>(block) + alignof(std::max_align_t);
}

void uncounted(void* pointer) noexcept {
  if (pointer == nullptr) return;
  auto* block = reinterpret_cast<std::size_t*>(static_cast<char*>(pointer) - alignof(std::max_align_t));
  alive -= *block;
  std::free(block);  // NOLINT(cppcoreguidelines-no-malloc)
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void operator delete(void* pointer) noexcept { uncounted(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { uncounted(pointer); }

namespace souk::json {
namespace {

using namespace std::string_literals;

constexpr Limits kWide{.maxBytes = std::size_t{1} << 28};

struct Cost {
  double milliseconds = 0;  // of this process, not of the machine
  std::size_t bytes = 0;    // at most at once
  Refusal refusal;
};

Cost costOf(const std::string& text, const Limits& limits) {
  most = alive;
  const auto before = alive;
  const auto start = std::clock();
  auto refusal = refused(text, limits);
  return {1'000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, most - before, std::move(refusal)};
}

// Milliseconds that a megabyte of ordinary order lines takes here and now: some 10 in a release build on an idle machine.
double ordinaryMilliseconds() {
  static const double result = [] {
    std::string lines = "[";
    for (int i = 0; lines.size() < 1'000'000; ++i) lines += R"({"item":"85123A","paid":1530,"quantity":)" + std::to_string(i) + "},";
    lines.back() = ']';
    double least = 1e9;
    for (int i = 0; i < 5; ++i) least = std::min(least, costOf(lines, kWide).milliseconds);
    return least;
  }();
  return result;
}

// The refusal of a bomb, after checking that a megabyte of it takes at most four times as long as a megabyte of order lines, and that
// reading it takes at most `timesItsSize` and 1 MiB of memory. A machine that is busy gets three attempts.
Refusal cheaply(const std::string& bomb, double timesItsSize, const Limits& limits = {}) {
  const auto size = static_cast<double>(bomb.size());
  const auto allowed = 5 + 4 * ordinaryMilliseconds() * size / 1e6;
  auto cost = costOf(bomb, limits);
  for (int attempt = 1; attempt < 3 && cost.milliseconds > allowed; ++attempt) cost = costOf(bomb, limits);
  // Time is asserted where nothing else runs (tests/long/run bombs); elsewhere a busy machine would decide.
  if (std::getenv("SOUK_TIMED") != nullptr) CHECK(cost.milliseconds <= allowed);
  CHECK(static_cast<double>(cost.bytes) <= (1 << 20) + timesItsSize * size);
  return cost.refusal;
}

TEST_CASE("bomb: 10^6 opening brackets are refused at the 33rd", "[json][bomb]") {
  CHECK(cheaply(std::string(1'000'000, '['), 1).offset == 32);
  std::string objects;
  for (int i = 0; i < 200'000; ++i) objects += R"({"":)";
  CHECK(cheaply(objects, 1).offset == 32 * 4);
}

// "k0", then keys in no order, none of them twice.
std::string scatteredKeys(std::int64_t count) {
  std::string keys = "{";
  for (std::int64_t i = 0; i < count; ++i) keys += "\"k" + std::to_string(i * 7'919 % 1'000'000) + "\":0,";
  return keys;
}

TEST_CASE("bomb: 10^6 keys are refused by size, the 300,000 that a program may have are read", "[json][bomb]") {
  CHECK(cheaply(scatteredKeys(1'000'000) + "\"k\":0}", 0).code == "document-too-large");
  const auto keys = scatteredKeys(300'000);
  CHECK(cheaply(keys + "\"k\":0}", 8, kProgramLimits).code == "accepted");
  CHECK(cheaply(keys + "\"k0\":0}", 8, kProgramLimits) == Refusal{"duplicate-key", "/k0", static_cast<std::int64_t>(keys.size())});
}

// Pairs of texts after which FNV-1a (32 bits) stands at the same number, each pair beginning where the last one ended: a choice from each
// gives 2^14 keys of one hash.
constexpr std::array<std::array<std::string_view, 2>, 14> kSameHash{{{"SbMMa", "TYEfZ"},
                                                                     {"bRaTC", "YMBSc"},
                                                                     {"XZVAa", "aBKIA"},
                                                                     {"QFPKC", "bUDQW"},
                                                                     {"PGCQL", "eVKOP"},
                                                                     {"SFfEf", "aSIVQ"},
                                                                     {"MREQc", "dBHYC"},
                                                                     {"UNTRa", "NROZA"},
                                                                     {"DCHCP", "dYLFa"},
                                                                     {"LWFAf", "eAIYF"},
                                                                     {"ObIRE", "RKXSe"},
                                                                     {"aYVXB", "JOSPb"},
                                                                     {"ZEcJa", "MSfBA"},
                                                                     {"dEJVE", "aXWWe"}}};

std::string sameHashKey(std::size_t choice) {
  std::string key;
  for (std::size_t i = 0; i < kSameHash.size(); ++i) key += kSameHash[i][choice >> i & 1];
  return key;
}

TEST_CASE("bomb: keys that all have one hash are no slower than others", "[json][bomb]") {
  std::string keys = "{";
  for (std::size_t n = std::size_t{1} << kSameHash.size(); n-- > 0;) keys += "\"" + sameHashKey(n) + "\":0,";
  CHECK(cheaply(keys + "\"\":0}", 8, kWide).code == "accepted");
  CHECK(cheaply(keys + "\"" + sameHashKey(77) + "\":0}", 8, kWide).code == "duplicate-key");
}

TEST_CASE("bomb: numbers of 10^6 digits are refused", "[json][bomb]") {
  const std::string digits(1'000'000, '7');
  CHECK(cheaply("[" + digits + "]", 6) == Refusal{"number-out-of-range", "/0", 1});
  CHECK(cheaply("[-" + digits + "]", 6) == Refusal{"number-out-of-range", "/0", 1});
  CHECK(cheaply("[0." + digits + "]", 6) == Refusal{"number-out-of-range", "/0", 1});
  CHECK(cheaply("[1e" + digits + "]", 6) == Refusal{"number-out-of-range", "/0", 1});
  CHECK(cheaply("[1e-" + digits + "]", 6) == Refusal{"number-out-of-range", "/0", 1});
}

TEST_CASE("bomb: a string of 50 MB is refused by size, one of 1 MB by length", "[json][bomb]") {
  CHECK(cheaply("\"" + std::string(50'000'000, 'a') + "\"", 0).code == "document-too-large");
  CHECK(cheaply("\"" + std::string(1'000'000, 'a') + "\"", 6).code == "string-too-long");
  CHECK(cheaply("\"" + std::string(1'000'000, 'a'), 6).code == "invalid-json");
  CHECK(cheaply("{\"" + std::string(1'000'000, 'a') + "\":0}", 6).code == "string-too-long");
  CHECK(cheaply("\"" + std::string(1'000'000, '\\') + "\"", 6).code == "string-too-long");
}

TEST_CASE("bomb: 1 MB of nothing but structure costs at most 16 times its size", "[json][bomb]") {
  std::string zeros = "[0";
  while (zeros.size() < 1'000'000) zeros += ",0";
  CHECK(cheaply(zeros, 16).code == "invalid-json");
  std::string lists = "[[]";
  while (lists.size() < 1'000'000) lists += ",[]";
  CHECK(cheaply(lists, 16).code == "invalid-json");
  CHECK(cheaply(std::string(1'000'000, ' '), 3).code == "invalid-json");
}

TEST_CASE("reader: 100,000 random mutations of good documents are judged, and twice the same", "[json][mutation]") {
  const std::array<std::string, 3> seeds{
      R"({"account":"17850","at":1700000000000,"author":"commerce","id":"c-1","lines":[{"item":"85123A","paid":1530,"quantity":6}]})",
      R"([null,true,-1.25e-3,"\ud83d\ude00\n",{"":{"a":[[],{}]}}, 9007199254740991 ,0.5])",
      "{\"zh\":\"\xE6\x88\x90\xE9\x95\xBF\xE5\x80\xBC\",\"k\\u0065y\":\"\\\"\\\\\\/\",\"n\":[1,2,3]}"};
  const auto alphabet = "\0\"\\/{}[]:,.-+eEu0123456789 \n\t\xC3\xA9\xF0\x9F\x98\x80\xED\xA0\x80\xEF\xBB\xBF\xFFtrfalsn"s;
  std::uint64_t state = 1;
  const auto below = [&](std::size_t count) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return static_cast<std::size_t>((state >> 33) % count);
  };
  std::size_t accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    auto text = seeds[below(seeds.size())];
    for (auto changes = below(4); changes > 0 && !text.empty(); --changes) {
      const auto place = below(text.size());
      switch (below(4)) {
        case 0: text[place] = alphabet[below(alphabet.size())]; break;
        case 1: text.insert(place, 1, alphabet[below(alphabet.size())]); break;
        case 2: text.erase(place, 1 + below(3)); break;
        default: text.insert(place, text.substr(below(text.size()), below(20))); break;
      }
    }
    const auto first = normalize(bytesOf(text));
    const auto second = normalize(bytesOf(text));
    REQUIRE(refusalOf(first) == refusalOf(second));
    if (first) REQUIRE(normal(*first) == *first);
    else REQUIRE((first.error().offset >= 0 && first.error().offset <= static_cast<std::int64_t>(text.size())));
    accepted += first ? 1 : 0;
  }
  CHECK(accepted > 20'000);
  CHECK(accepted < 60'000);
}

}  // namespace
}  // namespace souk::json
