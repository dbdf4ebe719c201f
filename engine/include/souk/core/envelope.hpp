// SPDX-License-Identifier: MIT
// What every command and every fact carries, whatever it says: who, where, when, and by which rules it was decided.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "souk/core/digest.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"

namespace souk {

/// Who gives a command. Set from the credential, never read from what a client sent.
enum class Author : std::uint8_t {
  shopper,   ///< The person whose account it is, by a member token.
  commerce,  ///< The shop's back office: order paid, received, refunded.
  clock,     ///< The keeper of time, at an instant that `nextDue` named.
};

constexpr auto enumNames(std::type_identity<Author>) { return std::array<std::string_view, 3>{"shopper", "commerce", "clock"}; }

/// The common part of every command.
struct CommandHead {
  std::string id;       ///< Made once by the author; the same id again is answered by the first verdict.
  std::string account;  ///< The account whose stream the command is for.
  Author author = Author::shopper;
  Instant at;  ///< The deciding clock's instant; not before the stream's last one.
};

/// The common part of every fact.
struct FactHead {
  Digest id;             ///< Hash of the stream, the command's id and the fact's number; see `factId`.
  std::string stream;    ///< Name of the stream, for example `account/17850`.
  std::int64_t seq = 0;  ///< Position in the stream, from 1, without gaps.
  Instant at;            ///< The instant to which folding the fact brings the state.
  std::string command;   ///< Id of the command that was decided.
  Digest commandHash;    ///< Hash of the command without its instant, so that an id cannot be used for two commands.
  Digest program;        ///< Hash of the program that decided it.
  Digest engine;         ///< Hash of the engine file that decided it, as its host named it; zero where none was named.
};

/// Descriptions of the common fields, for the head of each command's own description.
template <class T>
constexpr auto commandFields() {
  return std::tuple{Field<T, std::string>{"id", &CommandHead::id, "Id of the command, made once by its author.", 1, 64},
                    Field<T, std::string>{"account", &CommandHead::account, "Id of the account.", 1, 64},
                    Field<T, Author>{"author", &CommandHead::author, "Who gives the command; set from the credential."},
                    Field<T, Instant>{"at", &CommandHead::at, "Instant of the deciding clock."}};
}

/// The same for a command that no account gives or receives: it names its team or pool in a field of its own.
template <class T>
constexpr auto streamCommandFields() {
  return std::tuple{Field<T, std::string>{"id", &CommandHead::id, "Id of the command, made once by its author.", 1, 64},
                    Field<T, Author>{"author", &CommandHead::author, "Who gives the command; set from the credential."},
                    Field<T, Instant>{"at", &CommandHead::at, "Instant of the deciding clock."}};
}

/// Descriptions of the common fields, for the head of each fact's own description.
template <class T>
constexpr auto factFields() {
  return std::tuple{Field<T, Digest>{"id", &FactHead::id, "Hash of the stream, the command's id and the fact's number within both."},
                    Field<T, std::string>{"stream", &FactHead::stream, "Name of the stream.", 1, 80},
                    Field<T, std::int64_t>{"seq", &FactHead::seq, "Position in the stream, from 1.", 1},
                    Field<T, Instant>{"at", &FactHead::at, "Instant to which folding the fact brings the state."},
                    Field<T, std::string>{"command", &FactHead::command, "Id of the decided command.", 1, 64},
                    Field<T, Digest>{"commandHash", &FactHead::commandHash, "Hash of the decided command without its instant."},
                    Field<T, Digest>{"program", &FactHead::program, "Hash of the program that decided."},
                    Field<T, Digest>{"engine", &FactHead::engine, "Hash of the engine file that decided, or zeros."}};
}

}  // namespace souk
