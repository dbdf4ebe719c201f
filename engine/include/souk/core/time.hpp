// SPDX-License-Identifier: MIT
// Time as an argument: instants, calendar dates, and zones as tables of transitions.
//
// The engine has no clock and no zone database. An instant comes with the command; a zone comes with the program, as a table made once from
// the published data. What lies outside the table is refused rather than guessed, so that every host gives the same answer for ever.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"

namespace souk {

inline constexpr std::int64_t kMsPerSecond = 1'000;
inline constexpr std::int64_t kMsPerDay = 86'400'000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). Negative before.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
};

/// 0001-01-01T00:00:00.000Z, the first instant that Souk deals with.
inline constexpr Instant kFirstInstant{-62'135'596'800'000};

/// 9999-12-31T23:59:59.999Z, the last one.
inline constexpr Instant kLastInstant{253'402'300'799'999};

/// A day of the proleptic Gregorian calendar, in no particular zone. Ordered by time.
struct LocalDate {
  std::int32_t year = 1970;  ///< 1 to 9999.
  std::int32_t month = 1;    ///< 1 to 12.
  std::int32_t day = 1;      ///< 1 to the month's last.
  auto operator<=>(const LocalDate&) const = default;
};

/// A date and a time of day as a clock on the wall shows them.
struct LocalTime {
  LocalDate date;
  std::int64_t msOfDay = 0;  ///< Milliseconds since that clock's midnight, [0, kMsPerDay).
  auto operator<=>(const LocalTime&) const = default;
};

/// Whether the date exists. @error invalid-date. O(1).
[[nodiscard]] Result<void> checkDate(LocalDate date);

/// Days of a month. `year` any, `month` 1 to 12 (another month has 0 days). O(1).
[[nodiscard]] std::int32_t daysInMonth(std::int32_t year, std::int32_t month);

/// Days from 1970-01-01 to a date, negative before. The date should be one that `checkDate` accepts; years up to four centuries outside
/// 1 to 9999 count on in the same calendar, and an impossible day or month gives a number without meaning. O(1).
[[nodiscard]] std::int64_t daysFromEpoch(LocalDate date);

/// The date so many days after 1970-01-01. @error invalid-date outside the years 1 to 9999. O(1).
[[nodiscard]] Result<LocalDate> dateFromDays(std::int64_t daysSinceEpoch);

/// The date `days` later (earlier if negative). @error invalid-date  for an impossible date, or a result outside 1 to 9999. O(1).
[[nodiscard]] Result<LocalDate> addDays(LocalDate date, std::int64_t days);

/// The same day of the month `months` later (earlier if negative), or that month's last day where it is shorter:
/// 31 January + 1 month is 28 or 29 February. One addition of 2 months may therefore differ from two of 1.
/// @error invalid-date  for an impossible date, or a result outside the years 1 to 9999. O(1).
[[nodiscard]] Result<LocalDate> addMonths(LocalDate date, std::int64_t months);

/// The first day of the month after the date's. @error invalid-date as `addMonths`. O(1).
[[nodiscard]] Result<LocalDate> firstOfNextMonth(LocalDate date);

/// Largest distance of a zone from UTC, either way. Real zones stay within 16 hours; the room is for tables of other makers.
inline constexpr std::int64_t kMaxOffsetSeconds = 64'800;

/// Most transitions in a zone: two for each of the years 1 to 9999.
inline constexpr std::int64_t kMaxZoneTransitions = 20'000;

/// From `at` on, the zone's clocks show UTC + `offsetSeconds`.
struct ZoneTransition {
  Instant at;
  std::int64_t offsetSeconds = 0;
  bool operator==(const ZoneTransition&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &ZoneTransition::at, "First instant of the offset."},
                      Field{"offsetSeconds", &ZoneTransition::offsetSeconds, "Seconds that local clocks are ahead of UTC.",
                            -kMaxOffsetSeconds, kMaxOffsetSeconds}};
  }
};

