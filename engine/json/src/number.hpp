// SPDX-License-Identifier: MIT
// The one text of a decimal number (see Document::asDecimal).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "souk/core/error.hpp"

namespace souk::json {

/// The one text of the number that JSON spells with a fraction or an exponent.
/// @param spelling  A number as RFC 8259 section 6 writes it; its form is not checked again.
/// @error negative-zero, number-out-of-range. O(length); allocates the result only.
[[nodiscard]] std::expected<std::string, Code> decimalText(std::string_view spelling);

}  // namespace souk::json
