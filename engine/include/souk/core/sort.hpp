// SPDX-License-Identifier: MIT
// Sorting that is small in the wasm file: std::sort brings two kilobytes for every type and order, this brings two hundred bytes.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

namespace souk {

/// Sorts a random-access range by an order, in place (heapsort, Williams 1964). Not stable: give an order in which different elements differ.
/// O(n log n) at worst; allocates nothing.
template <class Range, class Less = std::less<>>
void sortInPlace(Range& range, Less less = {}) {
  const auto first = range.begin();
  const auto at = [&](std::size_t i) -> decltype(auto) { return first[static_cast<std::ptrdiff_t>(i)]; };
  const auto sink = [&](std::size_t parent, std::size_t size) {
    for (auto child = 2 * parent + 1; child < size; parent = child, child = 2 * child + 1) {
      if (child + 1 < size && less(at(child), at(child + 1))) ++child;
      if (!less(at(parent), at(child))) return;
      std::swap(at(parent), at(child));
    }
  };
  const auto count = static_cast<std::size_t>(range.size());
  for (auto i = count / 2; i > 0; --i) sink(i - 1, count);
  for (auto size = count; size > 1; --size) {
    std::swap(at(0), at(size - 1));
    sink(0, size - 1);
  }
}

}  // namespace souk
