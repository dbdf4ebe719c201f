// SPDX-License-Identifier: MIT
// Compiled zone files: against the C library where the machine has a zone database, against hand-made files, and damaged in every way.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <random>
#include <set>
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

Result<Zone> made(const Bytes& bytes, Instant from = utc(1900, 1, 1), Instant until = utc(2100, 1, 1)) {
  return zoneFromTzif(bytes, "Test", from, until);
}

/// The C library's clocks in a zone, until this goes out of scope.
class LibraryZone {
 public:
  explicit LibraryZone(const std::string& zone) {
    setenv("TZ", zone.c_str(), 1);
    tzset();
  }
  ~LibraryZone() {
    unsetenv("TZ");
    tzset();
  }
  LibraryZone(const LibraryZone&) = delete;  // two at a time would fight over one environment
  LibraryZone& operator=(const LibraryZone&) = delete;

  [[nodiscard]] std::int64_t offsetSeconds(Instant at) const {
    const std::time_t seconds = at.ms / kMsPerSecond;
    std::tm local{};
    localtime_r(&seconds, &local);
    return local.tm_gmtoff;
  }
};

/// The first instant at which a table and the C library differ: around each transition, and on each 11th day at another hour.
std::string firstDifference(const Zone& zone, const LibraryZone& library) {
  std::vector<Instant> probes;
  for (const auto& transition : zone.transitions) probes.insert(probes.end(), {transition.at, {transition.at.ms - 1'000}});
  for (Instant at = zone.from; at < zone.until; at.ms += 11 * kMsPerDay + 3'601'000) probes.push_back(at);
  for (const auto at : probes) {
    if (at < zone.from) continue;
    if (offsetSecondsAt(zone, at) != library.offsetSeconds(at)) return zone.name + " " + inUtc(at);
  }
  return "none";
}

const std::string kDatabase = "/usr/share/zoneinfo/";

}  // namespace

TEST_CASE("zone files: 40 zones of this machine agree with the C library from 1900 to 2100", "[tzif][libc]") {
  for (const std::string name : {"Africa/Cairo",      "Africa/Casablanca",   "Africa/Johannesburg", "Africa/Monrovia",   "America/Caracas",
                                 "America/Havana",    "America/Los_Angeles", "America/New_York",    "America/Nuuk",      "America/Santiago",
                                 "America/Sao_Paulo", "America/St_Johns",    "America/Toronto",     "Antarctica/Troll",  "Asia/Gaza",
                                 "Asia/Ho_Chi_Minh",  "Asia/Jerusalem",      "Asia/Kathmandu",      "Asia/Kolkata",      "Asia/Manila",
                                 "Asia/Pyongyang",    "Asia/Shanghai",       "Asia/Tehran",         "Asia/Tokyo",        "Atlantic/Azores",
                                 "Australia/Eucla",   "Australia/Lord_Howe", "Australia/Sydney",    "Europe/Amsterdam",  "Europe/Dublin",
                                 "Europe/Istanbul",   "Europe/Lisbon",       "Europe/London",       "Europe/Moscow",     "Pacific/Apia",
                                 "Pacific/Auckland",  "Pacific/Chatham",     "Pacific/Kiritimati",  "Pacific/Kwajalein", "UTC"}) {
    const auto bytes = readBytes(kDatabase + name);
    if (bytes.empty()) continue;  // no zone database here: the fixtures have to do
    const auto table = zoneFromTzif(bytes, name, utc(1900, 1, 1), utc(2100, 1, 1));
    INFO(name);
    REQUIRE(table);
    CHECK(firstDifference(*table, LibraryZone(name)) == "none");
  }
}

TEST_CASE("zone files: rules in footers of every form agree with the C library from 1971 to 2100", "[tzif][libc]") {
  for (const std::string rule :
       {"EST5EDT,M3.2.0,M11.1.0", "GMT0BST,M3.5.0/1,M10.5.0", "<+03>-3", "UTC0", "AAA-1BBB,J60/2,J300/3:30:15", "AAA4BBB,59,300",
        "IST-1GMT0,M10.5.0,M3.5.0/1", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EET-2EEST,M3.4.4/50,M10.4.4/50", "AAA10BBB,M10.1.0,M4.1.0/3",
        "AAA0:30:15BBB-1:15,M1.1.6,M12.5.6", "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", "AAA+5BBB+4,J59,J60", "AAA3BBB,364/12,200",
        "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "AAA-9:30BBB-10:30,M10.1.0,M4.1.0/3", "EST5EDT,M2.5.1,M8.5.1"}) {
    const auto table = made(fileOfRule(rule), utc(1971, 1, 1));
    INFO(rule);
    REQUIRE(table);
    CHECK(firstDifference(*table, LibraryZone(rule)) == "none");
  }
}

TEST_CASE("zone files: daylight saving that ends when the next one starts holds all year", "[tzif]") {
  const auto table = made(fileOfRule("XXX3EDT4,0/0,J365/23"));
  REQUIRE(table);
  CHECK(table->transitions == std::vector<ZoneTransition>{{utc(1900, 1, 1), -4 * 3'600}});
}

TEST_CASE("zone files: the offset at the start of a table is that of the last change before it", "[tzif]") {
  const auto bytes = zoneFile("london");
  const auto winter = made(bytes, utc(2050, 1, 1), utc(2050, 2, 1));
  const auto summer = made(bytes, utc(2050, 7, 1), utc(2050, 8, 1));
  REQUIRE((winter && summer));
  CHECK(winter->transitions == std::vector<ZoneTransition>{{utc(2050, 1, 1), 0}});
  CHECK(summer->transitions == std::vector<ZoneTransition>{{utc(2050, 7, 1), 3'600}});
}

TEST_CASE("zone files: a table may start or end between two changes of one day, and at a change", "[tzif][boundary]") {
  const auto bytes = zoneFile("london");
  const Instant change = utc(2011, 3, 27, 1);
  CHECK(made(bytes, change, utc(2011, 4, 1))->transitions == std::vector<ZoneTransition>{{change, 3'600}});
  CHECK(made(bytes, {change.ms - 1}, {change.ms + 1})->transitions.size() == 2);
  CHECK(made(bytes, utc(2011, 3, 1), change)->transitions.size() == 1);
}

TEST_CASE("zone files: a table of all years 1 to 9999 is made and accepted", "[tzif][boundary]") {
  for (const auto* name : {"london", "cairo", "apia"}) {
    const auto table = made(zoneFile(name), kFirstInstant, kLastInstant);
    REQUIRE(table);
    CHECK(checkZone(*table));
  }
  CHECK(made(fileOfRule("EST5EDT,M3.2.0,M11.1.0"), kFirstInstant, kLastInstant)->transitions.size() == 2 * 9'999 + 1);
}

TEST_CASE("zone files: an impossible span of time is refused with invalid-zone", "[tzif][boundary]") {
  const auto bytes = zoneFile("london");
  CHECK(refusal(made(bytes, utc(2020, 1, 1), utc(2020, 1, 1))) == "invalid-zone");
  CHECK(refusal(made(bytes, {kFirstInstant.ms - 1}, kLastInstant)) == "invalid-zone");
  CHECK(refusal(made(bytes, kFirstInstant, {kLastInstant.ms + 1})) == "invalid-zone");
}

TEST_CASE("zone files: a name that no table may have is refused with invalid-zone", "[tzif]") {
  CHECK(refusal(zoneFromTzif(zoneFile("london"), "", utc(2020, 1, 1), utc(2021, 1, 1))) == "invalid-zone");
}

TEST_CASE("zone files: footers that are no rule are refused with damaged-bytes", "[tzif][damaged]") {
  // clang-format off
  constexpr std::string_view kBroken[] = {
      "A", "AB5", "AAA", "<AAA5", "<+0>0", "AAA5BBB", "AAA5BBB4", "AAA5BBB,M3.2.0", "AAA5BBB,M3.2.0,", "AAA5BBB,M13.2.0,M11.1.0",
      "AAA5BBB,M0.2.0,M11.1.0", "AAA5BBB,M3.6.0,M11.1.0", "AAA5BBB,M3.2.7,M11.1.0", "AAA5BBB,J0,J300", "AAA5BBB,J366,J300",
      "AAA5BBB,366,300", "AAA25", "AAA5:60", "AAA5:00:60", "AAA5BBB,M3.2.0/168,M11.1.0", "AAA5BBB,M3.2.0,M11.1.0x",
      "AAA5BBB,M3.2.0,M11.1.0,", "AAA--5", "AAA 5", "AAA5:", "AAA9999999999999999999",
  };
  // clang-format on
  for (const auto rule : kBroken) {
    INFO(rule);
    CHECK(refusal(made(fileOfRule(rule))) == "damaged-bytes");
  }
}

TEST_CASE("zone files: without transitions and footer the first type holds; without footer nothing after the last transition", "[tzif]") {
  CHECK(made(fileOfRule(""))->transitions == std::vector<ZoneTransition>{{utc(1900, 1, 1), 0}});
  auto shanghai = zoneFile("shanghai");
  shanghai.resize(shanghai.size() - 6);  // "CST-8" and the line's end
  shanghai.push_back('\n');
  CHECK(refusal(made(shanghai)) == "outside-zone-table");
  CHECK(refusal(made(shanghai, utc(1900, 1, 1), utc(1991, 9, 14, 17))) == "accepted");
  CHECK(refusal(made(shanghai, utc(1900, 1, 1), utc(1991, 9, 14, 18))) == "outside-zone-table");
}

TEST_CASE("zone files: the 32-bit block alone is read as version 1", "[tzif]") {
  auto bytes = readBytes(kDatabase + "Asia/Shanghai");
  if (bytes.empty()) return;
  bytes[4] = 0;
  const auto table = made(bytes, utc(1950, 1, 1), utc(1991, 9, 1));
  REQUIRE(table);
  const auto whole = made(zoneFile("shanghai"), utc(1950, 1, 1), utc(1991, 9, 1));
  CHECK(table->transitions == whole->transitions);
  CHECK(refusal(made(bytes)) == "outside-zone-table");
}

TEST_CASE("zone files: versions above 4 are refused with unsupported-version, others with damaged-bytes", "[tzif]") {
  auto bytes = zoneFile("london");
  const auto as = [&](char first, char second) {
    bytes[4] = static_cast<std::uint8_t>(first);
    bytes[44 + 4 + 6 + 1] = static_cast<std::uint8_t>(second);  // behind the slim file's empty first block
    return refusal(made(bytes));
  };
  CHECK(as('2', '2') == "accepted");
  CHECK(as('4', '4') == "accepted");
  CHECK(as('2', '3') == "damaged-bytes");
  CHECK(as('5', '5') == "unsupported-version");
  CHECK(as('1', '1') == "damaged-bytes");
}

TEST_CASE("zone files: a file that counts leap seconds is refused with invalid-zone", "[tzif]") {
  auto bytes = fileOfRule("UTC0");
  const std::size_t secondHeader = 44 + 7;
  bytes[secondHeader + 31] = 1;
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(secondHeader + 44 + 7), 12, 0);
  CHECK(refusal(made(bytes)) == "invalid-zone");
}

TEST_CASE("zone files: an offset that no table may have is refused", "[tzif][boundary]") {
  const auto withOffset = [](std::int32_t offset) {
    auto bytes = fileOfRule("");
    for (std::size_t i = 0; i < 4; ++i)
      bytes[44 + 7 + 44 + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(offset) >> (24 - 8 * i));
    return refusal(made(bytes));
  };
  CHECK(withOffset(64'800) == "accepted");
  CHECK(withOffset(-64'800) == "accepted");
  CHECK(withOffset(64'801) == "invalid-zone");
  CHECK(withOffset(93'600) == "damaged-bytes");
  CHECK(withOffset(std::numeric_limits<std::int32_t>::min()) == "damaged-bytes");
}

TEST_CASE("zone files: every file that is cut short is refused with damaged-bytes", "[tzif][damaged]") {
  for (const auto* name : {"london", "shanghai", "apia"}) {
    const auto bytes = zoneFile(name);
    REQUIRE(refusal(made(bytes)) == "accepted");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      // A copy of exactly that size, so that one byte read beyond it is seen.
      if (refusal(made(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)))) != "damaged-bytes")
        FAIL(name << " " << size);
    }
  }
}

TEST_CASE("zone files: 60,000 damaged files give a table that holds its promises or a refusal, and no byte outside is read",
          "[tzif][damaged]") {
  const std::set<std::string_view> refusals{"damaged-bytes", "invalid-zone", "outside-zone-table", "unsupported-version"};
  const std::vector<Bytes> originals{zoneFile("london"), zoneFile("apia"), zoneFile("nuuk"), fileOfRule("AAA4BBB,59/-3,J300/30:15"),
                                     fileOfRule("")};
  std::mt19937_64 random(11);
  std::size_t accepted = 0;
  for (int round = 0; round < 60'000; ++round) {
    Bytes bytes = originals[random() % originals.size()];
    const std::size_t reach = random() % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 110);  // often the headers
    for (std::size_t changes = random() % 4 + 1; changes > 0; --changes) bytes[random() % reach] = static_cast<std::uint8_t>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    const auto table = made(bytes, utc(1990, 1, 1), utc(2030, 1, 1));
    if (table ? !checkZone(*table) : !refusals.contains(refusal(table))) FAIL("round " << round);
    accepted += table ? 1 : 0;
  }
  CHECK(accepted > 1'000);  // damage to names and to times outside the span goes unseen, as it must
}
