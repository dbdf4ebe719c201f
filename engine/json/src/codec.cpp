// SPDX-License-Identifier: MIT
// The walk over the tables of type_row.hpp in JSON, once for all structs.
#include "souk/json/codec.hpp"

#include <algorithm>
#include <limits>

#include "number.hpp"
#include "souk/core/decimal.hpp"

namespace souk::json {
namespace {

struct Bounds {
  std::int64_t least = -kMaxExact;
  std::int64_t most = kMaxExact;
};

/// One reading of one value; keeps the first fault.
class Decoder {
 public:
  explicit Decoder(const Document& document) : document_(document) {}

  bool read(Node node, const TypeRow& row, void* target, Bounds bounds);
  [[nodiscard]] std::optional<Error>& error() { return error_; }

 private:
  bool fail(Code code, Node node, std::string message, std::string_view member = {}) {
    error_ = document_.error(code, node, std::move(message), member).error();
    return false;
  }
  template <class T>
  bool take(Result<T>&& result, T& target) {
    if (result) target = std::move(*result);
    else error_ = std::move(result.error());
    return result.has_value();
  }
  bool inBounds(Node node, std::int64_t number, Bounds bounds);
  bool integer(Node node, Bounds bounds, std::int64_t& target);
  bool text(Node node, Bounds bounds, std::string& target);
  bool digest(Node node, Digest& target);
  bool name(Node node, std::span<const std::string_view> names, std::size_t& target);
  bool list(Node node, const TypeRow& row, void* target, Bounds bounds);
  bool object(Node node, const TypeRow& row, void* target);
  bool member(const Member& member, const TypeRow& row, void* target, std::size_t& expected, std::uint64_t& seen);
  bool nothingMissing(Node node, const TypeRow& row, std::uint64_t seen);
  bool choice(Node node, const TypeRow& row, void* target);
  bool kind(const Member& member, const TypeRow& row);
  bool value(Node node, Value& target);
  bool build(Node node, ValueBuilder& builder);

