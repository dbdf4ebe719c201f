// SPDX-License-Identifier: MIT
// A time zone of the system's database as the table that a program carries.
#include <array>
#include <cstdio>
#include <string>

#include "commands.hpp"
#include "files.hpp"
#include "souk/core/time.hpp"
#include "souk/json/codec.hpp"

namespace souk::cli {
namespace {

constexpr std::array<std::string_view, 3> kZoneinfoFolders{"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"};

/// Names such as `Asia/Shanghai` or `Etc/GMT+5`; nothing that leaves the folder.
bool isZoneName(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  return !name.empty() && name.find_first_not_of(kLetters) == std::string_view::npos && name.front() != '/';
}

Result<std::vector<std::uint8_t>> readZoneFile(std::string_view name, std::optional<std::string_view> folder) {
  if (folder) return readFile(std::string{*folder} + "/" + std::string{name});
  for (const auto candidate : kZoneinfoFolders) {
    if (auto bytes = readFile(std::string{candidate} + "/" + std::string{name})) return bytes;
  }
  return fail(Code::cannotRead, {}, "this system has no zone " + std::string{name} + "; name a folder of TZif files by --zoneinfo");
}

Instant startOfYear(std::int64_t year) { return {daysFromEpoch({static_cast<std::int32_t>(year), 1, 1}) * 86'400'000}; }

}  // namespace

int zone(Words words) {
  const auto options = Options::read(words, {"from", "until", "zoneinfo"});
  if (!options) return report(options.error());
  if (options->rest().size() != 1 || !isZoneName(options->rest().front())) {
    return report({Code::usage, {}, "zone takes one name, such as Asia/Shanghai"});
  }
  const auto name = options->rest().front();
  const auto from = options->number("from", 2000, 1, 9999);
  if (!from) return report(from.error());
  const auto until = options->number("until", 2050, 1, 9999);
  if (!until) return report(until.error());
  const auto bytes = readZoneFile(name, options->find("zoneinfo"));
  if (!bytes) return report(bytes.error());
  const auto table = zoneFromTzif(*bytes, name, startOfYear(*from), startOfYear(*until));
  if (!table) return report(table.error());
  std::printf("%s\n", json::toJson(*table).c_str());
  return 0;
}

}  // namespace souk::cli
