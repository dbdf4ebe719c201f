// SPDX-License-Identifier: MIT
// The one writer of JSON. What it writes is in normal form if the caller gives the keys of each object in ascending order of their bytes:
// no white space, integers as digits, only `"`, `\` and control characters escaped. `souk::json::encode` keeps that order; callers who
// write by hand must.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"

namespace souk::json {

/// Appends JSON to a string. Commas and colons are placed by the writer; that brackets match and that each key has one value is the caller's
/// duty. Text must be UTF-8.
class Writer {
 public:
  /// @param out  Borrowed while the writer is used; what it holds already is kept.
  explicit Writer(std::string& out) : out_(out) {}

  void beginObject() { open('{'); }
  void endObject() { close('}'); }
  void beginArray() { open('['); }
  void endArray() { close(']'); }

  /// The name of the next value, within an object.
  void key(std::string_view name);

  void null() { token("null"); }
  void boolean(bool value) { token(value ? "true" : "false"); }
  /// @param value  Within ±kMaxExact, else no reader of ours takes it back.
  void integer(std::int64_t value);
  /// A string; `"` and `\` are escaped by a backslash, control characters below U+0020 as \b \f \n \r \t or \u00xx, nothing else.
  void string(std::string_view value);
  /// A value that is JSON already: a decimal's text from `Document::asDecimal`, or a whole document in normal form.
  void token(std::string_view json);

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string& out_;
  bool comma_ = false;  // whether a value of the same container stands before
};

/// `{"error":{"code":…,"message":…,"offset":…,"path":…},"ok":false}`; `offset` only where the error has one.
void writeError(Writer& writer, const Error& error);

}  // namespace souk::json