/// A zone as a table, valid in [from, until). Made by `souk zone NAME`; use only after `checkZone`.
struct Zone {
  std::string name;
  Instant from;
  Instant until;
  std::vector<ZoneTransition> transitions;
  bool operator==(const Zone&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"name", &Zone::name, "Name in the zone database, for people; nothing is looked up by it.", 1, 64},
                      Field{"from", &Zone::from, "First instant of the table."},
                      Field{"until", &Zone::until, "First instant after the table."},
                      Field{"transitions", &Zone::transitions, "In order of time; the first is at `from`.", 1, kMaxZoneTransitions}};
  }
};

/// Whether a zone may be used: a name of 1 to 64 bytes, kFirstInstant ≤ from < until ≤ kLastInstant, 1 to kMaxZoneTransitions transitions
/// in strictly ascending order, the first at `from`, all before `until`, all offsets within ±kMaxOffsetSeconds.
/// @error invalid-zone, with the path of the first offence (`/transitions/3/at`). O(n).
[[nodiscard]] Result<void> checkZone(const Zone& zone);

/// Seconds that local clocks are ahead of UTC at an instant.
/// @error outside-zone-table. O(log n) in the transitions; allocates nothing on success.
[[nodiscard]] Result<std::int64_t> offsetSecondsAt(const Zone& zone, Instant at);

/// What the clocks of the zone show at an instant.
/// @error outside-zone-table, invalid-date (the local date leaves the years 1 to 9999). O(log n); allocates nothing on success.
[[nodiscard]] Result<LocalTime> localTime(const Zone& zone, Instant at);

/// The date that the calendars of the zone show at an instant. Errors and cost as `localTime`.
[[nodiscard]] Result<LocalDate> localDate(const Zone& zone, Instant at);

/// The first instant of a local date: the first at which the zone's clocks show 00:00 of that date or anything later.
///
/// Where clocks skip midnight it is the instant of the skip (São Paulo began some days at 01:00). Where midnight comes twice it is the
/// earlier one. Where the whole date is skipped (Apia, 2011-12-30) it is the first instant after the gap, which has the next date.
/// Later dates never start earlier.
///
/// @error  invalid-date, outside-zone-table (the date begins outside the table)
/// @complexity O(log n + transitions within 36 hours); allocates nothing on success.
[[nodiscard]] Result<Instant> startOfDay(const Zone& zone, LocalDate date);

/// The instant at which the zone's clocks show a date and time of day.
///
/// A time that comes twice is the earlier one. A time that is skipped is the first instant after the gap.
///
/// @param msOfDay  Milliseconds since midnight on the local clock, [0, kMsPerDay).
/// @error  invalid-date, out-of-range (msOfDay), outside-zone-table
/// @complexity O(log n + transitions within 36 hours); allocates nothing on success.
[[nodiscard]] Result<Instant> instantOf(const Zone& zone, LocalDate date, std::int64_t msOfDay);

/// Makes a zone table from a compiled zone file (TZif, RFC 9636, versions 1 to 4), as found under /usr/share/zoneinfo.
///
/// The 64-bit block is used where there is one, and the rule in the footer is carried out up to `until`. Neighbours with the same
/// offset are merged. Nothing is read outside the bytes.
///
/// @param bytes  The file.
/// @param name   What the table is to be called.
/// @param from, until  The span that it is to cover.
/// @return A zone that `checkZone` accepts.
/// @error  damaged-bytes (not a TZif file, cut, or inconsistent), unsupported-version (above 4), invalid-zone (counts leap seconds, or
///         `checkZone` refuses the result), outside-zone-table (the file does not say what holds up to `until`)
/// @complexity O(size + years); allocates the result and a copy of the transitions.
[[nodiscard]] Result<Zone> zoneFromTzif(std::span<const std::uint8_t> bytes, std::string_view name, Instant from, Instant until);

}  // namespace souk
