// SPDX-License-Identifier: MIT
// The rule in a zone file's footer: a POSIX TZ string (POSIX.1-2017, section 8.3) with the extensions of RFC 9636, section 3.3.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "souk/core/error.hpp"

namespace souk {

/// A day of each year and a time on it, from which a rule's transitions follow.
struct TzDay {
  enum class Kind : std::uint8_t {
    julian,        ///< `Jn`: day n of the year, 1 to 365, 29 February never counted.
    ordinal,       ///< `n`: day n of the year, 0 to 365, 29 February counted.
    monthWeekday,  ///< `Mm.w.d`: the w-th weekday d (0 is Sunday) of month m; w = 5 is the last.
  };
  Kind kind = Kind::monthWeekday;
  std::int32_t day = 0;          ///< n, or d.
  std::int32_t week = 0;         ///< w.
  std::int32_t month = 0;        ///< m.
  std::int64_t seconds = 7'200;  ///< Local time of the transition, seconds from that day's midnight, within ±168 hours.
};

/// Daylight saving: its offset and when it starts (by standard time) and ends (by daylight time).
struct TzDaylight {
  std::int64_t offsetSeconds = 0;
  TzDay start;
  TzDay end;
};

/// What a TZ string says. Offsets are seconds ahead of UTC (the string has the opposite sign).
struct TzRule {
  std::int64_t standardOffsetSeconds = 0;
  std::optional<TzDaylight> daylight;
};

/// From `seconds` since the epoch on, clocks are `offsetSeconds` ahead of UTC.
struct OffsetChange {
  std::int64_t seconds = 0;
  std::int64_t offsetSeconds = 0;
};

/// Reads a TZ string, for example `GMT0BST,M3.5.0/1,M10.5.0` or `<+03>-3`. Daylight saving without dates is refused.
/// @error damaged-bytes. O(length).
[[nodiscard]] Result<TzRule> parseTzRule(std::string_view text);

/// The changes of a rule in some years (−1 to 10,000), in order of time; none without daylight saving.
/// Where one year's daylight saving ends at the instant at which the next one's starts, the start comes last and thus holds.
[[nodiscard]] std::vector<OffsetChange> changesOf(const TzRule& rule, std::int32_t firstYear, std::int32_t lastYear);

}  // namespace souk
