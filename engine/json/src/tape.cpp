// SPDX-License-Identifier: MIT
// Laying down values, and the rules that concern more than the spelling of one token: depth, sizes, keys given twice.
#include "tape.hpp"

#include <algorithm>
#include <limits>

#include "number.hpp"
#include "souk/core/fields.hpp"

namespace souk::json {
namespace {

// FNV-1a in 32-bit words, for the order of a sort only.
std::uint32_t hashOf(std::string_view text) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash;
}

}  // namespace

// One cell per 8 bytes is ample for documents that people write; a document of empty arrays grows it as it goes.
Tape::Tape(std::size_t bytes, const Limits& limits) : limits_(limits) { document_.cells_.reserve(bytes / 8 + 4); }

bool Tape::add(Form form, std::uint32_t link, std::size_t offset) {
  document_.cells_.push_back({static_cast<std::uint8_t>(form) & 7U, static_cast<std::uint32_t>(offset) & 0x1FFF'FFFFU, link});
  return true;
}

bool Tape::addText(Form form, std::string_view text, std::size_t offset) {
  auto& pool = document_.text_;
  const auto position = static_cast<std::uint32_t>(pool.size());
  const auto size = static_cast<std::uint32_t>(text.size());
  pool.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
  return add(form, position, offset);
}

bool Tape::integer(std::int64_t value, std::size_t offset) {
  if (value > kMaxExact || value < -kMaxExact) return refuse(Code::numberOutOfRange, offset, "integers end at 2^53 - 1");
  const auto narrow = static_cast<std::int32_t>(value);
  if (narrow == value) return add(Form::integer, static_cast<std::uint32_t>(narrow), offset);
  const auto position = static_cast<std::uint32_t>(document_.text_.size());
  document_.text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  return add(Form::wideInteger, position, offset);
}

bool Tape::number(std::string_view spelling, std::size_t offset) {
  if (spelling.find_first_of(".eE") == std::string_view::npos) {
    return refuse(Code::numberOutOfRange, offset, "integers end at 2^53 - 1");
  }
  const auto text = decimalText(spelling);
  if (text) return addText(Form::decimal, *text, offset);
  return refuse(text.error(), offset, "zero has no sign; other numbers have at most 34 digits and a size from 1e-300 to 1e300");
}

bool Tape::string(std::string_view value, std::size_t offset) {
  if (value.size() > limits_.maxString) return refuse(Code::stringTooLong, offset, "the string or key is too long");
  return addText(Form::string, value, offset);
}

bool Tape::open(bool isArray, std::size_t offset) {
  if (open_.size() >= limits_.maxDepth) return refuse(Code::tooDeep, offset, "too many levels of arrays and objects");
  open_.push_back(static_cast<std::uint32_t>(document_.cells_.size()));
  return add(isArray ? Form::array : Form::object, 0, offset);
}

bool Tape::close() {
  const auto index = open_.back();
  auto& cell = document_.cells_[index];
  cell.link = static_cast<std::uint32_t>(document_.cells_.size());
  if (static_cast<Form>(cell.form) == Form::object && !checkKeys(index)) return false;
  open_.pop_back();
  return true;
}

// Keys in ascending order, as our own writer gives them, are seen to differ in passing; others are put in order first.
bool Tape::checkKeys(std::uint32_t object) {
  keys_.clear();
  bool ascending = true;
  std::string_view last;
  document_.eachMember(Node{object}, [&](const Member& member) {
    ascending = ascending && (keys_.empty() || last < member.key);
    last = member.key;
    keys_.push_back({0, static_cast<std::uint32_t>(member.keyNode)});
    return true;
  });
  return ascending || refuseRepeated();
}

// True if no key of `keys_` stands there twice, else the first repetition is refused. The hash keeps the sort in cache; keys that collide are
// ordered by their text, so that no choice of keys makes it slow.
bool Tape::refuseRepeated() {
  const auto text = [&](const KeyPlace& key) { return document_.text(Node{key.index}); };
  for (auto& key : keys_) key.hash = hashOf(text(key));
  // A heap sort: O(n log n) whatever the keys are, and a tenth of std::sort's bytes in the wasm file.
  std::partial_sort(keys_.begin(), keys_.end(), keys_.end(), [&](const KeyPlace& a, const KeyPlace& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const auto order = text(a) <=> text(b);
    return order == 0 ? a.index < b.index : order < 0;
  });
  auto repeated = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t i = 1; i < keys_.size(); ++i) {
    const bool same = keys_[i - 1].hash == keys_[i].hash && text(keys_[i - 1]) == text(keys_[i]);
    if (same) repeated = std::min(repeated, keys_[i].index);
  }
  if (repeated == std::numeric_limits<std::uint32_t>::max()) return true;
  error_ = document_.error(Code::duplicateKey, Node{repeated}, "the object has this key already").error();
  return false;
}

bool Tape::refuse(Code code, std::size_t offset, std::string_view message) {
  error_ = Error{code, path(), std::string{message}, static_cast<std::int64_t>(offset)};
  return false;
}

std::string Tape::path() const {
  if (open_.empty()) return {};
  const Node container{open_.back()};
  auto pointer = document_.path(container);
  const auto size = static_cast<std::uint32_t>(document_.cells_.size());
  if (document_.form(container) == Form::array) {
    std::size_t count = 0;
    for (auto index = open_.back() + 1; index < size; index = document_.after(index)) ++count;
    return pointer + "/" + std::to_string(count);
  }
  auto key = open_.back() + 1;
  while (key + 1 < size) key = document_.after(key + 1);
  return key < size ? document_.path(Node{key}) : pointer;
}

}  // namespace souk::json
