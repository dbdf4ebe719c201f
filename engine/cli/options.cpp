// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <algorithm>
#include <charconv>

namespace souk::cli {

Result<Options> Options::read(Words words, std::initializer_list<std::string_view> valued, std::initializer_list<std::string_view> flags) {
  const auto among = [](const auto& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("--")) {
      options.rest_.push_back(words[i]);
      continue;
    }
    const auto name = words[i].substr(2);
    const bool takesValue = among(valued, name);
    if (!takesValue && !among(flags, name)) return fail(Code::usage, {}, "there is no option --" + std::string{name});
    if (options.has(name)) return fail(Code::usage, {}, "--" + std::string{name} + " is given twice");
    if (takesValue && i + 1 == words.size()) return fail(Code::usage, {}, "--" + std::string{name} + " needs a value");
    options.options_.emplace_back(name, takesValue ? words[++i] : std::string_view{});
  }
  return options;
}

std::optional<std::string_view> Options::find(std::string_view name) const {
  for (const auto& [given, value] : options_) {
    if (given == name) return value;
  }
  return std::nullopt;
}

Result<std::string_view> Options::need(std::string_view name) const {
  if (const auto value = find(name)) return *value;
  return fail(Code::usage, {}, "--" + std::string{name} + " is needed");
}

Result<std::int64_t> Options::number(std::string_view name, std::int64_t otherwise, std::int64_t least, std::int64_t most) const {
  const auto text = find(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc{} || end != text->data() + text->size() || value < least || value > most) {
    return fail(Code::usage, {},
                "--" + std::string{name} + " takes a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

}  // namespace souk::cli
