// SPDX-License-Identifier: MIT
// Folding facts into a stream, and its snapshot.
#include "souk/service/stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "souk/core/id.hpp"
#include "souk/service/scope.hpp"

namespace souk {
namespace {

constexpr std::array<std::uint8_t, 8> kSnapshotMagic{'S', 'O', 'U', 'K', 'S', 'N', 'P', '2'};

Result<void> invalid(std::string_view path, std::string_view message) { return fail(Code::invalidFact, path, message); }

/// The checks of a fact's head, beside those of what it says.
Result<void> checkHead(const StreamState& state, const FactHead& head) {
  if (head.stream != state.stream) return invalid("/stream", "the fact is of another stream");
  if (head.seq != state.seq + 1) {
    return fail(Code::sequenceGap, "/seq", "the next sequence number is " + std::to_string(state.seq + 1));
  }
  if (auto checked = checkId(head.command); !checked) return std::unexpected(within("/command", checked.error()));
  const bool continues = !state.commands.empty() && state.commands.back().id == head.command;
  if (!continues && state.commandIndex.find(state.commands, head.command)) {
    return fail(Code::commandIdReused, "/command", "the command has its facts already");
  }
  if (continues && state.commands.back().hash != head.commandHash) {
    return fail(Code::commandIdReused, "/commandHash", "the command had another body");
  }
  const auto number = continues ? head.seq - state.commands.back().first : 0;
  if (head.id != factId(head.stream, head.command, static_cast<std::uint32_t>(number))) return invalid("/id", "not the id of this fact");
  return {};
}

template <class Head>
Head& headIn(Head& head) {
  return head;
}

/// The account that acts, or the team of a command that no account gives.
struct ActorOrTeam {
  StreamName operator()(const CommandHead& head) const { return {StreamKind::account, head.account}; }
  StreamName operator()(const StopTeam& command) const { return {StreamKind::team, command.team}; }
  StreamName operator()(const TeamDue& command) const { return {StreamKind::team, command.team}; }
};

struct HomeOf {
  StreamName operator()(const LoyaltyCommand& command) const { return std::visit(ActorOrTeam{}, command); }
  StreamName operator()(const ReferralCommand& command) const { return std::visit(ActorOrTeam{}, command); }
  StreamName operator()(const AccountCommand& command) const { return std::visit(ActorOrTeam{}, command); }
  StreamName operator()(const TeamCommand& command) const { return std::visit(ActorOrTeam{}, command); }
  StreamName operator()(const PoolCommand& command) const {
    return {StreamKind::pool, std::visit([](const auto& body) { return body.pool; }, command)};
  }
};

/// Whether a state is an account's: known at the link where there is no other kind.
bool isAccount(const StreamState& state) { return !kHoldsSharedStreams || state.account.has_value(); }

void remember(StreamState& state, const FactHead& head) {
  if (!state.commands.empty() && state.commands.back().id == head.command) {
    state.commands.back().last = head.seq;
    return;
  }
  state.commands.push_back({head.command, head.commandHash, head.seq, head.seq});
  state.commandIndex.addLast(state.commands);
}

/// Folds into what the stream's kind has.
Result<void> foldBody(StreamState& state, const Fact& fact) {
  if (isAccount(state)) return evolve(*state.account, fact);
  const auto* ofTeam = std::get_if<TeamFact>(&fact);
  if (state.team && ofTeam != nullptr) return evolve(*state.team, *ofTeam);
  const auto* ofPool = std::get_if<PoolFact>(&fact);
  if (state.pool && ofPool != nullptr) return evolve(*state.pool, *ofPool);
  return invalid("/kind", "no fact of such a stream");
}

/// The binary form of a state: its fields in this order. One that cannot be there has the byte 0 of an empty optional.
void writeState(BinaryWriter& writer, const StreamState& state) {
  writer.write(state.stream);
  writer.write(state.seq);
  writer.write(state.account);
  if (kHoldsSharedStreams) {
    writer.write(state.team);
    writer.write(state.pool);
  } else {
    writer.write(false);
    writer.write(false);
  }
  writer.write(state.commands);
}

Result<StreamState> readState(std::span<const std::uint8_t> bytes) {
  StreamState state;
  BinaryReader reader{bytes};
  reader.read(state.stream);
  reader.read(state.seq);
  reader.read(state.account);
  bool hasTeam = false;
  bool hasPool = false;
  if (kHoldsSharedStreams) {
    reader.read(state.team);
    reader.read(state.pool);
  } else {
    reader.read(hasTeam);
    reader.read(hasPool);
  }
  if (hasTeam || hasPool) return fail(Code::unknownValue, {}, "a page's engine holds accounts alone");
  reader.read(state.commands);
  if (auto done = reader.finish(); !done) return std::unexpected(done.error());
  if (state.seq < 0) return fail(Code::damagedBytes, {}, "a sequence number below 0");
  return state;
}

/// Recomputes what a snapshot does not hold, and checks that the body fits the name.
Result<void> restoreBody(StreamState& state, StreamKind kind) {
  const bool fits = state.account.has_value() == (kind == StreamKind::account) && state.team.has_value() == (kind == StreamKind::team) &&
                    state.pool.has_value() == (kind == StreamKind::pool) && kind != StreamKind::community;
  if (!fits) return fail(Code::damagedBytes, {}, "the state is of another kind than its name");
  if (!isAccount(state)) return state.team ? restoreDerived(*state.team) : restoreDerived(*state.pool);
  return restoreDerived(*state.account);
}

}  // namespace

const CommandHead& headOf(const Command& command) {
  return std::visit([](const auto& module) -> const CommandHead& { return std::visit(headIn<const CommandHead>, module); }, command);
}
CommandHead& headOf(Command& command) { return const_cast<CommandHead&>(headOf(std::as_const(command))); }
const FactHead& headOf(const Fact& fact) {
  return std::visit([](const auto& module) -> const FactHead& { return std::visit(headIn<const FactHead>, module); }, fact);
}
FactHead& headOf(Fact& fact) { return const_cast<FactHead&>(headOf(std::as_const(fact))); }

Author authorOf(const Command& command) {
  return std::visit([](const auto& module) { return authorOf(module); }, command);
}

StreamName homeOf(const Command& command) { return std::visit(HomeOf{}, command); }

Digest hashOf(Command& command) {
  auto& at = headOf(command).at;
  const auto given = std::exchange(at, Instant{});
  const auto hash = sha256(toBinary(command));
  at = given;
  return hash;
}

Result<StreamState> emptyStream(std::string_view stream) {
  const auto name = parseStreamName(stream);
  if (!name) return std::unexpected(name.error());
  StreamState state{.stream = std::string{stream}};
  if (name->kind == StreamKind::account) state.account.emplace();
  else if (!kHoldsSharedStreams) return fail(Code::unknownValue, {}, "a page's engine holds accounts alone");
  else if (name->kind == StreamKind::team) state.team.emplace();
  else if (name->kind == StreamKind::pool) state.pool.emplace();
  else return fail(Code::unknownValue, {}, "there are no community streams");
  return state;
}

Instant instantOf(const StreamState& state) {
  if (isAccount(state)) return state.account->at;
  return state.team ? state.team->at : state.pool->at;
}

std::optional<Instant> nextDue(const StreamState& state) {
  if (isAccount(state)) return nextDue(state.account->ledger);
  return state.team ? nextDue(*state.team) : nextDue(*state.pool);
}

OpenState openState(const StreamState& state) {
  return {.name = *parseStreamName(state.stream),
          .account = state.account ? &*state.account : nullptr,
          .team = state.team ? &*state.team : nullptr,
          .pool = state.pool ? &*state.pool : nullptr};
}

Result<void> evolve(StreamState& state, const Fact& fact) {
  const auto& head = headOf(fact);
  if (auto checked = checkHead(state, head); !checked) return checked;
  if (auto folded = foldBody(state, fact); !folded) return folded;
  remember(state, head);
  state.seq = head.seq;
  return {};
}

Digest digestOf(const StreamState& state) {
  Bytes bytes;
  BinaryWriter writer{bytes};
  writeState(writer, state);
  return sha256(bytes);
}

Bytes snapshotOf(const StreamState& state) {
  Bytes bytes;
  BinaryWriter writer{bytes};
  writer.raw(kSnapshotMagic);
  writeState(writer, state);
  const auto digest = sha256(std::span<const std::uint8_t>{bytes}.subspan(kSnapshotMagic.size()));
  writer.write(digest);
  return bytes;
}

Result<StreamState> restoreSnapshot(std::span<const std::uint8_t> bytes) {
  constexpr auto kMagic = kSnapshotMagic.size();
  constexpr auto kDigest = sizeof(Digest::bytes);
  if (bytes.size() < kMagic + kDigest) return fail(Code::damagedBytes, {}, "too short for a snapshot");
  if (!std::equal(kSnapshotMagic.begin(), kSnapshotMagic.end() - 1, bytes.begin())) {
    return fail(Code::damagedBytes, {}, "not a snapshot");
  }
  if (bytes[kMagic - 1] != kSnapshotMagic[kMagic - 1]) return fail(Code::unsupportedVersion, {}, "another version of snapshots");
  const auto body = bytes.subspan(kMagic, bytes.size() - kMagic - kDigest);
  if (!std::ranges::equal(sha256(body).bytes, bytes.last(kDigest))) return fail(Code::damagedBytes, {}, "the digest differs");
  auto state = readState(body);
  if (!state) return state;
  const auto name = parseStreamName(state->stream);
  if (!name) return std::unexpected(name.error());
  if (!state->commandIndex.rebuild(state->commands)) return fail(Code::damagedBytes, {}, "a command stands twice");
  if (auto restored = restoreBody(*state, name->kind); !restored) return std::unexpected(restored.error());
  return state;
}

}  // namespace souk
