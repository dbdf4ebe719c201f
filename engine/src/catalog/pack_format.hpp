// SPDX-License-Identifier: MIT
// The numbers of the pack format that reader and writer share. The format itself is described in souk/catalog.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "souk/catalog.hpp"
#include "souk/core/digest.hpp"

namespace souk::pack_format {

inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kItemsAt = 12;
inline constexpr std::size_t kNeighboursAt = 16;
inline constexpr std::size_t kIdBytesAt = 20;
inline constexpr std::size_t kOrdersAt = 24;
inline constexpr std::size_t kHeaderSize = 28;
inline constexpr std::size_t kDigestSize = sizeof(Digest::bytes);

// Whether indexes need a third byte.
constexpr bool isWide(std::uint64_t items) { return items > 65'536; }

// Single bytes, because a load that is not aligned reads another value in the plain-JavaScript build. Compilers join them where that is safe.
inline std::uint32_t load16(const std::uint8_t* at) { return at[0] | (std::uint32_t{at[1]} << 8); }
inline std::uint32_t load24(const std::uint8_t* at) { return load16(at) | (std::uint32_t{at[2]} << 16); }
inline std::uint32_t load32(const std::uint8_t* at) { return load24(at) | (std::uint32_t{at[3]} << 24); }

}  // namespace souk::pack_format
