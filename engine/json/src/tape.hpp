// SPDX-License-Identifier: MIT
// The tape that a document is laid down on, value by value, with the checks that need the document's shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "souk/json/reader.hpp"

namespace souk::json {

/// Builds a Document from calls in document order. Every call answers whether to go on; after the first refusal `error` tells why.
/// Brackets must match and keys alternate with values: the parser sees to that.
class Tape {
 public:
  Tape(std::size_t bytes, const Limits& limits);

  bool null(std::size_t offset) { return add(Document::Form::null, 0, offset); }
  bool boolean(bool value, std::size_t offset) { return add(Document::Form::boolean, value ? 1 : 0, offset); }
  bool integer(std::int64_t value, std::size_t offset);
  /// @param spelling  A number with a fraction or exponent, or an integer that no int64 holds.
  bool number(std::string_view spelling, std::size_t offset);
  bool string(std::string_view value, std::size_t offset);
  bool open(bool isArray, std::size_t offset);
  bool close();

  /// Refuses the value that would come next. Always false.
  bool refuse(Code code, std::size_t offset, std::string_view message);

  /// The refusal, if there was one.
  [[nodiscard]] std::optional<Error>& error() { return error_; }
  /// JSON pointer of the value that would come next; of the object where a key or its end would.
  [[nodiscard]] std::string path() const;
  /// What was built. The tape is spent.
  [[nodiscard]] Document take() { return std::move(document_); }

 private:
  using Form = Document::Form;
  struct KeyPlace {
    std::uint32_t hash;
    std::uint32_t index;
  };

  bool add(Form form, std::uint32_t link, std::size_t offset);
  bool addText(Form form, std::string_view text, std::size_t offset);
  bool checkKeys(std::uint32_t object);
  bool refuseRepeated();

  Document document_;
  const Limits& limits_;
  std::vector<std::uint32_t> open_;
  std::vector<KeyPlace> keys_;  // of the object that was closed last
  std::optional<Error> error_;
};

}  // namespace souk::json
