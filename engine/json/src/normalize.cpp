// SPDX-License-Identifier: MIT
// A document, written again in its normal form.
#include "souk/json/normalize.hpp"

#include <algorithm>
#include <vector>

namespace souk::json {
namespace {

std::vector<Member> sortedMembers(const Document& document, Node object) {
  std::vector<Member> members;
  document.eachMember(object, [&](const Member& member) { return members.push_back(member), true; });
  // A heap sort: a tenth of std::sort's bytes in the wasm file.
  std::partial_sort(members.begin(), members.end(), members.end(), [](const Member& a, const Member& b) { return a.key < b.key; });
  return members;
}

void writeObject(Writer& writer, const Document& document, Node object) {
  writer.beginObject();
  for (const auto& member : sortedMembers(document, object)) {
    writer.key(member.key);
    writeNormal(writer, document, member.value);
  }
  writer.endObject();
}

void writeArray(Writer& writer, const Document& document, Node array) {
  writer.beginArray();
  document.eachItem(array, [&](Node item) { return writeNormal(writer, document, item), true; });
  writer.endArray();
}

}  // namespace

void writeNormal(Writer& writer, const Document& document, Node node) {
  switch (document.kind(node)) {
    case Kind::null: return writer.null();
    case Kind::boolean: return writer.boolean(*document.asBool(node));
    case Kind::integer: return writer.integer(*document.asInteger(node));
    case Kind::decimal: return writer.token(document.text(node));
    case Kind::string: return writer.string(document.text(node));
    case Kind::array: return writeArray(writer, document, node);
    case Kind::object: return writeObject(writer, document, node);
  }
}

Result<std::string> normalize(std::span<const std::uint8_t> bytes, const Limits& limits) {
  const auto document = parse(bytes, limits);
  if (!document) return std::unexpected(document.error());
  std::string out;
  Writer writer{out};
  writeNormal(writer, *document, kRoot);
  return out;
}

}  // namespace souk::json
