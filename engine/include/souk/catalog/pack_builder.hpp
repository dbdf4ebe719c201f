// SPDX-License-Identifier: MIT
// Building a pack from order lines: which items are bought together, and how often each is bought.
//
// The same set of (order, item) pairs gives the same bytes, in whatever order the lines come, however often one is repeated, on every
// host: counts and similarities are integers from end to end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "souk/catalog.hpp"
#include "souk/core/error.hpp"

namespace souk {

/// Up to this many distinct items, an order speaks with full weight for each pair of its items; a larger order of m items with
/// kFullWeightItems / m, because who buys half the shop says little about what goes together.
inline constexpr std::size_t kFullWeightItems = 20;

/// An order of more distinct items than this (a reseller's, or an import under one number) makes no pairs at all; it still counts for
/// popularity. It also bounds the work: at most this many steps for each line.
inline constexpr std::size_t kMaxPairItems = 200;

/// What the merchant may choose.
struct PackOptions {
  std::int64_t neighbours = 20;  ///< Neighbours kept for each item, 1 to kMaxRowSize.
  std::int64_t minSupport = 2;   ///< Orders that must hold both items before they are neighbours, at least 1.
};

/// Takes order lines one by one and makes a pack of them.
///
/// Similarity of items i and j, over the orders of at most kMaxPairItems distinct items, each with its weight w:
///
///   C = sum of w over orders with both, N = sum of w over orders with the item
///   similarity = C / sqrt(N(i) × N(j)) × C / (C + 2)
///
/// the cosine, shrunk where there is little evidence: two orders that share two otherwise unseen items are no proof of kinship.
/// Each item keeps its nearest neighbours (ties: more common orders, then the smaller id), the nearest with weight 255.
///
/// Memory: the ids of orders and items once each; 8 bytes a line while lines are taken, 24 while building; and while building about 50
/// bytes and 8 for each neighbour an item. There is no table of pairs.
class PackBuilder {
 public:
  /// Takes in one order line. A repeated line says nothing new.
  ///
  /// @param order  Id of the order; any bytes, they do not enter the pack.
  /// @param item   Id of the item; an id as `checkId` defines it.
  /// @error invalid-id    for the item
  /// @error out-of-range  more than kMaxPackItems items, or more than 2^32 - 1 orders or lines
  [[nodiscard]] Result<void> add(std::string_view order, std::string_view item);

  /// Lines taken in so far, with repetitions.
  [[nodiscard]] std::size_t lines() const { return lines_.size(); }

  /// The bytes of the pack.
  ///
  /// @error out-of-range  an option outside its range, path `/neighbours` or `/minSupport`
  /// @error nothing-left  no line was taken in
  /// @complexity O(lines × log lines + lines × kMaxPairItems).
  [[nodiscard]] Result<std::vector<std::uint8_t>> build(const PackOptions& options) const;

 private:
  // Looked up by views, so that a known id costs no allocation.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Numbers = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  static std::uint32_t numberOf(Numbers& numbers, std::string_view id);

  Numbers orders_;
  Numbers items_;
  std::vector<std::uint64_t> lines_;  // order × 2^32 + item, by their numbers of first appearance
};

}  // namespace souk
