// SPDX-License-Identifier: MIT
// Checks of the rules, the term of a lot and the rung of the ladder.
#include "souk/loyalty/rules.hpp"

#include <algorithm>
#include <string>

namespace souk {
namespace {

Result<void> checkExpiry(const Expiry& expiry, std::string_view path) {
  if (expiry.months && expiry.days) {
    return fail(Code::invalidProgram, std::string{path}, "give months or days of validity, not both");
  }
  if (expiry.monthEnd.value_or(false) && !expiry.months && !expiry.days) {
    return fail(Code::invalidProgram, std::string{path} + "/monthEnd", "monthEnd needs months or days");
  }
  return {};
}

Result<LocalDate> expiryDate(const Expiry& expiry, LocalDate activeOn) {
  const auto date = expiry.months ? addMonths(activeOn, *expiry.months) : addDays(activeOn, *expiry.days);
  if (!date || !expiry.monthEnd.value_or(false)) return date;
  return firstOfNextMonth(*date);
}

Result<Instant> holdEnd(const WalletRules& rules, const Zone& zone, Instant at) {
  if (!rules.returnWindowDays) return at;
  const auto received = localDate(zone, at);
  if (!received) return std::unexpected(received.error());
  const auto date = addDays(*received, *rules.returnWindowDays + 1);
  if (!date) return std::unexpected(date.error());
  return startOfDay(zone, *date);
}

}  // namespace

Result<void> checkRules(const LoyaltyRules& rules) {
  if (auto checked = checkExpiry(rules.points.expiry, "/points/expiry"); !checked) return checked;
  if (auto checked = checkExpiry(rules.growth.expiry, "/growth/expiry"); !checked) return checked;
  const auto& levels = rules.levels;
  if (levels.empty() || levels.front().threshold != 0) {
    return fail(Code::invalidProgram, "/levels", "the first level starts at threshold 0");
  }
  for (std::size_t i = 1; i < levels.size(); ++i) {
    const auto path = "/levels/" + std::to_string(i);
    if (levels[i].threshold <= levels[i - 1].threshold) {
      return fail(Code::invalidProgram, path + "/threshold", "thresholds rise from level to level");
    }
    const auto before = levels.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(levels.begin(), before, [&](const auto& level) { return level.name == levels[i].name; })) {
      return fail(Code::invalidProgram, path + "/name", "two levels have this name");
    }
  }
  return {};
}

Result<LotTerm> lotTerm(const WalletRules& rules, const Zone& zone, Instant at) {
  const auto activeAt = holdEnd(rules, zone, at);
  if (!activeAt) return std::unexpected(activeAt.error());
  LotTerm term{*activeAt, std::nullopt};
  if (!rules.expiry.months && !rules.expiry.days) return term;
  const auto activeOn = localDate(zone, *activeAt);
  if (!activeOn) return std::unexpected(activeOn.error());
  const auto date = expiryDate(rules.expiry, *activeOn);
  if (!date) return std::unexpected(date.error());
  const auto expiresAt = startOfDay(zone, *date);
  if (!expiresAt) return std::unexpected(expiresAt.error());
  term.expiresAt = *expiresAt;
  return term;
}

std::size_t levelIndex(const std::vector<LevelRule>& levels, std::int64_t growth) {
  std::size_t index = 0;
  while (index + 1 < levels.size() && levels[index + 1].threshold <= growth) ++index;
  return index;
}

}  // namespace souk
