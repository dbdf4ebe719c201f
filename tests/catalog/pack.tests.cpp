// SPDX-License-Identifier: MIT
// Opening packs: what is whole is read as it was written, what is damaged or hostile is refused.
#include <catch2/catch_test_macros.hpp>
#include <utility>

#include "pack_fixtures.hpp"

using namespace souk;
using fixtures::bytesOf;
using fixtures::opened;
using fixtures::RawPack;
using fixtures::threeItems;
using fixtures::withDigest;

namespace {

// Why bytes are refused; empty if they are not.
std::string refusal(fixtures::Bytes bytes) {
  const auto pack = openPack(std::move(bytes));
  if (pack) return {};
  return std::string(codeName(pack.error().code)) + ": " + pack.error().message;
}

std::string refusal(const RawPack& raw) { return refusal(bytesOf(raw)); }

// A pack of many items without neighbours, for what depends on the number of items.
RawPack manyItems(std::uint32_t count) {
  RawPack raw;
  for (std::uint32_t i = 0; i < count; ++i) raw.items.push_back({"i" + std::to_string(1'000'000 + i)});
  return raw;
}

}  // namespace

TEST_CASE("pack: what was written is read", "[catalog]") {
  const auto pack = opened(bytesOf(threeItems()));
  CHECK(pack.items() == 3);
  CHECK(pack.neighbours() == 4);
  CHECK(pack.orders() == 3);
  CHECK(pack.id(0) == "apple");
  CHECK(pack.id(2) == "cheese");
  CHECK(pack.popularity(1) == 200);

  const auto row = pack.row(0);
  REQUIRE(row.size() == 2);
  CHECK(row.scale() == 30'000);
  CHECK(row[1].item == 2);
  CHECK(row[1].weight == 17);
  CHECK(row[1].orders == 2);
  CHECK(row.find(1)->weight == 255);
  CHECK_FALSE(row.find(0));
  CHECK_FALSE(row.find(3));
}

TEST_CASE("pack: an id is found exactly, or not at all", "[catalog]") {
  const auto pack = opened(bytesOf(threeItems()));
  CHECK(pack.find("apple") == 0U);
  CHECK(pack.find("bread") == 1U);
  CHECK(pack.find("cheese") == 2U);
  for (const auto* unknown : {"", "a", "applf", "apple ", "zebra", "Bread"}) CHECK_FALSE(pack.find(unknown));
}

TEST_CASE("pack: a copy and a moved pack read the same", "[catalog]") {
  auto pack = opened(bytesOf(threeItems()));
  const auto copy = pack;
  const auto moved = std::move(pack);
  CHECK(copy.id(1) == "bread");
  CHECK(moved.row(2)[0].weight == 255);
}

TEST_CASE("pack: every single flipped bit is refused", "[catalog][hostile]") {
  const auto whole = bytesOf(threeItems());
  REQUIRE(refusal(whole).empty());
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto bytes = whole;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
    if (refusal(std::move(bytes)).empty()) ++accepted;
  }
  CHECK(accepted == 0);
}

TEST_CASE("pack: every truncation is refused, also with a digest that matches", "[catalog][hostile]") {
  const auto whole = bytesOf(threeItems());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    fixtures::Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(refusal(bytes).starts_with("damaged-bytes"));
    if (size >= 32) CHECK(refusal(withDigest(bytes)).starts_with("damaged-bytes"));
  }
}

TEST_CASE("pack: one byte more is refused, wherever it stands", "[catalog][hostile]") {
  const auto whole = bytesOf(threeItems());
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    auto bytes = whole;
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), 0);
    CHECK_FALSE(refusal(bytes).empty());
    CHECK_FALSE(refusal(withDigest(bytes)).empty());
  }
}

