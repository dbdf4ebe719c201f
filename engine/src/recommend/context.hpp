// SPDX-License-Identifier: MIT
// What a question means to a pack: which of its items are context and with what weight, and which may not be recommended.
#pragma once

#include <cstdint>
#include <vector>

#include "souk/catalog.hpp"
#include "souk/recommend.hpp"

namespace souk {

/// Weight of a context item in the cart, and of the last one in the history.
inline constexpr std::uint32_t kCartWeight = 65'535;
inline constexpr std::uint32_t kHistoryWeight = 8'192;

/// Distinct items after which the weight of the history has halved.
inline constexpr std::uint32_t kHistoryHalf = 50;

/// Weight of the history's item after which `rank` other distinct ones came.
constexpr std::uint32_t historyWeight(std::uint32_t rank) { return kHistoryWeight * kHistoryHalf / (kHistoryHalf + rank); }

/// An item that others are recommended for.
struct ContextItem {
  std::uint32_t item = 0;
  std::uint32_t weight = 0;
};

/// A question in terms of a pack.
struct Context {
  std::vector<ContextItem> items;     ///< Each once.
  std::vector<std::uint32_t> barred;  ///< Items that may not be recommended; repetitions possible.
  std::int64_t unknown = 0;           ///< Distinct unknown ids of cart and history.
};

/// Looks up all ids of a question. O(ids × log items).
[[nodiscard]] Context contextOf(const Pack& pack, const RecommendRequest& request);

}  // namespace souk
