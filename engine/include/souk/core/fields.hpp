// SPDX-License-Identifier: MIT
// One description per struct, from which its binary form, its JSON form, its documentation and its TypeScript type follow.
//
// A struct that crosses an edge lists its fields once:
//
//   struct RefundLine {
//     std::int64_t line = 0;
//     std::int64_t quantity = 0;
//     static constexpr auto fields() {
//       return std::tuple{Field{"line", &RefundLine::line, "Index of the line in the order, from 0."},
//                         Field{"quantity", &RefundLine::quantity, "Units given back, at least 1.", 1}};
//     }
//   };
//
// Field types: bool, std::int64_t, std::uint32_t (integers within the field's range), std::string, Digest, Instant, enumerations with an
// `enumNames` overload, std::optional, std::vector and std::variant of described structs, and described structs themselves.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace souk {

/// Largest integer that every host represents exactly (2^53 - 1): the bound of every stored or returned number.
inline constexpr std::int64_t kMaxExact = 9'007'199'254'740'991;

/// One field of a described struct: its name on every wire, the member, what it means, and the integers that it may hold.
template <class Owner, class Value>
struct Field {
  using Type = Value;
  std::string_view name;
  Value Owner::* member;
  std::string_view doc;
  std::int64_t least = -kMaxExact;  ///< Smallest integer allowed; for a string or a list, the smallest size.
  std::int64_t most = kMaxExact;    ///< Largest integer allowed; for a string or a list, the largest size.
};

template <class Owner, class Value, class... Bounds>
Field(const char*, Value Owner::*, const char*, Bounds...) -> Field<Owner, Value>;

/// A struct that has a description.
template <class T>
concept Described = requires { T::fields(); };

/// Calls `visit(field)` for each field of T, in order: for documentation and tests. Code on a wire walks the tables of type_row.hpp.
template <Described T, class Visit>
constexpr void forEachField(const Visit& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::fields());
}

/// Names of an enumeration's values on the wire, by their number from 0. Overloaded beside each enumeration:
/// `constexpr auto enumNames(std::type_identity<Policy>) { return std::array<std::string_view, 2>{"debt", "forgive"}; }`
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires { enumNames(std::type_identity<T>{}); };

}  // namespace souk
