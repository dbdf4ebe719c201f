// SPDX-License-Identifier: MIT
// Bytes of JSON, appended.
#include "souk/json/writer.hpp"

#include <array>
#include <charconv>

namespace souk::json {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// The letter of a short escape, or 0.
char shortEscape(char c) {
  switch (c) {
    case '"':
    case '\\': return c;
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
  }
}

bool needsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void appendEscape(std::string& out, char c) {
  out += '\\';
  if (const char letter = shortEscape(c)) {
    out += letter;
    return;
  }
  out += "u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

void appendString(std::string& out, std::string_view value) {
  out += '"';
  std::size_t plain = 0;  // begin of what has not been copied yet
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!needsEscape(value[i])) continue;
    out.append(value, plain, i - plain);
    appendEscape(out, value[i]);
    plain = i + 1;
  }
  out.append(value, plain);
  out += '"';
}

}  // namespace

void Writer::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

void Writer::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
}

void Writer::close(char bracket) {
  out_ += bracket;
  comma_ = true;
}

void Writer::key(std::string_view name) {
  separate();
  appendString(out_, name);
  out_ += ':';
  comma_ = false;
}

void Writer::integer(std::int64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  token({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void Writer::string(std::string_view value) {
  separate();
  appendString(out_, value);
}

void Writer::token(std::string_view json) {
  separate();
  out_ += json;
}

void writeError(Writer& writer, const Error& error) {
  writer.beginObject();
  writer.key("error");
  writer.beginObject();
  writer.key("code");
  writer.string(codeName(error.code));
  writer.key("message");
  writer.string(error.message);
  if (error.offset >= 0) {
    writer.key("offset");
    writer.integer(error.offset);
  }
  writer.key("path");
  writer.string(error.path);
  writer.endObject();
  writer.key("ok");
  writer.boolean(false);
  writer.endObject();
}

}  // namespace souk::json
