// SPDX-License-Identifier: MIT
// The scope of every program that does not bring another one: all streams.
#include "souk/service/crossing.hpp"

namespace souk {

const bool kHoldsSharedStreams = true;
constinit const TypeRow kCommandRow = typeRow<Command>;
constinit const TypeRow kFactRow = typeRow<Fact>;

}  // namespace souk
