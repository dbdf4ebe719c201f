// SPDX-License-Identifier: MIT
// The commands of the program `souk`. Each takes the words behind its name and returns the exit code: 0 done, 1 refused, 2 wrong usage.
#pragma once

#include "options.hpp"

namespace souk::cli {

/// `souk call [--program FILE] [--pack FILE]`: one request a line on standard input, one answer a line on standard output.
int call(Words words);

/// `souk replay --journal FILE` or `souk replay --program FILE --commands FILE [--at MS] [--journal-out FILE]`.
int replay(Words words);

/// `souk zone NAME [--from YEAR] [--until YEAR] [--zoneinfo FOLDER]`.
int zone(Words words);

/// `souk protocol --typescript | --markdown | --codes`.
int protocol(Words words);

/// Prints an error on standard error. @return The exit code for it.
int report(const Error& error);

}  // namespace souk::cli
