// SPDX-License-Identifier: MIT
// The requests and answers of the operations that are about streams. Types, codecs and documentation follow from these descriptions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "souk/core/digest.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"
#include "souk/groupbuy.hpp"
#include "souk/loyalty.hpp"
#include "souk/referral.hpp"
#include "souk/service/stream.hpp"

namespace souk {

/// What the engine is.
struct EngineInfo {
  std::string version;
  std::int64_t protocol = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"version", &EngineInfo::version, "Version of Souk."},
                      Field{"protocol", &EngineInfo::protocol, "Version of the protocol; raised when a meaning changes.", 1}};
  }
};

/// A program that was opened.
struct ProgramOpened {
  Digest program;
  std::string name;
  std::string currency;
  std::int64_t currencyDigits = 0;
  std::string zone;
  static constexpr auto fields() {
    return std::tuple{Field{"program", &ProgramOpened::program, "Hash of the program."}, Field{"name", &ProgramOpened::name, "Its name."},
                      Field{"currency", &ProgramOpened::currency, "ISO 4217 code of all amounts."},
                      Field{"currencyDigits", &ProgramOpened::currencyDigits, "Decimal digits of the minor unit.", 0, 4},
                      Field{"zone", &ProgramOpened::zone, "Name of the time zone."}};
  }
};

/// A pack that was opened.
struct PackOpened {
  Digest pack;
  std::int64_t items = 0;
  std::int64_t neighbours = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"pack", &PackOpened::pack, "Digest of the pack."}, Field{"items", &PackOpened::items, "Items in it.", 0},
                      Field{"neighbours", &PackOpened::neighbours, "Neighbours of all items together.", 0}};
  }
};

/// Names a stream.
struct StreamRequest {
  std::string stream;
  static constexpr auto fields() {
    return std::tuple{Field{"stream", &StreamRequest::stream, "Name of the stream, for example `account/17850`.", 1, 80}};
  }
};

/// Names an open stream.
struct HandleRequest {
  std::int64_t handle = 0;
  static constexpr auto fields() { return std::tuple{Field{"handle", &HandleRequest::handle, "Handle of an open stream.", 1}}; }
};

/// A command of the page that has no verdict yet.
struct PendingCommand {
  std::string id;
  bool applies = true;
  std::optional<std::string> code;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &PendingCommand::id, "Id of the command."},
                      Field{"applies", &PendingCommand::applies, "Whether it still fits what is known; if not, it awaits its verdict."},
                      Field{"code", &PendingCommand::code, "Why it does not."}};
  }
};

/// Where a stream stands.
struct StreamStatus {
  std::int64_t handle = 0;
  std::string stream;
  std::int64_t seq = 0;
  Instant at;
  std::optional<Instant> nextDue;
  std::optional<std::string> mergedInto;
  std::vector<PendingCommand> pending;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &StreamStatus::handle, "Handle of the stream, until it is closed.", 1},
                      Field{"stream", &StreamStatus::stream, "Name of the stream."},
                      Field{"seq", &StreamStatus::seq, "Sequence number of the last fact; 0 before the first.", 0},
                      Field{"at", &StreamStatus::at, "Instant of the last fact."},
                      Field{"nextDue", &StreamStatus::nextDue, "Instant at which a `due` command is to be given; absent: none."},
                      Field{"mergedInto", &StreamStatus::mergedInto, "Of an account that was ended: the one that stays."},
                      Field{"pending", &StreamStatus::pending, "Commands without a verdict, in the order in which they were given."}};
  }
};

/// A command to decide.
struct SubmitRequest {
  Command command;
  static constexpr auto fields() { return std::tuple{Field{"command", &SubmitRequest::command, "The command."}}; }
};

/// The streams that a command touches.
struct StreamsAnswer {
  std::vector<std::string> streams;
  static constexpr auto fields() {
    return std::tuple{Field{"streams", &StreamsAnswer::streams, "Names of the streams, sorted: the order in which they are locked."}};
  }
};

/// What was decided.
struct Submission {
  Verdict verdict;
  std::vector<Fact> facts;
  bool repeated = false;
  static constexpr auto fields() {
    return std::tuple{Field{"verdict", &Submission::verdict, "What became of the command."},
                      Field{"facts", &Submission::facts, "The facts; empty for a refusal and for a repeated command."},
                      Field{"repeated", &Submission::repeated, "Whether the id was known, and this is its first verdict again."}};
  }
};

/// Facts for a stream.
struct EvolveRequest {
  std::int64_t handle = 0;
  std::vector<Fact> facts;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &EvolveRequest::handle, "Handle of an open stream.", 1},
                      Field{"facts", &EvolveRequest::facts, "Facts of that stream in order; those that are known are passed over."}};
  }
};

/// A command to show at once, before its verdict.
struct AddPendingRequest {
  std::int64_t handle = 0;
  Command command;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &AddPendingRequest::handle, "Handle of an open stream.", 1},
                      Field{"command", &AddPendingRequest::command, "The command, as it is sent to the collector."}};
  }
};

