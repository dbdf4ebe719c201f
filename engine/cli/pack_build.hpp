// SPDX-License-Identifier: MIT
// `souk pack build`: from a shop's order lines to a pack, in one pass over the file.
#pragma once

#include <cstdio>

#include "options.hpp"

namespace souk::cli {

/// `souk pack build …` and `souk pack help`. @return The exit code.
int pack(Words words);

/// Runs `souk pack build`.
///
/// @param words  What follows `pack build` on the command line.
/// @param out    Where the summary goes: one JSON object, one line.
/// @param err    Where progress (on a terminal), broken lines and errors go.
/// @return       0; 1 if nothing could be built, read or written; 2 for a call or a header that does not fit. On failure nothing is written
///               to `out`, and a pack that was there before is as it was.
[[nodiscard]] int packBuild(Words words, std::FILE* out, std::FILE* err);

}  // namespace souk::cli
