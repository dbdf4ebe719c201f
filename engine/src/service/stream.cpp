// SPDX-License-Identifier: MIT
// Folding facts into a stream, and its snapshot.
#include "souk/service/stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "souk/core/id.hpp"

namespace souk {
namespace {

constexpr std::array<std::uint8_t, 8> kSnapshotMagic{'S', 'O', 'U', 'K', 'S', 'N', 'P', '1'};

Result<void> invalid(std::string_view path, std::string_view message) { return fail(Code::invalidFact, path, message); }

/// The checks of a fact's head, beside those of what it says.
Result<void> checkHead(const AccountState& state, const FactHead& head) {
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

void remember(AccountState& state, const FactHead& head) {
  if (!state.commands.empty() && state.commands.back().id == head.command) {
    state.commands.back().last = head.seq;
    return;
  }
  state.commands.push_back({head.command, head.commandHash, head.seq, head.seq});
  state.commandIndex.addLast(state.commands);
}

}  // namespace

const CommandHead& headOf(const Command& command) {
  return std::visit([](const CommandHead& head) -> const CommandHead& { return head; }, command);
}
CommandHead& headOf(Command& command) {
  return std::visit([](CommandHead& head) -> CommandHead& { return head; }, command);
}
const FactHead& headOf(const Fact& fact) {
  return std::visit([](const FactHead& head) -> const FactHead& { return head; }, fact);
}
FactHead& headOf(Fact& fact) {
  return std::visit([](FactHead& head) -> FactHead& { return head; }, fact);
}

Digest hashOf(const Command& command) {
  Command timeless = command;
  headOf(timeless).at = Instant{};
  return sha256(toBinary(timeless));
}

Result<void> evolve(AccountState& state, const Fact& fact) {
  const auto& head = headOf(fact);
  if (auto checked = checkHead(state, head); !checked) return checked;
  if (auto folded = evolve(state.ledger, fact); !folded) return folded;
  remember(state, head);
  state.seq = head.seq;
  return {};
}

Digest digestOf(const AccountState& state) { return sha256(toBinary(state)); }

Bytes snapshotOf(const AccountState& state) {
  Bytes bytes;
  BinaryWriter writer{bytes};
  writer.raw(kSnapshotMagic);
  writer.write(state);
  const auto digest = sha256(std::span<const std::uint8_t>{bytes}.subspan(kSnapshotMagic.size()));
  writer.write(digest);
  return bytes;
}

Result<AccountState> restoreSnapshot(std::span<const std::uint8_t> bytes) {
  constexpr auto kMagic = kSnapshotMagic.size();
  constexpr auto kDigest = sizeof(Digest::bytes);
  if (bytes.size() < kMagic + kDigest) return fail(Code::damagedBytes, {}, "too short for a snapshot");
  if (!std::equal(kSnapshotMagic.begin(), kSnapshotMagic.end() - 1, bytes.begin())) {
    return fail(Code::damagedBytes, {}, "not a snapshot");
  }
  if (bytes[kMagic - 1] != kSnapshotMagic[kMagic - 1]) return fail(Code::unsupportedVersion, {}, "another version of snapshots");
  const auto body = bytes.subspan(kMagic, bytes.size() - kMagic - kDigest);
  if (!std::ranges::equal(sha256(body).bytes, bytes.last(kDigest))) return fail(Code::damagedBytes, {}, "the digest differs");
  auto state = fromBinary<AccountState>(body);
  if (!state) return state;
  if (auto name = parseStreamName(state->stream); !name) return std::unexpected(name.error());
  if (!state->commandIndex.rebuild(state->commands)) return fail(Code::damagedBytes, {}, "a command stands twice");
  if (auto restored = restoreDerived(state->ledger); !restored) return std::unexpected(restored.error());
  return state;
}

}  // namespace souk
