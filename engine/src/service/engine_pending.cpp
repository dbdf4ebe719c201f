// SPDX-License-Identifier: MIT
// What a page adds to a stream: facts decided elsewhere, and its own commands while they have no verdict.
//
// The page shows confirmed facts with its pending commands on top. When facts or verdicts arrive, the confirmed state moves on, commands with a
// verdict leave, and the rest are decided anew on what is now known. A command that no longer fits is kept, without effect, until its verdict:
// the collector's order is the one that counts.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "souk/core/invariant.hpp"
#include "souk/service/engine.hpp"

namespace souk {
namespace {

/// Folds facts, all or none, passing over those that are known. One new fact is folded in place; several are folded into a copy.
Result<void> foldAll(StreamState& state, const std::vector<Fact>& facts) {
  const auto known = [&](const Fact& fact) { return headOf(fact).stream == state.stream && headOf(fact).seq <= state.seq; };
  const auto firstNew = static_cast<std::size_t>(std::find_if_not(facts.begin(), facts.end(), known) - facts.begin());
  const auto located = [](std::size_t i, Error error) { return std::unexpected(within("/facts/" + std::to_string(i), std::move(error))); };
  if (firstNew + 1 == facts.size()) {
    auto done = evolve(state, facts[firstNew]);
    return done ? done : located(firstNew, std::move(done.error()));
  }
  StreamState draft = state;
  for (std::size_t i = firstNew; i < facts.size(); ++i) {
    auto done = evolve(draft, facts[i]);
    if (!done) return located(i, std::move(done.error()));
  }
  state = std::move(draft);
  return {};
}

}  // namespace

Result<StreamStatus> Engine::evolve(std::int64_t handle, const std::vector<Fact>& facts) { return apply(handle, facts, {}); }

Result<StreamStatus> Engine::apply(std::int64_t handle, const std::vector<Fact>& facts, const std::vector<Verdict>& verdicts) {
  const auto found = entryOf(handle);
  if (!found) return std::unexpected(found.error());
  Entry& entry = **found;
  if (auto folded = foldAll(entry.confirmed, facts); !folded) return std::unexpected(folded.error());
  std::erase_if(entry.pending, [&](const Command& command) {
    const auto& id = headOf(command).id;
    const auto ends = [&](const Verdict& verdict) { return verdict.id == id; };
    return std::any_of(verdicts.begin(), verdicts.end(), ends) ||
           entry.confirmed.commandIndex.find(entry.confirmed.commands, id).has_value();
  });
  rebase(entry);
  return statusOf(handle, entry);
}

void Engine::rebase(Entry& entry) {
  entry.view.reset();
  entry.pendingStates.clear();
  if (entry.pending.empty()) return;
  entry.view = entry.confirmed;
  for (auto& command : entry.pending) {
    auto& at = headOf(command).at;
    const auto given = std::exchange(at, std::max(at, instantOf(*entry.view)));
    PendingCommand state{.id = headOf(command).id};
    const auto decided = decideOn(command, hashOf(command), std::array{openState(*entry.view)}, &*entry.view);
    at = given;
    if (decided && !foldAll(*entry.view, decided->front().facts)) invariantBroken("what was decided can be folded");
    if (!decided) state = {.id = state.id, .applies = false, .code = std::string{codeName(decided.error().code)}};
    entry.pendingStates.push_back(std::move(state));
  }
}

Result<Submission> Engine::addPending(std::int64_t handle, Command command) {
  const auto found = entryOf(handle);
  if (!found) return std::unexpected(found.error());
  Entry& entry = **found;
  const StreamState& known = entry.view ? *entry.view : entry.confirmed;
  if (!known.account || formatStreamName(homeOf(command)) != known.stream) {
    return fail(Code::streamNotOpen, "/command/account", "the handle is of another account");
  }
  if (!program_) return fail(Code::noProgram, {}, "a command is decided by a program");
  headOf(command).at = std::max(headOf(command).at, instantOf(known));
  if (auto checked = checkCommand(command, known); !checked) return std::unexpected(checked.error());
  if (known.commandIndex.find(known.commands, headOf(command).id)) {
    return fail(Code::commandIdReused, "/command/id", "the command is pending or has its facts");
  }
  auto decided = decideOn(command, hashOf(command), std::array{openState(known)}, &known);
  Submission answer{.verdict = {.id = headOf(command).id, .seqs = {}}, .facts = {}};
  // What other streams have to say is known to the collector alone: the command waits for its verdict, without effect here.
  if (!decided && decided.error().code != Code::streamNotOpen) {
    auto& verdict = answer.verdict;
    verdict.outcome = Outcome::refused;
    verdict.code = std::string{codeName(decided.error().code)};
    verdict.path = decided.error().path;
    verdict.message = decided.error().message;
    return answer;
  }
  entry.pending.push_back(std::move(command));
  rebase(entry);
  if (decided) answer.facts = std::move(decided->front().facts);
  return answer;
}

}  // namespace souk
