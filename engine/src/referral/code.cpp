// SPDX-License-Identifier: MIT
#include "souk/referral/code.hpp"

namespace souk {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kDigits = 10;

/// Takes a character into the check: (check + value) × α in GF(32) = GF(2)[x] / (x^5 + x^2 + 1), of which α = x is primitive.
std::uint32_t taken(std::uint32_t check, std::uint32_t value) {
  const auto doubled = (check ^ value) << 1U;
  return (doubled & 32U) != 0 ? doubled ^ 0x25U : doubled;
}

char normal(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  return c == 'I' || c == 'L' ? '1' : c;
}

std::unexpected<Error> invalid() { return fail(Code::invalidCode, {}, "not a code as it was given"); }

}  // namespace

Result<std::string> makeReferralCode(std::int64_t random) {
  if (random < 0 || random >= kReferralCodes) return fail(Code::outOfRange, {}, "50 random bits");
  std::string code;
  std::uint32_t check = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    const auto value = static_cast<std::uint32_t>(random >> (5 * (kDigits - 1 - i))) & 31U;
    code += kAlphabet[value];
    check = taken(check, value);
  }
  return code += kAlphabet[check];
}

Result<std::string> readReferralCode(std::string_view text) {
  std::string code;
  std::uint32_t check = 0;
  for (const char written : text) {
    if (written == '-' || written == ' ') continue;
    const auto value = kAlphabet.find(normal(written));
    if (value == std::string_view::npos || code.size() > kDigits) return invalid();
    if (code.size() == kDigits && value != check) return invalid();
    code += kAlphabet[value];
    check = taken(check, static_cast<std::uint32_t>(value));
  }
  if (code.size() != kDigits + 1) return invalid();
  return code;
}

std::string referralParameter(std::string_view code) { return std::string{kReferralParameter} + "=" += code; }

}  // namespace souk
