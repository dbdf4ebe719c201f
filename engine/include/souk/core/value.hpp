// SPDX-License-Identifier: MIT
// Values of free shape (what JSON can say, without its text): facts about a shopper, conditions over them, opaque properties.
//
// A Value is one row of nodes in writing order and one row of characters, so it costs two allocations however deep it is, is copied
// like a vector, and is read through a ValueView: two pointers, free to copy. The members of an object are kept in the order of their
// keys (bytes), so values that say the same are held the same. Built by calls in the order in which a document is read:
//
//   ValueBuilder build;
//   build.beginObject(), build.key("level"), build.string("gold"), build.key("orders"), build.number(12), build.endObject();
//   const Result<Value> facts = build.finish();
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "souk/core/decimal.hpp"
#include "souk/core/error.hpp"

namespace souk {

/// What a value is. The order has no meaning.
enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

/// The name of a kind: `null`, `boolean`, `number`, `string`, `array`, `object`.
[[nodiscard]] std::string_view kindName(Kind kind);

/// One place in the row of a Value. Of use only to this header and to compiled forms of values.
struct ValueNode {
  Kind kind = Kind::null;
  std::uint8_t scale = 0;   ///< number: digits behind the point.
  std::uint32_t size = 0;   ///< string: bytes; array: elements; object: members.
  std::int64_t detail = 0;  ///< boolean: 0 or 1; number: mantissa; string: where its characters begin; array, object: nodes with itself.

  /// Nodes of the value that begins here.
  [[nodiscard]] std::size_t span() const { return kind == Kind::array || kind == Kind::object ? static_cast<std::size_t>(detail) : 1; }

  /// The characters of a string.
  [[nodiscard]] std::string_view textIn(const char* text) const { return {text + detail, size}; }
};

/// A value that belongs to a Value, for reading. Valid as long as that Value lives unchanged (moving it is allowed).
/// Asking for what a value is not gives nothing (false, 0, empty) and is never an error. All O(1) and without allocation unless said.
class ValueView {
 public:
  class Children;

  /// Null.
  constexpr ValueView() = default;
  constexpr ValueView(const ValueNode* node, const char* text) : node_(node), text_(text) {}

  [[nodiscard]] Kind kind() const { return node_ ? node_->kind : Kind::null; }
  [[nodiscard]] bool is(Kind kind) const { return this->kind() == kind; }
  [[nodiscard]] bool boolean() const { return is(Kind::boolean) && node_->detail != 0; }
  [[nodiscard]] Decimal number() const { return is(Kind::number) ? Decimal{node_->detail, node_->scale} : Decimal{}; }
  [[nodiscard]] std::string_view string() const { return is(Kind::string) ? node_->textIn(text_) : std::string_view{}; }

  /// Elements of an array, members of an object.
  [[nodiscard]] std::size_t size() const { return is(Kind::array) || is(Kind::object) ? node_->size : 0; }

  /// Elements of an array with an empty key, or members of an object by ascending key, for a `for` loop.
  [[nodiscard]] Children children() const;

  /// The member of an object, or nothing. O(members before it).
  [[nodiscard]] std::optional<ValueView> find(std::string_view key) const;

  /// How many nodes it takes: one for each value and each key in it.
  [[nodiscard]] std::size_t nodes() const { return node_ ? node_->span() : 1; }

  /// Where the value stands, for `Value::indexOf`.
  [[nodiscard]] const ValueNode* node() const { return node_; }

  /// Equal by kind and content: numbers by value, strings by bytes, objects whatever the order of keys was. O(nodes + bytes).
  [[nodiscard]] bool operator==(const ValueView& other) const;

  /// Some order of all values in which equal ones meet: for sorting and searching, without a meaning of its own. O(nodes + bytes).
  [[nodiscard]] std::strong_ordering orderForSearch(const ValueView& other) const;

 private:
  const ValueNode* node_ = nullptr;
  const char* text_ = nullptr;
};

/// A member of an object, or an element of an array (then the key is empty).
struct ValueChild {
  std::string_view key;
  ValueView value;
};

/// The children of an array or object, in order.
class ValueView::Children {
 public:
  class Iterator {
   public:
    constexpr Iterator(const ValueNode* node, const char* text, bool keyed) : node_(node), text_(text), keyed_(keyed) {}
    [[nodiscard]] ValueChild operator*() const {
      return keyed_ ? ValueChild{node_->textIn(text_), {node_ + 1, text_}} : ValueChild{{}, {node_, text_}};
    }
    Iterator& operator++() {
      if (keyed_) ++node_;
      node_ += node_->span();
      return *this;
    }
    bool operator==(const Iterator& other) const { return node_ == other.node_; }

   private:
    const ValueNode* node_;
    const char* text_;
    bool keyed_;
  };

