// SPDX-License-Identifier: MIT
// Teams, stock and invitations against a model that keeps payments and people in two lists, command after command.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "naive_shop.hpp"
#include "souk/core/invariant.hpp"

namespace souk::test {
namespace {

constexpr int kCommandsPerHistory = 50;

/// 10^5 commands in an optimised build; a fifth of that where every fact is checked and every access watched.
std::int64_t commandsToRun() {
  if (const char* wanted = std::getenv("SOUK_MODEL_COMMANDS")) return std::atoll(wanted);
  return kCheckInvariants ? 20'000 : 100'000;
}

std::string nameOf(std::optional<Code> code) { return std::string{code ? codeName(*code) : "accepted"}; }

/// One history in both worlds.
class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), naive_(shop_) {
    shop_.loyalty.points.returnWindowDays = 0;
    shop_.groupbuy.teamCampaigns[0].durationMinutes = 3;
    shop_.groupbuy.teamCampaigns[0].leaving = static_cast<Leaving>(random_.between(0, 3));
    shop_.groupbuy.teamCampaigns[0].size = random_.between(2, 3);
    if (random_.oneIn(2)) shop_.groupbuy.teamCampaigns[0].seatsPerShopper = random_.between(1, 2);
    if (random_.oneIn(3)) shop_.groupbuy.teamCampaigns[0].seats = random_.between(2, 6);
    if (random_.oneIn(2)) shop_.referral.rewardsPerInviter = random_.between(1, 2);
    if (random_.oneIn(3)) shop_.referral.orderWithinDays = 1;
    if (!random_.oneIn(2)) return;
    shop_.referral.budgetPool = "budget";
    naive_.budget = random_.between(0, 3) * 60;
    (void)shop_.stock(naive_.budget, "budget");
  }

  std::string run() {
    for (int i = 0; i < kCommandsPerHistory; ++i) {
      if (random_.oneIn(2)) shop_.now.ms += random_.oneIn(20) ? random_.between(0, 2) * kDayMs / 2 : random_.between(0, 3) * 30'000;
      auto& campaign = shop_.groupbuy.teamCampaigns[0];
      if (random_.oneIn(10)) campaign.state = random_.oneIn(3) ? CampaignState::paused : CampaignState::running;
      if (random_.oneIn(20)) campaign.teamPrice = random_.between(9, 10) * 100;
      if (random_.oneIn(20)) shop_.rewarding = !random_.oneIn(4);
      const auto [got, expected] = step();
      const auto number = " at command " + std::to_string(i);
      if (got != expected) return "the refusals differ: " + nameOf(got) + " and " + nameOf(expected) + number;
      if (auto difference = compare(); !difference.empty()) return difference + number;
    }
    return replayed();
  }

