// SPDX-License-Identifier: MIT
// Checking a condition and turning it into steps. Everything that can never be meant is refused here, with the path to it.
#include <algorithm>
#include <array>

#include "condition_compare.hpp"
#include "souk/core/condition.hpp"

namespace souk {
namespace {

using Test = ConditionStep::Test;

// What an operator wants to its right.
enum class Operand : std::uint8_t { literal, scalar, list, groupName, flag, kind, version, test, tests, element };

struct Operator {
  std::string_view name;
  Operand operand;
  Test test;
  std::uint8_t detail = 0;
  bool negated = false;
};

constexpr std::array kOperators{
    Operator{"$eq", Operand::literal, Test::equal},
    Operator{"$ne", Operand::literal, Test::equal, 0, true},
    Operator{"$lt", Operand::scalar, Test::order, kLess},
    Operator{"$lte", Operand::scalar, Test::order, kLess | kSame},
    Operator{"$gt", Operand::scalar, Test::order, kGreater},
    Operator{"$gte", Operand::scalar, Test::order, kGreater | kSame},
    Operator{"$in", Operand::list, Test::in},
    Operator{"$nin", Operand::list, Test::in, 0, true},
    Operator{"$ini", Operand::list, Test::in, 1},
    Operator{"$nini", Operand::list, Test::in, 1, true},
    Operator{"$inGroup", Operand::groupName, Test::inGroup},
    Operator{"$notInGroup", Operand::groupName, Test::inGroup, 0, true},
    Operator{"$exists", Operand::flag, Test::null},
    Operator{"$type", Operand::kind, Test::kind},
    Operator{"$size", Operand::test, Test::size},
    Operator{"$not", Operand::test, Test::negate},
    Operator{"$all", Operand::tests, Test::all},
    Operator{"$alli", Operand::tests, Test::all, 1},
    Operator{"$elemMatch", Operand::element, Test::element},
    Operator{"$veq", Operand::version, Test::version, kSame},
    Operator{"$vne", Operand::version, Test::version, kLess | kGreater},
    Operator{"$vlt", Operand::version, Test::version, kLess},
    Operator{"$vlte", Operand::version, Test::version, kLess | kSame},
    Operator{"$vgt", Operand::version, Test::version, kGreater},
    Operator{"$vgte", Operand::version, Test::version, kGreater | kSame},
};

const Operator* operatorNamed(std::string_view name) {
  const auto* found = std::ranges::find(kOperators, name, &Operator::name);
  return found == kOperators.end() ? nullptr : found;
}

bool isOperatorName(std::string_view key) { return key.starts_with('$'); }

bool isListOperator(std::string_view key) { return key == "$and" || key == "$or" || key == "$nor"; }

std::size_t operatorsIn(ValueView object) {
  std::size_t count = 0;
  for (const auto& entry : object.children()) count += isOperatorName(entry.key) ? 1 : 0;
  return count;
}

// An object of operators only. An empty one is a literal.
bool isOperatorObject(ValueView value) { return value.is(Kind::object) && value.size() > 0 && operatorsIn(value) == value.size(); }

std::unexpected<Error> invalid(std::string_view message) { return fail(Code::invalidCondition, {}, std::string{message}); }

// The same refusal, one step deeper in the document.
std::unexpected<Error> below(std::string_view key, Error error) { return std::unexpected(within(pointerStep(key), std::move(error))); }

class Compiler {
 public:
  explicit Compiler(const Value& source) : source_(source) {}

  Result<void> condition(ValueView value) {
    if (!value.is(Kind::object)) return invalid("a condition is an object");
    const auto all = open(Test::all);
    for (const auto& [key, operand] : value.children()) {
      if (auto done = entry(key, operand); !done) return below(key, std::move(done.error()));
    }
    return close(all);
  }

  std::vector<ConditionStep> take() { return std::move(steps_); }

 private:
  std::uint32_t open(Test test, std::uint8_t detail = 0, std::uint32_t operand = 0) {
    steps_.push_back({.test = test, .detail = detail, .operand = operand});
    return static_cast<std::uint32_t>(steps_.size() - 1);
  }

  Result<void> close(std::uint32_t step) {
    steps_[step].end = static_cast<std::uint32_t>(steps_.size());
    return {};
  }

  Result<void> leaf(Test test, std::uint8_t detail, ValueView operand) { return close(open(test, detail, source_.indexOf(operand))); }

  // One entry of a condition.
  Result<void> entry(std::string_view key, ValueView value) {
    if (isListOperator(key)) return list(key, value);
    if (key == "$not") {
      const auto negate = open(Test::negate);
      auto done = condition(value);
      return done ? close(negate) : done;
    }
    // A fact may have such a name ("$groups"), but only operators are written behind it: all else is an operator misspelt or misplaced.
    if (isOperatorName(key) && (operatorNamed(key) || !isOperatorObject(value))) return invalid("no operator of conditions");
    const auto fact = open(Test::fact, 0, source_.indexOf(value) - 1);  // the key stands just before its value
    auto done = test(value, false);
    return done ? close(fact) : done;
  }

  Result<void> list(std::string_view key, ValueView conditions) {
    if (!conditions.is(Kind::array)) return invalid("the operator takes a list of conditions");
    if (key == "$nor") open(Test::negate);
    const auto first = open(key == "$and" ? Test::all : Test::any);
    if (auto done = each(conditions, &Compiler::condition); !done) return done;
    if (key == "$nor") static_cast<void>(close(first - 1));
    return close(first);
  }

