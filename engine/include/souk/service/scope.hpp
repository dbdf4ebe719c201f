// SPDX-License-Identifier: MIT
// Which streams a program can hold. A collector holds all kinds; a page holds accounts alone, because what teams and pools have to say reaches it
// redacted. Two links of the same objects: a link that defines the three constants below for accounts alone (scope_of_pages.cpp) leaves out what
// only teams and pools need, an eighth of the wasm file; every other link finds the whole scope in the library.
#pragma once

#include "souk/core/type_row.hpp"

namespace souk {

/// Whether teams and pools can be opened and commands decided across streams. Constant at the link: code behind `if (kHoldsSharedStreams)` is gone
/// from a page's module.
extern const bool kHoldsSharedStreams;

/// The JSON and binary forms of all commands and facts that the program knows. Places are equal in both scopes; kinds that are left out have an empty
/// choice in their place.
extern const TypeRow kCommandRow;
extern const TypeRow kFactRow;

}  // namespace souk
