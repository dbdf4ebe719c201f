// SPDX-License-Identifier: MIT
// Scores by integer sums, then a stable order, then popular items behind, as souk/recommend.hpp states.
#include "souk/recommend.hpp"

#include <algorithm>
#include <numeric>

#include "context.hpp"
#include "scores.hpp"

#include "souk/core/sort.hpp"

namespace souk {
namespace {

// The weakest neighbour of the oldest history item still passes the most popular item …
static_assert(std::uint64_t{kLeastSimilarity} * historyWeight(kMaxHistoryContext - 1) > kMaxPopularity);
// … and the strongest of all contexts together stays exact on every host.
static_assert(std::uint64_t{255} * 65'535 * (kMaxCartContext * kCartWeight + kMaxHistoryContext * kHistoryWeight) + kMaxPopularity <=
              std::uint64_t{kMaxExact});

struct Ranked {
  std::int64_t score;
  std::uint32_t item;
};

// Indexes are in the order of ids, so this is (score, id).
bool ranksBefore(const Ranked& a, const Ranked& b) { return a.score != b.score ? a.score > b.score : a.item < b.item; }

// The best of some, in order. Selecting before sorting is what makes a short list out of hundreds cheap.
std::vector<Ranked> best(std::vector<Ranked> of, std::size_t limit) {
  const auto kept = std::min(of.size(), limit);
  std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(kept), of.end(), ranksBefore);
  of.resize(kept);
  sortInPlace(of, ranksBefore);
  return of;
}

// weight × scale × context weight: at most 255 × 65,535 × 65,535.
std::int64_t contribution(const Neighbour& neighbour, const PackRow& row, const ContextItem& context) {
  return neighbour.weight * static_cast<std::int64_t>(std::uint64_t{row.scale()} * context.weight);
}

Scores scoresOf(const Pack& pack, const Context& context) {
  auto touched = context.barred.size();
  for (const auto& item : context.items) touched += pack.row(item.item).size();
  Scores scores(std::min<std::size_t>(touched, pack.items()));
  for (const auto item : context.barred) scores.of(item).barred = true;
  for (const auto& item : context.items) {
    const auto row = pack.row(item.item);
    for (std::size_t k = 0; k < row.size(); ++k) {
      const auto neighbour = row[k];
      scores.of(neighbour.item).score += contribution(neighbour, row, item);
    }
  }
  return scores;
}

std::vector<Ranked> bestNeighbours(const Pack& pack, const Scores& scores, std::size_t limit) {
  std::vector<Ranked> found;
  found.reserve(scores.entries().size());
  for (const auto& [item, barred, score] : scores.entries()) {
    if (score > 0 && !barred) found.push_back({score + pack.popularity(item), item});
  }
  return best(std::move(found), limit);
}

// Popular items that are no neighbours and not barred: from the head of the pack, and only if that does not suffice from all of it.
std::vector<Ranked> bestPopular(const Pack& pack, const Scores& scores, std::size_t limit) {
  const auto isFree = [&](std::uint32_t item) {
    const auto* entry = scores.find(item);
    return entry == nullptr || (!entry->barred && entry->score == 0);
  };
  std::vector<Ranked> found;
  for (const auto item : pack.popular()) {
    if (found.size() == limit) return found;
    if (isFree(item)) found.push_back({pack.popularity(item), item});
  }
  if (found.size() == limit || pack.popular().size() == pack.items()) return found;
  found.clear();
  for (std::uint32_t item = 0; item < pack.items(); ++item) {
    if (isFree(item)) found.push_back({pack.popularity(item), item});
  }
  return best(std::move(found), limit);
}

std::vector<RecommendReason> reasonsOf(const Pack& pack, const Context& context, std::uint32_t item) {
  std::vector<RecommendReason> reasons;
  for (const auto& from : context.items) {
    const auto row = pack.row(from.item);
    if (const auto neighbour = row.find(item)) {
      reasons.push_back(
          {RecommendReasonKind::boughtWith, std::string(pack.id(from.item)), neighbour->orders, contribution(*neighbour, row, from)});
    }
  }
  sortInPlace(reasons, [](const auto& a, const auto& b) {
    return a.contribution != b.contribution ? a.contribution > b.contribution : a.item < b.item;
  });
  reasons.push_back({RecommendReasonKind::popular, {}, 0, pack.popularity(item)});
  return reasons;
}

}  // namespace

Result<Recommendation> recommend(const Pack& pack, const RecommendRequest& request) {
  if (request.limit < 1 || request.limit > kMaxRecommendations) return fail(Code::outOfRange, "/limit", "1 to 100 items can be asked for");
  const auto limit = static_cast<std::size_t>(request.limit);
  const auto context = contextOf(pack, request);
  const auto scores = scoresOf(pack, context);
  auto ranked = bestNeighbours(pack, scores, limit);
  if (ranked.size() < limit) {
    const auto popular = bestPopular(pack, scores, limit - ranked.size());
    ranked.insert(ranked.end(), popular.begin(), popular.end());
  }

  Recommendation answer;
  answer.unknown = context.unknown;
  answer.items.reserve(ranked.size());
  for (const auto& [score, item] : ranked) {
    auto& one = answer.items.emplace_back(std::string(pack.id(item)), score);
    if (request.reasons) one.reasons = reasonsOf(pack, context, item);
  }
  return answer;
}

}  // namespace souk
