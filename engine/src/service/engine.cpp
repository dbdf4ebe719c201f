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

std::unexpected<Error> otherKind(std::string_view wanted) {
  return fail(Code::unknownValue, "/handle", "not the handle of " + std::string{wanted});
}

std::unexpected<Error> noProgram() { return fail(Code::noProgram, {}, "a command is decided by a program"); }

/// Where a command names its home.
std::string_view homePath(const StreamName& home) {
  if (home.kind == StreamKind::team) return "/command/team";
  return home.kind == StreamKind::pool ? "/command/pool" : "/command/account";
}

/// Whether an error means that nothing was decided: the host has to open a stream, or its clock stands behind one of them.
bool isUndecided(const Error& error) { return error.code == Code::streamNotOpen || error.code == Code::beforeStream; }

Error undecided(const Error& error) {
  if (error.code == Code::beforeStream) return within("/command", error);
  return {error.code, "/command", error.path + " is not open"};
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

Result<StreamStatus> Engine::addEntry(StreamState state) {
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
  auto state = emptyStream(name);
  if (!state) return std::unexpected(within("/stream", state.error()));
  return addEntry(std::move(*state));
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

const Engine::Entry* Engine::entryNamed(std::string_view stream) const {
  const auto found = handles_.find(stream);
  return found == handles_.end() ? nullptr : *entryOf(found->second);
}

Engine::Entry* Engine::entryNamed(std::string_view stream) { return const_cast<Entry*>(std::as_const(*this).entryNamed(stream)); }

CrossingRules Engine::rules() const {
  static const GroupbuyRules kNoTeams;
  const auto& program = program_->program;
  return {{program, program.zone, program_->currency},
          program.groupbuy ? *program.groupbuy : kNoTeams,
          program.referral ? &*program.referral : nullptr};
}

// Naming reads states, and each that it names may name further ones.
std::vector<OpenState> Engine::statesOf(const Command& command) const {
  std::vector<OpenState> states;
  if (!kHoldsSharedStreams) {
    const auto* entry = entryNamed(formatStreamName(homeOf(command)));
    if (entry != nullptr) states.push_back(openState(entry->confirmed));
    return states;
  }
  for (std::size_t known = 1; known != states.size();) {
    known = states.size();
    const auto names = souk::streamsOf(command, rules(), states);
    states.clear();
    for (const auto& name : names) {
      if (const auto* entry = entryNamed(formatStreamName(name))) states.push_back(openState(entry->confirmed));
    }
  }
  return states;
}

Result<StreamsAnswer> Engine::streamsOf(const Command& command) const {
  if (!program_) return noProgram();
  StreamsAnswer answer;
  for (const auto& name : souk::streamsOf(command, rules(), statesOf(command))) answer.streams.push_back(formatStreamName(name));
  return answer;
}

Result<void> Engine::checkCommand(const Command& command, const StreamState& home) const {
  const auto& head = headOf(command);
  if (auto checked = checkId(head.id); !checked) return std::unexpected(within("/command/id", checked.error()));
  if (head.author != authorOf(command)) return fail(Code::notPermitted, "/command/author", "another author gives this command");
  if (head.at < instantOf(home)) return fail(Code::beforeStream, "/command/at", "before the stream's last fact");
  return {};
}

/// What became of an accepted command on the streams that are open.
Submission Engine::acceptedOn(const std::string& id, bool repeated) const {
  Submission answer{.verdict = {.id = id, .outcome = Outcome::accepted, .seqs = {}}, .facts = {}, .repeated = repeated};
  for (const auto& [name, handle] : handles_) {
    const auto& state = (*entryOf(handle))->confirmed;
    const auto known = state.commandIndex.find(state.commands, id);
    if (known) answer.verdict.seqs.push_back({name, state.commands[*known].first, state.commands[*known].last});
  }
  return answer;
}

Result<std::optional<Submission>> Engine::knownVerdict(const Entry& home, const std::string& id, const Digest& hash,
                                                       std::span<const OpenState> states) const {
  const auto hasHash = [&](const Digest& first) -> Result<void> {
    if (first != hash) return fail(Code::commandIdReused, "/command/id", "the id was used for another command");
    return {};
  };
  if (const auto at = home.refusedIndex.find(home.refused, id)) {
    if (auto same = hasHash(home.refused[*at].hash); !same) return std::unexpected(same.error());
    return refused(id, home.refused[*at].error, true);
  }
  for (const auto& open : states) {
    const auto& state = entryNamed(formatStreamName(open.name))->confirmed;
    const auto at = state.commandIndex.find(state.commands, id);
    if (!at) continue;
    if (auto same = hasHash(state.commands[*at].hash); !same) return std::unexpected(same.error());
    return acceptedOn(id, true);
  }
  return std::nullopt;
}

Result<std::vector<StreamFacts>> Engine::decideOn(const Command& command, const Digest& hash, std::span<const OpenState> states,
                                                  const StreamState* view) const {
  auto decided = decide(command, rules(), states);
  if (!decided) return decided;
  const auto& head = headOf(command);
  for (auto& [name, facts] : *decided) {
    const auto stream = formatStreamName(name);
    const auto* entry = entryNamed(stream);
    if (view == nullptr && entry == nullptr) invariantBroken("facts are of open streams");
    const auto& state = view != nullptr ? *view : entry->confirmed;
    for (std::size_t n = 0; n < facts.size(); ++n) {
      auto& fact = headOf(facts[n]);
      fact.id = factId(stream, head.id, static_cast<std::uint32_t>(n));
      fact.stream = stream;
      fact.seq = state.seq + 1 + static_cast<std::int64_t>(n);
      fact.command = head.id;
      fact.commandHash = hash;
      fact.program = program_->hash;
      fact.engine = engineHash_;
    }
  }
  return decided;
}

Submission Engine::refuse(Entry& entry, const std::string& id, const Digest& hash, Error error) {
  auto answer = refused(id, error, false);
  entry.refused.push_back({id, hash, std::move(error)});
  entry.refusedIndex.addLast(entry.refused);
  return answer;
}

Result<Submission> Engine::submit(Command command) {
  if (!program_) return noProgram();
  const auto home = homeOf(command);
  Entry* entry = entryNamed(formatStreamName(home));
  if (entry == nullptr) return fail(Code::streamNotOpen, homePath(home), formatStreamName(home) + " is not open");
  const auto states = statesOf(command);
  const auto& id = headOf(command).id;
  const auto hash = hashOf(command);
  auto known = knownVerdict(*entry, id, hash, states);
  if (!known) return std::unexpected(known.error());
  if (*known) return std::move(**known);
  if (auto checked = checkCommand(command, entry->confirmed); !checked) return std::unexpected(checked.error());
  auto decided = decideOn(command, hash, states, nullptr);
  if (!decided && isUndecided(decided.error())) return std::unexpected(undecided(decided.error()));
  if (!decided) return refuse(*entry, id, hash, std::move(decided.error()));
  Submission answer{.verdict = {.id = id, .seqs = {}}, .facts = {}};
  for (auto& [name, facts] : *decided) {
    Entry* const found = entryNamed(formatStreamName(name));
    if (found == nullptr) invariantBroken("facts are of open streams");
    Entry& touched = *found;
    answer.verdict.seqs.push_back({touched.confirmed.stream, headOf(facts.front()).seq, headOf(facts.back()).seq});
    for (auto& fact : facts) {
      if (auto folded = souk::evolve(touched.confirmed, fact); !folded) invariantBroken("what was decided can be folded");
      journal_.append(fact);
      answer.facts.push_back(std::move(fact));
    }
    rebase(touched);
  }
  return answer;
}

StreamStatus Engine::statusOf(std::int64_t handle, const Entry& entry) const {
  const auto& account = entry.confirmed.account;
  return {.handle = handle,
          .stream = entry.confirmed.stream,
          .seq = entry.confirmed.seq,
          .at = instantOf(entry.confirmed),
          .nextDue = nextDue(entry.confirmed),
          .mergedInto = account && account->merged ? std::optional{account->merged->into} : std::nullopt,
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
  if (!(*entry)->confirmed.account) return otherKind("an account");
  if (!program_) return fail(Code::noProgram, {}, "levels are read from a program");
  const bool confirmed = request.confirmed.value_or(false) || !(*entry)->view;
  const auto& state = confirmed ? (*entry)->confirmed : *(*entry)->view;
  return viewAccount(state.account->ledger, program_->program, request.at, request.lots.value_or(false));
}

Result<TeamAnswer> Engine::team(const TeamRequest& request) const {
  const auto entry = entryOf(request.handle);
  if (!entry) return std::unexpected(entry.error());
  const auto& state = (*entry)->confirmed;
  if (!state.team) return otherKind("a team");
  auto view = viewTeam(*state.team, request.at, request.viewer.value_or(std::string{}));
  if (!view) return std::unexpected(view.error());
  return TeamAnswer{state.seq, std::move(*view)};
}

Result<PoolAnswer> Engine::pool(const PoolRequest& request) const {
  const auto entry = entryOf(request.handle);
  if (!entry) return std::unexpected(entry.error());
  const auto& state = (*entry)->confirmed;
  if (!state.pool) return otherKind("a pool");
  if (request.at < state.pool->at) return fail(Code::beforeStream, "/at", "before the stream's last fact");
  return PoolAnswer{request.at, state.seq, state.pool->onHand, availableUnits(*state.pool, request.at), state.pool->sold};
}

Result<InvitationsAnswer> Engine::invitations(const InvitationsRequest& request) const {
  const auto entry = entryOf(request.handle);
  if (!entry) return std::unexpected(entry.error());
  if (!(*entry)->confirmed.account) return otherKind("an account");
  const auto& referral = (*entry)->confirmed.account->referral;
  InvitationsAnswer answer{.invitees = referral.invitees};
  if (!referral.code.empty()) answer.code = referral.code;
  if (referral.invitation) answer.invited = referral.invitation->phase;
  return answer;
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
  std::vector<StreamState> states;
  std::map<std::string, std::int64_t, std::less<>> places;  // sorted by name, as the answer is
  ReplayAnswer answer;
  const auto head = readJournal(journal, [&](const Fact& fact) -> Result<void> {
    const auto& name = headOf(fact).stream;
    const auto [place, isNew] = places.emplace(name, static_cast<std::int64_t>(states.size()));
    if (isNew) {
      auto empty = emptyStream(name);
      if (!empty) return std::unexpected(within("/stream", empty.error()));
      states.push_back(std::move(*empty));
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
