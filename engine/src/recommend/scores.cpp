// SPDX-License-Identifier: MIT
// Fibonacci hashing of 32-bit indexes, which are dense and would else cluster.
#include "scores.hpp"

#include <algorithm>
#include <bit>

namespace souk {

Scores::Scores(std::size_t most)
    : places_(std::bit_ceil(std::max<std::size_t>(2 * most, 16))), shift_(32 - std::countr_zero(places_.size())) {
  entries_.reserve(most);
}

// Where the item is, or the free place where it belongs.
std::size_t Scores::placeOf(std::uint32_t item) const {
  std::size_t place = (item * 2'654'435'769U) >> shift_;
  while (places_[place] != 0 && entries_[places_[place] - 1].item != item) place = (place + 1) & (places_.size() - 1);
  return place;
}

Score& Scores::of(std::uint32_t item) {
  auto& place = places_[placeOf(item)];
  if (place == 0) {
    entries_.push_back({item, false, 0});
    place = static_cast<std::uint32_t>(entries_.size());
  }
  return entries_[place - 1];
}

const Score* Scores::find(std::uint32_t item) const {
  const auto place = places_[placeOf(item)];
  return place == 0 ? nullptr : &entries_[place - 1];
}

}  // namespace souk
