// SPDX-License-Identifier: MIT
// Whole files in and out.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/error.hpp"

namespace souk::cli {

/// All bytes of a file; `-` is standard input. @error cannot-read, naming the file
[[nodiscard]] Result<std::vector<std::uint8_t>> readFile(std::string_view path);

/// Writes a file beside its place and moves it there, so that a reader never sees half of it. @error cannot-write, naming the file
[[nodiscard]] Result<void> writeFile(std::string_view path, std::span<const std::uint8_t> bytes);

/// Reads lines from a stream; a line may hold any byte but the line feed. A line is given as soon as it is there, so that a partner on a pipe
/// may wait for its answer before it sends the next.
class Lines {
 public:
  explicit Lines(std::FILE* file) : file_(file) {}
  /// The next line without its line feed; false at the end.
  [[nodiscard]] bool next(std::string& line);

 private:
  std::FILE* file_;
};

}  // namespace souk::cli
