// SPDX-License-Identifier: MIT
// Folding from empty: a journal of facts, or a file of commands that are decided anew.
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "commands.hpp"
#include "files.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/protocol.hpp"

namespace souk::cli {
namespace {

/// One account after the last command, and at the instant that was asked for.
struct AccountLine {
  std::string stream;
  std::int64_t seq = 0;
  Digest digest;
  std::optional<std::string> level;
  std::optional<WalletTotals> points;
  std::optional<WalletTotals> growth;
  static constexpr auto fields() {
    return std::tuple{Field{"stream", &AccountLine::stream, "Name of the stream."},
                      Field{"seq", &AccountLine::seq, "Its facts.", 0},
                      Field{"digest", &AccountLine::digest, "Digest of its state."},
                      Field{"level", &AccountLine::level, "Level at the instant asked for."},
                      Field{"points", &AccountLine::points, "Points at that instant."},
                      Field{"growth", &AccountLine::growth, "Growth at that instant."}};
  }
};

/// The sums over all accounts.
struct Summary {
  std::int64_t commands = 0;
  std::int64_t accepted = 0;
  std::int64_t refused = 0;
  std::int64_t repeated = 0;
  std::int64_t accounts = 0;
  std::int64_t facts = 0;
  Digest head;
  static constexpr auto fields() {
    return std::tuple{Field{"commands", &Summary::commands, "Lines."},      Field{"accepted", &Summary::accepted, "Accepted."},
                      Field{"refused", &Summary::refused, "Refused."},      Field{"repeated", &Summary::repeated, "Given before."},
                      Field{"accounts", &Summary::accounts, "Streams."},    Field{"facts", &Summary::facts, "Facts."},
                      Field{"head", &Summary::head, "Head of the journal."}};
  }
};

void printLine(const std::string& text) { std::printf("%s\n", text.c_str()); }

/// Decides the commands of a file, opening streams as they are named.
class CommandReplay {
 public:
  Result<void> openProgram(std::string_view path);
  Result<void> run(std::string_view path);
  Result<void> print(std::optional<Instant> at);
  Result<void> writeJournal(std::string_view path) { return writeFile(path, engine_.journal().bytes()); }

 private:
  Result<void> openStreamsOf(const Command& command);
  Result<void> submit(const std::string& line);

  Engine engine_;
  std::map<std::string, std::int64_t, std::less<>> handles_;
  Summary summary_;
};

Result<void> CommandReplay::openProgram(std::string_view path) {
  const auto bytes = readFile(path);
  if (!bytes) return std::unexpected(bytes.error());
  auto program = json::readProgram(*bytes);
  if (!program) return std::unexpected(program.error());
  if (auto opened = engine_.openProgram(std::move(*program)); !opened) return std::unexpected(opened.error());
  return {};
}

/// Opens what a command touches; an open stream may name further ones.
Result<void> CommandReplay::openStreamsOf(const Command& command) {
  for (bool isNew = true; isNew;) {
    isNew = false;
    const auto named = engine_.streamsOf(command);
    if (!named) return std::unexpected(named.error());
    for (const auto& stream : named->streams) {
      if (handles_.contains(stream)) continue;
      const auto opened = engine_.openStream(stream);
      if (!opened) return std::unexpected(opened.error());
      handles_.emplace(stream, opened->handle);
      isNew = true;
    }
  }
  return {};
}

Result<void> CommandReplay::submit(const std::string& line) {
  const auto bytes = std::span{reinterpret_cast<const std::uint8_t*>(line.data()), line.size()};
  const auto command = json::readCommand(bytes);
  if (!command) return std::unexpected(command.error());
  if (auto opened = openStreamsOf(*command); !opened) return opened;
  const auto answer = engine_.submit(*command);
  if (!answer) return std::unexpected(answer.error());
  ++summary_.commands;
  auto& count = answer->repeated ? summary_.repeated : answer->verdict.outcome == Outcome::accepted ? summary_.accepted : summary_.refused;
  ++count;
  return {};
}

Result<void> CommandReplay::run(std::string_view path) {
  std::FILE* const file = path == "-" ? stdin : std::fopen(std::string{path}.c_str(), "rb");
  if (file == nullptr) return fail(Code::cannotRead, {}, std::string{path} + " cannot be opened");
  Lines lines{file};
  Result<void> done;
  std::int64_t number = 1;
  for (std::string line; done && lines.next(line); ++number) {
    if (!line.empty()) done = submit(line);
  }
  if (file != stdin) std::fclose(file);
  if (!done) done.error().message += " (line " + std::to_string(number - 1) + ")";
  return done;
}

Result<void> CommandReplay::print(std::optional<Instant> at) {
  for (const auto& [stream, handle] : handles_) {
    const auto digest = engine_.digest(handle);
    if (!digest) return std::unexpected(digest.error());
    AccountLine line{.stream = stream, .seq = digest->seq, .digest = digest->digest, .level = {}, .points = {}, .growth = {}};
    if (at) {
      const auto view = engine_.account({.handle = handle, .at = *at, .lots = {}, .confirmed = {}});
      if (!view) return std::unexpected(view.error());
      line.level = view->level.name;
      line.points = view->points.totals;
      line.growth = view->growth.totals;
    }
    printLine(json::toJson(line));
  }
  summary_.accounts = static_cast<std::int64_t>(handles_.size());
  summary_.facts = engine_.journal().facts();
  summary_.head = engine_.journal().head();
  printLine(json::toJson(summary_));
  return {};
}

int replayJournal(std::string_view path) {
  const auto bytes = readFile(path);
  if (!bytes) return report(bytes.error());
  const auto answer = souk::replay(*bytes);
  if (!answer) return report(answer.error());
  printLine(json::toJson(*answer));
  return 0;
}

int replayCommands(const Options& options) {
  const auto program = options.need("program");
  if (!program) return report(program.error());
  const auto commands = options.need("commands");
  if (!commands) return report(commands.error());
  const auto at = options.number("at", 0, -kMaxExact, kMaxExact);
  if (!at) return report(at.error());
  CommandReplay replay;
  if (auto done = replay.openProgram(*program); !done) return report(done.error());
  if (auto done = replay.run(*commands); !done) return report(done.error());
  if (auto done = replay.print(options.has("at") ? std::optional{Instant{*at}} : std::nullopt); !done) return report(done.error());
  if (const auto out = options.find("journal-out")) {
    if (auto done = replay.writeJournal(*out); !done) return report(done.error());
  }
  return 0;
}

}  // namespace

int replay(Words words) {
  const auto options = Options::read(words, {"journal", "program", "commands", "at", "journal-out"});
  if (!options) return report(options.error());
  if (!options->rest().empty()) return report({Code::usage, {}, "replay takes options only"});
  if (const auto journal = options->find("journal")) return replayJournal(*journal);
  return replayCommands(*options);
}

}  // namespace souk::cli
