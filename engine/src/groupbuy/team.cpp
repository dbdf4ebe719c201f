// SPDX-License-Identifier: MIT
// What can be asked of a team, and the promises that it keeps.
#include "souk/groupbuy/team.hpp"

namespace souk {
namespace {

bool isOver(TeamPhase phase) { return phase == TeamPhase::failed || phase == TeamPhase::cancelled; }

std::string_view brokenPayment(const Team& team, const TeamPayment& payment) {
  if (payment.amount < 1) return "a payment is an amount of money";
  if (payment.phase == PaymentPhase::refunded) return {};
  if (payment.seat == 0) return "money that has no seat is refunded";
  if (payment.phase == PaymentPhase::released && team.phase != TeamPhase::formed) return "no order is fulfilled before the team has formed";
  if (payment.amount != team.terms.price || payment.currency != team.terms.currency) return "a seat is kept at the team's price";
  for (const auto& other : team.payments) {
    if (&other == &payment) return {};
    if (other.phase != PaymentPhase::refunded && other.account == payment.account) return "nobody sits twice";
    if (other.seat >= payment.seat) return "seats are numbered in the order of taking";
  }
  return {};
}

}  // namespace

std::int64_t seatsTaken(const Team& team) {
  std::int64_t seats = 0;
  for (const auto& payment : team.payments) seats += payment.phase != PaymentPhase::refunded;
  return seats;
}

const TeamPayment* initiatorOf(const Team& team) {
  for (const auto& payment : team.payments) {
    if (payment.phase != PaymentPhase::refunded) return &payment;
  }
  return nullptr;
}

std::int64_t seatsIn(const ShopperSeats& seats, std::string_view campaign) {
  std::int64_t count = 0;
  for (const auto& seat : seats.seats) count += seat.phase != PaymentPhase::refunded && seat.campaign == campaign;
  return count;
}

Result<void> restoreDerived(Team& team) {
  if (!team.paymentIndex.rebuild(team.payments)) return fail(Code::damagedBytes, {}, "a payment stands twice");
  if (auto promise = brokenPromise(team); !promise.empty()) return fail(Code::damagedBytes, {}, promise);
  return {};
}

Result<void> restoreDerived(ShopperSeats& seats) {
  if (!seats.seatIndex.rebuild(seats.seats)) return fail(Code::damagedBytes, {}, "a payment stands twice");
  return {};
}

std::string_view brokenPromise(const Team& team) {
  for (const auto& payment : team.payments) {
    if (auto broken = brokenPayment(team, payment); !broken.empty()) return broken;
  }
  const auto seats = seatsTaken(team);
  if (seats > team.terms.size) return "no more seats are taken than there are";
  if (team.phase == TeamPhase::unstarted && seats > 0) return "a seat is in a team";
  if (team.phase == TeamPhase::formed && seats != team.terms.size) return "a team that has formed is full";
  if (team.phase == TeamPhase::forming && team.at >= team.terms.deadline) return "no team forms after its deadline";
  return {};
}

bool isUnfinished(const Team& team) {
  if (team.phase == TeamPhase::forming) return seatsTaken(team) == 0 || seatsTaken(team) == team.terms.size;
  for (const auto& payment : team.payments) {
    if (payment.phase == PaymentPhase::seated && (isOver(team.phase) || team.phase == TeamPhase::formed)) return true;
  }
  return false;
}

}  // namespace souk
