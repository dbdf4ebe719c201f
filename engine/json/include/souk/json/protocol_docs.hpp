// SPDX-License-Identifier: MIT
// The protocol for readers: TypeScript declarations and Markdown tables, made from the table of operations that runs it. Natively only.
#pragma once

#include <string>

namespace souk::json {

/// The file `web/src/generated/protocol.ts`: all types, the codes of errors, and the table of operations.
[[nodiscard]] std::string protocolTypescript();

/// The file `engine/json/PROTOCOL.md`: commands, facts and operations, then every type.
[[nodiscard]] std::string protocolMarkdown();

/// A Markdown table of all codes of errors and what to change.
[[nodiscard]] std::string codesMarkdown();

}  // namespace souk::json
