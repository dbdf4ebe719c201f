// SPDX-License-Identifier: MIT
// Reading what the reader has laid down.
#include <cstring>

#include "number.hpp"
#include "souk/core/value.hpp"
#include "souk/json/reader.hpp"

namespace souk::json {

Kind Document::kind(Node node) const {
  switch (form(node)) {
    case Form::null: return Kind::null;
    case Form::boolean: return Kind::boolean;
    case Form::integer:
    case Form::wideInteger: return Kind::integer;
    case Form::decimal: return Kind::decimal;
    case Form::string: return Kind::string;
    case Form::array: return Kind::array;
    case Form::object: return Kind::object;
  }
  return Kind::null;
}

Result<bool> Document::asBool(Node node) const {
  if (form(node) != Form::boolean) return error(Code::wrongType, node, "true or false expected");
  return cell(node).link != 0;
}

Result<std::int64_t> Document::asInteger(Node node) const {
  const auto found = form(node);
  if (found == Form::integer || found == Form::wideInteger) return integer(node);
  if (found == Form::decimal) return error(Code::notAnInteger, node, "digits only expected, no fraction and no exponent");
  return error(Code::wrongType, node, "integer expected");
}

Result<std::string_view> Document::asString(Node node) const {
  if (form(node) != Form::string) return error(Code::wrongType, node, "string expected");
  return text(node);
}

Result<std::string> Document::asDecimal(Node node) const {
  const auto found = kind(node);
  if (found == Kind::integer) return std::to_string(integer(node));
  if (found == Kind::decimal) return std::string{text(node)};
  return error(Code::wrongType, node, "number expected");
}

std::int64_t Document::integer(Node node) const {
  if (form(node) == Form::integer) return static_cast<std::int32_t>(cell(node).link);
  std::int64_t value = 0;
  std::memcpy(&value, text_.data() + cell(node).link, sizeof value);
  return value;
}

std::string_view Document::text(Node node) const {
  if (form(node) != Form::string && form(node) != Form::decimal) return {};
  const auto position = cell(node).link;
  std::uint32_t size = 0;
  std::memcpy(&size, text_.data() + position, sizeof size);
  return std::string_view{text_}.substr(position + sizeof size, size);
}

// While a document is being read its open containers have no end yet: they reach to the last value.
std::uint32_t Document::after(std::uint32_t index) const {
  const auto& value = cells_[index];
  if (!isContainer(Node{index})) return index + 1;
  return value.link == 0 ? static_cast<std::uint32_t>(cells_.size()) : value.link;
}

std::size_t Document::count(Node container) const {
  std::size_t count = 0;
  const auto add = [&](auto&&) { return ++count, true; };
  eachItem(container, add);
  eachMember(container, add);
  return count;
}

std::optional<Node> Document::find(Node object, std::string_view key) const {
  std::optional<Node> found;
  eachMember(object, [&](const Member& member) {
    if (member.key == key) found = member.value;
    return !found;
  });
  return found;
}

std::string Document::path(Node node) const {
  std::string pointer;
  const auto target = static_cast<std::uint32_t>(node);
  // The last key of a document that is being read has no value yet.
  const auto afterValue = [&](std::uint32_t index) { return index < cells_.size() ? after(index) : index + 1; };
  std::uint32_t at = 0;
  while (at < target && at < cells_.size()) {
    const bool keyed = form(Node{at}) == Form::object;
    std::size_t position = 0;
    auto child = at + 1;
    for (auto end = afterValue(keyed ? child + 1 : child); end <= target; ++position) {
      child = end;
      end = afterValue(keyed ? child + 1 : child);
    }
    pointer += keyed ? pointerStep(text(Node{child})) : pointerStep(std::to_string(position));
    if (keyed && child == target) break;
    at = keyed ? child + 1 : child;
  }
  return pointer;
}

std::int64_t Document::offset(Node node) const { return cell(node).offset; }

std::unexpected<Error> Document::error(Code code, Node node, std::string message, std::string_view member) const {
  auto pointer = path(node);
  if (!member.empty()) pointer += pointerStep(member);
  return std::unexpected(Error{code, std::move(pointer), std::move(message), offset(node)});
}

}  // namespace souk::json
