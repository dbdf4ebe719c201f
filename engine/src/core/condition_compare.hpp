// SPDX-License-Identifier: MIT
// How two values compare in a condition: the orders, equalities and versions that condition.hpp states.
#pragma once

#include <cstdint>

#include "souk/core/value.hpp"

namespace souk {

/// Orders of a fact to an operand, as bits: a step asks for some of them. Values that cannot be compared have none.
inline constexpr std::uint8_t kLess = 1;
inline constexpr std::uint8_t kSame = 2;
inline constexpr std::uint8_t kGreater = 4;

/// The order of two values: strings by bytes, all else as numbers; 0 where one is no number.
[[nodiscard]] std::uint8_t orderOf(ValueView fact, ValueView operand);

/// The order of two values read as versions. Always one of the three.
[[nodiscard]] std::uint8_t versionOrderOf(ValueView fact, ValueView operand);

/// Whether a fact is what a literal asks for, without regard to its type.
[[nodiscard]] bool equalsLiteral(ValueView fact, ValueView literal, bool foldCase);

/// Whether a fact, or one of its elements if it is an array, is in a list, by type and content.
[[nodiscard]] bool isIn(ValueView fact, ValueView list, bool foldCase);

}  // namespace souk
