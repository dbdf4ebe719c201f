// SPDX-License-Identifier: MIT
// Values written in C++ for tests: valueOf(object({{"level", "gold"}, {"orders", list({1, 2})}})).
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "souk/core/value.hpp"

namespace souk::testing {

// NOLINTBEGIN(google-explicit-constructor): a literal is written as what it stands for
/// What writes one value into a builder.
class Literal {
 public:
  Literal(std::nullptr_t) : write_([](ValueBuilder& build) { build.null(); }) {}
  Literal(bool value) : write_([value](ValueBuilder& build) { build.boolean(value); }) {}
  Literal(const char* value) : Literal(std::string{value}) {}
  Literal(std::string value) : write_([value = std::move(value)](ValueBuilder& build) { build.string(value); }) {}
  Literal(Decimal value) : write_([value](ValueBuilder& build) { build.number(value); }) {}
  Literal(const Value& value) : write_([value](ValueBuilder& build) { build.value(value); }) {}
  template <std::integral T>
  Literal(T value) : write_([value](ValueBuilder& build) { build.number(static_cast<std::int64_t>(value)); }) {}
  explicit Literal(std::function<void(ValueBuilder&)> write) : write_(std::move(write)) {}

  void writeTo(ValueBuilder& build) const { write_(build); }

 private:
  std::function<void(ValueBuilder&)> write_;
};
// NOLINTEND(google-explicit-constructor)

inline Literal list(std::vector<Literal> items) {
  return Literal{std::function<void(ValueBuilder&)>{[items = std::move(items)](ValueBuilder& build) {
    build.beginArray();
    for (const auto& item : items) item.writeTo(build);
    build.endArray();
  }}};
}

inline Literal object(std::vector<std::pair<std::string, Literal>> members) {
  return Literal{std::function<void(ValueBuilder&)>{[members = std::move(members)](ValueBuilder& build) {
    build.beginObject();
    for (const auto& [key, value] : members) {
      build.key(key);
      value.writeTo(build);
    }
    build.endObject();
  }}};
}

/// A number such as 0.5.
inline Literal number(std::string_view text) { return Decimal::fromText(text).value(); }

inline Value valueOf(const Literal& literal) {
  ValueBuilder build;
  literal.writeTo(build);
  return build.finish().value();
}

/// A repeatable source of choices (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// A number in [0, bound).
  std::size_t below(std::size_t bound) {
    auto z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % bound;
  }

 private:
  std::uint64_t state_;
};

}  // namespace souk::testing
