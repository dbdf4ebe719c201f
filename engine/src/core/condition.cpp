// SPDX-License-Identifier: MIT
// Evaluating a compiled condition: one pass over its steps, with the value that each asks about as its subject.
#include "souk/core/condition.hpp"

#include "condition_compare.hpp"

namespace souk {
namespace {

using Test = ConditionStep::Test;

// The fact at a dotted path, or null.
ValueView factAt(ValueView subject, std::string_view path) {
  while (true) {
    const auto dot = path.find('.');
    const auto found = subject.find(path.substr(0, dot));
    if (!found || dot == std::string_view::npos) return found.value_or(ValueView{});
    subject = *found;
    path.remove_prefix(dot + 1);
  }
}

class Evaluation {
 public:
  Evaluation(const Condition& condition, ValueView groups) : condition_(condition), steps_(condition.steps()), groups_(groups) {}

  [[nodiscard]] bool passes(std::uint32_t index, ValueView subject) const {
    const auto& step = steps_[index];
    const auto operand = condition_.source().at(step.operand);
    switch (step.test) {
      case Test::all: return allChildren(index, subject);
      case Test::any: return anyChild(index, subject);
      case Test::negate: return !allChildren(index, subject);
      case Test::fact: return allChildren(index, factAt(subject, operand.string()));
      case Test::element: return anyElement(index, subject);
      case Test::size: return passesSize(index, subject);
      case Test::literal: return equalsLiteral(subject, operand, step.detail != 0);
      case Test::equal: return subject == operand;
      case Test::order: return (orderOf(subject, operand) & step.detail) != 0;
      case Test::version: return (versionOrderOf(subject, operand) & step.detail) != 0;
      case Test::in: return isIn(subject, operand, step.detail != 0);
      case Test::inGroup: return isIn(subject, groups_.find(operand.string()).value_or(ValueView{}), false);
      case Test::null: return subject.is(Kind::null);
      case Test::kind: return subject.is(static_cast<Kind>(step.detail));
    }
    return false;
  }

 private:
  [[nodiscard]] bool allChildren(std::uint32_t parent, ValueView subject) const {
    for (auto child = parent + 1; child < steps_[parent].end; child = steps_[child].end) {
      if (!passes(child, subject)) return false;
    }
    return true;
  }

  [[nodiscard]] bool anyChild(std::uint32_t parent, ValueView subject) const {
    for (auto child = parent + 1; child < steps_[parent].end; child = steps_[child].end) {
      if (passes(child, subject)) return true;
    }
    return steps_[parent].end == parent + 1;
  }

  [[nodiscard]] bool anyElement(std::uint32_t parent, ValueView subject) const {
    if (!subject.is(Kind::array)) return false;
    for (const auto& element : subject.children()) {
      if (allChildren(parent, element.value)) return true;
    }
    return false;
  }

  [[nodiscard]] bool passesSize(std::uint32_t parent, ValueView subject) const {
    if (!subject.is(Kind::array)) return false;
    const ValueNode size{.kind = Kind::number, .detail = static_cast<std::int64_t>(subject.size())};
    return allChildren(parent, ValueView{&size, nullptr});
  }

  const Condition& condition_;
  const std::vector<ConditionStep>& steps_;
  ValueView groups_;
};

}  // namespace

bool matches(const Condition& condition, ValueView facts, ValueView groups) {
  return condition.steps().empty() || Evaluation{condition, groups}.passes(0, facts);
}

}  // namespace souk
