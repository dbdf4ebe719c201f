// SPDX-License-Identifier: MIT
// What to recommend: items bought together with those in the cart and the history, and popular ones behind them.
//
// Every score is a sum of integer contributions, each of which can be listed as a reason:
//
//   bought-with  weight × scale of the neighbour in the pack × weight of the context item      for each item of the cart and the history
//   popular      popularity of the item in the pack                                            for every item
//
// A context item in the cart has weight 65,535. One of the history has 8,192 × 50 / (50 + r), rounded down, where r counts the distinct items
// that came after it: the last one 8,192, the 50th before it half of that. So the cart leads, and a long history never drowns it.
// (Chosen on a wholesaler's orders, two months of them: with one item in the cart, 1/8 for the history lists the rest of the basket 32 % better,
// by NDCG@10, than no history, and 12–19 % better than a history as strong as the cart.)
//
// The smallest bought-with contribution is larger than the largest popularity, so no item that is merely popular stands before a neighbour.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "souk/catalog.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

/// Most items that one answer lists.
inline constexpr std::int64_t kMaxRecommendations = 100;

/// Distinct known items that count as context: of the cart the first by id, of the history the last. Bounds the work and, with it, every
/// score below 2^53. Items beyond still are in the cart or the history: they are not recommended.
inline constexpr std::size_t kMaxCartContext = 1'000;
inline constexpr std::size_t kMaxHistoryContext = 1'000;

/// A question. Ids that the pack does not know, and repeated ids, are allowed everywhere.
struct RecommendRequest {
  std::vector<std::string> cart{};
  std::vector<std::string> history{};
  std::vector<std::string> exclude{};
  std::vector<std::string> unavailable{};
  std::int64_t limit = 10;
  bool repeat = false;
  bool reasons = false;

  static constexpr auto fields() {
    return std::tuple{Field{"cart", &RecommendRequest::cart, "Item ids in the cart, in any order. Never recommended."},
                      Field{"history", &RecommendRequest::history,
                            "Item ids bought or viewed before, the most recent last; of a repeated one the last counts."},
                      Field{"exclude", &RecommendRequest::exclude, "Item ids that must not be recommended."},
                      Field{"unavailable", &RecommendRequest::unavailable, "Item ids that cannot be bought now. Never recommended."},
                      Field{"limit", &RecommendRequest::limit, "Most items in the answer.", 1, kMaxRecommendations},
                      Field{"repeat", &RecommendRequest::repeat, "Whether items of the history may be recommended again."},
                      Field{"reasons", &RecommendRequest::reasons, "Whether each item lists its reasons."}};
  }
};

/// Kinds of reasons.
enum class RecommendReasonKind : std::uint8_t { boughtWith, popular };

/// Names of the kinds on the wire.
constexpr auto enumNames(std::type_identity<RecommendReasonKind>) { return std::array<std::string_view, 2>{"bought-with", "popular"}; }

/// One summand of a score.
struct RecommendReason {
  RecommendReasonKind kind = RecommendReasonKind::popular;
  std::string item;
  std::int64_t orders = 0;
  std::int64_t contribution = 0;

  static constexpr auto fields() {
    return std::tuple{Field{"kind", &RecommendReason::kind, "Why."},
                      Field{"item", &RecommendReason::item, "For bought-with the item of the cart or history; else empty."},
                      Field{"orders", &RecommendReason::orders, "For bought-with the orders that held both; else 0.", 0, kMaxPairOrders},
                      Field{"contribution", &RecommendReason::contribution, "What it adds to the score.", 1}};
  }
};

/// One recommended item.
struct RecommendedItem {
  std::string item;
  std::int64_t score = 0;
  std::vector<RecommendReason> reasons;

  static constexpr auto fields() {
    return std::tuple{Field{"item", &RecommendedItem::item, "Id of the item."},
                      Field{"score", &RecommendedItem::score, "Sum of all contributions.", 1},
                      Field{"reasons", &RecommendedItem::reasons,
                            "If asked for: every contribution, bought-with by falling contribution, then popular."}};
  }
};

/// An answer.
struct Recommendation {
  std::vector<RecommendedItem> items;
  std::int64_t unknown = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"items", &Recommendation::items, "By falling score, equal ones by id. Empty only if every item of the pack is ruled out."},
        Field{"unknown", &Recommendation::unknown, "Distinct ids of cart and history that the pack does not know.", 0}};
  }
};

/// Recommends items. A pure function: the same pack and question give the same answer on every host, whatever the order of the ids in the
/// cart and the lists of exclusions.
///
/// @param pack     What the shop knows.
/// @param request  The question. With neither cart nor history, or only unknown ids there, the most popular items are the answer.
/// @return         At most `limit` items by falling score, equal ones by ascending id: none from the cart, `exclude` or `unavailable`, nor from
///                 the history unless `repeat`. Filled up with popular ones, so fewer only if the pack has fewer that may be recommended.
/// @error          out-of-range  `/limit` not within 1 to kMaxRecommendations
/// @complexity     O(ids × log items + neighbours of the context + limit × context). Allocates in proportion to ids and neighbours, never to the
///                 items of the pack, unless exclusions use up its kHeadSize most popular.
[[nodiscard]] Result<Recommendation> recommend(const Pack& pack, const RecommendRequest& request);

}  // namespace souk
