// SPDX-License-Identifier: MIT
// From order lines to the bytes of a pack, as souk/catalog.hpp lays them out.
#include "souk/catalog/pack_builder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "baskets.hpp"
#include "pack_format.hpp"
#include "souk/core/id.hpp"

namespace souk {
namespace {

constexpr std::uint64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Ids in the order of their bytes, and for each number of first appearance the place in that order.
struct Ranking {
  std::vector<std::string_view> ids;
  std::vector<std::uint32_t> places;
};

template <class Numbers>
Ranking rank(const Numbers& numbers) {
  std::vector<std::pair<std::string_view, std::uint32_t>> sorted(numbers.begin(), numbers.end());
  std::ranges::sort(sorted);
  Ranking ranking;
  ranking.places.resize(sorted.size());
  for (const auto& [id, number] : sorted) {
    ranking.places[number] = static_cast<std::uint32_t>(ranking.ids.size());
    ranking.ids.push_back(id);
  }
  return ranking;
}

// Lines with items by place, sorted, each once.
std::vector<std::uint64_t> distinctLines(const std::vector<std::uint64_t>& lines, const Ranking& ranking) {
  std::vector<std::uint64_t> distinct;
  distinct.reserve(lines.size());
  for (const auto line : lines) distinct.push_back((line >> 32 << 32) | ranking.places[line & 0xffff'ffff]);
  std::ranges::sort(distinct);
  const auto repeated = std::ranges::unique(distinct);
  distinct.erase(repeated.begin(), repeated.end());
  return distinct;
}

// Share of the most frequent item's orders, rounded up, so that no known item has none.
std::vector<std::uint32_t> popularities(const Baskets& baskets) {
  std::vector<std::uint32_t> orders(baskets.items());
  for (std::uint32_t item = 0; item < orders.size(); ++item) orders[item] = static_cast<std::uint32_t>(baskets.ordersOf(item).size());
  const std::uint64_t most = std::ranges::max(orders);
  for (auto& count : orders) count = static_cast<std::uint32_t>((count * std::uint64_t{kMaxPopularity} + most - 1) / most);
  return orders;
}

std::vector<BuiltRow> allRows(const Baskets& baskets, const PackOptions& options) {
  NeighbourFinder finder(baskets, options);
  std::vector<BuiltRow> rows;
  rows.reserve(baskets.items());
  for (std::uint32_t item = 0; item < baskets.items(); ++item) rows.push_back(finder.row(item));
  return rows;
}

Bytes header(std::span<const std::string_view> ids, std::span<const BuiltRow> rows, std::size_t orders) {
  std::size_t idBytes = 0;
  std::size_t neighbours = 0;
  for (const auto id : ids) idBytes += id.size();
  for (const auto& row : rows) neighbours += row.neighbours.size();
  Bytes out(kPackMagic.begin(), kPackMagic.end());
  append(out, kPackVersion, 4);
  for (const auto count : {ids.size(), neighbours, idBytes, orders}) append(out, count, 4);
  return out;
}

void appendNeighbours(Bytes& out, std::span<const BuiltRow> rows) {
  const int indexSize = pack_format::isWide(rows.size()) ? 3 : 2;
  const auto each = [rows](const auto& visit) {
    for (const auto& row : rows) std::ranges::for_each(row.neighbours, visit);
  };
  each([&](const Neighbour& neighbour) { append(out, neighbour.item, indexSize); });
  each([&](const Neighbour& neighbour) { out.push_back(neighbour.weight); });
  each([&](const Neighbour& neighbour) { append(out, neighbour.orders, 2); });
}

}  // namespace

std::uint32_t PackBuilder::numberOf(Numbers& numbers, std::string_view id) {
  if (const auto known = numbers.find(id); known != numbers.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(numbers.size());
  numbers.emplace(id, number);
  return number;
}

Result<void> PackBuilder::add(std::string_view order, std::string_view item) {
  if (auto checked = checkId(item); !checked) return checked;
  if (lines_.size() >= kMaxCount) return fail(Code::outOfRange, {}, "a pack is built from fewer than 2^32 lines");
  if (items_.size() == kMaxPackItems && !items_.contains(item)) return fail(Code::outOfRange, {}, "a pack has at most 2^24 items");
  lines_.push_back((std::uint64_t{numberOf(orders_, order)} << 32) | numberOf(items_, item));
  return {};
}

Result<Bytes> PackBuilder::build(const PackOptions& options) const {
  if (options.neighbours < 1 || options.neighbours > std::int64_t{kMaxRowSize}) {
    return fail(Code::outOfRange, "/neighbours", "an item keeps 1 to 255 neighbours");
  }
  if (options.minSupport < 1) return fail(Code::outOfRange, "/minSupport", "neighbours share at least 1 order");
  if (lines_.empty()) return fail(Code::nothingLeft, {}, "there is no order line to build a pack from");

  const auto ranking = rank(items_);
  const Baskets baskets(distinctLines(lines_, ranking), orders_.size(), items_.size());
  const auto popularity = popularities(baskets);
  const auto rows = allRows(baskets, options);

  auto out = header(ranking.ids, rows, orders_.size());
  for (const auto id : ranking.ids) append(out, id.size(), 1);
  for (const auto& row : rows) append(out, row.neighbours.size(), 1);
  for (const auto value : popularity) append(out, value, 2);
  for (const auto& row : rows) append(out, row.scale, 2);
  appendNeighbours(out, rows);
  for (const auto id : ranking.ids) out.insert(out.end(), id.begin(), id.end());
  const auto digest = sha256(out);
  out.insert(out.end(), digest.bytes.begin(), digest.bytes.end());
  return out;
}

}  // namespace souk
