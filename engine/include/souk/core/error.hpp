// SPDX-License-Identifier: MIT
// Errors as values: the one list of codes that Souk can answer with, and the Result type that carries them.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace souk {

/// Every reason for which Souk refuses something. The name on the wire is kebab-case (`codeName`) and stable for ever:
/// a code may be added, never renamed or given another meaning. The order here is not part of any format.
enum class Code : std::uint8_t {
  // Reading bytes
  invalidUtf8,
  invalidJson,
  byteOrderMark,
  nulByte,
  duplicateKey,
  negativeZero,
  numberOutOfRange,
  notAnInteger,
  tooDeep,
  stringTooLong,
  documentTooLarge,
  unknownField,
  missingField,
  wrongType,
  unknownValue,
  unknownOperation,
  damagedBytes,
  unsupportedVersion,
  // Numbers, money and time
  overflow,
  outOfRange,
  divisionByZero,
  unknownCurrency,
  currencyMismatch,
  tooManyDigits,
  invalidAmount,
  invalidDate,
  invalidZone,
  outsideZoneTable,
  // Names, conditions and programs
  invalidId,
  invalidCondition,
  invalidProgram,
  // Streams, commands and handles
  staleHandle,
  streamNotOpen,
  streamAlreadyOpen,
  noProgram,
  noPack,
  notPermitted,
  commandIdReused,
  beforeStream,
  sequenceGap,
  invalidFact,
  // Loyalty
  emptyOrder,
  duplicateOrder,
  unknownOrder,
  unknownLine,
  repeatedLine,
  refundExceedsOrder,
  duplicateRefund,
  insufficientPoints,
  duplicateRedemption,
  unknownRedemption,
  returnExceedsRedemption,
  nothingDue,
  duplicateGrant,
  unknownGrant,
  // Stock
  insufficientStock,
  stockBelowHeld,
  duplicateHold,
  unknownHold,
  // Team purchase
  unknownTeam,
  teamClosed,
  duplicatePayment,
  notAMember,
  leavingNotAllowed,
  // Referral
  invalidCode,
  unknownCode,
  duplicateCode,
  selfInvitation,
  alreadyInvited,
  notANewCustomer,
  invitationCycle,
  // Who is who
  accountMerged,
  mergeWithItself,
  mergeWhileTeamOpen,
  mergeConflict,
  mergeTooLarge,
  alreadyLinked,
  tooManyLinks,
  // Files and programs on a desktop
  cannotRead,
  cannotWrite,
  nothingLeft,
  usage,
};

/// What a code means, for the tables in the documentation and for `codeName`.
struct CodeInfo {
  Code code;
  std::string_view name;    ///< The code on the wire, kebab-case.
  std::string_view remedy;  ///< What the caller can change, one sentence.
};

/// All codes, in the order of the enumeration.
[[nodiscard]] std::span<const CodeInfo> codeTable();

/// The kebab-case name of a code, for example `insufficient-points`. O(1).
[[nodiscard]] std::string_view codeName(Code code);

/// A refusal. Nothing has been changed when one is returned. Its copies, moves and end are functions in error.cpp: every `Result` has them
/// in each of its paths, and inlined they make the wasm file larger.
struct Error {
  Error() = default;
  Error(Code reason, std::string where, std::string why, std::int64_t at = -1);
  Error(const Error& other);
  Error(Error&& other) noexcept;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept;
  ~Error();

  Code code = Code::usage;
  std::string path;          ///< JSON pointer (RFC 6901) of the offending value in the request; empty for the whole.
  std::string message;       ///< One English sentence for a developer; not part of any promise.
  std::int64_t offset = -1;  ///< Byte offset in the document where the reader stood, or -1 where there is none.
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand for `return fail(Code::overflow, "/lines/0/paid", "…");` in functions that return any Result.
[[nodiscard]] std::unexpected<Error> fail(Code code, std::string_view path = {}, std::string_view message = {});

/// The same error, its path prefixed by `parent` (a JSON pointer such as `/lines/3`).
[[nodiscard]] Error within(std::string_view parent, Error error);

}  // namespace souk
