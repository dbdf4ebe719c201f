// SPDX-License-Identifier: MIT
// Opening a pack: everything that souk/catalog.hpp promises about its bytes is checked here, once, and nothing is taken on trust.
#include <algorithm>
#include <numeric>
#include <utility>

#include "pack_format.hpp"
#include "souk/catalog.hpp"
#include "souk/core/id.hpp"

namespace souk {

using pack_format::kDigestSize;
using pack_format::kHeaderSize;
using pack_format::load32;

namespace {

std::unexpected<Error> damaged(const char* what) { return fail(Code::damagedBytes, {}, what); }

}  // namespace

// Sizes are added up in 64 bits: with the counts bounded first, no sum can wrap, on 32-bit hosts either.
Result<void> Pack::readHeader() {
  const auto* header = bytes_.data();
  if (bytes_.size() < kHeaderSize + kDigestSize) return damaged("the bytes end within the header of a pack");
  if (!std::equal(kPackMagic.begin(), kPackMagic.end(), header)) return damaged("the bytes are not those of a pack");
  if (load32(header + pack_format::kVersionAt) != kPackVersion) return fail(Code::unsupportedVersion, {}, "the pack is not of version 1");

  const std::uint64_t items = load32(header + pack_format::kItemsAt);
  const std::uint64_t neighbours = load32(header + pack_format::kNeighboursAt);
  const std::uint64_t idBytes = load32(header + pack_format::kIdBytesAt);
  if (items == 0 || items > kMaxPackItems) return damaged("the pack counts no items or too many");
  if (neighbours > items * kMaxRowSize || idBytes > items * kMaxIdSize) return damaged("the pack counts more than its items can have");
  orders_ = load32(header + pack_format::kOrdersAt);
  wide_ = pack_format::isWide(items);

  const std::uint64_t indexSize = wide_ ? 3 : 2;
  const auto size = kHeaderSize + 6 * items + (indexSize + 3) * neighbours + idBytes + kDigestSize;
  if (size != bytes_.size()) return damaged("the pack is shorter or longer than its counts say");
  popularityAt_ = static_cast<std::size_t>(kHeaderSize + 2 * items);
  scalesAt_ = static_cast<std::size_t>(popularityAt_ + 2 * items);
  neighboursAt_ = static_cast<std::size_t>(scalesAt_ + 2 * items);
  weightsAt_ = static_cast<std::size_t>(neighboursAt_ + indexSize * neighbours);
  pairOrdersAt_ = static_cast<std::size_t>(weightsAt_ + neighbours);
  idsAt_ = static_cast<std::size_t>(pairOrdersAt_ + 2 * neighbours);
  return {};
}

Result<void> Pack::checkDigest() {
  const auto covered = bytes_.size() - kDigestSize;
  std::copy_n(bytes_.data() + covered, kDigestSize, digest_.bytes.begin());
  if (sha256(std::span(bytes_).first(covered)) != digest_) return damaged("the pack does not match its digest");
  return {};
}

Result<void> Pack::readLengths() {
  const auto items = (popularityAt_ - kHeaderSize) / 2;
  const auto* lengths = bytes_.data() + kHeaderSize;
  const auto sums = [items](const std::uint8_t* of) {
    std::vector<std::uint32_t> ends(items + 1);
    std::inclusive_scan(of, of + items, ends.begin() + 1, std::plus{}, std::uint32_t{0});
    return ends;
  };
  idEnds_ = sums(lengths);
  rowEnds_ = sums(lengths + items);
  if (idEnds_.back() != load32(bytes_.data() + pack_format::kIdBytesAt)) return damaged("the lengths of the ids do not fill their section");
  if (rowEnds_.back() != load32(bytes_.data() + pack_format::kNeighboursAt)) return damaged("the rows do not fill their section");
  return {};
}

Result<void> Pack::checkIds() const {
  for (std::uint32_t item = 0; item < items(); ++item) {
    if (!checkId(id(item))) return damaged("an id in the pack is not an id");
    if (item > 0 && id(item - 1) >= id(item)) return damaged("the ids in the pack do not ascend");
  }
  return {};
}

Result<void> Pack::checkRows() const {
  for (std::uint32_t item = 0; item < items(); ++item) {
    const auto row = this->row(item);
    if (popularity(item) == 0) return damaged("an item in the pack has no popularity");
    if ((row.size() == 0) != (row.scale() == 0)) return damaged("a row in the pack has a scale of 0, or an empty one has another");
    for (std::size_t k = 0; k < row.size(); ++k) {
      const auto neighbour = row[k];
      if (neighbour.item >= items() || neighbour.item == item) return damaged("a neighbour in the pack is the item itself or no item");
      if (k > 0 && row[k - 1].item >= neighbour.item) return damaged("a row in the pack does not ascend");
      if (neighbour.weight * row.scale() < kLeastSimilarity) return damaged("a neighbour in the pack has too little weight");
      if (neighbour.orders == 0) return damaged("a neighbour in the pack shares no order");
    }
  }
  return {};
}

void Pack::rankPopular() {
  std::vector<std::uint32_t> ranked(items());
  std::iota(ranked.begin(), ranked.end(), 0U);
  const auto head = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size(), kHeadSize));
  std::partial_sort(ranked.begin(), head, ranked.end(), [this](auto a, auto b) {
    const auto first = popularity(a);
    const auto second = popularity(b);
    return first != second ? first > second : a < b;
  });
  popular_.assign(ranked.begin(), head);
}

Result<Pack> openPack(std::vector<std::uint8_t> bytes) {
  Pack pack;
  pack.bytes_ = std::move(bytes);
  auto checked = pack.readHeader();
  if (checked) checked = pack.checkDigest();
  if (checked) checked = pack.readLengths();
  if (checked) checked = pack.checkIds();
  if (checked) checked = pack.checkRows();
  if (!checked) return std::unexpected(std::move(checked).error());
  pack.rankPopular();
  return pack;
}

}  // namespace souk
