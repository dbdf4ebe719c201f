// SPDX-License-Identifier: MIT
// Finding a record by its id in a list that is kept in the order of its making.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/sort.hpp"

namespace souk {

[[nodiscard]] inline std::string_view idOf(const std::string& id) { return id; }

template <class T>
[[nodiscard]] std::string_view idOf(const T& item) {
  return item.id;
}

/// Positions of a list's items, sorted by id. Derived: never part of a snapshot or a digest. 4 bytes an item.
class IdIndex {
 public:
  /// Position of the item with this id, or nothing. O(log n).
  template <class T>
  [[nodiscard]] std::optional<std::size_t> find(const std::vector<T>& items, std::string_view id) const {
    const auto at = lowerBound(items, id);
    if (at == positions_.end() || idOf(items[*at]) != id) return std::nullopt;
    return *at;
  }

  /// Takes in the last item of the list. O(log n) comparisons and O(n) moves of 4 bytes.
  template <class T>
  void addLast(const std::vector<T>& items) {
    positions_.insert(lowerBound(items, idOf(items.back())), static_cast<std::uint32_t>(items.size() - 1));
  }

  /// Makes the index of a restored list; false where two items have one id. O(n log n).
  template <class T>
  [[nodiscard]] bool rebuild(const std::vector<T>& items) {
    positions_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) positions_[i] = static_cast<std::uint32_t>(i);
    const auto byId = [&](auto a, auto b) { return idOf(items[a]) < idOf(items[b]); };
    sortInPlace(positions_, byId);
    const auto same = [&](auto a, auto b) { return idOf(items[a]) == idOf(items[b]); };
    return std::adjacent_find(positions_.begin(), positions_.end(), same) == positions_.end();
  }

 private:
  template <class T>
  [[nodiscard]] std::vector<std::uint32_t>::const_iterator lowerBound(const std::vector<T>& items, std::string_view id) const {
    return std::lower_bound(positions_.begin(), positions_.end(), id,
                            [&](std::uint32_t position, std::string_view wanted) { return idOf(items[position]) < wanted; });
  }

  std::vector<std::uint32_t> positions_;
};

}  // namespace souk
