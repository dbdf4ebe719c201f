// SPDX-License-Identifier: MIT
#include "pack_fixtures.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "souk/core/digest.hpp"

namespace souk::fixtures {
namespace {

void append(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

Bytes withDigest(Bytes bytes) {
  const auto digest = sha256(std::span(bytes).first(bytes.size() - 32));
  std::ranges::copy(digest.bytes, bytes.end() - 32);
  return bytes;
}

Bytes bytesOf(const RawPack& raw) {
  std::size_t neighbours = 0;
  std::string ids;
  for (const auto& item : raw.items) neighbours += item.row.size(), ids += item.id;
  const auto count = [](std::int64_t set, std::size_t follows) { return set >= 0 ? static_cast<std::uint64_t>(set) : follows; };
  const auto each = [&raw](auto visit) {
    for (const auto& item : raw.items) std::ranges::for_each(item.row, visit);
  };

  Bytes out(kPackMagic.begin(), kPackMagic.end());
  append(out, raw.version, 4);
  append(out, count(raw.itemCount, raw.items.size()), 4);
  append(out, count(raw.neighbourCount, neighbours), 4);
  append(out, count(raw.idBytes, ids.size()), 4);
  append(out, raw.orders, 4);
  for (const auto& item : raw.items) append(out, item.id.size(), 1);
  for (const auto& item : raw.items) append(out, item.row.size(), 1);
  for (const auto& item : raw.items) append(out, item.popularity, 2);
  for (const auto& item : raw.items) append(out, item.scale, 2);
  each([&](const Neighbour& neighbour) { append(out, neighbour.item, 2); });
  each([&](const Neighbour& neighbour) { append(out, neighbour.weight, 1); });
  each([&](const Neighbour& neighbour) { append(out, neighbour.orders, 2); });
  out.insert(out.end(), ids.begin(), ids.end());
  out.resize(out.size() + 32);
  return withDigest(out);
}

RawPack threeItems() {
  return {
      {{"apple", 65'535, 30'000, {{1, 255, 9}, {2, 17, 2}}}, {"bread", 200, 30'000, {{0, 255, 9}}}, {"cheese", 1, 2'000, {{0, 255, 2}}}}};
}

BasketList randomBaskets(std::mt19937& random, std::size_t orders, std::size_t items, std::size_t largest) {
  const auto below = [&](std::size_t bound) { return random() % bound; };
  BasketList baskets(orders);
  for (auto& basket : baskets) {
    for (auto size = 1 + below(largest); size > 0; --size) {
      std::string id = "i";
      id += std::to_string(below(1 + below(items)));
      basket.insert(id);
    }
  }
  return baskets;
}

Bytes build(const BasketList& baskets, const PackOptions& options) {
  PackBuilder builder;
  for (std::size_t order = 0; order < baskets.size(); ++order) {
    for (const auto& item : baskets[order]) REQUIRE(builder.add(std::to_string(order), item));
  }
  auto bytes = builder.build(options);
  REQUIRE(bytes);
  return *std::move(bytes);
}

Pack opened(Bytes bytes) {
  auto pack = openPack(std::move(bytes));
  REQUIRE(pack);
  return *std::move(pack);
}

}  // namespace souk::fixtures
