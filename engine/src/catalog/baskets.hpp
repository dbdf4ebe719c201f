// SPDX-License-Identifier: MIT
// Orders as sets of items, and what follows from them: how often an item is bought, and which items are its nearest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "souk/catalog/pack_builder.hpp"

namespace souk {

/// The similarity of two items in 65,535ths, before it is quantised, and the orders that held both.
struct Similar {
  std::uint32_t item = 0;
  std::uint32_t similarity = 0;
  std::uint32_t orders = 0;
};

/// One row of the pack. Empty rows have scale 0.
struct BuiltRow {
  std::uint32_t scale = 0;
  std::vector<Neighbour> neighbours;  ///< By ascending index.
};

/// Orders and items, each listed from the other's side, so that counting needs no table of pairs.
class Baskets {
 public:
  /// @param lines  order × 2^32 + item, sorted, without duplicates; both numbered from 0 without gaps.
  Baskets(std::span<const std::uint64_t> lines, std::size_t orders, std::size_t items);

  [[nodiscard]] std::size_t items() const { return itemStarts_.size() - 1; }

  /// Distinct items of an order, and the orders that hold an item.
  [[nodiscard]] std::span<const std::uint32_t> itemsOf(std::uint32_t order) const;
  [[nodiscard]] std::span<const std::uint32_t> ordersOf(std::uint32_t item) const;

 private:
  std::vector<std::uint32_t> orderStarts_;
  std::vector<std::uint32_t> itemStarts_;
  std::vector<std::uint32_t> orderItems_;
  std::vector<std::uint32_t> itemOrders_;
};

/// Finds the nearest items of one item after the other. Holds 20 bytes an item.
class NeighbourFinder {
 public:
  NeighbourFinder(const Baskets& baskets, const PackOptions& options);

  /// The row of one item. O(sum of the sizes of its orders).
  [[nodiscard]] BuiltRow row(std::uint32_t item);

 private:
  void count(std::uint32_t item);
  [[nodiscard]] std::vector<Similar> nearest(std::uint32_t item);
  [[nodiscard]] std::uint32_t similarity(std::uint32_t item, std::uint32_t other) const;

  const Baskets& baskets_;
  PackOptions options_;
  std::vector<std::uint32_t> roots_;          // square root of the weight of an item's orders, times 2^kRootBits
  std::vector<std::uint32_t> commonOrders_;   // with the item at hand; zero again between two rows
  std::vector<std::uint64_t> commonWeights_;  // likewise
  std::vector<std::uint32_t> touched_;
};

}  // namespace souk
