// SPDX-License-Identifier: MIT
// The scores of the few items that one question touches: a hash table whose size follows the question, not the pack, so that nothing as long
// as the pack is cleared for each answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace souk {

/// One touched item.
struct Score {
  std::uint32_t item = 0;
  bool barred = false;
  std::int64_t score = 0;
};

/// Entries side by side, found by open addressing with linear probing in a table of their places that is at most half full.
class Scores {
 public:
  /// @param most  Most distinct items that will ever be asked for.
  explicit Scores(std::size_t most);

  /// The entry of an item, made if it is new. O(1) on average. Valid as long as the object: entries never move.
  [[nodiscard]] Score& of(std::uint32_t item);

  /// The entry of an item, or null. O(1) on average.
  [[nodiscard]] const Score* find(std::uint32_t item) const;

  /// All entries, in the order of their making.
  [[nodiscard]] std::span<const Score> entries() const { return entries_; }

 private:
  [[nodiscard]] std::size_t placeOf(std::uint32_t item) const;

  std::vector<Score> entries_;
  std::vector<std::uint32_t> places_;  // 1 + index of an entry, or 0
  int shift_;
};

}  // namespace souk
