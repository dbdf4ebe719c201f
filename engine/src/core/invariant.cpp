// SPDX-License-Identifier: MIT
#include "souk/core/invariant.hpp"

#include <cstdlib>

namespace souk {

// The text is a parameter so that a debugger or a crash report shows it; the core itself writes nowhere.
void invariantBroken(std::string_view /*promise*/) { std::abort(); }

}  // namespace souk
