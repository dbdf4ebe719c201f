// SPDX-License-Identifier: MIT
#include "souk/referral/code.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "../support/random.hpp"

namespace souk::test {
namespace {

std::string codeOf(std::int64_t random) { return *makeReferralCode(random); }

}  // namespace

TEST_CASE("codes: every value has a code of eleven characters, different ones differ, and each reads as itself", "[referral][code]") {
  Random random{1};
  std::set<std::string> codes;
  for (int i = 0; i < 20'000; ++i) {
    const auto code = codeOf(random.between(0, kReferralCodes - 1));
    REQUIRE(code.size() == 11);
    REQUIRE(readReferralCode(code) == code);
    codes.insert(code);
  }
  CHECK(codes.size() == 20'000);
  CHECK(codeOf(0) == "00000000000");
  CHECK(!makeReferralCode(-1));
  CHECK(!makeReferralCode(kReferralCodes));
  CHECK(makeReferralCode(kReferralCodes - 1));
}

TEST_CASE("codes: every single wrong character is found", "[referral][code]") {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  Random random{2};
  for (int i = 0; i < 200; ++i) {
    const auto code = codeOf(random.between(0, kReferralCodes - 1));
    for (std::size_t place = 0; place < code.size(); ++place) {
      for (const char c : kAlphabet) {
        auto wrong = code;
        wrong[place] = c;
        REQUIRE(readReferralCode(wrong).has_value() == (wrong == code));
      }
    }
  }
}

TEST_CASE("codes: every exchange of two different characters is found, wherever they stand", "[referral][code]") {
  Random random{3};
  for (int i = 0; i < 500; ++i) {
    const auto code = codeOf(random.between(0, kReferralCodes - 1));
    for (std::size_t a = 0; a < code.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        auto wrong = code;
        std::swap(wrong[a], wrong[b]);
        REQUIRE(readReferralCode(wrong).has_value() == (wrong == code));
      }
    }
  }
}

TEST_CASE("codes: small letters, look-alikes, hyphens and spaces are read; anything else is not", "[referral][code]") {
  const auto code = codeOf(1);  // 0000000001 and its check
  auto written = code.substr(0, 5) + "-" + code.substr(5, 4) + " l" + code.substr(10);
  written[0] = 'O';
  CHECK(readReferralCode(written) == code);
  CHECK(readReferralCode("").error().code == Code::invalidCode);
  CHECK(!readReferralCode(code.substr(1)));
  CHECK(!readReferralCode(code + "0"));
  CHECK(!readReferralCode("U" + code.substr(1)));
  CHECK(!readReferralCode(std::string(2'000, '0')));
  CHECK(referralParameter(code) == "souk_ref=" + code);
}

}  // namespace souk::test
