// SPDX-License-Identifier: MIT
// Looking up a question's ids. An item in both cart and history is in the cart.
#include "context.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

using Ids = std::vector<std::string>;
using Items = std::vector<std::uint32_t>;

// Indexes of the known ids, in their order.
Items known(const Pack& pack, const Ids& ids) {
  Items items;
  items.reserve(ids.size());
  for (const auto& id : ids) {
    if (const auto item = pack.find(id)) items.push_back(*item);
  }
  return items;
}

Items sortedOnce(Items items) {
  sortInPlace(items);
  const auto repeated = std::ranges::unique(items);
  items.erase(repeated.begin(), repeated.end());
  return items;
}

// The history without repetitions and cart items, the most recent first.
Items recentFirst(const Items& history, const Items& sortedCart) {
  struct Seen {
    std::uint32_t item;
    std::uint32_t ago;
    auto operator<=>(const Seen&) const = default;
  };
  std::vector<Seen> seen;
  seen.reserve(history.size());
  for (std::uint32_t ago = 0; ago < history.size(); ++ago) seen.push_back({history[history.size() - 1 - ago], ago});
  sortInPlace(seen);
  const auto repeated = std::ranges::unique(seen, {}, &Seen::item);
  seen.erase(repeated.begin(), repeated.end());
  std::erase_if(seen, [&](const Seen& one) { return std::ranges::binary_search(sortedCart, one.item); });
  sortInPlace(seen, [](const Seen& a, const Seen& b) { return a.ago < b.ago; });
  Items items;
  items.reserve(seen.size());
  for (const auto& one : seen) items.push_back(one.item);
  return items;
}

std::int64_t countUnknown(const Pack& pack, const RecommendRequest& request) {
  std::vector<std::string_view> unknown;
  for (const auto* ids : {&request.cart, &request.history}) {
    for (const auto& id : *ids) {
      if (!pack.find(id)) unknown.emplace_back(id);
    }
  }
  sortInPlace(unknown);
  return std::ranges::unique(unknown).begin() - unknown.begin();
}

}  // namespace

Context contextOf(const Pack& pack, const RecommendRequest& request) {
  Context context;
  const auto history = known(pack, request.history);
  const auto cart = sortedOnce(known(pack, request.cart));
  const auto recent = recentFirst(history, cart);
  if (cart.size() + recent.size() < request.cart.size() + request.history.size()) context.unknown = countUnknown(pack, request);

  for (const auto item : std::span(cart).first(std::min(cart.size(), kMaxCartContext))) context.items.push_back({item, kCartWeight});
  for (std::uint32_t rank = 0; rank < std::min(recent.size(), kMaxHistoryContext); ++rank) {
    context.items.push_back({recent[rank], historyWeight(rank)});
  }
  context.barred = cart;
  const auto bar = [&](const Items& items) { context.barred.insert(context.barred.end(), items.begin(), items.end()); };
  if (!request.repeat) bar(history);
  bar(known(pack, request.exclude));
  bar(known(pack, request.unavailable));
  return context;
}

}  // namespace souk
