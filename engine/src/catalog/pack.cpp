// SPDX-License-Identifier: MIT
// Reading an opened pack. `openPack` has checked everything, so nothing is checked again here.
#include "souk/catalog.hpp"

#include "pack_format.hpp"

namespace souk {

using pack_format::load16;
using pack_format::load24;

std::uint32_t PackRow::itemAt(std::size_t k) const { return wide_ ? load24(items_ + 3 * k) : load16(items_ + 2 * k); }

std::uint16_t PackRow::ordersAt(std::size_t k) const { return static_cast<std::uint16_t>(load16(orders_ + 2 * k)); }

std::optional<Neighbour> PackRow::find(std::uint32_t item) const {
  std::size_t low = 0;
  for (std::size_t high = size(); low < high;) {
    const auto middle = (low + high) / 2;
    if (itemAt(middle) < item) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == size() || itemAt(low) != item) return std::nullopt;
  return (*this)[low];
}

std::string_view Pack::id(std::uint32_t item) const {
  const auto* ids = reinterpret_cast<const char*>(bytes_.data() + idsAt_);
  return {ids + idEnds_[item], idEnds_[item + 1] - idEnds_[item]};
}

std::optional<std::uint32_t> Pack::find(std::string_view id) const {
  std::uint32_t low = 0;
  for (std::uint32_t high = items(); low < high;) {
    const auto middle = (low + high) / 2;
    if (this->id(middle) < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == items() || this->id(low) != id) return std::nullopt;
  return low;
}

std::uint32_t Pack::popularity(std::uint32_t item) const { return load16(bytes_.data() + popularityAt_ + std::size_t{2} * item); }

PackRow Pack::row(std::uint32_t item) const {
  const std::size_t begin = rowEnds_[item];
  PackRow row;
  row.items_ = bytes_.data() + neighboursAt_ + (wide_ ? 3 : 2) * begin;
  row.weights_ = std::span(bytes_).subspan(weightsAt_ + begin, rowEnds_[item + 1] - begin);
  row.orders_ = bytes_.data() + pairOrdersAt_ + 2 * begin;
  row.scale_ = load16(bytes_.data() + scalesAt_ + std::size_t{2} * item);
  row.wide_ = wide_;
  return row;
}

}  // namespace souk
