// SPDX-License-Identifier: MIT
// Printing the registry of types.
#include "souk/json/schema.hpp"

#include <algorithm>
#include <limits>

namespace souk::json {
namespace detail {

namespace {

std::string between(std::int64_t least, std::int64_t most, std::string_view unit) {
  const auto suffix = unit.empty() ? std::string{} : std::string{" "}.append(unit);
  if (least == most) return std::to_string(least) + suffix;
  if (most >= kMaxExact) return "at least " + std::to_string(least) + suffix;
  if (least <= -kMaxExact) return "at most " + std::to_string(most) + suffix;
  return std::to_string(least) + " to " + std::to_string(most) + suffix;
}

}  // namespace

std::string rangeText(Shape shape, std::int64_t least, std::int64_t most) {
  const bool isSize = shape == Shape::text || shape == Shape::list;
  if (shape == Shape::integer32) {
    least = std::max<std::int64_t>(least, 0);
    most = std::min<std::int64_t>(most, std::numeric_limits<std::uint32_t>::max());
  } else if (least <= (isSize ? 0 : -kMaxExact) && most >= kMaxExact) {
    return {};
  }
  if (isSize && least < 0) least = 0;
  return between(least, most, shape == Shape::text ? "bytes" : shape == Shape::list ? "items" : "");
}

std::string unionOfTexts(std::span<const std::string_view> names) {
  std::string result;
  for (const auto name : names) result.append(result.empty() ? "'" : " | '").append(name).append("'");
  return result;
}

}  // namespace detail

namespace {

void appendTsDoc(std::string& out, const FieldDoc& field) {
  out += "  /** " + field.doc;
  if (!field.range.empty()) out += " Range: " + field.range + ".";
  out += " */\n";
}

void appendInterface(std::string& out, const TypeDoc& type) {
  if (!type.doc.empty()) out += "/** " + type.doc + " */\n";
  out += "export interface " + type.name + " {\n";
  if (!type.kind.empty()) out += "  readonly kind: '" + type.kind + "';\n";
  for (const auto& field : type.fields) {
    appendTsDoc(out, field);
    out += "  readonly " + field.name + (field.optional ? "?: " : ": ") + field.type + ";\n";
  }
  out += "}\n";
}

// A cell of a Markdown table: its own separator is the one character that needs care.
std::string tableCell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

void appendRow(std::string& out, const FieldDoc& field) {
  const auto note = field.range.empty() ? field.doc : field.doc + " Range: " + field.range + ".";
  out += "| `" + field.name + (field.optional ? "`? | `" : "` | `") + tableCell(field.type) + "` | " + tableCell(note) + " |\n";
}

void appendTable(std::string& out, const TypeDoc& type) {
  if (!type.doc.empty()) out += type.doc + "\n\n";
  if (!type.kind.empty()) out += "`kind` is `" + type.kind + "`.\n\n";
  if (type.fields.empty()) {
    out += "No further fields.\n";
    return;
  }
  out += "| field | type | meaning |\n| --- | --- | --- |\n";
  for (const auto& field : type.fields) appendRow(out, field);
}

}  // namespace

bool TypeRegistry::has(std::string_view name) const {
  return std::any_of(types_.begin(), types_.end(), [&](const TypeDoc& type) { return type.name == name; });
}

void TypeRegistry::add(TypeDoc type) {
  if (!has(type.name)) types_.push_back(std::move(type));
}

std::string typescript(const TypeRegistry& registry) {
  std::string out;
  for (const auto& type : registry.types()) {
    if (!out.empty()) out += '\n';
    if (type.alias.empty()) appendInterface(out, type);
    else out += "export type " + type.name + " = " + type.alias + ";\n";
  }
  return out;
}

std::string markdown(const TypeRegistry& registry) {
  std::string out;
  for (const auto& type : registry.types()) {
    if (!out.empty()) out += '\n';
    out += "### " + type.name + "\n\n";
    if (type.alias.empty()) appendTable(out, type);
    else out += "`" + type.alias + "`\n";
  }
  return out;
}

}  // namespace souk::json
