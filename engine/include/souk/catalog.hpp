// SPDX-License-Identifier: MIT
// The pack: what a shop knows about its items, built offline by `souk pack build`, immutable, and checked whole before anything of it is used.
//
// One file, `pack.souk`, version 1. Integers are unsigned and little-endian; nothing is aligned, and every load is made of single bytes.
//
//   bytes        what
//   8            "SOUKPACK"
//   4            version, 1
//   4            n: items, 1 to 2^24
//   4            m: neighbours, in all rows together
//   4            t: bytes of all ids together
//   4            orders from which the pack was built
//   n            length of each id, 1 to 64
//   n            length of each item's row of neighbours, 0 to 255
//   2 n          popularity of each item, 1 to 65,535
//   2 n          scale of each row; 0 exactly where the row is empty
//   w m          neighbours by index, ascending within a row; w is 2 where n <= 65,536, else 3
//   m            weight of each neighbour, 1 to 255
//   2 m          orders that held both, 1 to 65,535; 65,535 says that many or more
//   t            ids, ascending by bytes; the place of an id is the item's index
//   32           SHA-256 of all bytes before
//
// Lengths instead of offsets: no section or row can overlap another, and the file's size follows from the header alone. Equal contents have
// equal bytes. A matching digest says that the bytes are those that were written, not that who wrote them is honest; so everything below the
// digest is checked as well, and a hostile pack can at worst recommend the wrong items.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"

namespace souk {

/// Name of the file that `souk pack build` writes.
inline constexpr std::string_view kPackFile = "pack.souk";

/// First bytes of a pack and the version that this release reads and writes.
inline constexpr std::string_view kPackMagic = "SOUKPACK";
inline constexpr std::uint32_t kPackVersion = 1;

/// Most items in a pack, and most neighbours of one item: what three bytes and one byte hold.
inline constexpr std::uint32_t kMaxPackItems = 1U << 24;
inline constexpr std::uint32_t kMaxRowSize = 255;

/// Most orders that are counted for two items together.
inline constexpr std::uint32_t kMaxPairOrders = 65'535;

/// Popularity of the item that most orders hold. All others are in proportion, at least 1.
inline constexpr std::uint32_t kMaxPopularity = 65'535;

/// Least `weight × scale` of a neighbour: a similarity of one 65,535th. Scores rely on it to keep what is merely popular behind every
/// neighbour, so a pack with less is refused.
inline constexpr std::uint32_t kLeastSimilarity = 255;

/// One neighbour in an item's row.
struct Neighbour {
  std::uint32_t item;   ///< Index of the neighbour.
  std::uint8_t weight;  ///< 1 to 255; `weight × scale` of the row is the similarity in units of 1 / (255 × 65,535), comparable across rows.
  std::uint16_t orders;  ///< Orders that held both items, 1 to kMaxPairOrders, which says that many or more.
};

/// The neighbours of one item, by ascending index. Valid as long as its Pack lives and is not assigned to.
class PackRow {
 public:
  [[nodiscard]] std::size_t size() const { return weights_.size(); }

  /// Similarity of the row's nearest neighbour, in 65,535ths; 0 for an empty row.
  [[nodiscard]] std::uint32_t scale() const { return scale_; }

  /// The k-th neighbour, k < size(). O(1).
  [[nodiscard]] Neighbour operator[](std::size_t k) const { return {itemAt(k), weights_[k], ordersAt(k)}; }

  /// The neighbour with this index, if the row has it. O(log size).
  [[nodiscard]] std::optional<Neighbour> find(std::uint32_t item) const;

 private:
  friend class Pack;
  [[nodiscard]] std::uint32_t itemAt(std::size_t k) const;
  [[nodiscard]] std::uint16_t ordersAt(std::size_t k) const;

  const std::uint8_t* items_ = nullptr;
  std::span<const std::uint8_t> weights_;
  const std::uint8_t* orders_ = nullptr;
  std::uint32_t scale_ = 0;
  bool wide_ = false;
};

/// An opened pack. Holds its bytes and, beside them, 8 bytes an item. Items are known by their index, 0 to items() - 1, in the order of
/// their ids, so comparing indexes compares ids. An index that a caller gives must be below items().
class Pack {
 public:
  [[nodiscard]] std::uint32_t items() const { return static_cast<std::uint32_t>(rowEnds_.size() - 1); }

  /// Neighbours in all rows together, and orders that the pack was built from.
  [[nodiscard]] std::uint32_t neighbours() const { return rowEnds_.back(); }
  [[nodiscard]] std::uint32_t orders() const { return orders_; }

  /// Size of the file in bytes.
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  /// SHA-256 of all bytes before it: the name of these contents.
  [[nodiscard]] const Digest& digest() const { return digest_; }

  /// The id of an item; valid as long as the pack lives and is not assigned to. O(1).
  [[nodiscard]] std::string_view id(std::uint32_t item) const;

  /// The index of an id, or nothing for an unknown one. O(log items); allocates nothing.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view id) const;

  /// How many orders hold the item, as a share of the most frequent item's: 1 to kMaxPopularity. O(1).
  [[nodiscard]] std::uint32_t popularity(std::uint32_t item) const;

  /// The neighbours of an item. O(1).
  [[nodiscard]] PackRow row(std::uint32_t item) const;

  /// The most popular items, at most kHeadSize, by popularity and then index.
  [[nodiscard]] std::span<const std::uint32_t> popular() const { return popular_; }

  /// Enough that lists of exclusions seldom reach its end; behind it, the whole pack is searched.
  static constexpr std::size_t kHeadSize = 1'024;

 private:
  friend Result<Pack> openPack(std::vector<std::uint8_t> bytes);
  Pack() = default;

  [[nodiscard]] Result<void> readHeader();
  [[nodiscard]] Result<void> checkDigest();
  [[nodiscard]] Result<void> readLengths();
  [[nodiscard]] Result<void> checkIds() const;
  [[nodiscard]] Result<void> checkRows() const;
  void rankPopular();

  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> idEnds_;   // items + 1 ends, from 0, within the ids
  std::vector<std::uint32_t> rowEnds_;  // items + 1 ends, from 0, within the neighbours
  std::vector<std::uint32_t> popular_;
  Digest digest_;
  std::uint32_t orders_ = 0;
  bool wide_ = false;  // indexes take three bytes
  // Where the sections begin. Numbers, not pointers, so that a Pack may be moved and copied.
  std::size_t popularityAt_ = 0;
  std::size_t scalesAt_ = 0;
  std::size_t neighboursAt_ = 0;
  std::size_t weightsAt_ = 0;
  std::size_t pairOrdersAt_ = 0;
  std::size_t idsAt_ = 0;
};

/// Takes the bytes of a pack and checks all of them; afterwards no access can leave them.
///
/// @param bytes  The file, whole. Move it in: it is kept.
/// @error damaged-bytes        too short or long for its counts, not what its digest says, or contents that no builder writes: ids or
///                             rows out of order, a neighbour that is its own, repeated or no item of the pack, a number out of range
/// @error unsupported-version  a pack, but of another version
/// @complexity O(bytes); five allocations, whatever the number of items.
[[nodiscard]] Result<Pack> openPack(std::vector<std::uint8_t> bytes);

}  // namespace souk
