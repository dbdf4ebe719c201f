// SPDX-License-Identifier: MIT
// SHA-256 against the published examples (FIPS 180-4 and NIST's example values).
#include "souk/core/digest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace souk;

namespace {

std::string hexOf(std::string_view text) { return toHex(sha256(text)); }

}  // namespace

TEST_CASE("digest: SHA-256 of the published messages is as published", "[digest]") {
  CHECK(hexOf("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hexOf("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hexOf("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(hexOf(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("digest: bytes taken in by parts give the digest of the whole, wherever they are cut", "[digest]") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>(i * 37);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto whole = std::string_view(text).substr(0, size);
    const Digest expected = sha256(whole);
    for (std::size_t cut = 0; cut <= size; ++cut) {
      Sha256 hash;
      hash.update(whole.substr(0, cut));
      hash.update(whole.substr(cut));
      if (hash.finish() != expected) FAIL("size " << size << " cut " << cut);
    }
  }
}

TEST_CASE("digest: bytes taken in one by one give the digest of the whole", "[digest]") {
  Sha256 hash;
  for (int i = 0; i < 1'000; ++i) hash.update("a");
  CHECK(hash.finish() == sha256(std::string(1'000, 'a')));
}

TEST_CASE("digest: 64 lower-case hexadecimal digits are read back", "[digest]") {
  const Digest digest = sha256("souk");
  CHECK(digestFromHex(toHex(digest)) == digest);
}

TEST_CASE("digest: other texts are refused with wrong-type", "[digest]") {
  const std::string hex = toHex(sha256("souk"));
  std::string upper = hex;
  upper[0] = 'A';
  std::string foreign = hex;
  foreign[63] = 'g';
  for (const auto& text : {std::string(), hex.substr(1), hex + "0", upper, foreign}) {
    const auto read = digestFromHex(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::wrongType);
  }
}

TEST_CASE("digest: digests are ordered by their bytes from the first on", "[digest]") {
  Digest low;
  Digest high;
  low.bytes[31] = 255;
  high.bytes[0] = 1;
  CHECK(low < high);
}
