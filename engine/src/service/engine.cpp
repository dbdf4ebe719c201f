// SPDX-License-Identifier: MIT
// Opening, deciding, folding and looking.
#include "souk/service/engine.hpp"

#include <utility>

#include "souk/core/id.hpp"
#include "souk/core/invariant.hpp"

namespace souk {
namespace {

// A handle is a generation above an index, so that one that was closed never opens what took its place. Both fit well below 2^53.
constexpr int kIndexBits = 20;
constexpr std::int64_t kMaxEntries = std::int64_t{1} << kIndexBits;

std::int64_t handleOf(std::size_t index, std::uint32_t generation) {
  return (static_cast<std::int64_t>(generation) << kIndexBits) | static_cast<std::int64_t>(index);
}

Submission accepted(const AccountState& state, const KnownCommand& known, bool repeated) {
  return {.verdict = {.id = known.id, .outcome = Outcome::accepted, .seqs = {{state.stream, known.first, known.last}}},
          .facts = {},
          .repeated = repeated};
}

Submission refused(const std::string& id, const Error& error, bool repeated) {
  return {.verdict = {.id = id,
                      .outcome = Outcome::refused,
                      .code = std::string{codeName(error.code)},
                      .path = error.path,
                      .message = error.message,
                      .seqs = {}},
          .facts = {},
          .repeated = repeated};
}

}  // namespace

Result<ProgramOpened> Engine::openProgram(Program program) {
  auto checked = checkProgram(std::move(program));
  if (!checked) return std::unexpected(checked.error());
  program_ = std::move(*checked);
  const auto& opened = program_->program;
  return ProgramOpened{program_->hash, opened.name, opened.currency, program_->currency.digits(), opened.zone.name};
}

Result<PackOpened> Engine::openPack(Bytes bytes) {
  auto pack = souk::openPack(std::move(bytes));
  if (!pack) return std::unexpected(pack.error());
  pack_ = std::move(*pack);
  return PackOpened{pack_->digest(), pack_->items(), pack_->neighbours()};
}

Result<StreamStatus> Engine::addEntry(AccountState state) {
  if (handles_.contains(state.stream)) return fail(Code::streamAlreadyOpen, "/stream", state.stream + " is open");
  if (freeEntries_.empty()) {
    if (static_cast<std::int64_t>(entries_.size()) == kMaxEntries) return fail(Code::outOfRange, "/stream", "too many open streams");
    freeEntries_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const auto index = freeEntries_.back();
  freeEntries_.pop_back();
  auto& entry = entries_[index];
  entry = Entry{.confirmed = std::move(state), .generation = entry.generation + 1, .open = true};
  const auto handle = handleOf(index, entry.generation);
  handles_.emplace(entry.confirmed.stream, handle);
  return statusOf(handle, entry);
}

Result<StreamStatus> Engine::openStream(std::string_view name) {
  const auto parsed = parseStreamName(name);
  if (!parsed) return std::unexpected(within("/stream", parsed.error()));
  if (parsed->kind != StreamKind::account) return fail(Code::unknownValue, "/stream", "only account streams can be opened");
  return addEntry({.stream = std::string{name}, .ledger = {}, .commands = {}, .commandIndex = {}});
}

Result<StreamStatus> Engine::restore(std::span<const std::uint8_t> snapshot) {
  auto state = restoreSnapshot(snapshot);
  if (!state) return std::unexpected(state.error());
  return addEntry(std::move(*state));
}

Result<const Engine::Entry*> Engine::entryOf(std::int64_t handle) const {
  const auto index = static_cast<std::size_t>(handle & (kMaxEntries - 1));
  if (handle < 0 || index >= entries_.size()) return fail(Code::staleHandle, "/handle", "no such handle was given");
  const auto& entry = entries_[index];
  if (!entry.open || handle != handleOf(index, entry.generation)) return fail(Code::staleHandle, "/handle", "the handle was closed");
  return &entry;
}

Result<Engine::Entry*> Engine::entryOf(std::int64_t handle) {
  const auto found = std::as_const(*this).entryOf(handle);
  if (!found) return std::unexpected(found.error());
  return &entries_[static_cast<std::size_t>(handle & (kMaxEntries - 1))];
}

Result<void> Engine::closeStream(std::int64_t handle) {
  const auto found = entryOf(handle);
  if (!found) return std::unexpected(found.error());
  Entry& entry = **found;
  handles_.erase(entry.confirmed.stream);
  entry = Entry{.confirmed = {}, .generation = entry.generation};
  freeEntries_.push_back(static_cast<std::uint32_t>(handle & (kMaxEntries - 1)));
  return {};
}

Result<void> Engine::checkCommand(const Command& command, const AccountState& state) const {
  if (!program_) return fail(Code::noProgram, {}, "a command is decided by a program");
  const auto& head = headOf(command);
  if (auto checked = checkId(head.id); !checked) return std::unexpected(within("/command/id", checked.error()));
  if (head.author != authorOf(command)) return fail(Code::notPermitted, "/command/author", "another author gives this command");
  if (head.at < state.ledger.at) return fail(Code::beforeStream, "/command/at", "before the stream's last fact");
  return {};
}

Result<std::optional<Submission>> Engine::knownVerdict(const Entry& entry, const Command& command) const {
  const auto& id = headOf(command).id;
  const auto& state = entry.confirmed;
  const auto accept = state.commandIndex.find(state.commands, id);
  const auto refuse = entry.refusedIndex.find(entry.refused, id);
  if (!accept && !refuse) return std::nullopt;
  const auto& hash = accept ? state.commands[*accept].hash : entry.refused[*refuse].hash;
  if (hash != hashOf(command)) return fail(Code::commandIdReused, "/command/id", "the id was used for another command");
  if (accept) return accepted(state, state.commands[*accept], true);
  return refused(id, entry.refused[*refuse].error, true);
}

Result<std::vector<Fact>> Engine::decideOn(const AccountState& state, const Command& command) const {
  const LoyaltyContext context{program_->program, program_->program.zone, program_->currency};
  auto facts = decide(command, context, state.ledger);
  if (!facts) return facts;
  const auto& head = headOf(command);
  const auto commandHash = hashOf(command);
  for (std::size_t n = 0; n < facts->size(); ++n) {
    auto& fact = headOf((*facts)[n]);
    fact.id = factId(state.stream, head.id, static_cast<std::uint32_t>(n));
    fact.stream = state.stream;
    fact.seq = state.seq + 1 + static_cast<std::int64_t>(n);
    fact.command = head.id;
    fact.commandHash = commandHash;
    fact.program = program_->hash;
    fact.engine = engineHash_;
  }
  return facts;
}

Submission Engine::refuse(Entry& entry, const Command& command, Error error) {
  const auto& id = headOf(command).id;
  auto answer = refused(id, error, false);
  entry.refused.push_back({id, hashOf(command), std::move(error)});
  entry.refusedIndex.addLast(entry.refused);
  return answer;
}

Result<Submission> Engine::submit(const Command& command) {
  const auto found = handles_.find("account/" + headOf(command).account);
  if (found == handles_.end()) return fail(Code::streamNotOpen, "/command/account", "the account's stream is not open");
  Entry& entry = **entryOf(found->second);
  auto known = knownVerdict(entry, command);
  if (!known) return std::unexpected(known.error());
  if (*known) return std::move(**known);
  AccountState& state = entry.confirmed;
  if (auto checked = checkCommand(command, state); !checked) return std::unexpected(checked.error());
  auto facts = decideOn(state, command);
  if (!facts) return refuse(entry, command, std::move(facts.error()));
  for (const auto& fact : *facts) {
    if (auto folded = souk::evolve(state, fact); !folded) invariantBroken("what was decided can be folded");
    journal_.append(fact);
  }
  rebase(entry);
  auto answer = accepted(state, state.commands.back(), false);
  answer.facts = std::move(*facts);
  return answer;
}

StreamStatus Engine::statusOf(std::int64_t handle, const Entry& entry) const {
  return {.handle = handle,
          .stream = entry.confirmed.stream,
          .seq = entry.confirmed.seq,
          .at = entry.confirmed.ledger.at,
          .nextDue = nextDue(entry.confirmed.ledger),
          .pending = entry.pendingStates};
}

Result<StreamStatus> Engine::status(std::int64_t handle) const {
  const auto entry = entryOf(handle);
  if (!entry) return std::unexpected(entry.error());
  return statusOf(handle, **entry);
}

Result<LoyaltyView> Engine::account(const AccountRequest& request) const {
  const auto entry = entryOf(request.handle);
  if (!entry) return std::unexpected(entry.error());
  if (!program_) return fail(Code::noProgram, {}, "levels are read from a program");
  const bool confirmed = request.confirmed.value_or(false) || !(*entry)->view;
  const auto& ledger = confirmed ? (*entry)->confirmed.ledger : (*entry)->view->ledger;
  return viewAccount(ledger, program_->program, request.at, request.lots.value_or(false));
}

Result<DigestAnswer> Engine::digest(std::int64_t handle) const {
  const auto entry = entryOf(handle);
  if (!entry) return std::unexpected(entry.error());
  return DigestAnswer{digestOf((*entry)->confirmed), (*entry)->confirmed.seq};
}

Result<Bytes> Engine::snapshot(std::int64_t handle) const {
  const auto entry = entryOf(handle);
  if (!entry) return std::unexpected(entry.error());
  return snapshotOf((*entry)->confirmed);
}

Result<Recommendation> Engine::recommend(const RecommendRequest& request) const {
  if (!pack_) return fail(Code::noPack, {}, "items are recommended from a pack");
  return souk::recommend(*pack_, request);
}

Result<ReplayAnswer> replay(std::span<const std::uint8_t> journal) {
  std::vector<AccountState> states;
  std::map<std::string, std::int64_t, std::less<>> places;  // sorted by name, as the answer is
  ReplayAnswer answer;
  const auto head = readJournal(journal, [&](const Fact& fact) -> Result<void> {
    const auto& name = headOf(fact).stream;
    const auto [place, isNew] = places.emplace(name, static_cast<std::int64_t>(states.size()));
    if (isNew) {
      if (auto parsed = parseStreamName(name); !parsed) return std::unexpected(within("/stream", parsed.error()));
      states.push_back({.stream = name, .ledger = {}, .commands = {}, .commandIndex = {}});
    }
    ++answer.facts;
    return souk::evolve(states[static_cast<std::size_t>(place->second)], fact);
  });
  if (!head) return std::unexpected(head.error());
  answer.head = *head;
  for (const auto& [name, place] : places) {
    const auto& state = states[static_cast<std::size_t>(place)];
    answer.streams.push_back({name, state.seq, digestOf(state)});
  }
  return answer;
}

}  // namespace souk
