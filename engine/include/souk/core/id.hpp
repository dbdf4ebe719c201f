// SPDX-License-Identifier: MIT
// Names of things: ids given by shops and pages, names of streams, and the ids of facts, which follow from the command's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

/// Most bytes in an id.
inline constexpr std::size_t kMaxIdSize = 64;

/// Whether a text is an id: 1 to 64 of the letters A–Z and a–z, the digits, and `.` `_` `:` `-`. Case matters.
/// @error invalid-id. O(length); allocates nothing on success.
[[nodiscard]] Result<void> checkId(std::string_view id);

/// The kinds of streams, in the order of their names, so that the order of `StreamName` is that of the written names.
enum class StreamKind : std::uint8_t { account, community, pool, team };

/// Names of the kinds on the wire.
constexpr auto enumNames(std::type_identity<StreamKind>) { return std::array<std::string_view, 4>{"account", "community", "pool", "team"}; }

/// The name of a stream, written `account/ID`. Ordered as it is written: the order in which several streams are locked.
struct StreamName {
  StreamKind kind = StreamKind::account;
  std::string id;
  auto operator<=>(const StreamName&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"kind", &StreamName::kind, "What the stream is about."},
                      Field{"id", &StreamName::id, "Which one.", 1, kMaxIdSize}};
  }
};

/// Reads `account/ID`, `team/ID`, `pool/ID` or `community/ID`.
/// @error invalid-id  for another kind, a missing slash, or an ID that `checkId` refuses. O(length).
[[nodiscard]] Result<StreamName> parseStreamName(std::string_view text);

/// Writes a stream's name; `parseStreamName` reads it back.
[[nodiscard]] std::string formatStreamName(const StreamName& name);

/// The id of a command's n-th fact on a stream, counted from 0: SHA-256 of the stream's name, a zero byte, the command's id, a zero byte, and n as
/// four bytes, the lowest first. Neither name holds a zero byte, so no two triples have the same input.
/// @param stream  A name that `parseStreamName` reads. @param commandId  An id that `checkId` accepts.
[[nodiscard]] Digest factId(std::string_view stream, std::string_view commandId, std::uint32_t n);

}  // namespace souk
