// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4): 32-bit words only, so that it is fast in the plain-JavaScript build too. Our own because the core has no
// dependency, and 64 steps of public standard do not earn one.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"

namespace souk {

/// A SHA-256 digest: 32 bytes, on the wire 64 lower-case hexadecimal digits.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
};

/// Incremental SHA-256. O(1) memory, about 64 steps per 64 bytes; any length below 2^61 bytes.
class Sha256 {
 public:
  /// Takes in more bytes; `update(a); update(b)` equals `update(a + b)`.
  void update(std::span<const std::uint8_t> bytes);
  void update(std::string_view text);

  /// The digest of all that was taken in. The object must not be used afterwards.
  [[nodiscard]] Digest finish();

 private:
  void block(const std::uint8_t* bytes);

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> pending_{};
  std::size_t pendingSize_ = 0;
  std::uint64_t size_ = 0;
};

/// SHA-256 of some bytes at once.
[[nodiscard]] Digest sha256(std::span<const std::uint8_t> bytes);
[[nodiscard]] Digest sha256(std::string_view text);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string toHex(const Digest& digest);

/// Reads 64 lower-case hexadecimal digits. @error wrong-type
[[nodiscard]] Result<Digest> digestFromHex(std::string_view hex);

}  // namespace souk
