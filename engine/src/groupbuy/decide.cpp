// SPDX-License-Identifier: MIT
// The rules: a command on a team becomes facts, or is refused.
#include <algorithm>
#include <utility>

#include "souk/core/id.hpp"
#include "souk/groupbuy.hpp"

namespace souk {
namespace {

using Facts = Result<std::vector<TeamFact>>;

constexpr std::int64_t kMinuteMs = 60'000;

Result<void> checkPayment(const SeatPayment& command) {
  const auto check = [](std::string_view path, std::string_view id) -> Result<void> {
    auto checked = checkId(id);
    if (!checked) return std::unexpected(within(path, std::move(checked.error())));
    return {};
  };
  if (auto checked = check("/team", command.team); !checked) return checked;
  if (auto checked = check("/payment", command.payment); !checked) return checked;
  if (auto checked = check("/order", command.order); !checked) return checked;
  if (auto checked = check("/account", command.account); !checked) return checked;
  if (command.amount < 1 || command.amount > kMaxExact) return fail(Code::outOfRange, "/amount", "a payment is above zero");
  return {};
}

/// Whether a campaign takes payments at an instant.
bool takesPayments(const TeamCampaign* campaign, Instant at) {
  return campaign != nullptr && campaign->state == CampaignState::running && campaign->opensAt <= at && at < campaign->closesAt;
}

/// One decision: the team, and the facts so far.
class Decision {
 public:
  Decision(const GroupbuyContext& context, const TeamSurroundings& around, const Team& team, Instant at)
      : context_(context), around_(around), team_(team), at_(at) {}

  Facts operator()(const StartTeam& command);
  Facts operator()(const JoinTeam& command);
  Facts operator()(const LeaveTeam& command);
  Facts operator()(const StopTeam& command);
  Facts operator()(const TeamDue& command);

 private:
  template <class Fact>
  Fact aboutPayment(const std::string& team, const std::string& campaign, TeamPayment payment, PaymentPhase phase) const;
  void close(const std::string& team, TeamPhase phase, RefundReason reason);
  void refund(const std::string& team, const TeamPayment& payment, RefundReason reason);
  /// Fails the team if its deadline has come, before anything else happens. @return Whether it did.
  bool failIfDue(const std::string& team);

  [[nodiscard]] Result<void> checkNew(const SeatPayment& command) const;
  [[nodiscard]] std::optional<RefundReason> whyNoSeat(const SeatPayment& command, const TeamCampaign* campaign, std::int64_t price,
                                                      std::string_view currency) const;
  [[nodiscard]] std::optional<RefundReason> whyNotOpen(bool wasDue) const;
  Facts refunded(const SeatPayment& command, RefundReason reason);
  void takeSeat(const SeatPayment& command, const std::string& campaign);

