// SPDX-License-Identifier: MIT
#include "souk/service/program.hpp"

#include <utility>

#include "souk/core/binary.hpp"

namespace souk {

Result<CheckedProgram> checkProgram(Program program) {
  const auto currency = Currency::fromCode(program.currency);
  if (!currency) return std::unexpected(within("/currency", currency.error()));
  if (auto checked = checkZone(program.zone); !checked) return std::unexpected(within("/zone", checked.error()));
  if (auto checked = checkRules(program); !checked) return std::unexpected(checked.error());
  if (program.groupbuy) {
    if (auto checked = checkRules(*program.groupbuy); !checked) return std::unexpected(within("/groupbuy", checked.error()));
  }
  if (program.referral) {
    if (auto checked = checkRules(*program.referral); !checked) return std::unexpected(within("/referral", checked.error()));
  }
  const auto hash = sha256(toBinary(program));
  return CheckedProgram{std::move(program), *currency, hash};
}

}  // namespace souk
