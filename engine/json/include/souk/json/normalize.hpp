// SPDX-License-Identifier: MIT
// The normal form of a document: one text per value, so that equal documents have equal bytes and equal hashes on every host.
//
// Object keys in ascending order of their UTF-8 bytes, no white space, each number as `Document::asDecimal` writes it, each string with the
// fewest escapes (`Writer::string`). Reading a normal form and writing it again changes nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "souk/core/error.hpp"
#include "souk/json/reader.hpp"
#include "souk/json/writer.hpp"

namespace souk::json {

/// The normal form of one document.
/// @error as `parse`
[[nodiscard]] Result<std::string> normalize(std::span<const std::uint8_t> bytes, const Limits& limits = {});

/// Writes one value of a document in normal form. Recursion is bounded by the depth that the document was read with.
void writeNormal(Writer& writer, const Document& document, Node node);

}  // namespace souk::json
