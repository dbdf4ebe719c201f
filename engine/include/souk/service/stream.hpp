// SPDX-License-Identifier: MIT
// A stream: the state that its facts fold into, and the commands that it knows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "souk/core/binary.hpp"
#include "souk/core/digest.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/id.hpp"
#include "souk/core/id_index.hpp"
#include "souk/service/crossing.hpp"

namespace souk {

/// The common part, whatever the command or fact.
[[nodiscard]] const CommandHead& headOf(const Command& command);
[[nodiscard]] CommandHead& headOf(Command& command);
[[nodiscard]] const FactHead& headOf(const Fact& fact);
[[nodiscard]] FactHead& headOf(Fact& fact);

/// Who may give a command.
[[nodiscard]] Author authorOf(const Command& command);

/// The stream that keeps a command's verdict: the account's of the one who acts, else that of the team or pool which the command names.
[[nodiscard]] StreamName homeOf(const Command& command);

/// What makes two commands with one id the same command: the hash of the binary form without `at`, which the deciding clock sets anew for a
/// command that is sent again. The command is as before when it returns.
[[nodiscard]] Digest hashOf(Command& command);

enum class Outcome : std::uint8_t { accepted, refused };

constexpr auto enumNames(std::type_identity<Outcome>) { return std::array<std::string_view, 2>{"accepted", "refused"}; }

/// The facts of a verdict within one stream: `first` to `last`, both included.
struct SequenceRange {
  std::string stream;
  std::int64_t first = 0;
  std::int64_t last = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"stream", &SequenceRange::stream, "Name of the stream."},
                      Field{"first", &SequenceRange::first, "Sequence number of the first fact.", 1},
                      Field{"last", &SequenceRange::last, "Sequence number of the last fact.", 1}};
  }
};

/// What became of a command. Kept, and repeated on request.
struct Verdict {
  std::string id;
  Outcome outcome = Outcome::accepted;
  std::optional<std::string> code;
  std::optional<std::string> path;
  std::optional<std::string> message;
  std::vector<SequenceRange> seqs;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &Verdict::id, "Id of the command.", 1, 64},
                      Field{"outcome", &Verdict::outcome, "accepted or refused."},
                      Field{"code", &Verdict::code, "Why it was refused; see the table of codes."},
                      Field{"path", &Verdict::path, "JSON pointer of the offending value within the command."},
                      Field{"message", &Verdict::message, "One English sentence for a developer."},
                      Field{"seqs", &Verdict::seqs, "The facts that an accepted command became."}};
  }
};

/// A command that a stream has accepted.
struct KnownCommand {
  std::string id;
  Digest hash;
  std::int64_t first = 0;
  std::int64_t last = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &KnownCommand::id, "Id of the command."},
                      Field{"hash", &KnownCommand::hash, "Hash of the command without its instant."},
                      Field{"first", &KnownCommand::first, "Sequence number of its first fact.", 1},
                      Field{"last", &KnownCommand::last, "Sequence number of its last fact.", 1}};
  }
};

/// The state of a stream: what its kind folds into, exactly one of the three, and the commands that it knows.
struct StreamState {
  std::string stream;
  std::int64_t seq = 0;  ///< Sequence number of the last fact; 0 before the first.
  std::optional<Account> account;
  std::optional<Team> team;
  std::optional<Pool> pool;
  std::vector<KnownCommand> commands;  ///< Accepted commands, without a time horizon.
  IdIndex commandIndex;                ///< Derived.
};

/// The stream of this name before its first fact. @error invalid-id, unknown-value (a kind that is not built)
[[nodiscard]] Result<StreamState> emptyStream(std::string_view stream);

/// Instant of the last fact. O(1).
[[nodiscard]] Instant instantOf(const StreamState& state);

/// The instant at which a `due` command of the stream's kind is to be given, or nothing. O(1).
[[nodiscard]] std::optional<Instant> nextDue(const StreamState& state);

/// The state as a decision reads it. The pointers are good while the state stays where it is.
[[nodiscard]] OpenState openState(const StreamState& state);

/// Folds one fact, in place after all checks. @error sequence-gap, invalid-fact, command-id-reused, before-stream; the state is then unchanged.
[[nodiscard]] Result<void> evolve(StreamState& state, const Fact& fact);

/// SHA-256 of the state's binary form. O(size of the state).
[[nodiscard]] Digest digestOf(const StreamState& state);

/// The state as bytes: a magic, its binary form, the digest of that.
[[nodiscard]] Bytes snapshotOf(const StreamState& state);

/// Reads a snapshot. @error damaged-bytes, unsupported-version
[[nodiscard]] Result<StreamState> restoreSnapshot(std::span<const std::uint8_t> bytes);

}  // namespace souk
