// SPDX-License-Identifier: MIT
#include "souk/loyalty/commands.hpp"

namespace souk {
namespace {

struct AuthorOf {
  Author operator()(const RedeemPoints&) const { return Author::shopper; }
  Author operator()(const Due&) const { return Author::clock; }
  Author operator()(const CommandHead&) const { return Author::commerce; }
};

}  // namespace

Author authorOf(const LoyaltyCommand& command) { return std::visit(AuthorOf{}, command); }

}  // namespace souk
