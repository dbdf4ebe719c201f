// SPDX-License-Identifier: MIT
// Zone tables: known facts about clocks, the first instants of days, and a search through small tables of every shape.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <random>
#include <string>

#include "souk/core/time.hpp"
#include "zone_fixtures.hpp"

using namespace souk;
using namespace souk::fixtures;

namespace {

template <class T>
std::string_view refusal(const Result<T>& result) {
  return result ? std::string_view("accepted") : codeName(result.error().code);
}

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

Instant before(Instant at) { return {at.ms - 1}; }

std::string dayStart(const Zone& zone, LocalDate date) { return inUtc(startOfDay(zone, date)); }

Zone simple() { return {"Test", utc(2020, 1, 1), utc(2021, 1, 1), {{utc(2020, 1, 1), 0}, {utc(2020, 6, 1), 3'600}}}; }

std::string pathOfRefusal(const Zone& zone) {
  const auto checked = checkZone(zone);
  if (checked) return "accepted";
  CHECK(checked.error().code == Code::invalidZone);
  return checked.error().path;
}

}  // namespace

TEST_CASE("zones: London's clocks go forward and back at 01:00 UTC in 2010 and 2011", "[zone][facts]") {
  const Zone london = zone("london");
  CHECK(shown(london, before(utc(2010, 3, 28, 1))) == "2010-03-28 00:59:59");
  CHECK(shown(london, utc(2010, 3, 28, 1)) == "2010-03-28 02:00:00");
  CHECK(shown(london, before(utc(2010, 10, 31, 1))) == "2010-10-31 01:59:59");
  CHECK(shown(london, utc(2010, 10, 31, 1)) == "2010-10-31 01:00:00");
  CHECK(shown(london, utc(2011, 3, 27, 1)) == "2011-03-27 02:00:00");
  CHECK(shown(london, utc(2011, 10, 30, 1)) == "2011-10-30 01:00:00");
  CHECK(shown(london, utc(2099, 7, 1)) == "2099-07-01 01:00:00");
}

TEST_CASE("zones: Shanghai keeps summer time from 1986 to 1991 and none since", "[zone][facts]") {
  const Zone shanghai = zone("shanghai");
  CHECK(shown(shanghai, utc(1985, 7, 1)) == "1985-07-01 08:00:00");
  CHECK(shown(shanghai, before(utc(1986, 5, 3, 18))) == "1986-05-04 01:59:59");
  CHECK(shown(shanghai, utc(1986, 5, 3, 18)) == "1986-05-04 03:00:00");
  CHECK(shown(shanghai, utc(1991, 7, 1)) == "1991-07-01 09:00:00");
  CHECK(shown(shanghai, utc(1991, 9, 14, 17)) == "1991-09-15 01:00:00");
  CHECK(shown(shanghai, utc(1992, 7, 1)) == "1992-07-01 08:00:00");
  CHECK(dayStart(shanghai, {2025, 11, 11}) == "2025-11-10 16:00:00");
}

TEST_CASE("zones: Apia has no 30 December 2011; the date starts where the next one does", "[zone][facts]") {
  const Zone apia = zone("apia");
  CHECK(shown(apia, before(utc(2011, 12, 30, 10))) == "2011-12-29 23:59:59");
  CHECK(shown(apia, utc(2011, 12, 30, 10)) == "2011-12-31 00:00:00");
  CHECK(dayStart(apia, {2011, 12, 29}) == "2011-12-29 10:00:00");
  CHECK(dayStart(apia, {2011, 12, 30}) == "2011-12-30 10:00:00");
  CHECK(dayStart(apia, {2011, 12, 31}) == "2011-12-30 10:00:00");
  CHECK(inUtc(instantOf(apia, {2011, 12, 30}, 12 * kHour)) == "2011-12-30 10:00:00");
}

TEST_CASE("zones: days in Sao Paulo on which clocks skip midnight start at 01:00", "[zone][facts]") {
  const Zone saoPaulo = zone("sao_paulo");
  CHECK(dayStart(saoPaulo, {2018, 11, 4}) == "2018-11-04 03:00:00");
  CHECK(shown(saoPaulo, utc(2018, 11, 4, 3)) == "2018-11-04 01:00:00");
  CHECK(shown(saoPaulo, before(utc(2018, 11, 4, 3))) == "2018-11-03 23:59:59");
  CHECK(dayStart(saoPaulo, {2019, 2, 17}) == "2019-02-17 03:00:00");  // clocks went back at midnight: 23:00 to 24:00 came twice
  CHECK(inUtc(instantOf(saoPaulo, {2019, 2, 16}, 23 * kHour)) == "2019-02-17 01:00:00");
}

TEST_CASE("zones: days in Cairo on which clocks skip midnight start at 01:00, also by the rule for the years to come", "[zone][facts]") {
  const Zone cairo = zone("cairo");
  CHECK(dayStart(cairo, {2023, 4, 28}) == "2023-04-27 22:00:00");
  CHECK(shown(cairo, utc(2023, 4, 27, 22)) == "2023-04-28 01:00:00");
  CHECK(dayStart(cairo, {2050, 4, 29}) == "2050-04-28 22:00:00");
  CHECK(shown(cairo, utc(2050, 4, 28, 22)) == "2050-04-29 01:00:00");
  CHECK(dayStart(cairo, {2050, 10, 28}) == "2050-10-27 22:00:00");
}

TEST_CASE("zones: Lord Howe's clocks move by half an hour", "[zone][facts]") {
  const Zone lordHowe = zone("lord_howe");
  CHECK(shown(lordHowe, utc(2025, 1, 1)) == "2025-01-01 11:00:00");
  CHECK(shown(lordHowe, before(utc(2025, 4, 5, 15))) == "2025-04-06 01:59:59");
  CHECK(shown(lordHowe, utc(2025, 4, 5, 15)) == "2025-04-06 01:30:00");
  CHECK(inUtc(instantOf(lordHowe, {2025, 4, 6}, 105 * kMinute)) == "2025-04-05 14:45:00");
  CHECK(inUtc(instantOf(lordHowe, {2025, 10, 5}, 135 * kMinute)) == "2025-10-04 15:30:00");
}

TEST_CASE("zones: Nuuk's rule has a time before its day, Dublin's a standard time in summer", "[zone][facts]") {
  const Zone nuuk = zone("nuuk");
  CHECK(shown(nuuk, before(utc(2030, 3, 31, 1))) == "2030-03-30 22:59:59");
  CHECK(shown(nuuk, utc(2030, 3, 31, 1)) == "2030-03-31 00:00:00");
  CHECK(dayStart(nuuk, {2030, 3, 31}) == "2030-03-31 01:00:00");
  const Zone dublin = zone("dublin");
  CHECK(shown(dublin, utc(2050, 1, 1)) == "2050-01-01 00:00:00");
  CHECK(shown(dublin, utc(2050, 7, 1)) == "2050-07-01 01:00:00");
}

TEST_CASE("zones: a time that comes twice is the earlier one, a time that is skipped the first instant after the gap", "[zone]") {
  const Zone london = zone("london");
  CHECK(inUtc(instantOf(london, {2011, 10, 30}, 90 * kMinute)) == "2011-10-30 00:30:00");
  CHECK(inUtc(instantOf(london, {2011, 10, 30}, 2 * kHour)) == "2011-10-30 02:00:00");
  CHECK(inUtc(instantOf(london, {2011, 3, 27}, 90 * kMinute)) == "2011-03-27 01:00:00");
  CHECK(inUtc(instantOf(london, {2011, 3, 27}, 2 * kHour)) == "2011-03-27 01:00:00");
  CHECK(inUtc(instantOf(london, {2011, 3, 27}, kHour - 1'000)) == "2011-03-27 00:59:59");
}

TEST_CASE("zones: instants and days outside the table are refused with outside-zone-table", "[zone][boundary]") {
  const Zone table = simple();
  CHECK(localDate(table, table.from) == LocalDate{2020, 1, 1});
  CHECK(refusal(localDate(table, before(table.from))) == "outside-zone-table");
  CHECK(localDate(table, before(table.until)) == LocalDate{2021, 1, 1});
  CHECK(refusal(localDate(table, table.until)) == "outside-zone-table");
  CHECK(startOfDay(table, {2020, 1, 1}) == table.from);
  CHECK(refusal(startOfDay(table, {2019, 12, 31})) == "outside-zone-table");
  CHECK(inUtc(startOfDay(table, {2021, 1, 1})) == "2020-12-31 23:00:00");
  CHECK(refusal(startOfDay(table, {2021, 1, 2})) == "outside-zone-table");
  CHECK(refusal(instantOf(table, {2021, 1, 1}, kHour)) == "outside-zone-table");
  CHECK(refusal(offsetSecondsAt(table, kLastInstant)) == "outside-zone-table");
}

TEST_CASE("zones: a day that began before the table is refused, not guessed", "[zone][boundary]") {
  Zone table = simple();
  table.from = table.transitions[0].at = utc(2020, 1, 1, 0, 0, 1);
  CHECK(refusal(startOfDay(table, {2020, 1, 1})) == "outside-zone-table");
  CHECK(inUtc(startOfDay(table, {2020, 1, 2})) == "2020-01-02 00:00:00");
}

TEST_CASE("zones: impossible dates and times of day are refused", "[zone]") {
  const Zone table = simple();
  CHECK(refusal(startOfDay(table, {2020, 2, 30})) == "invalid-date");
  CHECK(refusal(instantOf(table, {2020, 2, 30}, 0)) == "invalid-date");
  CHECK(refusal(instantOf(table, {2020, 2, 3}, -1)) == "out-of-range");
  CHECK(refusal(instantOf(table, {2020, 2, 3}, kMsPerDay)) == "out-of-range");
}

TEST_CASE("zones: local dates beyond the years 1 to 9999 are refused with invalid-date", "[zone][boundary]") {
  const Zone west{"West", kFirstInstant, kLastInstant, {{kFirstInstant, -3'600}}};
  CHECK(refusal(localDate(west, kFirstInstant)) == "invalid-date");
  CHECK(localDate(west, {kFirstInstant.ms + kHour}) == LocalDate{1, 1, 1});
  const Zone east{"East", kFirstInstant, kLastInstant, {{kFirstInstant, 3'600}}};
  CHECK(refusal(localDate(east, before(kLastInstant))) == "invalid-date");
}

TEST_CASE("zones: an empty table answers nothing and breaks nothing", "[zone]") {
  const Zone none{"None", kFirstInstant, kLastInstant, {}};
  CHECK(refusal(localDate(none, {})) == "outside-zone-table");
  CHECK(refusal(startOfDay(none, {})) == "outside-zone-table");
  CHECK(refusal(instantOf(none, {}, 0)) == "outside-zone-table");
}

TEST_CASE("zone check: a good table is accepted, each fault is refused with invalid-zone at its path", "[zone]") {
  const auto broken = [](auto breakIt) {
    Zone table = simple();
    breakIt(table);
    return pathOfRefusal(table);
  };
  CHECK(checkZone(simple()));
  CHECK(broken([](Zone& z) { z.name = ""; }) == "/name");
  CHECK(broken([](Zone& z) { z.name = std::string(65, 'x'); }) == "/name");
  CHECK(broken([](Zone& z) { z.from = before(kFirstInstant); }) == "/from");
  CHECK(broken([](Zone& z) { z.until = {kLastInstant.ms + 1}; }) == "/until");
  CHECK(broken([](Zone& z) { z.until = z.from; }) == "/until");
  CHECK(broken([](Zone& z) { z.transitions.clear(); }) == "/transitions");
  CHECK(broken([](Zone& z) { z.transitions.resize(20'001); }) == "/transitions");
  CHECK(broken([](Zone& z) { z.from.ms -= 1; }) == "/transitions/0/at");
  CHECK(broken([](Zone& z) { z.transitions[1].at = z.from; }) == "/transitions/1/at");
  CHECK(broken([](Zone& z) { z.transitions[1].at = z.until; }) == "/transitions/1/at");
  CHECK(broken([](Zone& z) { z.transitions[1].offsetSeconds = 64'801; }) == "/transitions/1/offsetSeconds");
  CHECK(broken([](Zone& z) { z.transitions[0].offsetSeconds = -64'801; }) == "/transitions/0/offsetSeconds");
  CHECK(broken([](Zone& z) { z.transitions[0].offsetSeconds = -64'800; }) == "accepted");
}

namespace {

/// A table of a few days with transitions on quarters of an hour, some of them close together or far apart.
Zone randomZone(std::mt19937_64& random) {
  const Instant from = {utc(2020, 1, 1).ms + static_cast<std::int64_t>(random() % 96) * 15 * kMinute};
  Zone table{"Random", from, {from.ms + 5 * kMsPerDay}, {}};
  for (Instant at = from; at < table.until; at.ms += static_cast<std::int64_t>(random() % 150 + 1) * 15 * kMinute) {
    const auto steps = static_cast<std::int64_t>(random() % (random() % 2 == 0 ? 13 : 145));
    table.transitions.push_back({at, (steps - (steps > 72 ? 144 : 0)) * 900});
  }
  return table;
}

/// The first instant of the table, by quarters of an hour, at which `holds(what clocks show)`.
template <class Holds>
std::optional<Instant> search(const Zone& table, Holds holds) {
  for (Instant at = table.from; at < table.until; at.ms += 15 * kMinute) {
    if (holds(*localTime(table, at))) return at;
  }
  return std::nullopt;
}

/// What `instantOf` and `startOfDay` promise, by looking at every quarter of an hour.
std::optional<Instant> searchLocal(const Zone& table, LocalTime wanted, bool exactFirst) {
  if (exactFirst) {
    if (const auto exact = search(table, [&](LocalTime shown) { return shown == wanted; })) return exact;
  }
  const auto reached = search(table, [&](LocalTime shown) { return shown >= wanted; });
  const bool maybeEarlier = reached == table.from && *localTime(table, table.from) != wanted;
  return maybeEarlier ? std::nullopt : reached;
}

std::string name(const std::optional<Instant>& at) { return at ? inUtc(*at) : "outside-zone-table"; }

}  // namespace

TEST_CASE("zones: in 500 random tables every day's start and every quarter's instant is what a search finds", "[zone][random]") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 500; ++round) {
    const Zone table = randomZone(random);
    REQUIRE(checkZone(table));
    for (std::int32_t day = 1; day <= 8; ++day) {
      CHECK(inUtc(startOfDay(table, {2020, 1, day})) == name(searchLocal(table, {{2020, 1, day}, 0}, false)));
    }
    for (int probe = 0; probe < 20; ++probe) {
      const LocalTime wanted{{2020, 1, static_cast<std::int32_t>(random() % 8 + 1)},
                             static_cast<std::int64_t>(random() % 96) * 15 * kMinute};
      CHECK(inUtc(instantOf(table, wanted.date, wanted.msOfDay)) == name(searchLocal(table, wanted, true)));
    }
  }
}

TEST_CASE("zones: in real zones each day starts at an instant of that day or after a gap, and days start in order", "[zone][random]") {
  for (const auto* file : {"london", "shanghai", "apia", "sao_paulo", "cairo", "lord_howe", "nuuk", "dublin"}) {
    const Zone table = zone(file);
    Instant previous = table.from;
    for (std::int64_t day = daysFromEpoch({1900, 1, 3}); day < daysFromEpoch({2099, 12, 30}); ++day) {
      const LocalDate date = *dateFromDays(day);
      const auto start = startOfDay(table, date);
      const bool fits = start && *start >= previous && *localDate(table, *start) >= date && *localDate(table, before(*start)) < date;
      if (!fits) FAIL(file << " " << date.year << '-' << date.month << '-' << date.day);
      previous = *start;
    }
  }
}