  const GroupbuyContext& context_;
  const TeamSurroundings& around_;
  const Team& team_;
  Instant at_;
  std::vector<TeamFact> facts_;
};

template <class Fact>
Fact Decision::aboutPayment(const std::string& team, const std::string& campaign, TeamPayment payment, PaymentPhase phase) const {
  Fact fact;
  fact.at = at_;
  fact.team = team;
  fact.campaign = campaign;
  fact.payment = std::move(payment);
  fact.payment.phase = phase;
  return fact;
}

TeamPayment paymentFrom(const SeatPayment& command) {
  return {.id = command.payment,
          .account = command.account,
          .order = command.order,
          .name = maskName(command.name),
          .amount = command.amount,
          .currency = command.currency};
}

void Decision::refund(const std::string& team, const TeamPayment& payment, RefundReason reason) {
  auto fact = aboutPayment<PaymentRefunded>(team, team_.terms.campaign, payment, PaymentPhase::refunded);
  fact.reason = reason;
  facts_.emplace_back(std::move(fact));
}

void Decision::close(const std::string& team, TeamPhase phase, RefundReason reason) {
  TeamClosed fact;
  fact.at = at_;
  fact.phase = phase;
  facts_.emplace_back(std::move(fact));
  for (const auto& payment : team_.payments) {
    if (payment.phase == PaymentPhase::seated) refund(team, payment, reason);
  }
}

bool Decision::failIfDue(const std::string& team) {
  if (team_.phase != TeamPhase::forming || at_ < team_.terms.deadline) return false;
  close(team, TeamPhase::failed, RefundReason::teamFailed);
  return true;
}

Result<void> Decision::checkNew(const SeatPayment& command) const {
  if (auto checked = checkPayment(command); !checked) return checked;
  if (around_.knownPayment || team_.paymentIndex.find(team_.payments, command.payment)) {
    return fail(Code::duplicatePayment, "/payment", "taken before");
  }
  return {};
}

Facts Decision::refunded(const SeatPayment& command, RefundReason reason) {
  refund(command.team, paymentFrom(command), reason);
  return std::move(facts_);
}

std::optional<RefundReason> Decision::whyNotOpen(bool wasDue) const {
  if (wasDue || team_.phase == TeamPhase::failed) return RefundReason::late;
  if (team_.phase == TeamPhase::unstarted) return RefundReason::noTeam;
  if (team_.phase == TeamPhase::formed) return RefundReason::full;
  if (team_.phase == TeamPhase::cancelled) return RefundReason::teamCancelled;
  return std::nullopt;
}

std::optional<RefundReason> Decision::whyNoSeat(const SeatPayment& command, const TeamCampaign* campaign, std::int64_t price,
                                                std::string_view currency) const {
  if (!takesPayments(campaign, at_)) return RefundReason::campaignClosed;
  if (command.currency != currency) return RefundReason::wrongCurrency;
  if (command.amount != price) return RefundReason::wrongAmount;
  const auto sits = [&](const TeamPayment& seat) { return seat.phase == PaymentPhase::seated && seat.account == command.account; };
  if (std::any_of(team_.payments.begin(), team_.payments.end(), sits)) return RefundReason::alreadyMember;
  if (campaign->seatsPerShopper && around_.shopperSeats >= *campaign->seatsPerShopper) return RefundReason::shopperLimit;
  if (campaign->seats && around_.campaignSeats >= *campaign->seats) return RefundReason::campaignLimit;
  if (around_.unitsAvailable < 1) return RefundReason::soldOut;
  return std::nullopt;
}

void Decision::takeSeat(const SeatPayment& command, const std::string& campaign) {
  auto payment = paymentFrom(command);
  payment.seat = 1;
  for (const auto& before : team_.payments) payment.seat = std::max(payment.seat, before.seat + 1);
  facts_.emplace_back(aboutPayment<SeatTaken>(command.team, campaign, std::move(payment), PaymentPhase::seated));
}

Facts Decision::operator()(const StartTeam& command) {
  if (auto checked = checkNew(command); !checked) return std::unexpected(checked.error());
  if (auto checked = checkId(command.campaign); !checked) return std::unexpected(within("/campaign", checked.error()));
  if (failIfDue(command.team) || team_.phase != TeamPhase::unstarted) return refunded(command, RefundReason::teamExists);
  const auto* campaign = findCampaign(context_.rules, command.campaign);
  if (const auto reason = whyNoSeat(command, campaign, campaign != nullptr ? campaign->teamPrice : 0, context_.currency))
    return refunded(command, *reason);
  TeamStarted fact;
  fact.at = at_;
  const Instant end{at_.ms + campaign->durationMinutes * kMinuteMs};
  fact.terms = {campaign->id,        campaign->item,   campaign->pool,    campaign->size,
                campaign->teamPrice, command.currency, campaign->leaving, std::min(end, campaign->closesAt)};
  facts_.emplace_back(std::move(fact));
  takeSeat(command, campaign->id);
  return std::move(facts_);
}

Facts Decision::operator()(const JoinTeam& command) {
  if (auto checked = checkNew(command); !checked) return std::unexpected(checked.error());
  if (const auto reason = whyNotOpen(failIfDue(command.team))) return refunded(command, *reason);
  const auto& terms = team_.terms;
  if (const auto reason = whyNoSeat(command, findCampaign(context_.rules, terms.campaign), terms.price, terms.currency))
    return refunded(command, *reason);
  takeSeat(command, terms.campaign);
  if (seatsTaken(team_) + 1 < terms.size) return std::move(facts_);
  TeamClosed formed;
  formed.at = at_;
  formed.phase = TeamPhase::formed;
  const auto last = std::get<SeatTaken>(facts_.back()).payment;
  facts_.emplace_back(std::move(formed));
  const auto release = [&](const TeamPayment& payment) {
    facts_.emplace_back(aboutPayment<FulfilmentReleased>(command.team, terms.campaign, payment, PaymentPhase::released));
  };
  for (const auto& payment : team_.payments) {
    if (payment.phase == PaymentPhase::seated) release(payment);
  }
  release(last);
  return std::move(facts_);
}

Facts Decision::operator()(const LeaveTeam& command) {
  if (team_.phase == TeamPhase::unstarted) return fail(Code::unknownTeam, "/team", "never started");
  if (failIfDue(command.team)) return std::move(facts_);
  if (team_.phase != TeamPhase::forming) return fail(Code::teamClosed, "/team", "no longer forming");
  const auto sits = [&](const TeamPayment& seat) { return seat.phase == PaymentPhase::seated && seat.account == command.account; };
  const auto found = std::find_if(team_.payments.begin(), team_.payments.end(), sits);
  if (found == team_.payments.end()) return fail(Code::notAMember, "/account", "holds no seat");
  const bool leads = &*found == initiatorOf(team_);
  const auto leaving = team_.terms.leaving;
  if (leaving == Leaving::nobody || (leaving == Leaving::members && leads)) return fail(Code::leavingNotAllowed, "/team", "not this seat");
  if (leaving == Leaving::dissolving && leads) {
    close(command.team, TeamPhase::cancelled, RefundReason::teamCancelled);
    return std::move(facts_);
  }
  refund(command.team, *found, RefundReason::left);
  if (seatsTaken(team_) > 1) return std::move(facts_);
  TeamClosed cancelled;
  cancelled.at = at_;
  cancelled.phase = TeamPhase::cancelled;
  facts_.emplace_back(std::move(cancelled));
  return std::move(facts_);
}

Facts Decision::operator()(const StopTeam& command) {
  if (team_.phase == TeamPhase::unstarted) return fail(Code::unknownTeam, "/team", "never started");
  if (failIfDue(command.team)) return std::move(facts_);
  if (team_.phase != TeamPhase::forming) return fail(Code::teamClosed, "/team", "no longer forming");
  close(command.team, TeamPhase::cancelled, RefundReason::teamCancelled);
  return std::move(facts_);
}

Facts Decision::operator()(const TeamDue& command) {
  if (!failIfDue(command.team)) return fail(Code::nothingDue, "/at", "no deadline has come");
  return std::move(facts_);
}

}  // namespace

Facts decide(const TeamCommand& command, const GroupbuyContext& context, const TeamSurroundings& around, const Team& team) {
  const Instant at = std::visit([](const CommandHead& head) { return head.at; }, command);
  if (at < team.at) return fail(Code::beforeStream, "/at", "the command lies before the stream's last fact");
  return std::visit(Decision{context, around, team, at}, command);
}

std::optional<Instant> nextDue(const Team& team) {
  return team.phase == TeamPhase::forming ? std::optional{team.terms.deadline} : std::nullopt;
}

}  // namespace souk