TEST_CASE("pack: another version is refused with code unsupported-version", "[catalog][hostile]") {
  auto raw = threeItems();
  for (const std::uint32_t version : {0U, 2U, 0xffff'ffffU}) {
    raw.version = version;
    CHECK(refusal(raw).starts_with("unsupported-version"));
  }
}

TEST_CASE("pack: absurd counts are refused before anything is allocated for them", "[catalog][hostile]") {
  auto raw = threeItems();
  for (const std::int64_t count : {0LL, 1LL, 2LL, 4LL, 1LL << 24, (1LL << 24) + 1, 0xffff'ffffLL}) {
    raw = threeItems();
    raw.itemCount = count;
    CHECK(refusal(raw).starts_with("damaged-bytes"));
    raw = threeItems();
    raw.neighbourCount = count == 4 ? 5 : count;
    CHECK(refusal(raw).starts_with("damaged-bytes"));
    raw = threeItems();
    raw.idBytes = count;
    CHECK(refusal(raw).starts_with("damaged-bytes"));
  }
}

TEST_CASE("pack: a pack without items is refused", "[catalog][hostile][boundary]") {
  CHECK(refusal(RawPack{}) == "damaged-bytes: the pack counts no items or too many");
}

TEST_CASE("pack: counts that move the sections within the same size are refused", "[catalog][hostile]") {
  // One neighbour takes 5 bytes: fewer neighbours and 5 more bytes of ids have the size of the file.
  auto raw = threeItems();
  raw.neighbourCount = 3;
  raw.idBytes = 16 + 5;
  CHECK(refusal(raw) == "damaged-bytes: the lengths of the ids do not fill their section");
  raw.neighbourCount = 5;
  raw.idBytes = 16 - 5;
  CHECK(refusal(raw) == "damaged-bytes: the lengths of the ids do not fill their section");
}

TEST_CASE("pack: rows whose lengths do not add up are refused", "[catalog][hostile]") {
  const auto whole = bytesOf(threeItems());
  const std::size_t rowLengths = 28 + 3;
  for (const int change : {-1, 1, 100}) {
    auto bytes = whole;
    bytes[rowLengths] = static_cast<std::uint8_t>(bytes[rowLengths] + change);
    CHECK(refusal(withDigest(bytes)) == "damaged-bytes: the rows do not fill their section");
  }
}

TEST_CASE("pack: neighbours that are no other item of the pack are refused", "[catalog][hostile]") {
  const std::string cause = "damaged-bytes: a neighbour in the pack is the item itself or no item";
  auto raw = threeItems();
  raw.items[0].row[1].item = 3;
  CHECK(refusal(raw) == cause);
  raw.items[0].row[1].item = 65'535;
  CHECK(refusal(raw) == cause);
  raw = threeItems();
  raw.items[1].row[0].item = 1;
  CHECK(refusal(raw) == cause);
}

TEST_CASE("pack: rows with a repeated neighbour or out of order are refused", "[catalog][hostile]") {
  const std::string cause = "damaged-bytes: a row in the pack does not ascend";
  auto raw = threeItems();
  raw.items[0].row[1].item = 1;
  CHECK(refusal(raw) == cause);
  raw.items[0].row[0].item = 2;
  CHECK(refusal(raw) == cause);
}

TEST_CASE("pack: a neighbour too weak to stand before what is popular is refused", "[catalog][hostile]") {
  const std::string cause = "damaged-bytes: a neighbour in the pack has too little weight";
  auto raw = threeItems();
  raw.items[0].row[1].weight = 0;
  CHECK(refusal(raw) == cause);
  raw = threeItems();
  raw.items[2] = {"cheese", 1, 254, {{0, 1, 2}}};
  CHECK(refusal(raw) == cause);
  raw.items[2].scale = 255;
  CHECK(refusal(raw).empty());
}

TEST_CASE("pack: a row without scale, a scale without row, and an item that nobody bought are refused", "[catalog][hostile]") {
  auto raw = threeItems();
  raw.items[1].scale = 0;
  CHECK(refusal(raw) == "damaged-bytes: a row in the pack has a scale of 0, or an empty one has another");
  raw = threeItems();
  raw.items[1].row.clear();
  CHECK(refusal(raw) == "damaged-bytes: a row in the pack has a scale of 0, or an empty one has another");
  raw.items[1].scale = 0;
  CHECK(refusal(raw).empty());
  raw.items[1].popularity = 0;
  CHECK(refusal(raw) == "damaged-bytes: an item in the pack has no popularity");
  raw = threeItems();
  raw.items[0].row[0].orders = 0;
  CHECK(refusal(raw) == "damaged-bytes: a neighbour in the pack shares no order");
}

TEST_CASE("pack: ids that are none, repeated or out of order are refused", "[catalog][hostile]") {
  for (const auto* id : {"", "br ead", "br\xff", "bread\"", "br\n"}) {
    auto raw = threeItems();
    raw.items[1].id = id;
    CHECK(refusal(raw) == "damaged-bytes: an id in the pack is not an id");
  }
  auto raw = threeItems();
  raw.items[1].id = std::string(65, 'b');
  CHECK(refusal(raw) == "damaged-bytes: an id in the pack is not an id");
  for (const auto* id : {"apple", "aaa"}) {
    raw.items[1].id = id;
    CHECK(refusal(raw) == "damaged-bytes: the ids in the pack do not ascend");
  }
}

TEST_CASE("pack: random damage under a matching digest is refused or harmless", "[catalog][hostile]") {
  std::mt19937 random(20'110'930);
  const auto whole = fixtures::build(fixtures::randomBaskets(random, 60, 30, 6));
  for (int round = 0; round < 3'000; ++round) {
    auto bytes = whole;
    for (auto changes = 1 + random() % 3; changes > 0; --changes)
      bytes[random() % (bytes.size() - 32)] = static_cast<std::uint8_t>(random());
    const auto pack = openPack(withDigest(std::move(bytes)));
    if (!pack) continue;
    // Whatever was accepted can be read to its end: the sanitizers watch.
    std::uint64_t sum = 0;
    for (std::uint32_t item = 0; item < pack->items(); ++item) {
      sum += pack->id(item).size() + pack->popularity(item);
      const auto row = pack->row(item);
      for (std::size_t k = 0; k < row.size(); ++k) sum += pack->popularity(row[k].item);
    }
    CHECK(sum > 0);
  }
}

TEST_CASE("pack: indexes take a third byte beyond 65,536 items", "[catalog][boundary]") {
  auto raw = manyItems(65'536);
  raw.items[0] = {"a", 1, 65'535, {{65'535, 255, 2}}};
  const auto narrow = opened(bytesOf(raw));
  CHECK(narrow.row(0)[0].item == 65'535);

  PackBuilder builder;
  for (std::uint32_t i = 0; i < 65'537; ++i) REQUIRE(builder.add("order" + std::to_string(i / 2), "i" + std::to_string(1'000'000 + i)));
  REQUIRE(builder.add("order0", "i1065536"));
  const auto wide = opened(builder.build({.minSupport = 1}).value());
  CHECK(wide.items() == 65'537);
  REQUIRE(wide.row(0).size() == 2);
  CHECK(wide.row(0)[1].item == 65'536);
  CHECK(wide.row(0).find(65'536)->orders == 1);
  CHECK(wide.id(65'536) == "i1065536");
}

TEST_CASE("pack: the most popular items come by popularity and then by id, at most 1,024 of them", "[catalog]") {
  auto raw = manyItems(2'000);
  raw.items[1'999].popularity = 9;
  raw.items[700].popularity = 5;
  raw.items[300].popularity = 5;
  const auto pack = opened(bytesOf(raw));
  const auto popular = pack.popular();
  REQUIRE(popular.size() == Pack::kHeadSize);
  CHECK(popular[0] == 1'999);
  CHECK(popular[1] == 300);
  CHECK(popular[2] == 700);
  CHECK(popular[3] == 0);
  CHECK(popular[1'023] == 1'022);
}
