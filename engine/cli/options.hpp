// SPDX-License-Identifier: MIT
// The words of a command line: `--name value` options, `--name` flags, and the words between them.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "souk/core/error.hpp"

namespace souk::cli {

using Words = std::span<const std::string_view>;

/// A read command line. Borrows the words.
class Options {
 public:
  /// @param valued  Names of options that take a value, without dashes.
  /// @param flags   Names of options that take none.
  /// @error usage, for an unknown option, one given twice, or one without its value
  [[nodiscard]] static Result<Options> read(Words words, std::initializer_list<std::string_view> valued,
                                            std::initializer_list<std::string_view> flags = {});

  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// @error usage, naming the option that is missing
  [[nodiscard]] Result<std::string_view> need(std::string_view name) const;
  /// A whole number within a range. @error usage
  [[nodiscard]] Result<std::int64_t> number(std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const;
  [[nodiscard]] const std::vector<std::string_view>& rest() const { return rest_; }

 private:
  std::vector<std::pair<std::string_view, std::string_view>> options_;
  std::vector<std::string_view> rest_;
};

}  // namespace souk::cli
