// SPDX-License-Identifier: MIT
// How two values compare in a condition. The order of versions is the one in which GrowthBook's padded strings sort, but for numbers of
// more than five digits, which there sort as text.
#include "condition_compare.hpp"

#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "souk/core/sort.hpp"

namespace souk {
namespace {

std::uint8_t bitOf(std::strong_ordering order) {
  if (order < 0) return kLess;
  return order > 0 ? kGreater : kSame;
}

// The number for which a value stands in a comparison.
std::optional<Decimal> numberOf(ValueView value) {
  switch (value.kind()) {
    case Kind::null: return Decimal{};
    case Kind::boolean: return Decimal::from(value.boolean() ? 1 : 0).value_or(Decimal{});
    case Kind::number: return value.number();
    case Kind::string: return Decimal::ifText(value.string());
    default: return std::nullopt;
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool sameText(std::string_view a, std::string_view b, bool foldCase) {
  if (!foldCase) return a == b;
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool equalsString(ValueView fact, std::string_view literal, bool foldCase) {
  switch (fact.kind()) {
    case Kind::string: return sameText(fact.string(), literal, foldCase);
    case Kind::number: return fact.number().text() == literal;
    case Kind::boolean: return sameText(fact.boolean() ? "true" : "false", literal, foldCase);
    default: return false;
  }
}

bool isTrue(ValueView fact) {
  switch (fact.kind()) {
    case Kind::boolean: return fact.boolean();
    case Kind::number: return fact.number() != Decimal{};
    case Kind::string: return !fact.string().empty();
    default: return true;
  }
}

bool equalsStrictly(ValueView a, ValueView b, bool foldCase) {
  if (foldCase && a.is(Kind::string) && b.is(Kind::string)) return sameText(a.string(), b.string(), true);
  return a == b;
}

bool listHas(ValueView list, ValueView item, bool foldCase) {
  for (const auto& listed : list.children()) {
    if (equalsStrictly(item, listed.value, foldCase)) return true;
  }
  return false;
}

// Beyond so many comparisons of an array with a list it pays to sort the list.
constexpr std::size_t kFewPairs = 4096;

std::strong_ordering searchOrder(ValueView a, ValueView b, bool foldCase) {
  if (!foldCase || !a.is(Kind::string) || !b.is(Kind::string)) return a.orderForSearch(b);
  const auto x = a.string();
  const auto y = b.string();
  return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end(),
                                                [](char c, char d) { return lower(c) <=> lower(d); });
}

// Whether two arrays share an element, in O((n + m) log m).
bool meet(ValueView array, ValueView list, bool foldCase) {
  std::vector<ValueView> sorted;
  sorted.reserve(list.size());
  for (const auto& item : list.children()) sorted.push_back(item.value);
  const auto before = [foldCase](ValueView a, ValueView b) { return searchOrder(a, b, foldCase) < 0; };
  sortInPlace(sorted, before);
  for (const auto& element : array.children()) {
    if (std::ranges::binary_search(sorted, element.value, before)) return true;
  }
  return false;
}

bool isDigits(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

// A version, part by part.
class VersionParts {
 public:
  explicit VersionParts(std::string_view version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    rest_ = version.substr(0, version.find('+'));
    const auto separators = std::ranges::count_if(rest_, [](char c) { return c == '.' || c == '-'; });
    // 1.2.3 stands for 1.2.3-~, and ~ sorts behind whatever a pre-release is called.
    release_ = separators == 2;
  }

  // The next part, or nothing after the last.
  std::optional<std::string_view> next() {
    if (ended_) {
      if (!release_) return std::nullopt;
      release_ = false;
      return "~";
    }
    const auto length = std::min(rest_.find_first_of(".-"), rest_.size());
    const auto part = rest_.substr(0, length);
    ended_ = length == rest_.size();
    rest_.remove_prefix(ended_ ? length : length + 1);
    return part;
  }

 private:
  std::string_view rest_;
  bool ended_ = false;
  bool release_ = false;
};

std::strong_ordering comparePart(std::string_view a, std::string_view b) {
  const bool aNumber = isDigits(a);
  const bool bNumber = isDigits(b);
  if (aNumber != bNumber) return aNumber ? std::strong_ordering::less : std::strong_ordering::greater;
  if (!aNumber) return a <=> b;
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return a.size() != b.size() ? a.size() <=> b.size() : a <=> b;
}

std::strong_ordering compareVersions(std::string_view a, std::string_view b) {
  VersionParts aParts{a};
  VersionParts bParts{b};
  while (true) {
    const auto aPart = aParts.next();
    const auto bPart = bParts.next();
    if (!aPart || !bPart) return aPart.has_value() <=> bPart.has_value();
    if (const auto order = comparePart(*aPart, *bPart); order != 0) return order;
  }
}

// The text of a version; `number` keeps it where the version was written as a number.
std::string_view versionOf(ValueView value, std::string& number) {
  number = value.is(Kind::number) ? value.number().text() : "0";
  const auto text = value.string();
  return text.empty() ? std::string_view{number} : text;
}

}  // namespace

std::uint8_t orderOf(ValueView fact, ValueView operand) {
  if (fact.is(Kind::string) && operand.is(Kind::string)) return bitOf(fact.string() <=> operand.string());
  const auto a = numberOf(fact);
  const auto b = numberOf(operand);
  return a && b ? bitOf(*a <=> *b) : std::uint8_t{0};
}

std::uint8_t versionOrderOf(ValueView fact, ValueView operand) {
  std::string factNumber;
  std::string operandNumber;
  return bitOf(compareVersions(versionOf(fact, factNumber), versionOf(operand, operandNumber)));
}

bool equalsLiteral(ValueView fact, ValueView literal, bool foldCase) {
  switch (literal.kind()) {
    case Kind::string: return equalsString(fact, literal.string(), foldCase);
    case Kind::number: return !fact.is(Kind::null) && numberOf(fact) == literal.number();
    case Kind::boolean: return !fact.is(Kind::null) && isTrue(fact) == literal.boolean();
    default: return fact == literal;
  }
}

bool isIn(ValueView fact, ValueView list, bool foldCase) {
  if (!list.is(Kind::array)) return false;
  if (!fact.is(Kind::array)) return listHas(list, fact, foldCase);
  if (fact.size() * list.size() > kFewPairs) return meet(fact, list, foldCase);
  for (const auto& element : fact.children()) {
    if (listHas(list, element.value, foldCase)) return true;
  }
  return false;
}

}  // namespace souk
