// SPDX-License-Identifier: MIT
// The descriptions of structs as TypeScript types and as tables for people. For the command-line program and tests only; the target
// souk::json_schema is never linked into the wasm file, so that the text of the documentation does not travel to shoppers.
#pragma once

#include <array>
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

#include "souk/core/fields.hpp"
#include "souk/core/type_row.hpp"

namespace souk::json {

/// One field as a reader of the documentation sees it.
struct FieldDoc {
  std::string name;
  std::string type;  ///< TypeScript type, for example `readonly OrderLine[]`.
  std::string doc;
  bool optional = false;
  std::string range;  ///< For people, for example `1 to 64 bytes`; empty where the type alone says it.
};

/// One named type: an interface, or (without fields) an alias.
struct TypeDoc {
  std::string name;
  std::string doc;    ///< Its `kDoc`, or empty.
  std::string kind;   ///< Text of its `kind` member, or empty.
  std::string alias;  ///< Right-hand side of the alias, or empty for an interface.
  std::vector<FieldDoc> fields;
};

/// The types described so far: each once, after those that it needs.
class TypeRegistry {
 public:
  [[nodiscard]] const std::vector<TypeDoc>& types() const { return types_; }
  [[nodiscard]] bool has(std::string_view name) const;
  /// Adds a type unless one of that name is there.
  void add(TypeDoc type);

 private:
  std::vector<TypeDoc> types_;
};

namespace detail {

/// Name of a type without its namespaces, as the compiler spells it: `OrderLine` for souk::OrderLine.
template <class T>
[[nodiscard]] constexpr std::string_view typeName() {
  std::string_view text = __PRETTY_FUNCTION__;  // "… typeName() [with T = souk::OrderLine; …]" or "[T = souk::OrderLine]"
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  return text.substr(text.rfind(':') + 1);
}

/// The range of a field in words.
[[nodiscard]] std::string rangeText(Shape shape, std::int64_t least, std::int64_t most);
/// `'debt' | 'forgive'`.
[[nodiscard]] std::string unionOfTexts(std::span<const std::string_view> names);

template <class T>
struct Describe;

}  // namespace detail

/// Adds a type and all that it is made of. @return Its TypeScript type, for example `OrderLine` or `readonly Fact[]`.
template <class T>
std::string describe(TypeRegistry& registry) {
  return detail::Describe<T>::type(registry);
}

/// Adds a type under a name of its own: for a variant, which has none.
template <class T>
void describeAs(TypeRegistry& registry, std::string_view name) {
  auto type = describe<T>(registry);
  if (type != name) registry.add({.name = std::string{name}, .doc = {}, .kind = {}, .alias = std::move(type), .fields = {}});
}

/// Declarations of all types: `export interface …` and `export type …`, every member readonly, with the documentation as TSDoc.
[[nodiscard]] std::string typescript(const TypeRegistry& registry);

/// A heading (`### Name`) and a table of fields for each type.
[[nodiscard]] std::string markdown(const TypeRegistry& registry);

namespace detail {

template <class T>
struct Describe {
  static std::string type(TypeRegistry& registry) {
    constexpr Shape shape = typeRow<T>.shape;
    if constexpr (shape == Shape::boolean) return "boolean";
    else if constexpr (shape == Shape::text) return "string";
    else if constexpr (shape == Shape::value) return named(registry, "Json", "unknown");
    else if constexpr (shape == Shape::digest) return named(registry, "Digest", "string");
    else if constexpr (shape == Shape::instant) return named(registry, "Instant", "number");
    else if constexpr (shape == Shape::enumeration) return named(registry, typeName<T>(), unionOfTexts(typeRow<T>.names));
    else if constexpr (shape == Shape::object) return object(registry);
    else return "number";
  }

  static std::string named(TypeRegistry& registry, std::string_view name, std::string alias) {
    registry.add({.name = std::string{name}, .doc = {}, .kind = {}, .alias = std::move(alias), .fields = {}});
    return std::string{name};
  }

  static std::string object(TypeRegistry& registry) {
    TypeDoc doc{.name = std::string{typeName<T>()}, .doc = {}, .kind = std::string{typeRow<T>.kind}, .alias = {}, .fields = {}};
    auto name = doc.name;
    if constexpr (requires { T::kDoc; }) doc.doc = T::kDoc;
    if (registry.has(name)) return name;
    forEachField<T>([&](const auto& field) { doc.fields.push_back(fieldDoc(registry, field)); });
    registry.add(std::move(doc));
    return name;
  }

  template <class Owner, class Type>
  static FieldDoc fieldDoc(TypeRegistry& registry, const Field<Owner, Type>& field) {
    constexpr const TypeRow& row = typeRow<Type>;
    constexpr bool optional = row.shape == Shape::optional;
    constexpr Shape shape = optional ? row.types[0]->shape : row.shape;
    return {std::string{field.name}, describe<Type>(registry), std::string{field.doc}, optional, rangeText(shape, field.least, field.most)};
  }
};

template <class T>
struct Describe<std::optional<T>> : Describe<T> {};

template <class T>
struct Describe<std::vector<T>> {
  static std::string type(TypeRegistry& registry) {
    auto item = describe<T>(registry);
    const bool compound = item.find(' ') != std::string::npos;
    if (compound) item.insert(0, 1, '(').append(1, ')');
    return item.insert(0, "readonly ").append("[]");
  }
};

template <class... T>
struct Describe<std::variant<T...>> {
  static std::string type(TypeRegistry& registry) {
    std::string result;
    (result.append(result.empty() ? "" : " | ").append(describe<T>(registry)), ...);
    return result;
  }
};

}  // namespace detail
}  // namespace souk::json
