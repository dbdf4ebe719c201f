// SPDX-License-Identifier: MIT
// The scope of a page: accounts alone. Linked in front of the library, whose own scope is then never taken.
#include <array>

#include "souk/service/crossing.hpp"

namespace souk {
namespace {

/// In the place of a module whose commands no page decides, or whose facts no account has.
constexpr TypeRow kLeftOut{.shape = Shape::choice};

constexpr std::array<const TypeRow*, 5> kCommands{&typeRow<LoyaltyCommand>, &kLeftOut, &kLeftOut, &typeRow<ReferralCommand>, &kLeftOut};
constexpr std::array<const TypeRow*, 5> kFacts{&typeRow<LoyaltyFact>, &kLeftOut, &typeRow<TeamFact>, &typeRow<ReferralFact>,
                                               &typeRow<AccountFact>};
static_assert(kCommands.size() == std::variant_size_v<Command> && kFacts.size() == std::variant_size_v<Fact>);

/// A choice's row with other alternatives.
template <class Choice>
constexpr TypeRow rowWith(std::span<const TypeRow* const> alternatives) {
  auto row = typeRow<Choice>;
  row.types = alternatives;
  return row;
}

}  // namespace

const bool kHoldsSharedStreams = false;
constinit const TypeRow kCommandRow = rowWith<Command>(kCommands);
constinit const TypeRow kFactRow = rowWith<Fact>(kFacts);

}  // namespace souk
