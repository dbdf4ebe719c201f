// SPDX-License-Identifier: MIT
// Invitation codes: eleven characters that can be read aloud, typed and checked without asking anybody.
//
// Ten characters carry 50 random bits, so that among a million codes a guess hits once in 10^9; the eleventh is a check character. The alphabet is
// Crockford's (digits and letters without I, L, O and U), so none is mistaken for another; reading takes small letters, O for 0, I and L for 1, and
// passes over hyphens and spaces. The check is a weighted sum in GF(32) with a different weight for each place: every single wrong character and
// every exchange of two characters is found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"

namespace souk {

inline constexpr std::int64_t kReferralCodes = std::int64_t{1} << 50;  ///< How many codes there are.
inline constexpr std::string_view kReferralParameter = "souk_ref";     ///< Name of the link's parameter: `https://shop/?souk_ref=CODE`.

/// The code of a random value. The collector draws it and draws again when another account has the code already.
/// @param random  From 0 to kReferralCodes − 1, each as likely as any other. @error out-of-range. O(1).
[[nodiscard]] Result<std::string> makeReferralCode(std::int64_t random);

/// A code as people write it, brought to its one form. @error invalid-code (a wrong length, character or check). O(length).
[[nodiscard]] Result<std::string> readReferralCode(std::string_view text);

/// The parameter to put behind a link's `?` or `&`: `souk_ref=CODE`; nothing in it needs escaping.
[[nodiscard]] std::string referralParameter(std::string_view code);

}  // namespace souk
