// SPDX-License-Identifier: MIT
// The program `souk`: the engine on a desktop, and in Node by `npx souk`.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "pack_build.hpp"
#include "souk/version.hpp"

namespace souk::cli {
namespace {

struct CommandRow {
  std::string_view name;
  std::string_view usage;
  int (*run)(Words);
};

int help(Words words);
int version(Words words);

constexpr std::array kCommands{
    CommandRow{"call", "call [--program FILE] [--pack FILE]        answer requests, one JSON document a line", call},
    CommandRow{"replay",
               "replay --journal FILE                      check a journal and tell every stream's digest\n"
               "  souk replay --program FILE --commands FILE [--at MS] [--journal-out FILE]\n"
               "                                                  decide commands from empty and tell every account",
               replay},
    CommandRow{"pack", "pack build --orders FILE --out FOLDER      build a pack from order lines (`souk pack help` for options)", pack},
    CommandRow{"zone",
               "zone NAME [--from YEAR] [--until YEAR] [--zoneinfo FOLDER]\n"
               "                                                  print a time zone as the table that a program carries",
               zone},
    CommandRow{"protocol",
               "protocol --typescript | --markdown | --codes\n"
               "                                                  print the protocol's types, its tables, or the codes of errors",
               protocol},
    CommandRow{"help", "help                                       print this", help},
    CommandRow{"version", "version                                    print the version", version},
};

int help(Words /*words*/) {
  std::printf("souk %s: what to recommend, how many points, what a group-buy costs, who referred whom\n\n", std::string{kVersion}.c_str());
  for (const auto& row : kCommands) std::printf("  souk %s\n", std::string{row.usage}.c_str());
  return 0;
}

int version(Words /*words*/) {
  std::printf("%s\n", std::string{kVersion}.c_str());
  return 0;
}

}  // namespace

int report(const Error& error) {
  std::fprintf(stderr, "souk: %s: %s%s%s\n", std::string{codeName(error.code)}.c_str(), error.message.c_str(),
               error.path.empty() ? "" : " at ", error.path.c_str());
  return error.code == Code::usage ? 2 : 1;
}

int run(Words words) {
  if (words.empty()) {
    help(words);
    return 2;
  }
  auto name = words.front();
  if (name == "--help" || name == "-h") name = "help";
  if (name == "--version") name = "version";
  const auto row = std::find_if(kCommands.begin(), kCommands.end(), [&](const CommandRow& command) { return command.name == name; });
  if (row == kCommands.end()) return report({Code::usage, {}, "there is no command " + std::string{name} + "; see `souk help`"});
  return row->run(words.subspan(1));
}

}  // namespace souk::cli

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv + 1, argv + std::max(argc, 1));
  return souk::cli::run(words);
}
