// SPDX-License-Identifier: MIT
// Conditions: yes-or-no rules over declared facts, written as JSON. The one language of levels, segments and experiments.
//
// The language is that of GrowthBook's targeting (a subset of MongoDB's queries), so published conditions work unchanged:
//
//   {"country": {"$in": ["GB", "IE"]}, "$or": [{"level": "gold"}, {"orders.count": {"$gte": 5}}]}
//
// A condition is an object; all of its entries must hold, and an empty one holds.
//   "$and": [conditions]   all hold              "$or": [conditions]    one holds (or the list is empty)
//   "$nor": [conditions]   "$or" does not hold   "$not": condition      does not hold
//   "path": test           the fact at a path (names joined by dots, through objects only) passes the test
//
// A fact that is absent is null: `{"level": null}` holds for both, and every path has a value, so matching cannot fail.
// A test is a literal, or an object of operators that must all pass:
//   literal        string: equals a string, or the text of a number or boolean. Number: equals a number, a string that reads as one, or a
//                  boolean as 1 or 0. Boolean: true unless the fact is false, 0 or "". None of these equals null. Null: null only.
//                  Array, object: equal throughout, whatever the order of keys.
//   $eq $ne        equal by type and content (for any literal)
//   $lt $lte $gt $gte   two strings by bytes (which is by code points); otherwise as numbers: a string that reads as one, false and
//                  null as 0, true as 1. Where that gives no number, the test fails. Note that an absent fact counts as 0: add "$exists".
//   $in $nin       equal to one (none) of a list; for an array, one (none) of its elements is. $ini $nini: without regard to case (ASCII).
//   $inGroup $notInGroup   the same with the list of that name in the groups given to `matches`; an unknown group is empty
//   $exists        true: not null; false: null
//   $type          the kind: "null" "boolean" "number" "string" "array" "object"
//   $size          an array whose size passes the test     $all: an array in which each test of a list is passed by some element. $alli: its
//                  string literals without regard to case (ASCII).
//   $elemMatch     an array with an element that passes an object of operators, or for which a condition holds (paths begin at the element)
//   $not           does not pass the test
//   $veq $vne $vlt $vlte $vgt $vgte   versions: `v` in front and `+build` behind are ignored; parts are split at `.` and `-`; numbers
//                  compare as numbers and before text, text by bytes, a shorter version first, but 1.2.3 after 1.2.3-anything. A number
//                  is read as its text, anything else as "0".
//
// Numbers are exact decimals (decimal.hpp). On purpose different from GrowthBook: what can never be meant is refused when the condition is
// compiled, instead of being false when it is used (an unknown operator, a list that is none, operators mixed with names); elements that
// are 0, false or "" take part in $elemMatch; arrays and objects can be equal in $eq and $in. `$regex` and `$regexi` are refused: a
// pattern written by one and matched against text of another must have a bounded cost, and the core has no matcher that promises it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/value.hpp"

namespace souk {

/// Most nodes (values and keys) of a condition.
inline constexpr std::size_t kMaxConditionNodes = kMaxValueNodes;

/// One step of a compiled condition; of use only to the compiler and to `matches`.
struct ConditionStep {
  /// What the step asks of its subject. Its children are the steps up to `end`.
  enum class Test : std::uint8_t {
    all,      ///< Every child.
    any,      ///< Some child; also when there is none.
    negate,   ///< Not every child.
    fact,     ///< Every child, of the fact at the path that is the key `operand`.
    element,  ///< Every child, of some element.
    size,     ///< Every child, of the number of elements.
    literal,  ///< The loose equality of a literal.
    equal,    ///< The strict equality of $eq.
    order,    ///< One of the orders in `detail`.
    version,  ///< One of the orders in `detail`, as versions.
    in,       ///< One of a list.
    inGroup,  ///< One of the group named.
    null,     ///< Null or absent.
    kind,     ///< The kind in `detail`.
  };
  Test test = Test::all;
  std::uint8_t detail = 0;    ///< Bits of orders, a kind, or 1 for "without regard to case".
  std::uint32_t operand = 0;  ///< Place of the operand in the source.
  std::uint32_t end = 0;      ///< Index of the step after this one and its children.
};

/// A condition that was checked and compiled. A value: copied, moved, kept in programs. Made by `compileCondition`; holds always when
/// made by default.
class Condition {
 public:
  /// The condition as it was written, for writing it again.
  [[nodiscard]] const Value& source() const { return source_; }

  /// The compiled steps, in order of evaluation.
  [[nodiscard]] const std::vector<ConditionStep>& steps() const { return steps_; }

  bool operator==(const Condition& other) const { return source_ == other.source_; }

 private:
  friend Result<Condition> compileCondition(ValueView condition);

  Value source_;
  std::vector<ConditionStep> steps_;
};

/// Checks a condition whole and compiles it.
///
/// @param condition  An object as described above, at most kMaxConditionNodes nodes. Copied.
/// @return The compiled condition.
/// @error  invalid-condition; the path leads to the entry that must be mended
/// @complexity O(nodes + bytes).
[[nodiscard]] Result<Condition> compileCondition(ValueView condition);

/// Whether a condition holds.
///
/// @param facts   The declared facts, an object. Anything else has no facts.
/// @param groups  Lists by name for $inGroup and $notInGroup, an object of arrays. Anything else has no groups.
/// @complexity At most one comparison for each pair of a node of the condition (or groups) and a node of the facts; $in and its like sort
///             where both sides are long. With 10,000 nodes on both sides 1.2 s at worst (x86-64, -O2), with usual ones 0.3 µs: where facts
///             come from strangers, give their builder a lower limit. Recursion is bounded by the depth of a Value.
[[nodiscard]] bool matches(const Condition& condition, ValueView facts, ValueView groups = {});

}  // namespace souk