  Result<void> each(ValueView list, Result<void> (Compiler::*compile)(ValueView)) {
    std::size_t index = 0;
    for (const auto& item : list.children()) {
      if (auto done = (this->*compile)(item.value); !done) return below(std::to_string(index), std::move(done.error()));
      ++index;
    }
    return {};
  }

  // A literal or an object of operators; one or more steps.
  Result<void> test(ValueView value, bool foldCase) {
    if (!isOperatorObject(value)) {
      auto plain = literal(value);
      return plain ? leaf(Test::literal, foldCase ? 1 : 0, value) : plain;
    }
    for (const auto& [key, operand] : value.children()) {
      if (auto done = operation(key, operand); !done) return below(key, std::move(done.error()));
    }
    return {};
  }

  // Operators within a literal would be compared, not applied: nobody means that.
  Result<void> literal(ValueView value) {
    if (value.is(Kind::object) && operatorsIn(value) > 0)
      return invalid("operators stand alone in their object, behind the path of a fact");
    std::size_t index = 0;
    for (const auto& [key, item] : value.children()) {
      if (auto done = literal(item); !done) {
        return below(value.is(Kind::object) ? std::string{key} : std::to_string(index), std::move(done.error()));
      }
      ++index;
    }
    return {};
  }

  Result<void> operation(std::string_view key, ValueView operand) {
    if (key == "$regex" || key == "$regexi") return invalid("patterns are not part of the language: their cost has no bound");
    const auto* found = operatorNamed(key);
    if (!found) return invalid("no operator of tests");
    if (!found->negated) return apply(*found, operand);
    const auto negate = open(Test::negate);
    auto done = apply(*found, operand);
    return done ? close(negate) : done;
  }

  Result<void> apply(const Operator& found, ValueView operand) {
    switch (found.operand) {
      case Operand::literal: break;
      case Operand::scalar:
        if (operand.is(Kind::array) || operand.is(Kind::object)) return invalid("the operator takes a number or a string");
        break;
      case Operand::list:
        if (!operand.is(Kind::array)) return invalid("the operator takes a list");
        break;
      case Operand::groupName:
        if (!operand.is(Kind::string)) return invalid("the operator takes the name of a group");
        break;
      case Operand::version:
        if (!operand.is(Kind::string) && !operand.is(Kind::number)) return invalid("the operator takes a version");
        break;
      case Operand::flag: return exists(operand);
      case Operand::kind: return kind(operand);
      case Operand::test: return nested(found.test, operand);
      case Operand::tests: return allOf(operand, found.detail != 0);
      case Operand::element: return element(operand);
    }
    auto plain = literal(operand);
    return plain ? leaf(found.test, found.detail, operand) : plain;
  }

  Result<void> exists(ValueView flag) {
    if (!flag.is(Kind::boolean)) return invalid("$exists takes true or false");
    if (!flag.boolean()) return leaf(Test::null, 0, flag);
    const auto negate = open(Test::negate);
    static_cast<void>(leaf(Test::null, 0, flag));
    return close(negate);
  }

  Result<void> kind(ValueView name) {
    for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(Kind::object); ++kind) {
      if (name.string() == kindName(static_cast<Kind>(kind))) return leaf(Test::kind, kind, name);
    }
    return invalid("$type takes null, boolean, number, string, array or object");
  }

  Result<void> nested(Test parent, ValueView value) {
    const auto step = open(parent);
    auto done = test(value, false);
    return done ? close(step) : done;
  }

  Result<void> allOf(ValueView tests, bool foldCase) {
    if (!tests.is(Kind::array)) return invalid("the operator takes a list of tests");
    const auto all = open(Test::all);
    static_cast<void>(leaf(Test::kind, static_cast<std::uint8_t>(Kind::array), tests));
    auto done = each(tests, foldCase ? &Compiler::foldedElement : &Compiler::plainElement);
    return done ? close(all) : done;
  }

  Result<void> plainElement(ValueView value) { return someElement(value, false); }
  Result<void> foldedElement(ValueView value) { return someElement(value, true); }

  Result<void> someElement(ValueView value, bool foldCase) {
    const auto step = open(Test::element);
    auto done = test(value, foldCase);
    return done ? close(step) : done;
  }

  Result<void> element(ValueView value) {
    if (!value.is(Kind::object)) return invalid("$elemMatch takes an object");
    const auto step = open(Test::element);
    auto done = isTestOfElements(value) ? test(value, false) : condition(value);
    return done ? close(step) : done;
  }

  // Operators that tests have, as opposed to paths and lists of conditions.
  static bool isTestOfElements(ValueView value) {
    return isOperatorObject(value) &&
           std::ranges::none_of(std::array{"$and", "$or", "$nor"}, [value](const char* name) { return value.find(name).has_value(); });
  }

  const Value& source_;
  std::vector<ConditionStep> steps_;
};

}  // namespace

Result<Condition> compileCondition(ValueView condition) {
  if (condition.nodes() > kMaxConditionNodes) return invalid("a condition has at most 10,000 values and keys");
  Condition compiled;
  compiled.source_ = Value::copyOf(condition);
  Compiler compiler{compiled.source_};
  if (auto done = compiler.condition(compiled.source_); !done) return std::unexpected(std::move(done.error()));
  compiled.steps_ = compiler.take();
  return compiled;
}

}  // namespace souk
