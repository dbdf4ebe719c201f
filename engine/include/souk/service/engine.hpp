// SPDX-License-Identifier: MIT
// One engine: a program, a pack, and the streams that are open. The only place that sees all modules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "souk/catalog.hpp"
#include "souk/core/binary.hpp"
#include "souk/recommend.hpp"
#include "souk/service/journal.hpp"
#include "souk/service/program.hpp"
#include "souk/service/protocol.hpp"
#include "souk/service/stream.hpp"

namespace souk {

/// An engine decides commands and keeps streams in memory. It is not safe to use from two threads at once; two engines are.
///
/// An error means that nothing was decided and nothing changed. A refusal is a verdict: it was decided, and the same command again is answered
/// by it for ever.
class Engine {
 public:
  /// Takes a program into use; streams stay open. @error as checkProgram
  [[nodiscard]] Result<ProgramOpened> openProgram(Program program);

  /// Takes a pack into use. @error damaged-bytes, unsupported-version
  [[nodiscard]] Result<PackOpened> openPack(Bytes bytes);

  /// Names the engine file in facts from now on.
  void nameEngine(const Digest& engine) { engineHash_ = engine; }

  /// Opens an empty stream. @error invalid-id, unknown-value (a kind that is not built), stream-already-open
  [[nodiscard]] Result<StreamStatus> openStream(std::string_view name);

  /// Opens a stream as a snapshot holds it. @error damaged-bytes, unsupported-version, stream-already-open
  [[nodiscard]] Result<StreamStatus> restore(std::span<const std::uint8_t> snapshot);

  /// Ends a handle; the stream's state is let go. @error stale-handle
  [[nodiscard]] Result<void> closeStream(std::int64_t handle);

  /// The streams that a command touches, sorted by name, as far as those that are open tell: to be asked again with these open until none is new.
  /// @error no-program
  [[nodiscard]] Result<StreamsAnswer> streamsOf(const Command& command) const;

  /// Decides a command on the streams that it touches, folds its facts and appends them to the journal, all or nothing.
  /// @error no-program, stream-not-open, invalid-id, not-permitted, command-id-reused, before-stream
  [[nodiscard]] Result<Submission> submit(Command command);

  /// Folds facts that were decided elsewhere. All or none. @error stale-handle, sequence-gap, invalid-fact, command-id-reused
  [[nodiscard]] Result<StreamStatus> evolve(std::int64_t handle, const std::vector<Fact>& facts);

  /// Shows a command at once: decides it on what is known, after those that are pending already. A refusal is not kept.
  /// @error as submit, and stale-handle
  [[nodiscard]] Result<Submission> addPending(std::int64_t handle, Command command);

  /// Folds facts, ends the pending commands that have their verdict, and decides the others anew on top. All or none. @error as evolve
  [[nodiscard]] Result<StreamStatus> apply(std::int64_t handle, const std::vector<Fact>& facts, const std::vector<Verdict>& verdicts);

  [[nodiscard]] Result<StreamStatus> status(std::int64_t handle) const;
  /// @error stale-handle, no-program, before-stream
  [[nodiscard]] Result<LoyaltyView> account(const AccountRequest& request) const;
  /// A team as everybody may see it. @error stale-handle, unknown-value (no team), before-stream
  [[nodiscard]] Result<TeamAnswer> team(const TeamRequest& request) const;
  /// @error stale-handle, unknown-value (no pool), before-stream
  [[nodiscard]] Result<PoolAnswer> pool(const PoolRequest& request) const;
  /// @error stale-handle, unknown-value (no account)
  [[nodiscard]] Result<InvitationsAnswer> invitations(const InvitationsRequest& request) const;
  [[nodiscard]] Result<DigestAnswer> digest(std::int64_t handle) const;
  [[nodiscard]] Result<Bytes> snapshot(std::int64_t handle) const;

  /// @error no-pack, and as `souk::recommend`
  [[nodiscard]] Result<Recommendation> recommend(const RecommendRequest& request) const;

  /// All facts that this engine decided.
  [[nodiscard]] const Journal& journal() const { return journal_; }

 private:
  struct Refused {
    std::string id;
    Digest hash;
    Error error;
  };

  /// A stream and what the page adds to it.
  struct Entry {
    StreamState confirmed;
    std::vector<Refused> refused;
    IdIndex refusedIndex;
    std::vector<Command> pending;
    std::vector<PendingCommand> pendingStates;
    std::optional<StreamState> view;  // confirmed + pending; absent while nothing is pending
    std::uint32_t generation = 0;
    bool open = false;
  };

  [[nodiscard]] Result<Entry*> entryOf(std::int64_t handle);
  [[nodiscard]] Result<const Entry*> entryOf(std::int64_t handle) const;
  [[nodiscard]] Result<StreamStatus> addEntry(StreamState state);
  [[nodiscard]] StreamStatus statusOf(std::int64_t handle, const Entry& entry) const;
  /// The open entry of a stream, or nothing.
  [[nodiscard]] const Entry* entryNamed(std::string_view stream) const;
  [[nodiscard]] Entry* entryNamed(std::string_view stream);
  [[nodiscard]] CrossingRules rules() const;
  /// The open streams that a command touches.
  [[nodiscard]] std::vector<OpenState> statesOf(const Command& command) const;
  [[nodiscard]] Result<void> checkCommand(const Command& command, const StreamState& home) const;
  /// The verdict that a command's id has, if it has one.
  [[nodiscard]] Result<std::optional<Submission>> knownVerdict(const Entry& home, const std::string& id, const Digest& hash,
                                                               std::span<const OpenState> states) const;
  [[nodiscard]] Submission acceptedOn(const std::string& id, bool repeated) const;
  /// Decides, and gives the facts their heads.
  [[nodiscard]] Result<std::vector<StreamFacts>> decideOn(const Command& command, const Digest& hash, std::span<const OpenState> states,
                                                          const StreamState* view) const;
  [[nodiscard]] static Submission refuse(Entry& entry, const std::string& id, const Digest& hash, Error error);
  void rebase(Entry& entry);

  std::optional<CheckedProgram> program_;
  std::optional<Pack> pack_;
  Digest engineHash_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> freeEntries_;
  std::map<std::string, std::int64_t, std::less<>> handles_;
  Journal journal_;
};

/// Folds a journal from empty. @error damaged-bytes, unsupported-version, sequence-gap, invalid-fact
[[nodiscard]] Result<ReplayAnswer> replay(std::span<const std::uint8_t> journal);

}  // namespace souk
