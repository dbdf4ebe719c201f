// SPDX-License-Identifier: MIT
// The protocol: each operation is one request and one answer, both bytes, the same on every host.
//
// An answer is `{"ok":true,"value":…}` or `{"error":{"code":…,"message":…,"path":…},"ok":false}`. Where the table says that an operation's
// answer is raw, success is the bytes themselves: they begin with a magic, never with `{`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"
#include "souk/json/reader.hpp"
#include "souk/service.hpp"

namespace souk::json {

/// Version of the protocol; raised when something that was promised changes its meaning.
inline constexpr std::int64_t kProtocolVersion = 1;

/// One engine behind the protocol.
class Session {
 public:
  /// Runs one operation. Whatever the bytes are, there is an answer, and a refused operation changes nothing.
  ///
  /// @param op       Name of the operation, for example `submit`; see PROTOCOL.md.
  /// @param request  Its request: JSON, or bytes where the table says so.
  /// @return         Its answer.
  [[nodiscard]] std::string call(std::string_view op, std::span<const std::uint8_t> request);

  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  Engine engine_;
};

/// Reads a program. @error as parse, decode and checkProgram
[[nodiscard]] Result<Program> readProgram(std::span<const std::uint8_t> bytes);

/// Reads a command. @error as parse and decode
[[nodiscard]] Result<Command> readCommand(std::span<const std::uint8_t> bytes);

/// The answer that carries an error.
[[nodiscard]] std::string errorAnswer(const Error& error);

}  // namespace souk::json
