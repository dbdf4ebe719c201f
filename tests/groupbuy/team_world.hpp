// SPDX-License-Identifier: MIT
// One team of two for £10 instead of £15, in a pool with plenty of stock, for a day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "souk/groupbuy.hpp"

namespace souk::test {

inline constexpr Instant kMorning{1'000'000'000'000};
inline constexpr std::int64_t kHourMs = 3'600'000;
inline constexpr std::int64_t kPrice = 1'000;

inline TeamCampaign mugCampaign() {
  TeamCampaign campaign;
  campaign.id = "mugs";
  campaign.item = "mug";
  campaign.pool = "mugs";
  campaign.opensAt = kMorning;
  campaign.closesAt = {kMorning.ms + 72 * kHourMs};
  campaign.teamPrice = kPrice;
  campaign.singlePrice = 1'500;
  campaign.size = 2;
  return campaign;
}

/// One team that decides and folds. Each act returns the code of its refusal, or nothing; `refunds` lists "payment reason" of the last one.
class TeamShop {
 public:
  TeamShop() { rules.teamCampaigns = {mugCampaign()}; }

  std::optional<Code> start(std::string account, std::string payment, std::int64_t amount = kPrice, std::string currency = "GBP") {
    StartTeam command;
    command.campaign = "mugs";
    return pay(std::move(command), std::move(account), std::move(payment), amount, std::move(currency));
  }
  std::optional<Code> join(std::string account, std::string payment, std::int64_t amount = kPrice, std::string currency = "GBP") {
    return pay(JoinTeam{}, std::move(account), std::move(payment), amount, std::move(currency));
  }
  std::optional<Code> leave(std::string account) {
    LeaveTeam command;
    command.account = std::move(account);
    return run(std::move(command));
  }
  std::optional<Code> stop() { return run(StopTeam{}); }
  std::optional<Code> due() { return run(TeamDue{}); }

  template <class Command>
  std::optional<Code> run(Command command) {
    command.team = "t1";
    command.at = now;
    last.clear();
    const auto facts = decide(command, {rules, "GBP"}, around, team);
    if (!facts) return facts.error().code;
    last = *facts;
    for (const auto& fact : last) {
      if (auto folded = evolve(team, fact); !folded) return folded.error().code;
    }
    return isUnfinished(team) ? std::optional{Code::usage} : std::nullopt;
  }

  [[nodiscard]] std::vector<std::string> refunds() const {
    std::vector<std::string> found;
    for (const auto& fact : last) {
      const auto* refund = std::get_if<PaymentRefunded>(&fact);
      if (refund == nullptr) continue;
      const auto name = enumNames(std::type_identity<RefundReason>{})[static_cast<std::size_t>(refund->reason)];
      found.push_back(refund->payment.id + " " + std::to_string(refund->payment.amount) + " " + std::string{name});
    }
    return found;
  }
  [[nodiscard]] std::size_t released() const {
    std::size_t count = 0;
    for (const auto& fact : last) count += std::holds_alternative<FulfilmentReleased>(fact);
    return count;
  }
  [[nodiscard]] TeamView view(std::string_view viewer = {}) const { return *viewTeam(team, now, viewer); }
  void wait(std::int64_t ms) { now.ms += ms; }

  GroupbuyRules rules;
  TeamSurroundings around{.unitsAvailable = 100};
  Instant now = kMorning;
  Team team;
  std::vector<TeamFact> last;

 private:
  template <class Command>
  std::optional<Code> pay(Command command, std::string account, std::string payment, std::int64_t amount, std::string currency) {
    command.name = account + "-name";
    command.account = std::move(account);
    command.order = "o-" + payment;
    command.payment = std::move(payment);
    command.amount = amount;
    command.currency = std::move(currency);
    return run(std::move(command));
  }
};

using Refunds = std::vector<std::string>;

}  // namespace souk::test