/// What the collector answered.
struct ApplyRequest {
  std::int64_t handle = 0;
  std::vector<Fact> facts;
  std::vector<Verdict> verdicts;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &ApplyRequest::handle, "Handle of an open stream.", 1},
                      Field{"facts", &ApplyRequest::facts, "Facts of that stream in order; those that are known are passed over."},
                      Field{"verdicts", &ApplyRequest::verdicts, "Verdicts; each ends a pending command, either way."}};
  }
};

/// Asks for an account at an instant.
struct AccountRequest {
  std::int64_t handle = 0;
  Instant at;
  std::optional<bool> lots;
  std::optional<bool> confirmed;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &AccountRequest::handle, "Handle of an open account stream.", 1},
                      Field{"at", &AccountRequest::at, "The instant to look at; not before the stream's last fact."},
                      Field{"lots", &AccountRequest::lots, "Whether to list each lot; absent: no."},
                      Field{"confirmed", &AccountRequest::confirmed, "Whether to leave pending commands out; absent: no."}};
  }
};

/// Asks for a team at an instant.
struct TeamRequest {
  std::int64_t handle = 0;
  Instant at;
  std::optional<std::string> viewer;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &TeamRequest::handle, "Handle of an open team stream.", 1},
                      Field{"at", &TeamRequest::at, "The instant to look at; not before the stream's last fact."},
                      Field{"viewer", &TeamRequest::viewer, "Account of the one who looks; absent: anybody.", 1, 64}};
  }
};

/// A team as everybody may see it.
struct TeamAnswer {
  std::int64_t seq = 0;
  TeamView team;
  static constexpr auto fields() {
    return std::tuple{Field{"seq", &TeamAnswer::seq, "Sequence number of the stream's last fact.", 0},
                      Field{"team", &TeamAnswer::team, "The team, without accounts, payments and orders."}};
  }
};

/// Asks for a pool at an instant.
struct PoolRequest {
  std::int64_t handle = 0;
  Instant at;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &PoolRequest::handle, "Handle of an open pool stream.", 1},
                      Field{"at", &PoolRequest::at, "The instant to look at; not before the stream's last fact."}};
  }
};

/// A stock pool.
struct PoolAnswer {
  Instant at;
  std::int64_t seq = 0;
  std::int64_t onHand = 0;
  std::int64_t available = 0;
  std::int64_t sold = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"at", &PoolAnswer::at, "The instant that this is true for."},
                      Field{"seq", &PoolAnswer::seq, "Sequence number of the stream's last fact.", 0},
                      Field{"onHand", &PoolAnswer::onHand, "Units there and not sold, held ones included.", 0},
                      Field{"available", &PoolAnswer::available, "Units that can be held now.", 0},
                      Field{"sold", &PoolAnswer::sold, "Units sold.", 0}};
  }
};

/// Asks for an account's invitations.
struct InvitationsRequest {
  std::int64_t handle = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"handle", &InvitationsRequest::handle, "Handle of an open account stream.", 1}};
  }
};

/// Whom an account invited, and whether it was invited; no other account is named.
struct InvitationsAnswer {
  std::optional<std::string> code;
  std::optional<InvitationPhase> invited;
  std::vector<Invitee> invitees;
  static constexpr auto fields() {
    return std::tuple{Field{"code", &InvitationsAnswer::code, "The account's own code; absent before it was made."},
                      Field{"invited", &InvitationsAnswer::invited, "Where the account's own invitation is; absent: it was not invited."},
                      Field{"invitees", &InvitationsAnswer::invitees, "Invitations of the account that were accepted, by their number."}};
  }
};

/// The digest of a stream's state.
struct DigestAnswer {
  Digest digest;
  std::int64_t seq = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"digest", &DigestAnswer::digest, "SHA-256 of the state's binary form, pending commands left out."},
                      Field{"seq", &DigestAnswer::seq, "Sequence number of the last fact.", 0}};
  }
};

/// A stream and its digest.
struct StreamDigest {
  std::string stream;
  std::int64_t seq = 0;
  Digest digest;
  static constexpr auto fields() {
    return std::tuple{Field{"stream", &StreamDigest::stream, "Name of the stream."},
                      Field{"seq", &StreamDigest::seq, "Sequence number of its last fact.", 1},
                      Field{"digest", &StreamDigest::digest, "SHA-256 of its state's binary form."}};
  }
};

/// What folding a journal from empty gives.
struct ReplayAnswer {
  std::int64_t facts = 0;
  Digest head;
  std::vector<StreamDigest> streams;
  static constexpr auto fields() {
    return std::tuple{Field{"facts", &ReplayAnswer::facts, "Facts in the journal.", 0},
                      Field{"head", &ReplayAnswer::head, "Head of its hash chain."},
                      Field{"streams", &ReplayAnswer::streams, "Every stream at its end, sorted by name."}};
  }
};

/// The hash of the engine file, named by its host.
struct NameEngineRequest {
  Digest engine;
  static constexpr auto fields() {
    return std::tuple{Field{"engine", &NameEngineRequest::engine, "SHA-256 of the engine file; it stands in every fact from now on."}};
  }
};

/// Nothing to say.
struct Empty {
  static constexpr auto fields() { return std::tuple{}; }
};

}  // namespace souk
