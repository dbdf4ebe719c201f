// SPDX-License-Identifier: MIT
// The table of codes: name on the wire and what the caller can change.
#include "souk/core/error.hpp"

#include <array>
#include <utility>

namespace souk {
namespace {

constexpr std::array kCodes{
    CodeInfo{Code::invalidUtf8, "invalid-utf8", "Send UTF-8; lone surrogates and overlong forms are not characters."},
    CodeInfo{Code::invalidJson, "invalid-json", "Send one JSON document (RFC 8259) and nothing after it."},
    CodeInfo{Code::byteOrderMark, "byte-order-mark", "Remove the byte order mark at the start."},
    CodeInfo{Code::nulByte, "nul-byte", "Remove the NUL byte."},
    CodeInfo{Code::duplicateKey, "duplicate-key", "Give each key of an object once."},
    CodeInfo{Code::negativeZero, "negative-zero", "Write 0 instead of -0."},
    CodeInfo{Code::numberOutOfRange, "number-out-of-range", "Keep numbers within what every host represents exactly."},
    CodeInfo{Code::notAnInteger, "not-an-integer", "Write an integer, without fraction or exponent."},
    CodeInfo{Code::tooDeep, "too-deep", "Nest at most 32 levels."},
    CodeInfo{Code::stringTooLong, "string-too-long", "Keep each string within 4 KiB."},
    CodeInfo{Code::documentTooLarge, "document-too-large", "Keep the document within its limit."},
    CodeInfo{Code::unknownField, "unknown-field", "Remove the field, or mend its spelling."},
    CodeInfo{Code::missingField, "missing-field", "Add the field that the path names."},
    CodeInfo{Code::wrongType, "wrong-type", "Give a value of the documented type."},
    CodeInfo{Code::unknownValue, "unknown-value", "Use one of the documented values."},
    CodeInfo{Code::unknownOperation, "unknown-operation", "Use an operation of the protocol's table."},
    CodeInfo{Code::damagedBytes, "damaged-bytes", "Fetch or build the file again; its bytes are not what was written."},
    CodeInfo{Code::unsupportedVersion, "unsupported-version", "Use a release of Souk that reads this version."},
    CodeInfo{Code::overflow, "overflow", "Use smaller numbers; a result would pass 2^53 - 1."},
    CodeInfo{Code::outOfRange, "out-of-range", "Keep the number within the documented range."},
    CodeInfo{Code::divisionByZero, "division-by-zero", "Give a denominator above zero."},
    CodeInfo{Code::unknownCurrency, "unknown-currency", "Use an ISO 4217 code that has minor units."},
    CodeInfo{Code::currencyMismatch, "currency-mismatch", "Use the currency of the program."},
    CodeInfo{Code::tooManyDigits, "too-many-digits", "Round to the digits that the currency has."},
    CodeInfo{Code::invalidAmount, "invalid-amount", "Write a decimal amount such as 18.99."},
    CodeInfo{Code::invalidDate, "invalid-date", "Give a date of the Gregorian calendar, years 1 to 9999."},
    CodeInfo{Code::invalidZone, "invalid-zone", "Make the zone table with `souk zone`."},
    CodeInfo{Code::outsideZoneTable, "outside-zone-table", "Make a zone table that covers this instant."},
    CodeInfo{Code::invalidId, "invalid-id", "Use 1 to 64 letters, digits or one of . _ : - for an id."},
    CodeInfo{Code::invalidCondition, "invalid-condition", "Mend the condition at the path."},
    CodeInfo{Code::invalidProgram, "invalid-program", "Mend the program at the path."},
    CodeInfo{Code::staleHandle, "stale-handle", "Open the stream again; this handle was closed."},
    CodeInfo{Code::streamNotOpen, "stream-not-open", "Open the stream that the command names."},
    CodeInfo{Code::streamAlreadyOpen, "stream-already-open", "Use the handle that was given first."},
    CodeInfo{Code::noProgram, "no-program", "Open a program first."},
    CodeInfo{Code::noPack, "no-pack", "Open a pack first."},
    CodeInfo{Code::notPermitted, "not-permitted", "Only the author that the table of commands names may give this command."},
    CodeInfo{Code::commandIdReused, "command-id-reused", "Make a new id for a new command; this id had another body."},
    CodeInfo{Code::beforeStream, "before-stream", "Give an instant that is not before the stream's last one."},
    CodeInfo{Code::sequenceGap, "sequence-gap", "Apply the facts in order, from the next sequence number on."},
    CodeInfo{Code::invalidFact, "invalid-fact", "Fetch the fact again; it does not fit the stream."},
    CodeInfo{Code::emptyOrder, "empty-order", "Give the order at least one line."},
    CodeInfo{Code::duplicateOrder, "duplicate-order", "This order was received before; nothing more is earned."},
    CodeInfo{Code::unknownOrder, "unknown-order", "Name an order that was received."},
    CodeInfo{Code::unknownLine, "unknown-line", "Name a line of the order by its index from 0."},
    CodeInfo{Code::repeatedLine, "repeated-line", "Name each line once, with all its units."},
    CodeInfo{Code::refundExceedsOrder, "refund-exceeds-order", "Refund at most the units that were not refunded yet."},
    CodeInfo{Code::duplicateRefund, "duplicate-refund", "This refund was taken before; nothing more is taken back."},
    CodeInfo{Code::insufficientPoints, "insufficient-points", "Spend at most the points that are active now."},
    CodeInfo{Code::duplicateRedemption, "duplicate-redemption", "This redemption was made before; nothing more is spent."},
    CodeInfo{Code::unknownRedemption, "unknown-redemption", "Name a redemption that was made."},
    CodeInfo{Code::returnExceedsRedemption, "return-exceeds-redemption", "Return at most what the redemption still holds."},
    CodeInfo{Code::nothingDue, "nothing-due", "Wait until the instant that nextDue names."},
    CodeInfo{Code::duplicateGrant, "duplicate-grant", "This grant was made before; nothing more is granted."},
    CodeInfo{Code::unknownGrant, "unknown-grant", "Name a grant that was made and not reversed."},
    CodeInfo{Code::insufficientStock, "insufficient-stock", "Hold at most the units that are available now."},
    CodeInfo{Code::stockBelowHeld, "stock-below-held", "Set at least as many units as are held, or release holds first."},
    CodeInfo{Code::duplicateHold, "duplicate-hold", "This hold was made before; nothing more is held."},
    CodeInfo{Code::unknownHold, "unknown-hold", "Name a hold that is neither released, committed nor expired."},
    CodeInfo{Code::unknownTeam, "unknown-team", "Name a team that was started."},
    CodeInfo{Code::teamClosed, "team-closed", "Nothing to do; the team has formed, failed or was cancelled."},
    CodeInfo{Code::duplicatePayment, "duplicate-payment", "This payment was taken before; its first outcome stands."},
    CodeInfo{Code::notAMember, "not-a-member", "Only who holds a seat in the team may leave it."},
    CodeInfo{Code::leavingNotAllowed, "leaving-not-allowed", "Wait for the team's deadline; its campaign lets nobody in this seat leave."},
    CodeInfo{Code::invalidCode, "invalid-code", "Read the invitation code again; a character is wrong."},
    CodeInfo{Code::unknownCode, "unknown-code", "Use the code of the account that invites."},
    CodeInfo{Code::duplicateCode, "duplicate-code", "Use the code that the account has already."},
    CodeInfo{Code::selfInvitation, "self-invitation", "Nobody can invite themselves."},
    CodeInfo{Code::alreadyInvited, "already-invited", "The first invitation stays for ever."},
    CodeInfo{Code::notANewCustomer, "not-a-new-customer", "Only who has not ordered yet can be invited."},
    CodeInfo{Code::invitationCycle, "invitation-cycle", "Who has invited others can no longer be invited."},
    CodeInfo{Code::accountMerged, "account-merged", "Name the account that this one was merged into; it alone acts now."},
    CodeInfo{Code::mergeWithItself, "merge-with-itself", "Name two different accounts."},
    CodeInfo{Code::mergeWhileTeamOpen, "merge-while-team-open",
             "Wait until the ended account's teams have formed or failed, or stop them."},
    CodeInfo{Code::mergeConflict, "merge-conflict",
             "Both accounts have an order, refund, redemption, grant or payment of one id; they stay two."},
    CodeInfo{Code::mergeTooLarge, "merge-too-large", "End the account with the shorter history, or keep both."},
    CodeInfo{Code::alreadyLinked, "already-linked", "Nothing to do; the anonymous id belongs to the account."},
    CodeInfo{Code::tooManyLinks, "too-many-links", "Link no more devices to this account."},
    CodeInfo{Code::cannotRead, "cannot-read", "Check that the file exists and may be read."},
    CodeInfo{Code::cannotWrite, "cannot-write", "Check that the folder exists and may be written."},
    CodeInfo{Code::nothingLeft, "nothing-left", "See what was skipped and why; no line of the input could be used."},
    CodeInfo{Code::usage, "usage", "See `souk help`."},
};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    if (static_cast<std::size_t>(kCodes[i].code) != i) return false;
  }
  return true;
}
static_assert(inOrder() && kCodes.back().code == Code::usage, "one row per code, in the order of the enumeration");

/// The names alone, so that the wasm file, which never asks for a remedy, does not carry them.
constexpr auto kNames = [] {
  std::array<std::string_view, kCodes.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kCodes[i].name;
  return names;
}();

}  // namespace

std::span<const CodeInfo> codeTable() { return kCodes; }

std::string_view codeName(Code code) { return kNames[static_cast<std::size_t>(code)]; }

Error::Error(Code reason, std::string where, std::string why, std::int64_t at)
    : code(reason), path(std::move(where)), message(std::move(why)), offset(at) {}
Error::Error(const Error& other) = default;
Error::Error(Error&& other) noexcept = default;
Error& Error::operator=(const Error& other) = default;
Error& Error::operator=(Error&& other) noexcept = default;
Error::~Error() = default;

std::unexpected<Error> fail(Code code, std::string_view path, std::string_view message) {
  return std::unexpected(Error{code, std::string{path}, std::string{message}});
}

Error within(std::string_view parent, Error error) {
  error.path.insert(0, parent);
  return error;
}

}  // namespace souk
