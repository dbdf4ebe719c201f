// SPDX-License-Identifier: MIT
// Described structs (core/fields.hpp) from and to JSON.
//
// Reading is strict: every field that is not optional must be there, no other may, types are exact (null is never one), numbers and sizes keep
// the range of their `Field`. Writing is the normal form: fields by ascending name, empty optionals left out.
#pragma once

#include <string>
#include <utility>

#include "souk/core/error.hpp"
#include "souk/core/type_row.hpp"
#include "souk/json/reader.hpp"
#include "souk/json/writer.hpp"

namespace souk::json {

/// Reads what `row` describes into `target`, which holds a fresh value of that type. On an error the target is left half filled.
/// @error as `decode`
[[nodiscard]] Result<void> decodeInto(const Document& document, Node node, const TypeRow& row, void* target);

/// Writes the value at `source`, of the type that `row` describes.
void encodeFrom(Writer& writer, const TypeRow& row, const void* source);

/// Reads a value of type T: a described struct, or any type that a field may have.
///
/// @param node  The value within the document; the error's path and offset are those within the document.
/// @error unknown-field, missing-field (the path ends in its name), wrong-type, not-an-integer, out-of-range (number, or size of a string or
///        list), unknown-value (name of an enumeration, or `kind`); for a Value also number-out-of-range and document-too-large
/// @complexity O(values + members), members in another order than ascending add O(fields) each.
template <class T>
[[nodiscard]] Result<T> decode(const Document& document, Node node = kRoot) {
  T value{};
  if (auto done = decodeInto(document, node, *rowAt<T>, &value); !done) return std::unexpected(std::move(done.error()));
  return value;
}

/// Writes a value in normal form.
template <class T>
void encode(Writer& writer, const T& value) {
  encodeFrom(writer, *rowAt<T>, &value);
}

/// The normal form of a value as a text of its own.
template <class T>
[[nodiscard]] std::string toJson(const T& value) {
  std::string out;
  Writer writer{out};
  encode(writer, value);
  return out;
}

/// Writes a value of free shape, which is in normal form already. `decode<Value>` reads it.
void encodeValue(Writer& writer, ValueView value);

}  // namespace souk::json
