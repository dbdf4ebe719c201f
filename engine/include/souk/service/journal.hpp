// SPDX-License-Identifier: MIT
// The journal: all facts in the order in which they were decided, each chained to those before it.
//
// Form: the 8 bytes `SOUKJNL1`, then for each fact its length as a varint, its binary form, and 32 bytes head = SHA-256(head before it, binary
// form); the head before the first is 32 zero bytes. Whoever knows a published head knows that nothing before it was changed.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "souk/core/binary.hpp"
#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"
#include "souk/service/stream.hpp"

namespace souk {

/// An append-only journal in memory.
class Journal {
 public:
  Journal();

  /// Appends a fact. O(size of the fact).
  void append(const Fact& fact);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] const Digest& head() const { return head_; }
  [[nodiscard]] std::int64_t facts() const { return facts_; }

 private:
  Bytes bytes_;
  Digest head_;
  std::int64_t facts_ = 0;
};

/// Calls `visit` with each fact of a journal, in order; stops at the first error, its own or the visitor's.
/// @return The head. @error damaged-bytes (a length, form or head that does not fit; the path is `/` and the fact's number from 0),
///         unsupported-version, and what `visit` returns. O(bytes).
[[nodiscard]] Result<Digest> readJournal(std::span<const std::uint8_t> bytes, const std::function<Result<void>(const Fact&)>& visit);

}  // namespace souk
