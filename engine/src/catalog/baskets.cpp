// SPDX-License-Identifier: MIT
// Counting and similarity in integers. The formula and the reasons for its parts stand in souk/catalog/pack_builder.hpp.
//
// Measured on a wholesaler's orders, next month's new items from earlier ones (NDCG@10, three months): plain cosine 0.107–0.119, with the
// weight of large orders 0.108–0.121, with the shrinkage too 0.110–0.123. Where the catch-all orders of guests are among them, plain
// cosine falls to 0.060–0.073, this to 0.109–0.123.
#include "baskets.hpp"

#include <algorithm>

namespace souk {
namespace {

__extension__ using Wide = unsigned __int128;

// Weight of an order in 256ths. Any more would only fill the 64 bits that sums have.
constexpr std::uint64_t kFullWeight = 256;
// C + 2 orders of full weight.
constexpr std::uint64_t kShrinkage = 2 * kFullWeight;
// Bits behind the point of a square root: with them a root of 2^40 (2^32 orders of full weight) still fits in 32 bits.
constexpr int kRootBits = 11;

std::uint64_t weightOf(std::size_t orderSize) { return kFullWeight * kFullWeightItems / std::max(orderSize, kFullWeightItems); }

// Largest r with r × r <= value, bit by bit.
std::uint32_t integerRoot(std::uint64_t value) {
  std::uint64_t root = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const auto next = root | (std::uint64_t{1} << bit);
    if (next * next <= value) root = next;
  }
  return static_cast<std::uint32_t>(root);
}

bool isNearer(const Similar& a, const Similar& b) {
  if (a.similarity != b.similarity) return a.similarity > b.similarity;
  if (a.orders != b.orders) return a.orders > b.orders;
  return a.item < b.item;
}

}  // namespace

Baskets::Baskets(std::span<const std::uint64_t> lines, std::size_t orders, std::size_t items)
    : orderStarts_(orders + 1), itemStarts_(items + 1), orderItems_(lines.size()), itemOrders_(lines.size()) {
  for (const auto line : lines) {
    ++orderStarts_[(line >> 32) + 1];
    ++itemStarts_[(line & 0xffff'ffff) + 1];
  }
  for (std::size_t i = 1; i <= orders; ++i) orderStarts_[i] += orderStarts_[i - 1];
  for (std::size_t i = 1; i <= items; ++i) itemStarts_[i] += itemStarts_[i - 1];
  auto next = itemStarts_;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto item = static_cast<std::uint32_t>(lines[i]);
    orderItems_[i] = item;
    itemOrders_[next[item]++] = static_cast<std::uint32_t>(lines[i] >> 32);
  }
}

std::span<const std::uint32_t> Baskets::itemsOf(std::uint32_t order) const {
  return std::span(orderItems_).subspan(orderStarts_[order], orderStarts_[order + 1] - orderStarts_[order]);
}

std::span<const std::uint32_t> Baskets::ordersOf(std::uint32_t item) const {
  return std::span(itemOrders_).subspan(itemStarts_[item], itemStarts_[item + 1] - itemStarts_[item]);
}

NeighbourFinder::NeighbourFinder(const Baskets& baskets, const PackOptions& options)
    : baskets_(baskets), options_(options), roots_(baskets.items()), commonOrders_(baskets.items()), commonWeights_(baskets.items()) {
  for (std::uint32_t item = 0; item < baskets.items(); ++item) {
    std::uint64_t weight = 0;
    for (const auto order : baskets.ordersOf(item)) {
      const auto size = baskets.itemsOf(order).size();
      if (size <= kMaxPairItems) weight += weightOf(size);
    }
    roots_[item] = integerRoot(weight << (2 * kRootBits));
  }
}

// After the call, touched_ lists the items that share an order with this one, and the two tables hold their counts.
void NeighbourFinder::count(std::uint32_t item) {
  for (const auto order : baskets_.ordersOf(item)) {
    const auto others = baskets_.itemsOf(order);
    if (others.size() > kMaxPairItems) continue;
    const auto weight = weightOf(others.size());
    for (const auto other : others) {
      if (other == item) continue;
      if (commonOrders_[other]++ == 0) touched_.push_back(other);
      commonWeights_[other] += weight;
    }
  }
}

std::uint32_t NeighbourFinder::similarity(std::uint32_t item, std::uint32_t other) const {
  const Wide common = commonWeights_[other];
  const auto roots = std::uint64_t{roots_[item]} * roots_[other];
  const auto cosine = static_cast<std::uint64_t>((common << (2 * kRootBits)) * kMaxPopularity / roots);
  const auto shrunk = Wide{cosine} * common / (common + kShrinkage);
  return static_cast<std::uint32_t>(std::min<Wide>(shrunk, 65'535));
}

std::vector<Similar> NeighbourFinder::nearest(std::uint32_t item) {
  std::vector<Similar> found;
  for (const auto other : touched_) {
    if (commonOrders_[other] >= options_.minSupport) found.push_back({other, similarity(item, other), commonOrders_[other]});
    commonOrders_[other] = 0;
    commonWeights_[other] = 0;
  }
  touched_.clear();
  const auto kept = std::min(found.size(), static_cast<std::size_t>(options_.neighbours));
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), isNearer);
  found.resize(kept);
  return found;
}

BuiltRow NeighbourFinder::row(std::uint32_t item) {
  count(item);
  auto found = nearest(item);
  BuiltRow row;
  if (found.empty() || found.front().similarity == 0) return row;
  row.scale = found.front().similarity;
  std::ranges::sort(found, {}, &Similar::item);
  for (const auto& [other, similarity, orders] : found) {
    // To the nearest; what is below one 65,535th in the end would weigh less than popularity, and says nothing.
    const auto weight = (similarity * 255 + row.scale / 2) / row.scale;
    if (weight * row.scale < kLeastSimilarity) continue;
    row.neighbours.push_back({other, static_cast<std::uint8_t>(weight), static_cast<std::uint16_t>(std::min(orders, kMaxPairOrders))});
  }
  return row;
}

}  // namespace souk
