// SPDX-License-Identifier: MIT
// The one strict reader: JSON bytes from outside become a flat tape, or are refused with a code, a JSON pointer and a byte offset.
//
// Two parsers that disagree are two truths about one payment, so what other readers repair, drop or reinterpret is refused here: bytes that
// are not UTF-8, escapes of lone surrogates, a byte order mark, NUL bytes, a key given twice (by whatever escapes), -0, integers beyond
// ±(2^53 - 1), more than 32 levels, strings above 4 KiB, documents above their limit, and anything after the document.
//
// Numbers. An integer (digits only) is kept as int64. A number with a fraction or an exponent is kept as its exact decimal value and is never
// an integer to a typed field, not even `100.0`. There is one text per value: see `Document::asDecimal`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/error.hpp"

namespace souk::json {

/// What a document may be at most. Values above the hard ends named here are lowered to them.
struct Limits {
  std::size_t maxBytes = std::size_t{1} << 20;   ///< Bytes of the whole document; hard end 256 MiB.
  std::size_t maxDepth = 32;                     ///< Arrays and objects within each other; hard end 1,000.
  std::size_t maxString = std::size_t{4} << 10;  ///< UTF-8 bytes of one string or key, escapes resolved.
};

/// Limits for a merchant's program: 4 MiB, otherwise as above.
inline constexpr Limits kProgramLimits{.maxBytes = std::size_t{4} << 20};

/// What a value is. A number is `integer` if it is spelled with digits only, else `decimal`.
enum class Kind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

/// A value's place in its document: an index, valid for that `Document` (and its copies) for ever.
enum class Node : std::uint32_t {};

/// The value that the whole document is.
inline constexpr Node kRoot{0};

/// One member of an object.
struct Member {
  std::string_view key;  ///< Borrowed from the document.
  Node keyNode;          ///< Place of the key, for errors.
  Node value;
};

class Tape;

/// A parsed document. Owns all its text; views are valid while it lives and is not moved. About 8 bytes per value and the text of strings.
class Document {
 public:
  [[nodiscard]] Kind kind(Node node) const;

  /// The value as a boolean, integer or text. @error wrong-type; `asInteger` also not-an-integer for any number with fraction or exponent
  [[nodiscard]] Result<bool> asBool(Node node) const;
  [[nodiscard]] Result<std::int64_t> asInteger(Node node) const;
  [[nodiscard]] Result<std::string_view> asString(Node node) const;

  /// The exact value of a number as its one text. An integer within ±(2^53 - 1) is written with digits only (`1e2` and `100.0` give `100`).
  /// Any other is written without leading or trailing zeros: plainly (`18.99`) if it has a fraction and 10^-6 <= |value| < 10^21, else as
  /// `d.ddde+x` or `d.ddde-x`. At most 34 significant digits and 10^-300 <= |value| < 10^301, else the document was refused.
  /// @error wrong-type if it is not a number
  [[nodiscard]] Result<std::string> asDecimal(Node node) const;

  /// Text of a string, key or decimal; empty for any other value. Unchecked twin of `asString` for code that has looked at `kind`.
  [[nodiscard]] std::string_view text(Node node) const;

  /// Calls `visit(Node)` for each value of an array, in order, until it returns false. True if all were visited.
  template <class Visit>
  bool eachItem(Node array, Visit&& visit) const;
  /// Calls `visit(Member)` for each member of an object, in the document's order, until it returns false. True if all were visited.
  template <class Visit>
  bool eachMember(Node object, Visit&& visit) const;

  /// Number of values in an array or of members in an object; 0 for anything else. O(that number).
  [[nodiscard]] std::size_t count(Node container) const;

  /// The member of that name, if the node is an object that has it. O(members).
  [[nodiscard]] std::optional<Node> find(Node object, std::string_view key) const;

  /// JSON pointer (RFC 6901) of a value, or of the member that a key begins. Built by walking from the root: O(document); for errors.
  [[nodiscard]] std::string path(Node node) const;
  /// Byte offset in the document at which the value or key begins.
  [[nodiscard]] std::int64_t offset(Node node) const;

  /// An error that names the place of `node`. `member` is appended to the path if it is not empty (for a field that is missing).
  [[nodiscard]] std::unexpected<Error> error(Code code, Node node, std::string message, std::string_view member = {}) const;

 private:
  friend class Tape;

  // How a value is kept; `link` is a flag, an index or a position as the comment says.
  enum class Form : std::uint8_t {
    null,
    boolean,      // link: 0 or 1
    integer,      // link: the int32 itself
    wideInteger,  // link: position in text_ of 8 bytes
    decimal,      // link: position in text_ of a 4-byte length and the text
    string,       // likewise; keys too
    array,        // link: index after the last value within
    object,
  };
  struct Cell {
    std::uint32_t form : 3;
    std::uint32_t offset : 29;
    std::uint32_t link;
  };

  [[nodiscard]] const Cell& cell(Node node) const { return cells_[static_cast<std::uint32_t>(node)]; }
  [[nodiscard]] Form form(Node node) const { return static_cast<Form>(cell(node).form); }
  [[nodiscard]] bool isContainer(Node node) const { return form(node) >= Form::array; }
  [[nodiscard]] std::uint32_t after(std::uint32_t index) const;
  [[nodiscard]] std::int64_t integer(Node node) const;

  std::vector<Cell> cells_;
  std::string text_;
};

/// Reads one document. The first offence in the order of the bytes is reported, except that a duplicate key is found at its object's end and the
/// size of the document before anything else.
///
/// @param bytes  The document; borrowed for the call only.
/// @error document-too-large, byte-order-mark, nul-byte, invalid-utf8, invalid-json (empty input too), duplicate-key, negative-zero,
///        number-out-of-range, string-too-long, too-deep; each with path and offset. An offset is where the offending value begins; for
///        invalid-json, nul-byte and invalid-utf8 it is the byte that cannot be read (the size of the document if it ends too early).
/// @complexity O(bytes), for objects of n > 16 keys O(n log n) comparisons; no recursion.
[[nodiscard]] Result<Document> parse(std::span<const std::uint8_t> bytes, const Limits& limits = {});
[[nodiscard]] Result<Document> parse(std::string_view text, const Limits& limits = {});

template <class Visit>
bool Document::eachItem(Node array, Visit&& visit) const {
  if (form(array) != Form::array) return true;
  const auto end = cell(array).link;
  for (auto index = static_cast<std::uint32_t>(array) + 1; index < end; index = after(index)) {
    if (!visit(Node{index})) return false;
  }
  return true;
}

template <class Visit>
bool Document::eachMember(Node object, Visit&& visit) const {
  if (form(object) != Form::object) return true;
  const auto end = cell(object).link;
  for (auto index = static_cast<std::uint32_t>(object) + 1; index < end; index = after(index + 1)) {
    if (!visit(Member{text(Node{index}), Node{index}, Node{index + 1}})) return false;
  }
  return true;
}

}  // namespace souk::json
