// SPDX-License-Identifier: MIT
// Packs for tests: written by hand, byte by byte, so that they can also be wrong; and built from random baskets.
#pragma once

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "souk/catalog.hpp"
#include "souk/catalog/pack_builder.hpp"

namespace souk::fixtures {

using Bytes = std::vector<std::uint8_t>;

/// An item as the pack's bytes have it. Nothing keeps it from breaking a rule.
struct RawItem {
  std::string id;
  std::uint32_t popularity = 1;
  std::uint32_t scale = 0;
  std::vector<Neighbour> row = {};
};

/// A pack as its bytes have it, with counts that follow from the items unless they are set.
struct RawPack {
  std::vector<RawItem> items;
  std::uint32_t version = 1;
  std::uint32_t orders = 3;
  std::int64_t itemCount = -1;
  std::int64_t neighbourCount = -1;
  std::int64_t idBytes = -1;
};

/// The bytes of a pack, with a digest that matches them.
[[nodiscard]] Bytes bytesOf(const RawPack& raw);

/// The same bytes with a digest that matches them again.
[[nodiscard]] Bytes withDigest(Bytes bytes);

/// Three items that are neighbours of each other, without fault.
[[nodiscard]] RawPack threeItems();

/// Orders as sets of item ids.
using BasketList = std::vector<std::set<std::string>>;

/// Orders of 1 to `largest` of the items `i0`, `i1`, …, the first ones more often.
[[nodiscard]] BasketList randomBaskets(std::mt19937& random, std::size_t orders, std::size_t items, std::size_t largest);

/// The bytes of a pack built from such orders; fails the test if it cannot be built.
[[nodiscard]] Bytes build(const BasketList& baskets, const PackOptions& options = {});

/// Opens bytes; fails the test if they are refused.
[[nodiscard]] Pack opened(Bytes bytes);

}  // namespace souk::fixtures
