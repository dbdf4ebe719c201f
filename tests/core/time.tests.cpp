// SPDX-License-Identifier: MIT
// The calendar against a walk over all its days.
#include "souk/core/time.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

using namespace souk;

namespace {

template <class T>
std::string_view refusal(const Result<T>& result) {
  return result ? std::string_view("accepted") : codeName(result.error().code);
}

/// The days of a month by the rhyme, not by the engine.
std::int32_t lastDay(std::int32_t year, std::int32_t month) {
  if (month == 4 || month == 6 || month == 9 || month == 11) return 30;
  if (month != 2) return 31;
  if (year % 400 == 0) return 29;
  if (year % 100 == 0) return 28;
  return year % 4 == 0 ? 29 : 28;
}

/// The next day, by turning the pages of the calendar.
LocalDate nextDay(LocalDate date) {
  if (date.day < lastDay(date.year, date.month)) return {date.year, date.month, date.day + 1};
  if (date.month < 12) return {date.year, date.month + 1, 1};
  return {date.year + 1, 1, 1};
}

constexpr LocalDate kFirstDate{1, 1, 1};
constexpr LocalDate kLastDate{9999, 12, 31};

}  // namespace

TEST_CASE("calendar: each of the 3,652,059 days of the years 1 to 9999 has its number, and each number its day", "[time][calendar]") {
  std::int64_t number = -719'162;
  LocalDate date = kFirstDate;
  for (; date.year <= 9999; date = nextDay(date), ++number) {
    if (daysFromEpoch(date) != number || dateFromDays(number) != date || !checkDate(date)) FAIL("day " << number);
  }
  CHECK(number == -719'162 + 3'652'059);
}

TEST_CASE("calendar: 1970-01-01 is day 0, and the first and last instants are those of the years 1 and 9999", "[time][calendar]") {
  CHECK(daysFromEpoch({1970, 1, 1}) == 0);
  CHECK(daysFromEpoch({2000, 3, 1}) == 11'017);
  CHECK(daysFromEpoch(kFirstDate) * kMsPerDay == kFirstInstant.ms);
  CHECK((daysFromEpoch(kLastDate) + 1) * kMsPerDay - 1 == kLastInstant.ms);
}

TEST_CASE("calendar: day numbers outside the years 1 to 9999 are refused with invalid-date", "[time][calendar][boundary]") {
  CHECK(dateFromDays(-719'162) == kFirstDate);
  CHECK(dateFromDays(2'932'896) == kLastDate);
  for (const std::int64_t day : {std::int64_t{-719'163}, std::int64_t{2'932'897}, std::numeric_limits<std::int64_t>::min(),
                                 std::numeric_limits<std::int64_t>::max()}) {
    CHECK(refusal(dateFromDays(day)) == "invalid-date");
  }
}

TEST_CASE("calendar: days that no month has are refused with invalid-date", "[time][calendar]") {
  for (std::int32_t year : {1, 1900, 2000, 2023, 2024, 9999}) {
    for (std::int32_t month = 1; month <= 12; ++month) {
      CHECK(daysInMonth(year, month) == lastDay(year, month));
      CHECK(checkDate({year, month, lastDay(year, month)}));
      CHECK(refusal(checkDate({year, month, lastDay(year, month) + 1})) == "invalid-date");
      CHECK(refusal(checkDate({year, month, 0})) == "invalid-date");
    }
  }
}

TEST_CASE("calendar: impossible years and months are refused with invalid-date", "[time][calendar][boundary]") {
  constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
  for (const LocalDate date : {LocalDate{0, 1, 1}, LocalDate{10'000, 1, 1}, LocalDate{2024, 0, 1}, LocalDate{2024, 13, 1},
                               LocalDate{2024, 1, -1}, LocalDate{kMost, kMost, kMost}, LocalDate{kLeast, kLeast, kLeast}}) {
    CHECK(refusal(checkDate(date)) == "invalid-date");
    CHECK(refusal(addDays(date, 1)) == "invalid-date");
    CHECK(refusal(addMonths(date, 1)) == "invalid-date");
    CHECK(refusal(firstOfNextMonth(date)) == "invalid-date");
  }
}

TEST_CASE("calendar: adding days agrees with turning pages, forth and back", "[time][calendar]") {
  LocalDate date{1999, 12, 1};
  for (std::int64_t days = 0; days <= 2'000; ++days, date = nextDay(date)) {
    CHECK(addDays({1999, 12, 1}, days) == date);
    CHECK(addDays(date, -days) == LocalDate{1999, 12, 1});
  }
}

TEST_CASE("calendar: adding days across the end of the calendar is refused with invalid-date", "[time][calendar][boundary]") {
  CHECK(addDays(kFirstDate, 3'652'058) == kLastDate);
  CHECK(addDays(kLastDate, -3'652'058) == kFirstDate);
  CHECK(refusal(addDays(kLastDate, 1)) == "invalid-date");
  CHECK(refusal(addDays(kFirstDate, -1)) == "invalid-date");
  CHECK(refusal(addDays(kFirstDate, std::numeric_limits<std::int64_t>::max())) == "invalid-date");
  CHECK(refusal(addDays(kFirstDate, std::numeric_limits<std::int64_t>::min())) == "invalid-date");
}

TEST_CASE("calendar: a month after the 31st is the last day of the next month", "[time][calendar]") {
  CHECK(addMonths({2023, 1, 31}, 1) == LocalDate{2023, 2, 28});
  CHECK(addMonths({2024, 1, 31}, 1) == LocalDate{2024, 2, 29});
  CHECK(addMonths({2024, 1, 30}, 13) == LocalDate{2025, 2, 28});
  CHECK(addMonths({2024, 2, 29}, 12) == LocalDate{2025, 2, 28});
  CHECK(addMonths({2024, 2, 29}, 48) == LocalDate{2028, 2, 29});
  CHECK(addMonths({2024, 3, 31}, -1) == LocalDate{2024, 2, 29});
  CHECK(addMonths({2024, 10, 31}, 6) == LocalDate{2025, 4, 30});
}

TEST_CASE("calendar: adding months turns pages month by month and keeps the day where the month has it", "[time][calendar]") {
  for (LocalDate start{2023, 1, 1}; start.year < 2025; start = nextDay(start)) {
    std::int32_t year = start.year;
    std::int32_t month = start.month;
    for (std::int64_t months = 0; months <= 60; ++months) {
      const LocalDate expected{year, month, std::min(start.day, lastDay(year, month))};
      if (addMonths(start, months) != expected) FAIL(start.year << '-' << start.month << '-' << start.day << " + " << months);
      if (addMonths({year, month, 1}, -months) != LocalDate{start.year, start.month, 1}) FAIL("back " << months);
      year += month == 12 ? 1 : 0;
      month = month == 12 ? 1 : month + 1;
    }
  }
}

TEST_CASE("calendar: adding months across the end of the calendar is refused with invalid-date", "[time][calendar][boundary]") {
  CHECK(addMonths(kFirstDate, 12 * 9'999 - 1) == LocalDate{9999, 12, 1});
  CHECK(addMonths({9999, 12, 1}, -(12 * 9'999 - 1)) == kFirstDate);
  CHECK(refusal(addMonths(kFirstDate, 12 * 9'999)) == "invalid-date");
  CHECK(refusal(addMonths(kFirstDate, -1)) == "invalid-date");
  CHECK(refusal(addMonths(kLastDate, 1)) == "invalid-date");
  CHECK(refusal(addMonths(kLastDate, std::numeric_limits<std::int64_t>::max())) == "invalid-date");
  CHECK(refusal(addMonths(kLastDate, std::numeric_limits<std::int64_t>::min())) == "invalid-date");
}

TEST_CASE("calendar: the first of the next month follows the last of each month", "[time][calendar]") {
  for (LocalDate date{1999, 1, 1}; date.year < 2005; date = nextDay(date)) {
    CHECK(firstOfNextMonth(date) == nextDay({date.year, date.month, lastDay(date.year, date.month)}));
  }
  CHECK(firstOfNextMonth({9999, 11, 30}) == LocalDate{9999, 12, 1});
  CHECK(refusal(firstOfNextMonth({9999, 12, 1})) == "invalid-date");
}
