// SPDX-License-Identifier: MIT
// Calendar arithmetic on the proleptic Gregorian calendar.
//
// Years are counted from 1 March, so that the leap day is a year's last and a month's first day is a linear function of its number. The idea
// and the linear function are from Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
// (https://howardhinnant.github.io/date_algorithms.html).
#include "souk/core/time.hpp"

#include <algorithm>
#include <array>

namespace souk {
namespace {

constexpr std::int32_t kLastYear = 9999;
constexpr std::int32_t kDaysToEpoch = 719'468;   // from 0000-03-01 to 1970-01-01
constexpr std::int32_t kDaysPerCycle = 146'097;  // 400 years
constexpr std::int32_t kDaysPerCentury = 36'524;
constexpr std::int32_t kDaysPerFourYears = 1'461;

constexpr std::int64_t kFirstDay = kFirstInstant.ms / kMsPerDay;
constexpr std::int64_t kLastDay = (kLastInstant.ms + 1) / kMsPerDay - 1;

bool isLeap(std::int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/// Days from 1 March to the first of a month, months counted from March = 0.
constexpr std::int32_t daysBeforeMonth(std::int32_t monthFromMarch) { return (153 * monthFromMarch + 2) / 5; }

}  // namespace

std::int32_t daysInMonth(std::int32_t year, std::int32_t month) {
  constexpr std::array<std::int32_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && isLeap(year) ? 1 : 0);
}

Result<void> checkDate(LocalDate date) {
  const bool yearFits = date.year >= 1 && date.year <= kLastYear;
  if (yearFits && date.day >= 1 && date.day <= daysInMonth(date.year, date.month)) return {};
  return fail(Code::invalidDate, {}, "no such date in the years 1 to 9999");
}

std::int64_t daysFromEpoch(LocalDate date) {
  const bool beforeMarch = date.month <= 2;
  // One cycle is added and taken off again, so that January of year 0 does not divide a negative number.
  const std::int64_t year = std::int64_t{date.year} + 400 - (beforeMarch ? 1 : 0);
  const std::int32_t month = date.month + (beforeMarch ? 9 : -3);
  const std::int64_t daysBeforeYear = 365 * year + year / 4 - year / 100 + year / 400 - kDaysPerCycle;
  return daysBeforeYear + daysBeforeMonth(month) + date.day - 1 - kDaysToEpoch;
}

Result<LocalDate> dateFromDays(std::int64_t daysSinceEpoch) {
  if (daysSinceEpoch < kFirstDay || daysSinceEpoch > kLastDay) return fail(Code::invalidDate, {}, "outside the years 1 to 9999");
  // Each division takes off whole periods; the last of a longer period's parts is the longer one, hence the two bounds of 3.
  auto rest = static_cast<std::int32_t>(daysSinceEpoch) + kDaysToEpoch;
  const std::int32_t cycles = rest / kDaysPerCycle;
  rest %= kDaysPerCycle;
  const std::int32_t centuries = std::min(rest / kDaysPerCentury, 3);
  rest -= centuries * kDaysPerCentury;
  const std::int32_t fours = rest / kDaysPerFourYears;
  rest %= kDaysPerFourYears;
  const std::int32_t years = std::min(rest / 365, 3);
  rest -= years * 365;
  const std::int32_t month = (5 * rest + 2) / 153;
  const std::int32_t year = 400 * cycles + 100 * centuries + 4 * fours + years + (month >= 10 ? 1 : 0);
  return LocalDate{year, month < 10 ? month + 3 : month - 9, rest - daysBeforeMonth(month) + 1};
}

Result<LocalDate> addDays(LocalDate date, std::int64_t days) {
  if (auto exists = checkDate(date); !exists) return std::unexpected(std::move(exists).error());
  if (days < -(kLastDay - kFirstDay) || days > kLastDay - kFirstDay) return fail(Code::invalidDate, {}, "outside the years 1 to 9999");
  return dateFromDays(daysFromEpoch(date) + days);
}

Result<LocalDate> addMonths(LocalDate date, std::int64_t months) {
  if (auto exists = checkDate(date); !exists) return std::unexpected(std::move(exists).error());
  constexpr std::int64_t kMonths = 12 * std::int64_t{kLastYear};
  if (months < -kMonths || months > kMonths) return fail(Code::invalidDate, {}, "outside the years 1 to 9999");
  const auto index = static_cast<std::int32_t>(12 * std::int64_t{date.year} + date.month - 1 + months);
  if (index < 12 || index >= 12 * (kLastYear + 1)) return fail(Code::invalidDate, {}, "outside the years 1 to 9999");
  const std::int32_t year = index / 12;
  const std::int32_t month = index % 12 + 1;
  return LocalDate{year, month, std::min(date.day, daysInMonth(year, month))};
}

Result<LocalDate> firstOfNextMonth(LocalDate date) {
  auto next = addMonths(date, 1);
  if (next) next->day = 1;
  return next;
}

}  // namespace souk
