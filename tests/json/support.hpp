// SPDX-License-Identifier: MIT
// What the tests of the JSON ring share: refusals that can be compared, and structs that use every type a field may have.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "souk/core/digest.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"
#include "souk/core/value.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/normalize.hpp"
#include "souk/json/reader.hpp"

namespace souk::json {

/// An error without its sentence, which is no promise.
struct Refusal {
  std::string code;
  std::string path;
  std::int64_t offset = -1;
  bool operator==(const Refusal&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.code << " at '" << refusal.path << "', byte " << refusal.offset;
}

template <class T>
Refusal refusalOf(const Result<T>& result) {
  if (result) return {"accepted", "", -1};
  return {std::string{codeName(result.error().code)}, result.error().path, result.error().offset};
}

inline std::span<const std::uint8_t> bytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Normal form of an accepted text; of a refused one the code in angle brackets.
inline std::string normal(std::string_view text) {
  const auto result = normalize(bytesOf(text));
  return result ? *result : "<" + refusalOf(result).code + ">";
}

/// The refusal of a text by the reader.
inline Refusal refused(std::string_view text, const Limits& limits = {}) { return refusalOf(parse(text, limits)); }

/// The refusal of a text by the reader or by the decoder of T.
template <class T>
Refusal refusedAs(std::string_view text) {
  const auto document = parse(text);
  return document ? refusalOf(decode<T>(*document)) : refusalOf(document);
}

enum class Size : std::uint8_t { small, large };
constexpr auto enumNames(std::type_identity<Size>) { return std::array<std::string_view, 2>{"small", "large"}; }

struct Part {
  std::string name;
  std::int64_t count = 0;
  bool operator==(const Part&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"name", &Part::name, "Its name.", 1, 8}, Field{"count", &Part::count, "How many.", 1, 100}};
  }
};

struct Circle {
  static constexpr std::string_view kKind = "circle";
  static constexpr std::string_view kDoc = "A round shape.";
  std::int64_t radius = 0;
  bool operator==(const Circle&) const = default;
  static constexpr auto fields() { return std::tuple{Field{"radius", &Circle::radius, "Radius in millimetres.", 0}}; }
};

struct Label {
  static constexpr std::string_view kKind = "label";
  std::string at;
  std::string text;
  bool operator==(const Label&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"text", &Label::text, "What it says."}, Field{"at", &Label::at, "Where it stands."}};
  }
};

struct Point {
  static constexpr std::string_view kKind = "point";
  bool operator==(const Point&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

using Drawn = std::variant<Circle, Label, Point>;

/// One field of each type. Listed in another order than that of the names.
struct Sample {
  std::string text;
  bool flag = false;
  std::int64_t number = 0;
  std::uint32_t small = 0;
  Digest digest;
  Instant at;
  Size size = Size::small;
  std::optional<std::int64_t> maybe;
  std::vector<Part> parts;
  std::vector<std::string> names;
  std::optional<Part> extra;
  std::vector<Drawn> shapes;
  bool operator==(const Sample&) const = default;
  static constexpr auto fields() {
    return std::tuple{Field{"text", &Sample::text, "Any text."},
                      Field{"flag", &Sample::flag, "Yes or no."},
                      Field{"number", &Sample::number, "Any number."},
                      Field{"small", &Sample::small, "A small number."},
                      Field{"digest", &Sample::digest, "A digest."},
                      Field{"at", &Sample::at, "An instant."},
                      Field{"size", &Sample::size, "A size."},
                      Field{"maybe", &Sample::maybe, "A number, or none.", -5, 5},
                      Field{"parts", &Sample::parts, "Parts.", 0, 3},
                      Field{"names", &Sample::names, "Names | texts."},
                      Field{"extra", &Sample::extra, "A part, or none."},
                      Field{"shapes", &Sample::shapes, "Shapes."}};
  }
};

}  // namespace souk::json
