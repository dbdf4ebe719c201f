// SPDX-License-Identifier: MIT
// Promises that our own code must keep. Never for what a caller sends: that is refused with an Error.
#pragma once

#include <string_view>

namespace souk {

/// Whether costly promises are checked: in every build without NDEBUG, and nowhere else.
#ifdef NDEBUG
inline constexpr bool kCheckInvariants = false;
#else
inline constexpr bool kCheckInvariants = true;
#endif

/// Stops the program, because going on with a state that broke a promise would lose somebody's points.
[[noreturn]] void invariantBroken(std::string_view promise);

}  // namespace souk