  const Document& document_;
  std::optional<Error> error_;
};

constexpr std::int64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

Bounds narrowed(Bounds bounds, std::int64_t least, std::int64_t most) {
  return {std::max(bounds.least, least), std::min(bounds.most, most)};
}

bool Decoder::inBounds(Node node, std::int64_t number, Bounds bounds) {
  if (number >= bounds.least && number <= bounds.most) return true;
  return fail(Code::outOfRange, node,
              std::to_string(bounds.least) + " to " + std::to_string(bounds.most) + " expected, not " + std::to_string(number));
}

bool Decoder::integer(Node node, Bounds bounds, std::int64_t& target) {
  return take(document_.asInteger(node), target) && inBounds(node, target, bounds);
}

bool Decoder::text(Node node, Bounds bounds, std::string& target) {
  std::string_view found;
  if (!take(document_.asString(node), found) || !inBounds(node, static_cast<std::int64_t>(found.size()), bounds)) return false;
  target = found;
  return true;
}

bool Decoder::digest(Node node, Digest& target) {
  std::string_view found;
  if (!take(document_.asString(node), found)) return false;
  const auto digest = digestFromHex(found);
  if (!digest) return fail(digest.error().code, node, digest.error().message);
  target = *digest;
  return true;
}

bool Decoder::name(Node node, std::span<const std::string_view> names, std::size_t& target) {
  std::string_view found;
  if (!take(document_.asString(node), found)) return false;
  const auto at = std::find(names.begin(), names.end(), found);
  if (at == names.end()) return fail(Code::unknownValue, node, "none of the documented names");
  target = static_cast<std::size_t>(at - names.begin());
  return true;
}

bool Decoder::list(Node node, const TypeRow& row, void* target, Bounds bounds) {
  if (document_.kind(node) != Kind::array) return fail(Code::wrongType, node, "array expected");
  if (!inBounds(node, static_cast<std::int64_t>(document_.count(node)), bounds)) return false;
  return document_.eachItem(node, [&](Node item) { return read(item, *row.types[0], row.make(target, 0), {}); });
}

bool Decoder::kind(const Member& member, const TypeRow& row) {
  if (document_.kind(member.value) != Kind::string) return fail(Code::wrongType, member.value, "string expected");
  if (document_.text(member.value) != row.kind) return fail(Code::unknownValue, member.value, "another kind expected");
  return true;
}

// Members mostly come in the order of the rows, so the row after the last one is looked at first.
bool Decoder::member(const Member& member, const TypeRow& row, void* target, std::size_t& expected, std::uint64_t& seen) {
  const auto named = [&](std::uint8_t place) { return row.fields[place].name == member.key; };
  if (expected >= row.byName.size() || !named(row.byName[expected])) {
    const auto at = std::find_if(row.byName.begin(), row.byName.end(), named);
    if (at == row.byName.end()) return fail(Code::unknownField, member.keyNode, "there is no such field");
    expected = static_cast<std::size_t>(at - row.byName.begin());
  }
  const auto& field = row.fields[row.byName[expected]];
  seen |= std::uint64_t{1} << expected;
  ++expected;
  return read(member.value, *field.type, field.member(target), {field.least, field.most});
}

bool Decoder::nothingMissing(Node node, const TypeRow& row, std::uint64_t seen) {
  for (std::size_t i = 0; i < row.byName.size(); ++i) {
    const bool present = (seen >> i & 1) != 0;
    const auto& field = row.fields[row.byName[i]];
    if (!present && field.type->shape != Shape::optional) return fail(Code::missingField, node, "the field is required", field.name);
  }
  return true;
}

bool Decoder::object(Node node, const TypeRow& row, void* target) {
  if (document_.kind(node) != Kind::object) return fail(Code::wrongType, node, "object expected");
  std::size_t expected = 0;
  std::uint64_t seen = 0;
  bool kindSeen = row.kind.empty();
  const bool read = document_.eachMember(node, [&](const Member& found) {
    if (row.kind.empty() || found.key != kKindName) return member(found, row, target, expected, seen);
    kindSeen = true;
    return kind(found, row);
  });
  if (!read) return false;
  if (!kindSeen) return fail(Code::missingField, node, "the field is required", kKindName);
  return nothingMissing(node, row, seen);
}

/// Whether a kind is one of a choice's, or of a choice within it.
bool offers(const TypeRow& row, std::string_view kind) {
  if (row.shape != Shape::choice) return row.kind == kind;
  return std::ranges::any_of(row.types, [&](const TypeRow* type) { return offers(*type, kind); });
}

bool Decoder::choice(Node node, const TypeRow& row, void* target) {
  if (document_.kind(node) != Kind::object) return fail(Code::wrongType, node, "object expected");
  const auto tag = document_.find(node, kKindName);
  if (!tag) return fail(Code::missingField, node, "the field is required", kKindName);
  if (document_.kind(*tag) != Kind::string) return fail(Code::wrongType, *tag, "string expected");
  const auto kind = document_.text(*tag);
  if (!offers(row, kind)) return fail(Code::unknownValue, *tag, "none of the documented kinds");
  const TypeRow* chosen = &row;
  while (chosen->shape == Shape::choice) {
    const auto at = std::ranges::find_if(chosen->types, [&](const TypeRow* type) { return offers(*type, kind); });
    target = chosen->make(target, static_cast<std::size_t>(at - chosen->types.begin()));
    chosen = *at;
  }
  return object(node, *chosen, target);
}

// Answers of the builder are looked at once, at its end: it takes nothing more after a refusal.
bool Decoder::build(Node node, ValueBuilder& builder) {
  switch (document_.kind(node)) {
    case Kind::null: return builder.null();
    case Kind::boolean: return builder.boolean(*document_.asBool(node));
    case Kind::integer: return builder.number(*document_.asInteger(node));
    case Kind::decimal: {
      const auto number = Decimal::fromText(document_.text(node));
      return number ? builder.number(*number) : fail(number.error().code, node, number.error().message);
    }
    case Kind::string: return builder.string(document_.text(node));
    case Kind::array:
      return builder.beginArray() && document_.eachItem(node, [&](Node item) { return build(item, builder); }) && builder.endArray();
    case Kind::object:
      return builder.beginObject() &&
             document_.eachMember(node, [&](const Member& found) { return builder.key(found.key) && build(found.value, builder); }) &&
             builder.endObject();
  }
  return false;
}

bool Decoder::value(Node node, Value& target) {
  ValueBuilder builder;
  const bool built = build(node, builder);
  if (error_) return false;
  auto result = builder.finish();
  if (built && result) {
    target = std::move(*result);
    return true;
  }
  error_ = within(document_.path(node), std::move(result.error()));
  error_->offset = document_.offset(node);
  return false;
}

bool Decoder::read(Node node, const TypeRow& row, void* target, Bounds bounds) {
  switch (row.shape) {
    case Shape::boolean: return take(document_.asBool(node), *static_cast<bool*>(target));
    case Shape::integer: return integer(node, bounds, *static_cast<std::int64_t*>(target));
    case Shape::integer32: {
      std::int64_t number = 0;
      if (!integer(node, narrowed(bounds, 0, kMost32), number)) return false;
      *static_cast<std::uint32_t*>(target) = static_cast<std::uint32_t>(number);
      return true;
    }
    case Shape::instant: return integer(node, narrowed(bounds, kFirstInstant.ms, kLastInstant.ms), static_cast<Instant*>(target)->ms);
    case Shape::text: return text(node, bounds, *static_cast<std::string*>(target));
    case Shape::digest: return digest(node, *static_cast<Digest*>(target));
    case Shape::value: return value(node, *static_cast<Value*>(target));
    case Shape::enumeration: {
      std::size_t number = 0;
      if (!name(node, row.names, number)) return false;
      row.make(target, number);
      return true;
    }
    case Shape::optional: return read(node, *row.types[0], row.make(target, 0), bounds);
    case Shape::list: return list(node, row, target, bounds);
    case Shape::object: return object(node, row, target);
    case Shape::choice: return choice(node, row, target);
  }
  return false;
}

void encodeList(Writer& writer, const TypeRow& row, const void* source) {
  writer.beginArray();
  const auto size = row.number(source);
  for (std::size_t i = 0; i < size; ++i) encodeFrom(writer, *row.types[0], row.at(source, i));
  writer.endArray();
}

void encodeKind(Writer& writer, const TypeRow& row) {
  writer.key(kKindName);
  writer.string(row.kind);
}

void encodeObject(Writer& writer, const TypeRow& row, const void* source) {
  writer.beginObject();
  bool kindWaits = !row.kind.empty();
  for (const auto place : row.byName) {
    const auto& field = row.fields[place];
    if (kindWaits && field.name > kKindName) {
      encodeKind(writer, row);
      kindWaits = false;
    }
    // The table serves reading and writing, so it has no const; nothing is changed through it here.
    const void* member = field.member(const_cast<void*>(source));
    if (field.type->shape == Shape::optional && field.type->number(member) == 0) continue;
    writer.key(field.name);
    encodeFrom(writer, *field.type, member);
  }
  if (kindWaits) encodeKind(writer, row);
  writer.endObject();
}

/// What `replay` tells a Value to.
struct ValueSink {
  Writer& writer;
  void null() { writer.null(); }
  void boolean(bool value) { writer.boolean(value); }
  void number(const Decimal& value);
  void string(std::string_view value) { writer.string(value); }
  void beginArray() { writer.beginArray(); }
  void endArray() { writer.endArray(); }
  void beginObject() { writer.beginObject(); }
  void key(std::string_view name) { writer.key(name); }
  void endObject() { writer.endObject(); }
};

// A Decimal's own text is always plain; below 10^-6 the normal form is not.
void ValueSink::number(const Decimal& value) { writer.token(value.scale() > 6 ? *decimalText(value.text()) : value.text()); }

}  // namespace

Result<void> decodeInto(const Document& document, Node node, const TypeRow& row, void* target) {
  Decoder decoder{document};
  if (decoder.read(node, row, target, {})) return {};
  return std::unexpected(std::move(*decoder.error()));
}

void encodeFrom(Writer& writer, const TypeRow& row, const void* source) {
  switch (row.shape) {
    case Shape::boolean: return writer.boolean(*static_cast<const bool*>(source));
    case Shape::integer: return writer.integer(*static_cast<const std::int64_t*>(source));
    case Shape::integer32: return writer.integer(*static_cast<const std::uint32_t*>(source));
    case Shape::instant: return writer.integer(static_cast<const Instant*>(source)->ms);
    case Shape::text: return writer.string(*static_cast<const std::string*>(source));
    case Shape::digest: return writer.string(toHex(*static_cast<const Digest*>(source)));
    case Shape::value: return encodeValue(writer, *static_cast<const Value*>(source));
    case Shape::enumeration: return writer.string(row.names[row.number(source)]);
    case Shape::optional:
      if (row.number(source) == 0) return writer.null();
      return encodeFrom(writer, *row.types[0], row.at(source, 0));
    case Shape::list: return encodeList(writer, row, source);
    case Shape::object: return encodeObject(writer, row, source);
    case Shape::choice: return encodeFrom(writer, *row.types[row.number(source)], row.at(source, 0));
  }
}

void encodeValue(Writer& writer, ValueView value) {
  ValueSink sink{writer};
  replay(value, sink);
}

}  // namespace souk::json
