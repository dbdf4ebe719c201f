// SPDX-License-Identifier: MIT
// What must be wrong with bytes before any JSON is read from them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "souk/core/error.hpp"

namespace souk::json {

/// A byte that no document may have, and why.
struct BadByte {
  Code code;  ///< nul-byte or invalid-utf8.
  std::size_t offset;
};

/// The first NUL byte or the begin of the first sequence that is not UTF-8 (RFC 3629: shortest forms, no surrogates, up to U+10FFFF).
/// O(bytes), four at a time in plain text.
[[nodiscard]] std::optional<BadByte> firstBadByte(std::span<const std::uint8_t> bytes);

/// The first `\u` escape of a surrogate without its partner, in bytes that are JSON text up to there. O(bytes); for the error path.
[[nodiscard]] std::optional<std::size_t> firstLoneSurrogate(std::span<const std::uint8_t> bytes);

}  // namespace souk::json
