// SPDX-License-Identifier: MIT
// A shop of many streams that decides commands and folds their facts, as a collector does: ask for the streams, open them, decide, fold all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../loyalty/random_commands.hpp"
#include "souk/core/binary.hpp"
#include "souk/service/crossing.hpp"

namespace souk::test {

/// All streams there are; copied by the searches.
struct Streams {
  std::map<std::string, Account> accounts;
  std::map<std::string, Team> teams;
  std::map<std::string, Pool> pools;

  /// The bytes of every state: what a small world tells places apart by. A stream that was only opened is none.
  [[nodiscard]] Digest digest() const {
    Sha256 hash;
    const auto add = [&](const std::string& id, const auto& state) {
      if (state.at != Instant{}) hash.update(id), hash.update(toBinary(state));
    };
    for (const auto& [id, account] : accounts) add(id, account);
    for (const auto& [id, team] : teams) add(id, team);
    for (const auto& [id, pool] : pools) add(id, pool);
    return hash.finish();
  }
};

inline const Instant& instantOf(const Fact& fact) {
  return std::visit(
      [](const auto& module) -> const Instant& {
        return std::visit([](const FactHead& head) -> const Instant& { return head.at; }, module);
      },
      fact);
}

/// One shop: its rules, its clock and its streams. Each act returns the code of its refusal, or nothing.
class CrossingShop {
 public:
  CrossingShop() {
    loyalty.points.earn = {100, 1};
    loyalty.points.returnWindowDays = 14;
    loyalty.growth = {{.earn = {100, 1}, .returnWindowDays = 14, .expiry = {}}};
    loyalty.levels = {{"member", 0}};
    TeamCampaign campaign;
    campaign.id = "mugs", campaign.item = "mug", campaign.pool = "mugs";
    campaign.opensAt = kNewYear2011;
    campaign.closesAt = {kNewYear2011.ms + 365 * kDayMs};
    campaign.teamPrice = 1'000, campaign.singlePrice = 1'500, campaign.size = 2;
    groupbuy.teamCampaigns = {campaign};
    referral.inviterPoints = 50, referral.inviteePoints = 20, referral.orderBudget = 100, referral.minimumPaid = 500;
  }

  /// Runs a command to its end; `last` holds its facts by stream.
  std::optional<Code> run(Command command) {
    std::visit([&](auto& module) { std::visit([&](CommandHead& head) { head.at = now; }, module); }, command);
    last.clear();
    const CrossingRules rules{{loyalty, zone, pounds()}, groupbuy, rewarding ? &referral : nullptr};
    std::vector<OpenState> states;
    for (auto names = streamsOf(command, rules, states); names.size() > states.size(); names = streamsOf(command, rules, states)) {
      states.clear();
      for (const auto& name : names) states.push_back(open(name));
    }
    opened = states.size();
    const auto before = streams.digest();
    auto decided = decide(command, rules, states);
    if (streams.digest() != before) return Code::usage;
    if (!decided) return decided.error().code;
    last = std::move(*decided);
    for (const auto& stream : last) {
      for (const auto& fact : stream.facts) {
        if (!fold(streams, stream.stream, fact)) return Code::invalidFact;
        journal.emplace_back(stream.stream, fact);
      }
    }
    return std::nullopt;
  }

  /// Folds one fact into its stream.
  static bool fold(Streams& into, const StreamName& name, const Fact& fact) {
    if (name.kind == StreamKind::account) return evolve(into.accounts[name.id], fact).has_value();
    if (name.kind == StreamKind::team) return evolve(into.teams[name.id], std::get<TeamFact>(fact)).has_value();
    return evolve(into.pools[name.id], std::get<PoolFact>(fact)).has_value();
  }

  std::optional<Code> stock(std::int64_t units, std::string pool = "mugs") {
    SetStock command;
    command.pool = std::move(pool);
    command.onHand = units;
    return run(PoolCommand{command});
  }
  std::optional<Code> pay(std::string team, std::string account, std::string payment, bool start, std::int64_t amount = 1'000) {
    StartTeam starting;
    JoinTeam joining;
    SeatPayment& command = start ? static_cast<SeatPayment&>(starting) : static_cast<SeatPayment&>(joining);
    command.team = std::move(team), command.account = std::move(account), command.order = "o-" + payment;
    command.payment = std::move(payment), command.amount = amount, command.currency = "GBP";
    starting.campaign = "mugs";
    return run(start ? TeamCommand{starting} : TeamCommand{joining});
  }
  std::optional<Code> leave(std::string team, std::string account) {
    LeaveTeam command;
    command.team = std::move(team), command.account = std::move(account);
    return run(TeamCommand{command});
  }
  std::optional<Code> stop(std::string team) {
    StopTeam command;
    command.team = std::move(team);
    return run(TeamCommand{command});
  }
  std::optional<Code> due(std::string team) {
    TeamDue command;
    command.team = std::move(team);
    return run(TeamCommand{command});
  }
  std::optional<Code> makeCode(std::string account, std::int64_t random) {
    MakeReferralCode command;
    command.account = std::move(account), command.random = random;
    return run(ReferralCommand{command});
  }
  std::optional<Code> invite(const std::string& inviter, std::string invitee, bool sameDevice = false) {
    AcceptInvitation command;
    command.account = std::move(invitee), command.inviter = inviter, command.sameDevice = sameDevice;
    command.code = streams.accounts[inviter].referral.code;
    return run(ReferralCommand{command});
  }
  std::optional<Code> payOrder(std::string account, std::string order, bool samePayment = false) {
    PayOrder command;
    command.account = std::move(account), command.order = std::move(order), command.samePayment = samePayment;
    return run(ReferralCommand{command});
  }
  std::optional<Code> receive(std::string account, std::string order, std::vector<OrderLine> lines) {
    ReceiveOrder command;
    command.account = std::move(account), command.order = std::move(order), command.currency = "GBP", command.lines = std::move(lines);
    return run(LoyaltyCommand{command});
  }
  std::optional<Code> refund(std::string account, std::string order, std::string refund, std::vector<RefundLine> lines) {
    RefundOrder command;
    command.account = std::move(account), command.order = std::move(order), command.refund = std::move(refund);
    command.lines = std::move(lines);
    return run(LoyaltyCommand{command});
  }

  std::optional<Code> merge(std::string account, std::string from) {
    MergeAccounts command;
    command.account = std::move(account), command.from = std::move(from);
    return run(AccountCommand{command});
  }
  std::optional<Code> link(std::string account, std::string anonymous) {
    LinkAnonymous command;
    command.account = std::move(account), command.anonymous = std::move(anonymous);
    return run(AccountCommand{command});
  }

  [[nodiscard]] WalletTotals points(const std::string& account) {
    return viewAccount(streams.accounts[account].ledger, loyalty, now, false)->points.totals;
  }

  LoyaltyRules loyalty;
  GroupbuyRules groupbuy;
  ReferralRules referral;
  bool rewarding = true;
  Zone zone = shanghai();
  Instant now = kNewYear2011;
  Streams streams;
  std::vector<StreamFacts> last;
  std::size_t opened = 0;
  std::vector<std::pair<StreamName, Fact>> journal;

 private:
  OpenState open(const StreamName& name) {
    OpenState state{.name = name};
    if (name.kind == StreamKind::account) state.account = &streams.accounts[name.id];
    if (name.kind == StreamKind::team) state.team = &streams.teams[name.id];
    if (name.kind == StreamKind::pool) state.pool = &streams.pools[name.id];
    return state;
  }
};

}  // namespace souk::test
