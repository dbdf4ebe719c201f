// SPDX-License-Identifier: MIT
// The table of operations: what each is called, takes, gives and does. The protocol runs it, the documentation is made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "souk/core/condition.hpp"
#include "souk/json/normalize.hpp"
#include "souk/json/protocol.hpp"
#include "souk/version.hpp"

namespace souk::json {

/// A request or an answer that is bytes and not JSON.
struct Raw {
  Bytes bytes;
};

/// A document of any shape, in normal form.
struct NormalForm {
  std::string json;
};

/// A condition and what it is asked of.
struct ConditionRequest {
  Value condition;
  Value facts;
  static constexpr auto fields() {
    return std::tuple{Field{"condition", &ConditionRequest::condition, "The condition, an object."},
                      Field{"facts", &ConditionRequest::facts, "The declared facts, an object."}};
  }
};

/// Whether a condition holds.
struct ConditionAnswer {
  bool matches = false;
  static constexpr auto fields() { return std::tuple{Field{"matches", &ConditionAnswer::matches, "Whether it holds."}}; }
};

// Each operation names its request and runs on one that is its own: it may take from it.
namespace operations {

struct EngineInfo {
  static constexpr std::string_view kName = "engine-info";
  static constexpr std::string_view kDoc = "What the engine is.";
  static constexpr std::string_view kErrors = "";
  using Request = Empty;
  static Result<souk::EngineInfo> run(Engine&, Request&) { return souk::EngineInfo{std::string{kVersion}, kProtocolVersion}; }
};

struct NameEngine {
  static constexpr std::string_view kName = "name-engine";
  static constexpr std::string_view kDoc = "Tells the engine the hash of its own file, which then stands in every fact that it decides.";
  static constexpr std::string_view kErrors = "";
  using Request = NameEngineRequest;
  static Result<Empty> run(Engine& engine, Request& request) {
    engine.nameEngine(request.engine);
    return Empty{};
  }
};

struct OpenProgram {
  static constexpr std::string_view kName = "open-program";
  static constexpr std::string_view kDoc = "Takes a program into use. Up to 4 MiB. Streams stay open.";
  static constexpr std::string_view kErrors = "invalid-program invalid-zone unknown-currency";
  using Request = Program;
  static Result<ProgramOpened> run(Engine& engine, Request& request) { return engine.openProgram(std::move(request)); }
};

struct OpenPack {
  static constexpr std::string_view kName = "open-pack";
  static constexpr std::string_view kDoc = "Takes a pack, as `souk pack build` wrote it, into use.";
  static constexpr std::string_view kErrors = "damaged-bytes unsupported-version";
  using Request = Raw;
  static Result<PackOpened> run(Engine& engine, Request& request) { return engine.openPack(std::move(request.bytes)); }
};

struct OpenStream {
  static constexpr std::string_view kName = "open-stream";
  static constexpr std::string_view kDoc = "Opens an empty stream.";
  static constexpr std::string_view kErrors = "invalid-id unknown-value stream-already-open";
  using Request = StreamRequest;
  static Result<StreamStatus> run(Engine& engine, Request& request) { return engine.openStream(request.stream); }
};

struct Restore {
  static constexpr std::string_view kName = "restore";
  static constexpr std::string_view kDoc = "Opens a stream as a snapshot holds it.";
  static constexpr std::string_view kErrors = "damaged-bytes unsupported-version stream-already-open";
  using Request = Raw;
  static Result<StreamStatus> run(Engine& engine, Request& request) { return engine.restore(request.bytes); }
};

struct CloseStream {
  static constexpr std::string_view kName = "close-stream";
  static constexpr std::string_view kDoc = "Ends a handle and lets the stream's state go.";
  static constexpr std::string_view kErrors = "stale-handle";
  using Request = HandleRequest;
  static Result<Empty> run(Engine& engine, Request& request) {
    if (auto closed = engine.closeStream(request.handle); !closed) return std::unexpected(closed.error());
    return Empty{};
  }
};

struct Status {
  static constexpr std::string_view kName = "status";
  static constexpr std::string_view kDoc = "Where a stream stands, and what is pending on it.";
  static constexpr std::string_view kErrors = "stale-handle";
  using Request = HandleRequest;
  static Result<StreamStatus> run(Engine& engine, Request& request) { return engine.status(request.handle); }
};

struct StreamsOf {
  static constexpr std::string_view kName = "streams-of";
  static constexpr std::string_view kDoc =
      "Names the streams that a command touches, as far as the open ones tell: to be asked again with those open until none is new. Not in "
      "pages.";
  static constexpr std::string_view kErrors = "no-program";
  using Request = SubmitRequest;
  static Result<StreamsAnswer> run(Engine& engine, Request& request) { return engine.streamsOf(request.command); }
};

struct Submit {
  static constexpr std::string_view kName = "submit";
  static constexpr std::string_view kDoc =
      "Decides a command on the streams that it touches, which are open, folds its facts and chains them into the journal, all or nothing.";
  static constexpr std::string_view kErrors = "no-program stream-not-open invalid-id not-permitted command-id-reused before-stream";
  using Request = SubmitRequest;
  static Result<Submission> run(Engine& engine, Request& request) { return engine.submit(std::move(request.command)); }
};

struct Evolve {
  static constexpr std::string_view kName = "evolve";
  static constexpr std::string_view kDoc = "Folds facts that were decided elsewhere, all or none.";
  static constexpr std::string_view kErrors = "stale-handle sequence-gap invalid-fact command-id-reused before-stream";
  using Request = EvolveRequest;
  static Result<StreamStatus> run(Engine& engine, Request& request) { return engine.evolve(request.handle, request.facts); }
};

struct AddPending {
  static constexpr std::string_view kName = "add-pending";
  static constexpr std::string_view kDoc =
      "Shows a command at once, on top of what is known, until its verdict comes. It makes nothing real.";
  static constexpr std::string_view kErrors = "stale-handle stream-not-open no-program invalid-id not-permitted command-id-reused";
  using Request = AddPendingRequest;
  static Result<Submission> run(Engine& engine, Request& request) { return engine.addPending(request.handle, std::move(request.command)); }
};

struct Apply {
  static constexpr std::string_view kName = "apply";
  static constexpr std::string_view kDoc =
      "Takes in what the collector answered: folds facts, ends pending commands that have a verdict, decides the others anew.";
  static constexpr std::string_view kErrors = "stale-handle sequence-gap invalid-fact command-id-reused before-stream";
  using Request = ApplyRequest;
  static Result<StreamStatus> run(Engine& engine, Request& request) {
    return engine.apply(request.handle, request.facts, request.verdicts);
  }
};

struct AccountOf {
  static constexpr std::string_view kName = "account";
  static constexpr std::string_view kDoc = "An account at an instant: points, level, the way to the next, and the life of each lot.";
  static constexpr std::string_view kErrors = "stale-handle no-program before-stream";
  using Request = AccountRequest;
  static Result<LoyaltyView> run(Engine& engine, Request& request) { return engine.account(request); }
};

struct TeamOf {
  static constexpr std::string_view kName = "team";
  static constexpr std::string_view kDoc = "A team at an instant, as everybody may see it. Not in pages.";
  static constexpr std::string_view kErrors = "stale-handle before-stream";
  using Request = TeamRequest;
  static Result<TeamAnswer> run(Engine& engine, Request& request) { return engine.team(request); }
};

struct PoolOf {
  static constexpr std::string_view kName = "pool";
  static constexpr std::string_view kDoc = "A stock pool at an instant. Not in pages.";
  static constexpr std::string_view kErrors = "stale-handle before-stream";
  using Request = PoolRequest;
  static Result<PoolAnswer> run(Engine& engine, Request& request) { return engine.pool(request); }
};

struct Invitations {
  static constexpr std::string_view kName = "invitations";
  static constexpr std::string_view kDoc = "An account's invitation code, and what became of the invitations.";
  static constexpr std::string_view kErrors = "stale-handle";
  using Request = InvitationsRequest;
  static Result<InvitationsAnswer> run(Engine& engine, Request& request) { return engine.invitations(request); }
};

struct DigestOf {
  static constexpr std::string_view kName = "digest";
  static constexpr std::string_view kDoc = "The digest of a stream's confirmed state.";
  static constexpr std::string_view kErrors = "stale-handle";
  using Request = HandleRequest;
  static Result<DigestAnswer> run(Engine& engine, Request& request) { return engine.digest(request.handle); }
};

struct Snapshot {
  static constexpr std::string_view kName = "snapshot";
  static constexpr std::string_view kDoc = "A stream's confirmed state as bytes that `restore` reads.";
  static constexpr std::string_view kErrors = "stale-handle";
  using Request = HandleRequest;
  static Result<Raw> run(Engine& engine, Request& request) {
    auto bytes = engine.snapshot(request.handle);
    if (!bytes) return std::unexpected(bytes.error());
    return Raw{std::move(*bytes)};
  }
};

struct JournalOf {
  static constexpr std::string_view kName = "journal";
  static constexpr std::string_view kDoc = "All facts that this engine decided, in order, hash-chained.";
  static constexpr std::string_view kErrors = "";
  using Request = Empty;
  static Result<Raw> run(Engine& engine, Request&) { return Raw{engine.journal().bytes()}; }
};

struct Replay {
  static constexpr std::string_view kName = "replay";
  static constexpr std::string_view kDoc =
      "Checks a journal's chain, folds it from empty and tells the digest of every stream. Open streams are not touched.";
  static constexpr std::string_view kErrors = "damaged-bytes unsupported-version sequence-gap invalid-fact command-id-reused before-stream";
  using Request = Raw;
  static Result<ReplayAnswer> run(Engine&, Request& request) { return replay(request.bytes); }
};

struct Recommend {
  static constexpr std::string_view kName = "recommend";
  static constexpr std::string_view kDoc = "Items to show now, best first, with the reasons whose contributions add up to each score.";
  static constexpr std::string_view kErrors = "no-pack";
  using Request = RecommendRequest;
  static Result<Recommendation> run(Engine& engine, Request& request) { return engine.recommend(request); }
};

struct EvaluateCondition {
  static constexpr std::string_view kName = "evaluate-condition";
  static constexpr std::string_view kDoc = "Whether a condition holds for declared facts.";
  static constexpr std::string_view kErrors = "invalid-condition";
  using Request = ConditionRequest;
  static Result<ConditionAnswer> run(Engine&, Request& request) {
    const auto condition = compileCondition(request.condition.view());
    if (!condition) return std::unexpected(within("/condition", condition.error()));
    return ConditionAnswer{matches(*condition, request.facts.view())};
  }
};

struct Normalize {
  static constexpr std::string_view kName = "normalize";
  static constexpr std::string_view kDoc = "Any JSON document in the one normal form that it has.";
  static constexpr std::string_view kErrors = "";
  using Request = Raw;
  static Result<NormalForm> run(Engine&, Request& request) {
    auto json = normalize(request.bytes);
    if (!json) return std::unexpected(json.error());
    return NormalForm{std::move(*json)};
  }
};

/// What every engine answers.
using OfAccounts =
    std::tuple<EngineInfo, NameEngine, OpenProgram, OpenPack, OpenStream, Restore, CloseStream, Status, Submit, Evolve, AddPending, Apply,
               AccountOf, Invitations, DigestOf, Snapshot, JournalOf, Replay, Recommend, EvaluateCondition, Normalize>;
/// What an engine answers that holds all streams.
using OfSharedStreams = std::tuple<StreamsOf, TeamOf, PoolOf>;
using All = decltype(std::tuple_cat(std::declval<OfAccounts>(), std::declval<OfSharedStreams>()));

/// What an operation answers.
template <class Operation>
using AnswerOf = typename decltype(Operation::run(std::declval<Engine&>(), std::declval<typename Operation::Request&>()))::value_type;

}  // namespace operations
}  // namespace souk::json
