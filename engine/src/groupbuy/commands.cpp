// SPDX-License-Identifier: MIT
#include "souk/groupbuy/commands.hpp"

namespace souk {
namespace {

struct AuthorOf {
  Author operator()(const LeaveTeam&) const { return Author::shopper; }
  Author operator()(const TeamDue&) const { return Author::clock; }
  Author operator()(const CommandHead&) const { return Author::commerce; }
};

struct PaymentOf {
  const PaymentFact* operator()(const PaymentFact& fact) const { return &fact; }
  const PaymentFact* operator()(const FactHead&) const { return nullptr; }
};

}  // namespace

Author authorOf(const TeamCommand& command) { return std::visit(AuthorOf{}, command); }

const PaymentFact* paymentOf(const TeamFact& fact) { return std::visit(PaymentOf{}, fact); }

}  // namespace souk
