// SPDX-License-Identifier: MIT
// Zones as tables: what the clocks show at an instant, and the instant at which they show something.
//
// "Local milliseconds" below are what a clock of the zone shows, counted as if it showed UTC: instant + offset. Each transition starts a
// segment in which they grow steadily; between segments they jump back (a time comes twice) or forth (a time is skipped).
#include <algorithm>
#include <optional>
#include <utility>

#include "souk/core/time.hpp"

namespace souk {
namespace {

std::unexpected<Error> outside() { return fail(Code::outsideZoneTable, {}, "the zone table does not cover this"); }

std::int64_t floorDiv(std::int64_t value, std::int64_t divisor) { return value / divisor - (value % divisor < 0 ? 1 : 0); }

/// Index of the segment that holds an instant; 0 also for instants before the first.
std::size_t segmentAt(const Zone& zone, std::int64_t ms) {
  const auto next = std::ranges::upper_bound(zone.transitions, ms, {}, [](const ZoneTransition& t) { return t.at.ms; });
  return next == zone.transitions.begin() ? 0 : static_cast<std::size_t>(next - zone.transitions.begin()) - 1;
}

struct Segment {
  std::int64_t first;  ///< First instant, ms.
  std::int64_t end;    ///< First instant after it, ms.
  std::int64_t shift;  ///< Local milliseconds − instant.
};

Segment segment(const Zone& zone, std::size_t index) {
  const auto& transition = zone.transitions[index];
  const bool last = index + 1 == zone.transitions.size();
  return {transition.at.ms, last ? zone.until.ms : zone.transitions[index + 1].at.ms, transition.offsetSeconds * kMsPerSecond};
}

/// The segments in which clocks may show some local milliseconds: those within the largest offset of it.
std::pair<std::size_t, std::size_t> segmentsAround(const Zone& zone, std::int64_t local) {
  constexpr std::int64_t kReach = kMaxOffsetSeconds * kMsPerSecond;
  return {segmentAt(zone, local - kReach), segmentAt(zone, local + kReach)};
}

/// The earliest instant at which clocks show exactly this.
std::optional<Instant> exactly(const Zone& zone, std::int64_t local) {
  const auto [first, last] = segmentsAround(zone, local);
  for (std::size_t i = first; i <= last; ++i) {
    const Segment part = segment(zone, i);
    const std::int64_t ms = local - part.shift;
    if (ms >= part.first && ms < part.end) return Instant{ms};
  }
  return std::nullopt;
}

/// The earliest instant at which clocks show this or more, unless they may have done so before the table.
Result<Instant> atOrAfter(const Zone& zone, std::int64_t local) {
  const auto [first, last] = segmentsAround(zone, local);
  for (std::size_t i = first; i <= last; ++i) {
    const Segment part = segment(zone, i);
    const std::int64_t ms = local - part.shift;
    if (ms >= part.end) continue;
    if (ms >= part.first) return Instant{ms};
    if (i == 0) break;
    return Instant{part.first};
  }
  return outside();
}

Result<std::int64_t> localMilliseconds(const Zone& zone, LocalDate date, std::int64_t msOfDay) {
  if (auto exists = checkDate(date); !exists) return std::unexpected(std::move(exists).error());
  if (zone.transitions.empty()) return outside();
  return daysFromEpoch(date) * kMsPerDay + msOfDay;
}

std::unexpected<Error> invalid(std::string_view path, std::string_view message) { return fail(Code::invalidZone, path, message); }

Result<void> checkTransition(const Zone& zone, std::size_t index) {
  const auto& transition = zone.transitions[index];
  const std::string path = "/transitions/" + std::to_string(index);
  if (index == 0 && transition.at != zone.from) return invalid(path + "/at", "the first transition must be at `from`");
  if (index > 0 && transition.at <= zone.transitions[index - 1].at) return invalid(path + "/at", "transitions must ascend");
  if (transition.at >= zone.until) return invalid(path + "/at", "a transition must lie before `until`");
  const bool near = transition.offsetSeconds >= -kMaxOffsetSeconds && transition.offsetSeconds <= kMaxOffsetSeconds;
  if (!near) return invalid(path + "/offsetSeconds", "an offset must be within 18 hours");
  return {};
}

}  // namespace

Result<void> checkZone(const Zone& zone) {
  if (zone.name.empty() || zone.name.size() > 64) return invalid("/name", "a zone's name has 1 to 64 bytes");
  if (zone.from < kFirstInstant) return invalid("/from", "before the year 1");
  if (zone.until > kLastInstant) return invalid("/until", "after the year 9999");
  if (zone.until <= zone.from) return invalid("/until", "`until` must be after `from`");
  const auto size = zone.transitions.size();
  if (size == 0 || size > static_cast<std::size_t>(kMaxZoneTransitions)) return invalid("/transitions", "1 to 20,000 transitions");
  for (std::size_t i = 0; i < size; ++i) {
    if (auto fits = checkTransition(zone, i); !fits) return fits;
  }
  return {};
}

Result<std::int64_t> offsetSecondsAt(const Zone& zone, Instant at) {
  if (zone.transitions.empty() || at < zone.from || at >= zone.until) return outside();
  return zone.transitions[segmentAt(zone, at.ms)].offsetSeconds;
}

Result<LocalTime> localTime(const Zone& zone, Instant at) {
  const auto offset = offsetSecondsAt(zone, at);
  if (!offset) return std::unexpected(offset.error());
  const std::int64_t local = at.ms + *offset * kMsPerSecond;
  const std::int64_t day = floorDiv(local, kMsPerDay);
  const auto date = dateFromDays(day);
  if (!date) return std::unexpected(date.error());
  return LocalTime{*date, local - day * kMsPerDay};
}

Result<LocalDate> localDate(const Zone& zone, Instant at) {
  auto time = localTime(zone, at);
  if (!time) return std::unexpected(std::move(time).error());
  return time->date;
}

Result<Instant> startOfDay(const Zone& zone, LocalDate date) {
  const auto local = localMilliseconds(zone, date, 0);
  if (!local) return std::unexpected(local.error());
  return atOrAfter(zone, *local);
}

Result<Instant> instantOf(const Zone& zone, LocalDate date, std::int64_t msOfDay) {
  if (msOfDay < 0 || msOfDay >= kMsPerDay) return fail(Code::outOfRange, {}, "a time of day lies within one day");
  const auto local = localMilliseconds(zone, date, msOfDay);
  if (!local) return std::unexpected(local.error());
  if (const auto exact = exactly(zone, *local)) return *exact;
  return atOrAfter(zone, *local);
}

}  // namespace souk
