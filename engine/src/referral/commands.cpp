// SPDX-License-Identifier: MIT
#include "souk/referral/commands.hpp"

namespace souk {
namespace {

struct AuthorOf {
  Author operator()(const AcceptInvitation&) const { return Author::shopper; }
  Author operator()(const CommandHead&) const { return Author::commerce; }
};

}  // namespace

Author authorOf(const ReferralCommand& command) { return std::visit(AuthorOf{}, command); }

}  // namespace souk
