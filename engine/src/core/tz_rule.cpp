// SPDX-License-Identifier: MIT
// Reads TZ strings and carries them out.
#include "tz_rule.hpp"

#include <algorithm>

#include "souk/core/time.hpp"

namespace souk {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kSecondsPerHour = 3'600;

/// Walks over a text. Once something does not fit, `good` stays false and every later answer is worthless.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool atEnd() const { return rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!skip(c)) good_ = false;
  }

  /// One to three decimal digits within bounds.
  std::int32_t number(std::int32_t least, std::int32_t most) {
    std::int32_t value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && peek() >= '0' && peek() <= '9'; ++digits) {
      value = value * 10 + (peek() - '0');
      rest_.remove_prefix(1);
    }
    if (digits == 0 || value < least || value > most) good_ = false;
    return value;
  }

  /// `EST`, or `<+03>` with any of letters, digits and signs; at least three characters.
  void name() {
    const bool quoted = skip('<');
    std::size_t size = 0;
    for (; isNameCharacter(peek(), quoted); ++size) rest_.remove_prefix(1);
    if (size < 3) good_ = false;
    if (quoted) expect('>');
  }

  /// `[+-]h[hh][:mm[:ss]]` in seconds.
  std::int64_t time(std::int32_t mostHours) {
    const bool negative = skip('-');
    if (!negative) skip('+');
    std::int64_t seconds = number(0, mostHours) * kSecondsPerHour;
    if (skip(':')) {
      seconds += number(0, 59) * std::int64_t{60};
      if (skip(':')) seconds += number(0, 59);
    }
    return negative ? -seconds : seconds;
  }

 private:
  static bool isNameCharacter(char c, bool quoted) {
    if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
    return quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-');
  }

  std::string_view rest_;
  bool good_ = true;
};

/// Hours of an offset (POSIX) and of a transition's time (RFC 9636: a week either way).
constexpr std::int32_t kMostOffsetHours = 24;
constexpr std::int32_t kMostTimeHours = 167;

TzDay scanDay(Scanner& scanner) {
  TzDay day;
  scanner.expect(',');
  if (scanner.skip('M')) {
    day.month = scanner.number(1, 12);
    scanner.expect('.');
    day.week = scanner.number(1, 5);
    scanner.expect('.');
    day.day = scanner.number(0, 6);
  } else if (scanner.skip('J')) {
    day.kind = TzDay::Kind::julian;
    day.day = scanner.number(1, 365);
  } else {
    day.kind = TzDay::Kind::ordinal;
    day.day = scanner.number(0, 365);
  }
  if (scanner.skip('/')) day.seconds = scanner.time(kMostTimeHours);
  return day;
}

TzDaylight scanDaylight(Scanner& scanner, std::int64_t standardOffset) {
  TzDaylight daylight;
  scanner.name();
  daylight.offsetSeconds = scanner.peek() == ',' ? standardOffset + kSecondsPerHour : -scanner.time(kMostOffsetHours);
  daylight.start = scanDay(scanner);
  daylight.end = scanDay(scanner);
  return daylight;
}

/// Days since the epoch of the w-th weekday of a month.
std::int64_t weekdayOfMonth(std::int32_t year, const TzDay& day) {
  const std::int64_t first = daysFromEpoch({year, day.month, 1});
  const auto weekday = static_cast<std::int32_t>(((first + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
  const std::int32_t offset = (day.day - weekday + 7) % 7 + 7 * (day.week - 1);
  return first + (offset < daysInMonth(year, day.month) ? offset : offset - 7);
}

std::int64_t dayInYear(std::int32_t year, const TzDay& day) {
  const std::int64_t newYear = daysFromEpoch({year, 1, 1});
  if (day.kind == TzDay::Kind::monthWeekday) return weekdayOfMonth(year, day);
  if (day.kind == TzDay::Kind::ordinal) return newYear + day.day;
  const bool afterLeapDay = daysInMonth(year, 2) == 29 && day.day >= 60;
  return newYear + day.day - 1 + (afterLeapDay ? 1 : 0);
}

std::int64_t localSeconds(std::int32_t year, const TzDay& day) { return dayInYear(year, day) * kSecondsPerDay + day.seconds; }

}  // namespace

Result<TzRule> parseTzRule(std::string_view text) {
  Scanner scanner(text);
  TzRule rule;
  scanner.name();
  rule.standardOffsetSeconds = -scanner.time(kMostOffsetHours);
  if (scanner.good() && !scanner.atEnd()) rule.daylight = scanDaylight(scanner, rule.standardOffsetSeconds);
  if (!scanner.good() || !scanner.atEnd()) return fail(Code::damagedBytes, {}, "the zone file's footer is no TZ rule");
  return rule;
}

std::vector<OffsetChange> changesOf(const TzRule& rule, std::int32_t firstYear, std::int32_t lastYear) {
  std::vector<OffsetChange> changes;
  if (!rule.daylight) return changes;
  // Behind its equals; almost always at the end, as only rules with times beyond a day leave the order of the years.
  const auto insert = [&](const OffsetChange& change) {
    changes.insert(std::ranges::upper_bound(changes, change.seconds, {}, &OffsetChange::seconds), change);
  };
  const auto& [daylightOffset, start, end] = *rule.daylight;
  for (std::int32_t year = firstYear; year <= lastYear; ++year) {
    insert({localSeconds(year, start) - rule.standardOffsetSeconds, daylightOffset});
    insert({localSeconds(year, end) - daylightOffset, rule.standardOffsetSeconds});
  }
  return changes;
}

}  // namespace souk