  constexpr Children(Iterator first, Iterator last) : first_(first), last_(last) {}
  [[nodiscard]] Iterator begin() const { return first_; }
  [[nodiscard]] Iterator end() const { return last_; }

 private:
  Iterator first_;
  Iterator last_;
};

/// A value of its own. Null when made by default; otherwise made by a ValueBuilder or copied out of another.
class Value {
 public:
  Value() = default;

  /// A copy of some value. O(nodes + bytes).
  [[nodiscard]] static Value copyOf(ValueView view);

  /// For reading. Also implicit, so that a Value can be given wherever a view is read: the callee must not keep it.
  [[nodiscard]] ValueView view() const { return at(0); }
  operator ValueView() const { return view(); }  // NOLINT(google-explicit-constructor): as std::string is to std::string_view

  /// The place of a part of this Value in its row, and the part at a place: a compiled form keeps places instead of pointers.
  [[nodiscard]] std::uint32_t indexOf(ValueView part) const { return static_cast<std::uint32_t>(part.node() - nodes_.data()); }
  [[nodiscard]] ValueView at(std::uint32_t index) const;

  bool operator==(const Value& other) const { return view() == other.view(); }

 private:
  friend class ValueBuilder;

  std::vector<ValueNode> nodes_;
  std::vector<char> text_;
};

/// Deepest nesting of arrays and objects.
inline constexpr std::size_t kMaxValueDepth = 32;
/// Longest string or key, bytes.
inline constexpr std::size_t kMaxStringBytes = 4096;
/// Most nodes of a Value unless its builder is told otherwise: it bounds what evaluating a condition can cost.
inline constexpr std::size_t kMaxValueNodes = 10'000;

/// Builds one Value from calls in document order, such as a streaming reader makes them. Every call answers whether to go on: after the
/// first refusal nothing more is taken, and `finish` tells it. Strings are taken as they are: checking UTF-8 is the reader's part.
/// @error too-deep, string-too-long, document-too-large (more nodes than allowed), duplicate-key, number-out-of-range, and wrong-type
///        (the calls do not form one value); the path is that of the value refused
class ValueBuilder {
 public:
  explicit ValueBuilder(std::size_t mostNodes = kMaxValueNodes) : mostNodes_(mostNodes) {}

  bool null();
  bool boolean(bool value);
  bool number(Decimal value);
  bool number(std::int64_t value);
  bool string(std::string_view value);
  bool beginArray();
  bool endArray();
  bool beginObject();
  bool key(std::string_view value);

  /// Puts the members in order. O(members log members + nodes) when they were not in order already, else O(members).
  bool endObject();

  /// A copy of a whole value, as one element, member or root. O(nodes + bytes).
  bool value(ValueView value);

  /// The value built, once; the builder is empty again afterwards. @error the first refusal, or wrong-type when incomplete
  [[nodiscard]] Result<Value> finish();

  /// Where the builder stands, as a JSON pointer: the place that the next value takes, or the open object that waits for a key.
  [[nodiscard]] std::string path() const;

 private:
  struct Open {
    std::uint32_t node = 0;  // the array or object itself
    std::uint32_t last = 0;  // object: the latest key
  };

  bool refuse(Code code, std::string_view message);
  [[nodiscard]] bool inObject() const;
  bool place();
  bool push(ValueNode node);
  bool pushText(std::string_view text);
  bool count();
  bool add(ValueNode node);
  bool open(Kind kind);
  bool close(Kind kind);
  [[nodiscard]] std::string_view keyAt(std::uint32_t index) const;
  bool sortMembers(std::uint32_t object);

  Value value_;
  std::array<Open, kMaxValueDepth> open_{};
  std::size_t depth_ = 0;
  std::size_t mostNodes_;
  bool keyWaits_ = false;
  std::optional<Error> error_;
};

/// Gives a value to something that takes what a ValueBuilder takes (another builder, a writer of JSON), in order of keys.
/// `sink` has null, boolean, number(Decimal), string, beginArray, endArray, beginObject, key and endObject. Nests at most kMaxValueDepth.
template <class Sink>
void replay(ValueView value, Sink& sink) {
  switch (value.kind()) {
    case Kind::null: sink.null(); break;
    case Kind::boolean: sink.boolean(value.boolean()); break;
    case Kind::number: sink.number(value.number()); break;
    case Kind::string: sink.string(value.string()); break;
    case Kind::array:
      sink.beginArray();
      for (const auto& child : value.children()) replay(child.value, sink);
      sink.endArray();
      break;
    case Kind::object:
      sink.beginObject();
      for (const auto& child : value.children()) sink.key(child.key), replay(child.value, sink);
      sink.endObject();
      break;
  }
}

/// One step of a JSON pointer (RFC 6901): `/` and the key, `~` and `/` in it written as `~0` and `~1`.
[[nodiscard]] std::string pointerStep(std::string_view key);

}  // namespace souk
