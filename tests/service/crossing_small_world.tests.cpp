// SPDX-License-Identifier: MIT
// Every state that three shoppers, one team of two or three and as many units of stock can reach: all orders of paying, leaving, stopping, pausing and time.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <deque>
#include <set>

#include "crossing_world.hpp"
#include "souk/core/invariant.hpp"

namespace souk::test {
namespace {

/// The promises that hold across streams after every command; the first broken one, or an empty text.
std::string brokenAcross(const Streams& streams) {
  for (const auto& [id, team] : streams.teams) {
    if (auto promise = brokenPromise(team); !promise.empty()) return std::string{promise};
    if (isUnfinished(team)) return "a command ends with all its refunds and releases";
    const bool keeps = team.phase == TeamPhase::forming || team.phase == TeamPhase::formed;
    for (const auto& payment : team.payments) {
      if (!keeps && payment.phase != PaymentPhase::refunded) return "a team that is over keeps no money";
      const auto& seats = streams.accounts.at(payment.account).seats;
      const auto found = seats.seatIndex.find(seats.seats, payment.id);
      if (!found || seats.seats[*found].phase != payment.phase) return "a payment stands alike on the team and on the account";
    }
  }
  for (const auto& [id, pool] : streams.pools) {
    if (auto promise = brokenPromise(pool); !promise.empty()) return std::string{promise};
  }
  return {};
}

/// What stock must be, from the teams alone.
std::string wrongStock(const Streams& streams, Instant now, std::int64_t stock) {
  std::int64_t seated = 0, released = 0;
  for (const auto& [id, team] : streams.teams) {
    for (const auto& payment : team.payments) {
      seated += payment.phase == PaymentPhase::seated && now < team.terms.deadline;
      released += payment.phase == PaymentPhase::released;
    }
  }
  const auto found = streams.pools.find("mugs");
  if (found == streams.pools.end()) return {};
  const auto& pool = found->second;
  if (pool.sold != released) return "what is sold is what was released";
  if (pool.onHand != stock - released) return "what is not sold is there";
  return availableUnits(pool, now) != stock - released - seated ? "what is seated is held" : "";
}

struct Place {
  Streams streams;
  Instant now;
  bool paused = false;
  int depth = 0;
};

/// Money that came and went, by the facts alone.
struct Money {
  std::int64_t paid = 0, refunded = 0;
};

Money moneyOf(const std::vector<StreamFacts>& facts) {
  Money money;
  for (const auto& stream : facts) {
    if (stream.stream.kind != StreamKind::team) continue;
    for (const auto& fact : stream.facts) {
      const auto& team = std::get<TeamFact>(fact);
      if (const auto* refund = std::get_if<PaymentRefunded>(&team)) money.refunded += refund->payment.amount;
    }
  }
  return money;
}

std::int64_t keptIn(const Streams& streams) {
  std::int64_t kept = 0;
  for (const auto& [id, team] : streams.teams) {
    for (const auto& payment : team.payments) kept += payment.phase != PaymentPhase::refunded ? payment.amount : 0;
  }
  return kept;
}

int depthToSearch() {
  if (const char* wanted = std::getenv("SOUK_SMALL_WORLD_DEPTH")) return std::atoi(wanted);
  return kCheckInvariants ? 4 : 6;
}

/// Every act of the world; each shopper has two payments in the pocket.
bool act(CrossingShop& shop, int which, std::int64_t& paid) {
  static constexpr const char* kNames[] = {"a", "b", "c"};
  const std::string who = kNames[which % 3];
  const auto pays = [&](const char* pocket, bool start) {
    const auto refused = shop.pay("t", who, who + pocket, start);
    paid = refused ? 0 : 1'000;
    return !refused;
  };
  paid = 0;
  switch (which / 3) {
    case 0: return pays("1", true);
    case 1: return pays("1", false);
    case 2: return pays("2", false);
    case 3: return !shop.leave("t", who);
    default: break;
  }
  if (which == 12) return !shop.stop("t");
  return !shop.due("t");
}

/// Teams of `size` with as many units of stock. @return How many states there are.
std::size_t explore(Leaving leaving, std::int64_t size) {
  CrossingShop shop;
  shop.groupbuy.teamCampaigns[0].leaving = leaving;
  shop.groupbuy.teamCampaigns[0].size = size;
  shop.groupbuy.teamCampaigns[0].durationMinutes = 60;
  REQUIRE(!shop.stock(size));
  std::set<std::pair<Digest, std::int64_t>> seen;
  std::deque<Place> places{{shop.streams, shop.now, false, 0}};
  const Instant deadline{kNewYear2011.ms + 3'600'000};
  for (; !places.empty(); places.pop_front()) {
    const Place place = places.front();
    if (place.depth == depthToSearch()) continue;
    // 0–13 acts now; 14 the clock comes to one millisecond before the deadline, 15 to it; 16 the campaign is paused, or goes on.
    for (int which = 0; which <= 16; ++which) {
      shop.streams = place.streams, shop.now = place.now, shop.journal.clear(), shop.last.clear();
      bool paused = place.paused;
      std::int64_t paid = 0;
      if (which == 14 && place.now.ms < deadline.ms - 1) shop.now = {deadline.ms - 1};
      else if (which == 15 && place.now < deadline) shop.now = deadline;
      else if (which == 16) paused = !paused;
      else if (which >= 14) continue;
      shop.groupbuy.teamCampaigns[0].state = paused ? CampaignState::paused : CampaignState::running;
      if (which < 14 && !act(shop, which, paid)) {
        REQUIRE(shop.streams.digest() == place.streams.digest());
        continue;
      }
      REQUIRE(keptIn(shop.streams) == keptIn(place.streams) + paid - moneyOf(shop.last).refunded);
      REQUIRE(brokenAcross(shop.streams) == "");
      REQUIRE(wrongStock(shop.streams, shop.now, size) == "");
      if (!seen.insert({shop.streams.digest(), shop.now.ms * 2 + paused}).second) continue;
      places.push_back({shop.streams, shop.now, paused, place.depth + 1});
    }
  }
  return seen.size();
}

}  // namespace

TEST_CASE("small world: whoever pays, leaves, stops or waits in any order, seats, stock and money are exact", "[crossing][small-world]") {
  CHECK(explore(Leaving::everyone, 2) > 5'000);
  CHECK(explore(Leaving::everyone, 3) > 5'000);
  CHECK(explore(Leaving::dissolving, 3) > 5'000);
}

}  // namespace souk::test
