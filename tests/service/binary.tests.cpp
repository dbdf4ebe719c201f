// SPDX-License-Identifier: MIT
// The binary form: one value, one form; no bytes make it read out of bounds.
#include <catch2/catch_test_macros.hpp>

#include "service_world.hpp"
#include "souk/core/binary.hpp"

namespace souk::test {

TEST_CASE("binary form: integers at their borders come back as they were", "[core][binary][boundary]") {
  for (const auto value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-64}, std::int64_t{-65},
                           kMaxExact, -kMaxExact, INT64_MAX, INT64_MIN}) {
    Bytes bytes;
    BinaryWriter{bytes}.integer(value);
    BinaryReader reader{bytes};
    CHECK(reader.integer() == value);
    CHECK(reader.finish());
  }
}

TEST_CASE("binary form: a number has one spelling; a longer one is a fault", "[core][binary]") {
  for (const Bytes& bytes : {Bytes{0x80, 0x00}, Bytes{0xff, 0x80, 0x00}, Bytes{0x80}, Bytes(11, 0xff)}) {
    BinaryReader reader{bytes};
    (void)reader.unsignedInteger();
    CHECK(!reader.finish());
  }
}

TEST_CASE("binary form: an absurd length is a fault before anything is allocated", "[core][binary]") {
  Bytes bytes;
  BinaryWriter{bytes}.unsignedInteger(std::uint64_t{1} << 40);
  CHECK(!fromBinary<std::vector<std::int64_t>>(bytes));
  CHECK(!fromBinary<std::string>(bytes));
}

TEST_CASE("binary form: facts come back equal, and random bytes never crash the reader", "[core][binary]") {
  Random random{3};
  World world;
  const auto facts = world.submit(received("c1", "o1", 1'234)).facts;
  for (const auto& fact : facts) {
    const auto bytes = toBinary(fact);
    const auto back = fromBinary<Fact>(bytes);
    REQUIRE(back);
    CHECK(toBinary(*back) == bytes);
    for (int i = 0; i < 20'000; ++i) {
      auto spoilt = bytes;
      for (auto n = random.between(1, 4); n > 0; --n) {
        spoilt[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(spoilt.size()) - 1))] =
            static_cast<std::uint8_t>(random.next());
      }
      const auto read = fromBinary<Fact>(spoilt);
      if (read) REQUIRE(toBinary(*read) == spoilt);
    }
  }
}

}  // namespace souk::test
