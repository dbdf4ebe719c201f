// SPDX-License-Identifier: MIT
// The protocol on standard input and output: a line `{"op":"…","request":…}`, or `{"op":"…","hex":"…"}` where the request is raw bytes, is
// answered by a line. A raw answer is written as `{"hex":"…","ok":true}`. The engine sees the request in its normal form, so offsets in errors
// count there. A bad line is answered by an error and the next one is read.
#include <cstdio>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "commands.hpp"
#include "files.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/normalize.hpp"
#include "souk/json/protocol.hpp"

namespace souk::cli {
namespace {

// A line holds a request (a program of up to 4 MiB, a pack or journal in hexadecimal) in an object.
constexpr json::Limits kLineLimits{.maxBytes = std::size_t{256} << 20, .maxDepth = 33, .maxString = std::size_t{256} << 20};

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::vector<std::uint8_t>> fromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) return fail(Code::wrongType, "/hex", "two digits a byte");
  std::vector<std::uint8_t> bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hexDigit(hex[i]);
    const int low = hexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return fail(Code::wrongType, "/hex", "not lower-case hexadecimal digits");
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string hexAnswer(std::string_view raw) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = R"({"hex":")";
  for (const char c : raw) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out + R"(","ok":true})";
}

Result<std::vector<std::uint8_t>> requestOf(const json::Document& line) {
  const auto request = line.find(json::kRoot, "request");
  const auto hex = line.find(json::kRoot, "hex");
  if (request.has_value() == hex.has_value()) return fail(Code::missingField, "/request", "give a request, or hex");
  if (hex) {
    const auto text = line.asString(*hex);
    if (!text) return std::unexpected(text.error());
    return fromHex(*text);
  }
  std::string normal;
  json::Writer writer{normal};
  json::writeNormal(writer, line, *request);
  return std::vector<std::uint8_t>(normal.begin(), normal.end());
}

Result<std::string> answerOf(json::Session& session, std::string_view text) {
  const auto line = json::parse(text, kLineLimits);
  if (!line) return std::unexpected(line.error());
  const auto op = line->find(json::kRoot, "op");
  if (!op) return fail(Code::missingField, "/op", "name the operation");
  const auto name = line->asString(*op);
  if (!name) return std::unexpected(name.error());
  if (line->count(json::kRoot) != 2) return fail(Code::unknownField, {}, "a line has op and request, or op and hex");
  const auto request = requestOf(*line);
  if (!request) return std::unexpected(request.error());
  auto answer = session.call(*name, *request);
  return answer.starts_with('{') ? answer : hexAnswer(answer);
}

/// Runs one operation on a file before the first line, so that a short session need not carry it.
Result<void> preload(json::Session& session, std::string_view op, std::optional<std::string_view> path) {
  if (!path) return {};
  const auto bytes = readFile(*path);
  if (!bytes) return std::unexpected(bytes.error());
  const auto answer = session.call(op, *bytes);
  if (answer.starts_with(R"({"ok":true)")) return {};
  return fail(Code::cannotRead, {}, std::string{*path} + " was refused: " + answer);
}

}  // namespace

int call(Words words) {
  const auto options = Options::read(words, {"program", "pack"});
  if (!options) return report(options.error());
  json::Session session;
  if (auto done = preload(session, "open-program", options->find("program")); !done) return report(done.error());
  if (auto done = preload(session, "open-pack", options->find("pack")); !done) return report(done.error());
  Lines lines{stdin};
  for (std::string line; lines.next(line);) {
    if (line.empty()) continue;
    const auto answer = answerOf(session, line);
    const auto text = answer ? *answer : json::errorAnswer(answer.error());
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace souk::cli
