// SPDX-License-Identifier: MIT
// The SAX consumer on nlohmann/json, and the only file that sees that library. Compiled with -O3: every request passes through here.
//
// What the library does silently is decided before or beside it: it skips a byte order mark and stops at a NUL byte (both are refused first),
// turns -0 into 0 (told apart by its calls), and loses digits of decimals (they are taken from the bytes instead).
#include "souk/json/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <string>

// Parsing never throws: errors come through the consumer. Should the library's own invariants break, stop.
#define JSON_NOEXCEPTION 1
#include <nlohmann/json.hpp>

#include "tape.hpp"
#include "utf8.hpp"

namespace souk::json {
namespace {

using Library = nlohmann::json;

// Where the library's lexer stands, shared between the iterator that it consumes and the consumer.
struct ByteIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  char operator*() const { return static_cast<char>(**position); }
  ByteIterator& operator++() {
    ++*position;
    return *this;
  }
  bool operator==(const ByteIterator& other) const { return *position == *other.position; }

  const std::uint8_t** position;
};

using Input = nlohmann::detail::iterator_input_adapter<ByteIterator>;

}  // namespace
}  // namespace souk::json

// NOLINTBEGIN(readability-identifier-naming): from here to the last event the names are those that the library calls.

// What the library would compute for us and nobody reads, left out for our kind of input: the double behind a decimal, the token quoted in an
// error, the sentence about it. With them go the C library's strtod and printf, 10 KB of the wasm file on the wire.
template <>
void nlohmann::detail::lexer<souk::json::Library, souk::json::Input>::strtof(double& value, const char* text, char** end) noexcept {
  value = 0;
  *end = const_cast<char*>(text) + std::strlen(text);
}

template <>
std::string nlohmann::detail::lexer<souk::json::Library, souk::json::Input>::get_token_string() const {
  return {};
}

template <>
std::string nlohmann::detail::parser<souk::json::Library, souk::json::Input>::exception_message(token_type, const std::string&) {
  return {};
}

namespace souk::json {
namespace {

constexpr std::size_t kHardMaxBytes = std::size_t{1} << 28;
constexpr std::size_t kHardMaxDepth = 1'000;

/// Hands the library's events to a tape, each with the offset at which its token begins.
class Consumer {
 public:
  Consumer(std::span<const std::uint8_t> bytes, Tape& tape) : bytes_(bytes), tape_(tape), position_(bytes.data()) {}

  bool read() {
    const auto* end = bytes_.data() + bytes_.size();
    return Library::sax_parse(ByteIterator{&position_}, ByteIterator{&end}, this);
  }

  /// Whether the bytes ended before the document did.
  [[nodiscard]] bool endedEarly() const { return endedEarly_; }

  bool null() { return tape_.null(token()); }
  bool boolean(bool value) { return tape_.boolean(value, token()); }
  // The library calls this for spellings with a minus sign only.
  bool number_integer(std::int64_t value) {
    const auto start = number();
    if (value == 0) return tape_.refuse(Code::negativeZero, start, "zero has no sign");
    return tape_.integer(value, start);
  }
  bool number_unsigned(std::uint64_t value) {
    return tape_.integer(static_cast<std::int64_t>(std::min(value, std::uint64_t{1} << 62)), number());
  }
  bool number_float(double, const std::string&) {
    const auto start = number();
    return tape_.number({reinterpret_cast<const char*>(bytes_.data()) + start, tokenEnd_ - start}, start);
  }
  bool string(std::string& value) { return tape_.string(value, token()); }
  bool key(std::string& value) { return tape_.string(value, token()); }
  bool binary(Library::binary_t&) { return false; }
  bool start_object(std::size_t) { return tape_.open(false, token()); }
  bool end_object() { return token(), tape_.close(); }
  bool start_array(std::size_t) { return tape_.open(true, token()); }
  bool end_array() { return token(), tape_.close(); }

  bool parse_error(std::size_t position, const std::string&, const Library::exception&) {
    endedEarly_ = position > bytes_.size();
    if (!endedEarly_) {
      if (const auto lone = firstLoneSurrogate(bytes_.first(position))) {
        return tape_.refuse(Code::invalidUtf8, *lone, "half of a surrogate pair is not a character");
      }
    }
    return tape_.refuse(Code::invalidJson, position - 1, endedEarly_ ? "the document ends too early" : "this cannot stand here");
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  // Begin of the token after the last one. What lies between two tokens has been accepted by the library.
  std::size_t nextToken() const {
    const auto isBetween = [](std::uint8_t c) { return c <= ' ' || c == ',' || c == ':'; };
    auto start = tokenEnd_;
    while (isBetween(bytes_[start])) ++start;
    return start;
  }

  // Begin of a token at whose end the lexer stands.
  std::size_t token() {
    const auto start = nextToken();
    tokenEnd_ = static_cast<std::size_t>(position_ - bytes_.data());
    return start;
  }

  // Begin of a number. The lexer stands behind the byte after it, or at the end of the bytes. A number ends with a digit and no digit follows it
  // (but after a leading 0, where the document ends in an error).
  std::size_t number() {
    const auto start = token();
    const auto last = bytes_[tokenEnd_ - 1];
    if (last < '0' || last > '9') --tokenEnd_;
    return start;
  }

  std::span<const std::uint8_t> bytes_;
  Tape& tape_;
  const std::uint8_t* position_;
  std::size_t tokenEnd_ = 0;
  bool endedEarly_ = false;
};

std::unexpected<Error> failAt(Code code, std::size_t offset, std::string path, std::string message) {
  return std::unexpected(Error{code, std::move(path), std::move(message), static_cast<std::int64_t>(offset)});
}

bool startsWithMark(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF;
}

Limits clamp(Limits limits) {
  limits.maxBytes = std::min(limits.maxBytes, kHardMaxBytes);
  limits.maxDepth = std::min(limits.maxDepth, kHardMaxDepth);
  return limits;
}

}  // namespace

Result<Document> parse(std::span<const std::uint8_t> bytes, const Limits& wanted) {
  const auto limits = clamp(wanted);
  if (bytes.size() > limits.maxBytes) return failAt(Code::documentTooLarge, limits.maxBytes, {}, "the document is too large");
  if (startsWithMark(bytes)) return failAt(Code::byteOrderMark, 0, {}, "a byte order mark stands before the document");
  // What stands before a bad byte is read first: an earlier offence goes before it, and the path to it becomes known.
  const auto bad = firstBadByte(bytes);
  const auto readable = bad ? bytes.first(bad->offset) : bytes;
  Tape tape{readable.size(), limits};
  Consumer consumer{readable, tape};
  const bool whole = consumer.read();
  if (bad && (whole || consumer.endedEarly())) return failAt(bad->code, bad->offset, tape.path(), "this byte is not text");
  if (!whole) return std::unexpected(std::move(*tape.error()));
  return tape.take();
}

Result<Document> parse(std::string_view text, const Limits& limits) {
  return parse(std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, limits);
}

}  // namespace souk::json
