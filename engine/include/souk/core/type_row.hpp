// SPDX-License-Identifier: MIT
// Descriptions of structs as tables of data, made at compile time from `fields()`. Two loops that are no templates walk them, one for the binary
// form (src/core/binary.cpp) and one for JSON (json/src/codec.cpp), so that a further struct costs a few rows in the wasm file and no further
// copy of a walk.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "souk/core/digest.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"
#include "souk/core/value.hpp"

namespace souk {

/// How a C++ type looks on a wire: its binary form is in binary.hpp, its JSON form is told here.
enum class Shape : std::uint8_t {
  boolean,      ///< bool
  integer,      ///< std::int64_t
  integer32,    ///< std::uint32_t
  instant,      ///< Instant: milliseconds, an integer from kFirstInstant to kLastInstant
  text,         ///< std::string
  digest,       ///< Digest: 64 lower-case hexadecimal digits
  value,        ///< Value: anything; it has no binary form
  enumeration,  ///< a named enumeration: its name
  optional,     ///< std::optional: the field is absent where it is empty; never null
  list,         ///< std::vector: an array
  object,       ///< a described struct; with `kKind` it has a member `kind` of that text
  choice,       ///< std::variant of described structs with `kKind`, or of such variants: the object of the one that it holds
};

struct TypeRow;

/// One field of a struct.
struct FieldRow {
  std::string_view name;
  void* (*member)(void* owner);  ///< Address of the member.
  const TypeRow* type;
  std::int64_t least;
  std::int64_t most;
};

/// One type. Functions that a shape does not need are null.
struct TypeRow {
  Shape shape;
  std::string_view kind{};                                ///< object: its `kKind`, or empty.
  std::span<const FieldRow> fields{};                     ///< object: as described, which is the order of the binary form.
  std::span<const std::uint8_t> byName{};                 ///< object: the places of its fields by ascending name, the order of JSON.
  std::span<const std::string_view> names{};              ///< enumeration: by number.
  std::span<const TypeRow* const> types{};                ///< optional, list: the one within; choice: the alternatives.
  std::size_t (*number)(const void*) = nullptr;           ///< optional: 0 or 1; list: size; choice: index; enumeration: its number.
  void* (*make)(void*, std::size_t) = nullptr;            ///< optional: fill; list: append; choice, enumeration: set to that number.
  const void* (*at)(const void*, std::size_t) = nullptr;  ///< optional, list, choice: the value within, at that number.
};

/// The member of a tagged struct's JSON form that tells its `kKind`.
inline constexpr std::string_view kKindName = "kind";

namespace rows {

template <class T>
struct RowOf;  // no row: the type is none of those that `Shape` lists

}  // namespace rows

/// The row of a type.
template <class T>
inline constexpr TypeRow typeRow = rows::RowOf<T>::make();

/// Where the row lies that readers and writers follow: the type's own, unless a specialisation lets the program that is linked bring it.
template <class T>
inline constexpr const TypeRow* rowAt = &typeRow<T>;

namespace rows {

template <Shape kShape>
struct PlainRow {
  static constexpr TypeRow make() { return {.shape = kShape}; }
};
template <>
struct RowOf<bool> : PlainRow<Shape::boolean> {};
template <>
struct RowOf<std::int64_t> : PlainRow<Shape::integer> {};
template <>
struct RowOf<std::uint32_t> : PlainRow<Shape::integer32> {};
template <>
struct RowOf<Instant> : PlainRow<Shape::instant> {};
template <>
struct RowOf<std::string> : PlainRow<Shape::text> {};
template <>
struct RowOf<Digest> : PlainRow<Shape::digest> {};
template <>
struct RowOf<Value> : PlainRow<Shape::value> {};

template <NamedEnum T>
struct RowOf<T> {
  static constexpr auto kNames = enumNames(std::type_identity<T>{});
  static std::size_t number(const void* value) { return static_cast<std::size_t>(*static_cast<const T*>(value)); }
  static void* set(void* value, std::size_t number) {
    *static_cast<T*>(value) = static_cast<T>(number);
    return value;
  }
  static constexpr TypeRow make() { return {.shape = Shape::enumeration, .names = kNames, .number = number, .make = set}; }
};

template <class T>
struct RowOf<std::optional<T>> {
  static constexpr std::array<const TypeRow*, 1> kTypes{rowAt<T>};
  static std::size_t number(const void* value) { return static_cast<const std::optional<T>*>(value)->has_value() ? 1 : 0; }
  static void* fill(void* value, std::size_t) { return &static_cast<std::optional<T>*>(value)->emplace(); }
  static const void* at(const void* value, std::size_t) { return &**static_cast<const std::optional<T>*>(value); }
  static constexpr TypeRow make() { return {.shape = Shape::optional, .types = kTypes, .number = number, .make = fill, .at = at}; }
};

template <class T>
struct RowOf<std::vector<T>> {
  static constexpr std::array<const TypeRow*, 1> kTypes{rowAt<T>};
  static std::size_t number(const void* value) { return static_cast<const std::vector<T>*>(value)->size(); }
  static void* append(void* value, std::size_t) { return &static_cast<std::vector<T>*>(value)->emplace_back(); }
  static const void* at(const void* value, std::size_t i) { return &(*static_cast<const std::vector<T>*>(value))[i]; }
  static constexpr TypeRow make() { return {.shape = Shape::list, .types = kTypes, .number = number, .make = append, .at = at}; }
};

template <class T>
concept Tagged = Described<T> && requires {
  { T::kKind } -> std::convertible_to<std::string_view>;
};

template <class... T>
struct RowOf<std::variant<T...>> {
  static_assert((... && (typeRow<T>.shape == Shape::choice || !typeRow<T>.kind.empty())), "a choice is told by the kind");
  using Choice = std::variant<T...>;
  static constexpr std::array<const TypeRow*, sizeof...(T)> kTypes{&typeRow<T>...};
  template <std::size_t I>
  static void* set(Choice& value) {
    return &value.template emplace<I>();
  }
  static std::size_t number(const void* value) { return static_cast<const Choice*>(value)->index(); }
  static void* set(void* value, std::size_t number) {
    static constexpr auto kSetters = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<void* (*)(Choice&), sizeof...(T)>{&RowOf::set<I>...};
    }(std::index_sequence_for<T...>{});
    return kSetters[number](*static_cast<Choice*>(value));
  }
  static const void* at(const void* value, std::size_t) {
    return std::visit([](const auto& held) -> const void* { return &held; }, *static_cast<const Choice*>(value));
  }
  static constexpr TypeRow make() { return {.shape = Shape::choice, .types = kTypes, .number = number, .make = set, .at = at}; }
};

template <class T, std::size_t I>
void* memberOf(void* owner) {
  constexpr auto field = std::get<I>(T::fields());
  return &(static_cast<T*>(owner)->*field.member);
}

template <class T, std::size_t I>
constexpr FieldRow fieldRow() {
  constexpr auto field = std::get<I>(T::fields());
  using Type = typename std::remove_const_t<decltype(field)>::Type;
  static_assert(field.name != kKindName || !Tagged<T>, "a struct with kKind has its member `kind` from there");
  return {field.name, &memberOf<T, I>, rowAt<Type>, field.least, field.most};
}

template <Described T>
struct RowOf<T> {
  static constexpr std::size_t kCount = std::tuple_size_v<decltype(T::fields())>;
  static_assert(kCount < 64, "the reader keeps the fields that it has seen in one 64-bit word");
  static constexpr auto kFields = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<FieldRow, kCount>{fieldRow<T, I>()...};
  }(std::make_index_sequence<kCount>{});
  static constexpr auto kByName = [] {
    std::array<std::uint8_t, kCount> places{};
    for (std::size_t i = 0; i < kCount; ++i) places[i] = static_cast<std::uint8_t>(i);
    std::sort(places.begin(), places.end(), [](auto a, auto b) { return kFields[a].name < kFields[b].name; });
    return places;
  }();
  static constexpr TypeRow make() {
    if constexpr (Tagged<T>) return {.shape = Shape::object, .kind = T::kKind, .fields = kFields, .byName = kByName};
    else return {.shape = Shape::object, .fields = kFields, .byName = kByName};
  }
};

}  // namespace rows
}  // namespace souk
