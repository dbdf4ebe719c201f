// SPDX-License-Identifier: MIT
// Compiled zone files (TZif, RFC 9636) made into zone tables.
//
// A file is a header and a block of data in 32 bits, and from version 2 on a second header, the block in 64 bits, and a footer with the
// rule for the time after the last transition. The first block of such a file is only stepped over.
#include <algorithm>
#include <optional>
#include <utility>

#include "souk/core/time.hpp"
#include "tz_rule.hpp"

namespace souk {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint64_t kHeaderSize = 44;
constexpr std::uint64_t kTypeSize = 6;

std::unexpected<Error> damaged(std::string_view message) { return fail(Code::damagedBytes, {}, message); }

/// Offsets are reckoned in 64 bits, so that no count can make one wrap where `size_t` has 32; the caller has checked that the bytes are there.
Bytes partAt(Bytes bytes, std::uint64_t offset, std::size_t size = std::dynamic_extent) {
  return bytes.subspan(static_cast<std::size_t>(offset), size);
}

std::uint8_t byteAt(Bytes bytes, std::uint64_t offset) { return bytes[static_cast<std::size_t>(offset)]; }

/// A big-endian integer of 1, 4 or 8 bytes, extended by its sign. The caller has checked that the bytes are there.
std::int64_t signedAt(Bytes bytes, std::uint64_t offset, std::size_t size) {
  std::uint64_t value = (byteAt(bytes, offset) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t byte : partAt(bytes, offset, size)) value = value << 8 | byte;
  return static_cast<std::int64_t>(value);
}

std::uint64_t countAt(Bytes bytes, std::uint64_t offset) { return static_cast<std::uint64_t>(signedAt(bytes, offset, 4)) & 0xffff'ffff; }

/// Where the parts of one block lie (RFC 9636, section 3.2). All offsets fit 64 bits, whatever the counts are.
struct Block {
  std::size_t timeSize = 4;  ///< Bytes of an instant: 4 or 8.
  char version = '\0';
  std::uint64_t utIndicators = 0, standardIndicators = 0, leaps = 0, times = 0, types = 0, characters = 0;
  std::uint64_t begin = 0;  ///< Of the data behind the header.

  [[nodiscard]] std::uint64_t indexesBegin() const { return begin + times * timeSize; }
  [[nodiscard]] std::uint64_t typesBegin() const { return indexesBegin() + times; }
  [[nodiscard]] std::uint64_t end() const {
    return typesBegin() + types * kTypeSize + characters + leaps * (timeSize + 4) + standardIndicators + utIndicators;
  }
};

Result<Block> readHeader(Bytes bytes, std::uint64_t offset, std::size_t timeSize) {
  if (bytes.size() < offset + kHeaderSize) return damaged("the zone file ends within a header");
  constexpr std::string_view kMagic = "TZif";
  if (!std::ranges::equal(partAt(bytes, offset, 4), kMagic)) return damaged("the zone file has no TZif header");
  Block block;
  block.timeSize = timeSize;
  block.version = static_cast<char>(byteAt(bytes, offset + 4));
  std::uint64_t* const counts[] = {&block.utIndicators, &block.standardIndicators, &block.leaps, &block.times,
                                   &block.types,        &block.characters};
  for (std::uint64_t i = 0; i < 6; ++i) *counts[i] = countAt(bytes, offset + 20 + 4 * i);
  block.begin = offset + kHeaderSize;
  if (block.end() > bytes.size()) return damaged("the zone file ends within its data");
  return block;
}

/// Instants before the year 1 and after 9999 are outside every table; within these bounds milliseconds fit 64 bits.
constexpr std::int64_t kLeastSeconds = kFirstInstant.ms / kMsPerSecond - 1;
constexpr std::int64_t kMostSeconds = (kLastInstant.ms + 1) / kMsPerSecond;

/// What of a file matters here.
struct ZoneFile {
  std::int64_t firstOffset = 0;       ///< Seconds ahead of UTC before the first change.
  std::vector<OffsetChange> changes;  ///< In order of time, within kLeastSeconds and kMostSeconds.
  std::string_view footer;            ///< TZ rule, or empty.
};

Result<std::vector<std::int64_t>> readOffsets(Bytes bytes, const Block& block) {
  // RFC 9636, section 3.2: the offsets that a file should hold.
  constexpr std::int64_t kLeast = -89'999;
  constexpr std::int64_t kMost = 93'599;
  std::vector<std::int64_t> offsets;
  for (std::uint64_t i = 0; i < block.types; ++i) {
    const std::uint64_t at = block.typesBegin() + i * kTypeSize;
    const std::int64_t offset = signedAt(bytes, at, 4);
    if (offset < kLeast || offset > kMost) return damaged("a zone file's offset is impossible");
    if (byteAt(bytes, at + 4) > 1 || byteAt(bytes, at + 5) >= block.characters) return damaged("a zone file's type is impossible");
    offsets.push_back(offset);
  }
  return offsets;
}

Result<std::vector<OffsetChange>> readChanges(Bytes bytes, const Block& block, const std::vector<std::int64_t>& offsets) {
  std::vector<OffsetChange> changes;
  std::int64_t previous = 0;
  for (std::uint64_t i = 0; i < block.times; ++i) {
    const std::int64_t seconds = signedAt(bytes, block.begin + i * block.timeSize, block.timeSize);
    const std::size_t type = byteAt(bytes, block.indexesBegin() + i);
    if (type >= offsets.size()) return damaged("a zone file's transition names no type");
    if (i > 0 && seconds <= previous) return damaged("a zone file's transitions do not ascend");
    changes.push_back({std::clamp(seconds, kLeastSeconds, kMostSeconds), offsets[type]});
    previous = seconds;
  }
  return changes;
}

Result<ZoneFile> readBlock(Bytes bytes, const Block& block) {
  if (block.leaps > 0) return fail(Code::invalidZone, {}, "the zone file counts leap seconds; use the one from zoneinfo/posix");
  const bool indicatorsFit = (block.utIndicators == 0 || block.utIndicators == block.types) &&
                             (block.standardIndicators == 0 || block.standardIndicators == block.types);
  if (block.types == 0 || block.characters == 0 || !indicatorsFit) return damaged("a zone file's counts are impossible");
  const auto offsets = readOffsets(bytes, block);
  if (!offsets) return std::unexpected(offsets.error());
  auto changes = readChanges(bytes, block, *offsets);
  if (!changes) return std::unexpected(std::move(changes).error());
  return ZoneFile{offsets->front(), std::move(*changes), {}};
}

Result<std::string_view> readFooter(Bytes bytes, std::uint64_t offset) {
  const Bytes rest = partAt(bytes, offset);
  if (rest.empty() || rest.front() != '\n') return damaged("the zone file has no footer");
  const std::string_view text(reinterpret_cast<const char*>(rest.data()) + 1, rest.size() - 1);
  const auto end = text.find('\n');
  if (end == std::string_view::npos || end + 1 != text.size()) return damaged("the zone file's footer has no end");
  return text.substr(0, end);
}

Result<ZoneFile> readFile(Bytes bytes) {
  const auto first = readHeader(bytes, 0, 4);
  if (!first) return std::unexpected(first.error());
  if (first->version == '\0') return readBlock(bytes, *first);
  if (first->version < '2') return damaged("the zone file has no version");
  if (first->version > '4') return fail(Code::unsupportedVersion, {}, "zone files are read up to version 4");
  const auto second = readHeader(bytes, first->end(), 8);
  if (!second) return std::unexpected(second.error());
  if (second->version != first->version) return damaged("the zone file's headers differ");
  auto file = readBlock(bytes, *second);
  const auto footer = readFooter(bytes, second->end());
  if (!file) return file;
  if (!footer) return std::unexpected(footer.error());
  file->footer = *footer;
  return file;
}

/// Collects the changes that fall into a table, in order of time.
class TableBuilder {
 public:
  TableBuilder(std::string_view name, Instant from, Instant until, std::int64_t offset)
      : zone_{std::string(name), from, until, {{from, offset}}} {}

  void change(const OffsetChange& change) {
    const Instant at{change.seconds * kMsPerSecond};
    auto& transitions = zone_.transitions;
    if (at >= zone_.until) return;
    if (at <= zone_.from) {
      transitions.front().offsetSeconds = change.offsetSeconds;
      return;
    }
    if (transitions.back().at == at) transitions.pop_back();
    if (transitions.back().offsetSeconds != change.offsetSeconds) transitions.push_back({at, change.offsetSeconds});
  }

  [[nodiscard]] Zone finish() && { return std::move(zone_); }

 private:
  Zone zone_;
};

std::int32_t yearOf(Instant at) {
  const std::int64_t daysSinceFirst = (std::max(at, kFirstInstant).ms - kFirstInstant.ms) / kMsPerDay;
  const auto date = dateFromDays(kFirstInstant.ms / kMsPerDay + daysSinceFirst);
  return date ? date->year : 9999;
}

/// Carries the footer's rule out after the last transition.
Result<void> extend(TableBuilder& table, const ZoneFile& file, Instant from, Instant until) {
  const bool empty = file.changes.empty();
  const std::int64_t last = empty ? kLeastSeconds : file.changes.back().seconds;
  const Instant known{last * kMsPerSecond};
  if (known.ms + 1 >= until.ms || (empty && file.footer.empty())) return {};
  if (file.footer.empty()) return fail(Code::outsideZoneTable, {}, "the zone file says nothing after its last transition");
  const auto rule = parseTzRule(file.footer);
  if (!rule) return std::unexpected(rule.error());
  if (empty) table.change({kLeastSeconds, rule->standardOffsetSeconds});
  // The change that holds at the start of the span is at most one year old; two, as a rule's times reach a week beyond their year.
  for (const auto& change : changesOf(*rule, yearOf(std::max(known, from)) - 2, yearOf(until) + 1)) {
    if (change.seconds > last) table.change(change);
  }
  return {};
}

}  // namespace

Result<Zone> zoneFromTzif(std::span<const std::uint8_t> bytes, std::string_view name, Instant from, Instant until) {
  if (from < kFirstInstant || from >= until || until > kLastInstant) return fail(Code::invalidZone, "/until", "an impossible span of time");
  const auto file = readFile(bytes);
  if (!file) return std::unexpected(file.error());
  TableBuilder table(name, from, until, file->firstOffset);
  for (const auto& change : file->changes) table.change(change);
  if (auto extended = extend(table, *file, from, until); !extended) return std::unexpected(std::move(extended).error());
  Zone zone = std::move(table).finish();
  if (auto fits = checkZone(zone); !fits) return std::unexpected(std::move(fits).error());
  return zone;
}

}  // namespace souk
