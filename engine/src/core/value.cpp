// SPDX-License-Identifier: MIT
// Values of free shape: reading the row of nodes, and building it from calls in document order.
// Layout: a value is its node; an array is followed by its elements, an object by key and value of each member in order of keys.
#include "souk/core/value.hpp"

#include <algorithm>
#include <utility>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

constexpr std::array<std::string_view, 6> kKindNames{"null", "boolean", "number", "string", "array", "object"};

bool sameNode(const ValueNode& a, const char* aText, const ValueNode& b, const char* bText) {
  if (a.kind != b.kind || a.size != b.size || a.scale != b.scale) return false;
  return a.kind == Kind::string ? a.textIn(aText) == b.textIn(bText) : a.detail == b.detail;
}

std::strong_ordering orderOfNodes(const ValueNode& a, const char* aText, const ValueNode& b, const char* bText) {
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  if (const auto order = a.size <=> b.size; order != 0) return order;
  if (const auto order = a.scale <=> b.scale; order != 0) return order;
  return a.kind == Kind::string ? a.textIn(aText) <=> b.textIn(bText) : a.detail <=> b.detail;
}

}  // namespace

std::string_view kindName(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

std::string pointerStep(std::string_view key) {
  std::string step = "/";
  for (const char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

ValueView::Children ValueView::children() const {
  const bool keyed = is(Kind::object);
  if (!keyed && !is(Kind::array)) return {{nullptr, nullptr, false}, {nullptr, nullptr, false}};
  return {{node_ + 1, text_, keyed}, {node_ + node_->span(), text_, keyed}};
}

std::optional<ValueView> ValueView::find(std::string_view key) const {
  if (!is(Kind::object)) return std::nullopt;
  for (const auto& child : children()) {
    if (child.key == key) return child.value;
    if (child.key > key) break;
  }
  return std::nullopt;
}

// Equal values are equal node by node, because members stand in order of keys and numbers are in their shortest form.
bool ValueView::operator==(const ValueView& other) const {
  if (!node_ || !other.node_) return kind() == other.kind();
  const auto count = nodes();  // of both: the first node already tells the number
  for (std::size_t i = 0; i < count; ++i) {
    if (!sameNode(node_[i], text_, other.node_[i], other.text_)) return false;
  }
  return true;
}

std::strong_ordering ValueView::orderForSearch(const ValueView& other) const {
  if (!node_ || !other.node_) return kind() <=> other.kind();
  const auto count = nodes();
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto order = orderOfNodes(node_[i], text_, other.node_[i], other.text_); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

ValueView Value::at(std::uint32_t index) const {
  return index < nodes_.size() ? ValueView{nodes_.data() + index, text_.data()} : ValueView{};
}

Value Value::copyOf(ValueView view) {
  ValueBuilder build{view.nodes()};
  build.value(view);
  return build.finish().value_or(Value{});
}

bool ValueBuilder::refuse(Code code, std::string_view message) {
  error_ = Error{code, path(), std::string{message}};
  return false;
}

std::string ValueBuilder::path() const {
  std::string pointer;
  for (std::size_t i = 0; i < depth_; ++i) {
    const bool deepest = i + 1 == depth_;
    const auto& container = value_.nodes_[open_[i].node];
    if (container.kind == Kind::array) {
      pointer += pointerStep(std::to_string(deepest ? container.size : container.size - 1));
    } else if (!deepest || keyWaits_) {
      pointer += pointerStep(keyAt(open_[i].last));
    }
  }
  return pointer;
}

std::string_view ValueBuilder::keyAt(std::uint32_t index) const { return value_.nodes_[index].textIn(value_.text_.data()); }

// Whether a value may stand here.
bool ValueBuilder::place() {
  if (error_) return false;
  if (depth_ == 0) return value_.nodes_.empty() || refuse(Code::wrongType, "there is one value already");
  return keyWaits_ || !inObject() || refuse(Code::wrongType, "a member needs a key before its value");
}

bool ValueBuilder::push(ValueNode node) {
  if (value_.nodes_.size() >= mostNodes_) return refuse(Code::documentTooLarge, "too many values and keys");
  value_.nodes_.push_back(node);
  return true;
}

bool ValueBuilder::pushText(std::string_view text) {
  if (text.size() > kMaxStringBytes) return refuse(Code::stringTooLong, "a string has at most 4096 bytes");
  const auto begin = static_cast<std::int64_t>(value_.text_.size());
  if (!push({.kind = Kind::string, .size = static_cast<std::uint32_t>(text.size()), .detail = begin})) return false;
  value_.text_.insert(value_.text_.end(), text.begin(), text.end());
  return true;
}

// Counts the value that was put where `place` allowed it.
bool ValueBuilder::count() {
  if (depth_ > 0) ++value_.nodes_[open_[depth_ - 1].node].size;
  keyWaits_ = false;
  return true;
}

bool ValueBuilder::add(ValueNode node) { return place() && push(node) && count(); }

bool ValueBuilder::null() { return add({}); }

bool ValueBuilder::boolean(bool value) { return add({.kind = Kind::boolean, .detail = value ? 1 : 0}); }

bool ValueBuilder::number(Decimal value) {
  return add({.kind = Kind::number, .scale = static_cast<std::uint8_t>(value.scale()), .detail = value.mantissa()});
}

bool ValueBuilder::number(std::int64_t value) {
  const auto number = Decimal::from(value);
  if (number) return this->number(*number);
  return place() && refuse(Code::numberOutOfRange, "an integer is within 2^53 - 1");
}

bool ValueBuilder::string(std::string_view value) { return place() && pushText(value) && count(); }

bool ValueBuilder::inObject() const { return depth_ > 0 && value_.nodes_[open_[depth_ - 1].node].kind == Kind::object; }

bool ValueBuilder::key(std::string_view value) {
  if (error_) return false;
  if (!inObject() || keyWaits_) return refuse(Code::wrongType, "a key stands in an object, before its value");
  const auto index = static_cast<std::uint32_t>(value_.nodes_.size());
  if (!pushText(value)) return false;
  open_[depth_ - 1].last = index;
  keyWaits_ = true;
  return true;
}

bool ValueBuilder::open(Kind kind) {
  if (error_) return false;
  if (depth_ == kMaxValueDepth) return refuse(Code::tooDeep, "arrays and objects nest at most 32 levels");
  const auto index = static_cast<std::uint32_t>(value_.nodes_.size());
  if (!add({.kind = kind})) return false;
  open_[depth_++] = {.node = index};
  return true;
}

bool ValueBuilder::close(Kind kind) {
  if (error_) return false;
  if (depth_ == 0 || keyWaits_ || value_.nodes_[open_[depth_ - 1].node].kind != kind) {
    return refuse(Code::wrongType, "an end without its beginning, or a key without its value");
  }
  const auto index = open_[depth_ - 1].node;
  value_.nodes_[index].detail = static_cast<std::int64_t>(value_.nodes_.size() - index);
  if (kind == Kind::object && !sortMembers(index)) return false;
  --depth_;
  return true;
}

bool ValueBuilder::beginArray() { return open(Kind::array); }
bool ValueBuilder::endArray() { return close(Kind::array); }
bool ValueBuilder::beginObject() { return open(Kind::object); }
bool ValueBuilder::endObject() { return close(Kind::object); }

bool ValueBuilder::sortMembers(std::uint32_t object) {
  auto& nodes = value_.nodes_;
  std::vector<std::uint32_t> keys;
  for (auto i = object + 1; i < nodes.size(); i += 1 + static_cast<std::uint32_t>(nodes[i + 1].span())) keys.push_back(i);
  const auto byKey = [this](std::uint32_t a, std::uint32_t b) { return keyAt(a) < keyAt(b); };
  const auto ordered = std::is_sorted(keys.begin(), keys.end(), byKey);
  if (!ordered) sortInPlace(keys, byKey);

  const auto sameKey = [this](std::uint32_t a, std::uint32_t b) { return keyAt(a) == keyAt(b); };
  if (const auto twice = std::adjacent_find(keys.begin(), keys.end(), sameKey); twice != keys.end()) {
    const auto step = pointerStep(keyAt(*twice));
    refuse(Code::duplicateKey, "the object has this key already");
    error_->path += step;
    return false;
  }
  if (ordered) return true;

  std::vector<ValueNode> sorted;
  sorted.reserve(nodes.size() - object - 1);
  for (const auto key : keys) {
    const auto* first = nodes.data() + key;
    sorted.insert(sorted.end(), first, first + 1 + first[1].span());
  }
  std::copy(sorted.begin(), sorted.end(), nodes.data() + object + 1);
  return true;
}

bool ValueBuilder::value(ValueView value) {
  replay(value, *this);
  return !error_;
}

Result<Value> ValueBuilder::finish() {
  if (!error_ && (depth_ != 0 || value_.nodes_.empty())) refuse(Code::wrongType, "the value is not complete");
  auto built = std::exchange(value_, {});
  depth_ = 0;
  keyWaits_ = false;
  if (!error_) return built;
  Result<Value> refused = std::unexpected(*std::move(error_));
  error_.reset();
  return refused;
}

}  // namespace souk