 private:
  std::pair<std::optional<Code>, std::optional<Code>> step() {
    const auto who = account();
    const auto team = "t" + std::to_string(random_.between(1, 4));
    if (random_.oneIn(40)) {
      const auto from = account();
      return {shop_.merge(who, from), naive_.merge(who, from)};
    }
    switch (random_.between(1, 16)) {
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
      case 6: {
        const auto payment = who + "-" + std::to_string(random_.oneIn(8) ? random_.between(1, payments_ + 1) : ++payments_);
        const auto amount = random_.between(0, 9) > 0 ? shop_.groupbuy.teamCampaigns[0].teamPrice : random_.between(800, 1'200);
        const bool start = random_.oneIn(3);
        return {shop_.pay(team, who, payment, start, amount), naive_.pay(start, team, who, payment, amount)};
      }
      case 7: return {shop_.leave(team, who), naive_.leave(team, who)};
      case 8: return random_.oneIn(3) ? std::pair{shop_.stop(team), naive_.stop(team)} : std::pair{shop_.due(team), naive_.due(team)};
      case 9: {
        const auto units = random_.between(0, 12);
        return {shop_.stock(units), naive_.stock(units)};
      }
      case 10: return {shop_.makeCode(who, random_.between(0, kReferralCodes - 1)), naive_.makeCode(who)};
      case 11:
      case 12: {
        const auto invitee = account();
        const bool sameDevice = random_.oneIn(6);
        return {shop_.invite(who, invitee, sameDevice), naive_.invite(who, invitee, sameDevice)};
      }
      case 13: {
        const bool samePayment = random_.oneIn(4);
        return {shop_.payOrder(who, "x", samePayment), naive_.payOrder(who, samePayment)};
      }
      case 14:
      case 15: {
        const auto order = "o" + std::to_string(random_.between(1, 3));
        const auto quantity = random_.between(1, 3);
        const auto paid = quantity * random_.between(1, 6) * 100;
        return {shop_.receive(who, order, {{"item", quantity, paid}}), naive_.receive(who, order, quantity, paid)};
      }
      default: {
        const auto order = "o" + std::to_string(random_.between(1, 3));
        const auto quantity = random_.between(1, 2);
        return {shop_.refund(who, order, "f" + std::to_string(++refunds_), {{0, quantity}}), naive_.refund(who, order, quantity)};
      }
    }
  }

  std::string account() { return "a" + std::to_string(random_.between(1, 6)); }

  std::string compare() {
    for (auto& [id, team] : shop_.streams.teams) {
      if (auto promise = brokenPromise(team); !promise.empty() || isUnfinished(team)) return "a team breaks a promise";
      const auto naive = naive_.teams.find(id);
      const auto phase = enumNames(std::type_identity<TeamPhase>{})[static_cast<std::size_t>(team.phase)];
      const auto end = naive == naive_.teams.end() ? "unstarted" : naive->second.end.empty() ? "forming" : naive->second.end;
      if (phase != end) return "a team's state differs";
      if (seatsTaken(team) != naive_.seated(id)) return "the seats differ";
    }
    std::int64_t paid = 0, kept = 0, refunded = 0;
    for (const auto& [id, team] : shop_.streams.teams) {
      for (const auto& p : team.payments) (p.phase == PaymentPhase::refunded ? refunded : kept) += p.amount;
    }
    for (const auto& p : naive_.payments) paid += p.amount, refunded -= p.why.empty() ? 0 : p.amount;
    if (refunded != 0) return "the refunds differ";
    for (const auto& p : naive_.payments) paid -= p.why.empty() ? 0 : p.amount;
    if (paid != kept) return "the money kept differs";
    const auto& pool = shop_.streams.pools["mugs"];
    if (pool.sold != naive_.sold() || availableUnits(pool, shop_.now) != naive_.free()) return "the stock differs";
    return comparePeople();
  }

  std::string comparePeople() {
    for (auto& [id, account] : shop_.streams.accounts) {
      auto& person = naive_.people[id];
      if (auto promise = brokenPromise(account.ledger); !promise.empty()) return std::string{promise};
      if (auto promise = brokenPromise(account.referral); !promise.empty()) return std::string{promise};
      const auto totals = shop_.points(id);
      if (totals.earned - totals.clawedBack != person.points) return "the points differ";
      if (totals.debt + totals.forgiven != 0) return "points are owed that were never spent";
      const auto& invitation = account.referral.invitation;
      if (invitation.has_value() == person.inviter.empty()) return "the invitations differ";
      if (!invitation) continue;
      const auto fate = enumNames(std::type_identity<InvitationPhase>{})[static_cast<std::size_t>(invitation->phase)];
      if (invitation->inviter != person.inviter || fate != (person.fate.empty() ? "open" : person.fate)) return "an invitation differs";
      if (hasCycle(id)) return "the invitations form a cycle";
    }
    return {};
  }

  bool hasCycle(const std::string& from) {
    auto at = from;
    for (std::size_t steps = 0; steps <= naive_.people.size(); ++steps) {
      const auto& invitation = shop_.streams.accounts[at].referral.invitation;
      if (!invitation) return false;
      at = naive_.whoIs(invitation->inviter);
      if (at == from) return true;
    }
    return true;
  }

  /// Folds all facts from empty, and compares every stream's bytes.
  std::string replayed() {
    Streams again;
    for (const auto& [stream, fact] : shop_.journal) {
      if (!CrossingShop::fold(again, stream, fact)) return "a fact does not fold again";
    }
    for (const auto& [id, account] : again.accounts) {
      if (toBinary(account) != toBinary(shop_.streams.accounts[id])) return "a replayed account differs";
    }
    for (const auto& [id, team] : again.teams) {
      if (toBinary(team) != toBinary(shop_.streams.teams[id])) return "a replayed team differs";
    }
    for (const auto& [id, pool] : again.pools) {
      if (toBinary(pool) != toBinary(shop_.streams.pools[id])) return "a replayed pool differs";
    }
    return {};
  }

  Random random_;
  CrossingShop shop_;
  NaiveShop naive_;
  std::int64_t payments_ = 0;
  std::int64_t refunds_ = 0;
};

}  // namespace

TEST_CASE("crossing: every seat, refund, unit, invitation and point equals that of a model in two lists", "[crossing][model]") {
  for (std::int64_t seed = 1; seed <= commandsToRun() / kCommandsPerHistory; ++seed) {
    const auto difference = History{static_cast<std::uint64_t>(seed)}.run();
    INFO("seed " << seed << ": " << difference);
    REQUIRE(difference.empty());
  }
}

}  // namespace souk::test
