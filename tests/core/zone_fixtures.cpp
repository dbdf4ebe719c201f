// SPDX-License-Identifier: MIT
// Reads the files, writes the hand-made ones, and shows instants.
#include "zone_fixtures.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace souk::fixtures {

Bytes readBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Bytes zoneFile(std::string_view name) { return readBytes(SOUK_TESTS_FOLDER "/core/data/zones/" + std::string(name) + ".tzif"); }

Bytes fileOfRule(std::string_view footer) {
  Bytes bytes;
  const auto append = [&](std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); };
  for (int block = 0; block < 2; ++block) {
    append("TZif2");
    bytes.resize(bytes.size() + 15 + 16);                                      // reserved; UT, standard, leap, transition counts: 0
    bytes.insert(bytes.end(), {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});  // 1 type, 1 character; UTC, no daylight, name 0, ""
  }
  append("\n");
  append(footer);
  append("\n");
  return bytes;
}

Instant utc(std::int32_t year, std::int32_t month, std::int32_t day, std::int64_t hour, std::int64_t minute, std::int64_t second) {
  return {daysFromEpoch({year, month, day}) * kMsPerDay + (hour * 3'600 + minute * 60 + second) * kMsPerSecond};
}

Zone zone(std::string_view name) {
  auto made = zoneFromTzif(zoneFile(name), name, utc(1900, 1, 1), utc(2100, 1, 1));
  return made ? *made : Zone{};
}

std::string shown(const Zone& zone, Instant at) {
  const auto time = localTime(zone, at);
  if (!time) return std::string(codeName(time.error().code));
  const auto seconds = static_cast<int>(time->msOfDay / kMsPerSecond);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d", time->date.year, time->date.month, time->date.day,
                seconds / 3'600, seconds / 60 % 60, seconds % 60);
  return text.data();
}

std::string inUtc(const Result<Instant>& at) {
  if (!at) return std::string(codeName(at.error().code));
  return shown({"UTC", kFirstInstant, kLastInstant, {{kFirstInstant, 0}}}, *at);
}

}  // namespace souk::fixtures
