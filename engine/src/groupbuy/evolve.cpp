// SPDX-License-Identifier: MIT
// Folding a fact: first every check, then every change. Reads no rule; only ever added to.
#include <algorithm>

#include "souk/core/invariant.hpp"
#include "souk/groupbuy.hpp"

namespace souk {
namespace {

/// Whether two records are of one payment, wherever its money is now.
bool isSamePayment(const TeamPayment& a, const TeamPayment& b) {
  return a.id == b.id && a.account == b.account && a.order == b.order && a.amount == b.amount && a.currency == b.currency &&
         a.seat == b.seat && a.name == b.name;
}

class Misfit {
 public:
  Misfit(const Team& team, Instant at) : team_(team), at_(at) {}

  std::string_view operator()(const TeamStarted& fact) const {
    if (team_.phase != TeamPhase::unstarted) return "the team was started before";
    const auto& terms = fact.terms;
    if (terms.size < 2 || terms.size > kMaxTeamSize || terms.price < 1) return "nobody can form such a team";
    return terms.deadline <= at_ ? "the deadline is over" : "";
  }

  std::string_view operator()(const SeatTaken& fact) const {
    const auto& payment = fact.payment;
    if (team_.phase != TeamPhase::forming || at_ >= team_.terms.deadline) return "the team takes no seats";
    if (team_.paymentIndex.find(team_.payments, payment.id)) return "the payment is known";
    if (seatsTaken(team_) >= team_.terms.size) return "no seat is left";
    if (payment.phase != PaymentPhase::seated || payment.seat < 1) return "the payment takes no seat";
    if (payment.amount != team_.terms.price || payment.currency != team_.terms.currency) return "not the price of a seat";
    for (const auto& other : team_.payments) {
      if (other.seat >= payment.seat) return "the seat's number is not the next one";
      if (other.phase == PaymentPhase::seated && other.account == payment.account) return "the payer sits already";
    }
    return {};
  }

  std::string_view operator()(const TeamClosed& fact) const {
    if (team_.phase != TeamPhase::forming) return "the team is not forming";
    const bool due = at_ >= team_.terms.deadline;
    const bool full = seatsTaken(team_) == team_.terms.size;
    if (fact.phase == TeamPhase::formed) return full && !due ? "" : "the team is not full in time";
    if (fact.phase == TeamPhase::failed) return due ? "" : "the deadline has not come";
    if (due) return "the deadline has come";
    return fact.phase == TeamPhase::cancelled ? "" : "a team does not end so";
  }

  std::string_view operator()(const FulfilmentReleased& fact) const {
    const auto* payment = known(fact);
    if (payment == nullptr || payment->phase != PaymentPhase::seated) return "the payment holds no seat";
    return team_.phase == TeamPhase::formed && fact.payment.phase == PaymentPhase::released ? "" : "the team has not formed";
  }

  std::string_view operator()(const PaymentRefunded& fact) const {
    if (fact.payment.phase != PaymentPhase::refunded || fact.payment.amount < 1) return "the payment is not refunded";
    if (team_.phase == TeamPhase::forming && at_ >= team_.terms.deadline) return "the team is to fail first";
    if (!team_.paymentIndex.find(team_.payments, fact.payment.id)) return fact.payment.seat != 0 ? "an unknown payment has no seat" : "";
    const auto* payment = known(fact);
    if (payment == nullptr || payment->phase != PaymentPhase::seated) return "the payment holds no seat";
    if (team_.phase == TeamPhase::formed) return "the team has formed";
    return team_.phase == TeamPhase::forming && fact.reason != RefundReason::left ? "a seat of a forming team is refunded who leaves it"
                                                                                  : "";
  }

 private:
  const TeamPayment* known(const PaymentFact& fact) const {
    const auto found = team_.paymentIndex.find(team_.payments, fact.payment.id);
    return found && isSamePayment(team_.payments[*found], fact.payment) ? &team_.payments[*found] : nullptr;
  }

  const Team& team_;
  Instant at_;
};

struct Apply {
  Team& team;

  void operator()(const TeamStarted& fact) const {
    team.terms = fact.terms;
    team.phase = TeamPhase::forming;
  }
  void operator()(const TeamClosed& fact) const { team.phase = fact.phase; }
  void operator()(const PaymentFact& fact) const {
    if (const auto found = team.paymentIndex.find(team.payments, fact.payment.id)) {
      team.payments[*found].phase = fact.payment.phase;
      return;
    }
    team.payments.push_back(fact.payment);
    team.paymentIndex.addLast(team.payments);
  }
};

}  // namespace

Result<void> evolve(Team& team, const TeamFact& fact) {
  const Instant at = std::visit([](const FactHead& head) { return head.at; }, fact);
  if (at < team.at) return fail(Code::beforeStream, "/at", "the fact lies before the state");
  const auto why = std::visit(Misfit{team, at}, fact);
  if (!why.empty()) return fail(Code::invalidFact, {}, why);
  std::visit(Apply{team}, fact);
  team.at = at;
  if constexpr (kCheckInvariants) {
    if (auto promise = brokenPromise(team); !promise.empty()) invariantBroken(promise);
  }
  return {};
}

Result<void> evolve(ShopperSeats& seats, const TeamFact& fact) {
  const auto* about = paymentOf(fact);
  if (about == nullptr) return fail(Code::invalidFact, {}, "the fact is not about a payment");
  const auto& payment = about->payment;
  const auto found = seats.seatIndex.find(seats.seats, payment.id);
  if (!found) {
    if (payment.phase == PaymentPhase::released) return fail(Code::invalidFact, {}, "the payment is not known");
    seats.seats.push_back({payment.id, about->team, about->campaign, payment.phase});
    seats.seatIndex.addLast(seats.seats);
    return {};
  }
  auto& seat = seats.seats[*found];
  if (seat.team != about->team) return fail(Code::invalidFact, {}, "the payment is for another team");
  if (seat.phase != PaymentPhase::seated || payment.phase == PaymentPhase::seated) {
    return fail(Code::invalidFact, {}, "the payment holds no seat");
  }
  seat.phase = payment.phase;
  return {};
}

}  // namespace souk
