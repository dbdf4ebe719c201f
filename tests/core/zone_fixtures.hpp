// SPDX-License-Identifier: MIT
// What the tests of zones share: files, hand-made files, and instants written as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/time.hpp"

namespace souk::fixtures {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of a file; empty where it cannot be read.
Bytes readBytes(const std::string& path);

/// The bytes of data/zones/NAME.tzif.
Bytes zoneFile(std::string_view name);

/// A zone file of one type and a footer, which makes clocks follow the footer at all times.
Bytes fileOfRule(std::string_view footer);

/// An instant in UTC, 24-hour clock.
Instant utc(std::int32_t year, std::int32_t month, std::int32_t day, std::int64_t hour = 0, std::int64_t minute = 0,
            std::int64_t second = 0);

/// The zone of data/zones/NAME.tzif from 1900 to 2100.
Zone zone(std::string_view name);

/// What clocks show, as `2011-12-31 00:00:00`, or the code of the refusal.
std::string shown(const Zone& zone, Instant at);

/// The same for an instant in UTC that a question answered, or the code of the refusal.
std::string inUtc(const Result<Instant>& at);

}  // namespace souk::fixtures
