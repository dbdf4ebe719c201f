// SPDX-License-Identifier: MIT
// What a merchant sets for team purchase.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"

namespace souk {

inline constexpr std::int64_t kMaxTeamSize = 100;              ///< One transaction locks the account of every member.
inline constexpr std::int64_t kMaxTeamMinutes = 60 * 24 * 60;  ///< Sixty days: longer than any card payment can be refunded at no cost.

/// Whether a campaign takes payments. Anything but `running` refunds them; teams that are forming stay until they are stopped or their deadline.
enum class CampaignState : std::uint8_t { running, paused, ended };

constexpr auto enumNames(std::type_identity<CampaignState>) { return std::array<std::string_view, 3>{"running", "paused", "ended"}; }

/// Who may give a paid seat back while the team is forming. A team keeps the rule that it was started under.
enum class Leaving : std::uint8_t {
  nobody,      ///< Paid seats stay until the team forms or fails.
  members,     ///< All but the initiator.
  everyone,    ///< The initiator too: the next in line takes over, with the same deadline; the last one to leave cancels the team.
  dissolving,  ///< Everyone; when the initiator leaves, the team is cancelled.
};

constexpr auto enumNames(std::type_identity<Leaving>) {
  return std::array<std::string_view, 4>{"nobody", "members", "everyone", "dissolving"};
}

/// One team-price campaign (拼团): `size` shoppers who pay the team price before the deadline get it. A seat is one unit of the item.
struct TeamCampaign {
  std::string id;
  std::string item;
  std::string pool;
  CampaignState state = CampaignState::running;
  Instant opensAt;
  Instant closesAt;
  std::int64_t teamPrice = 0;
  std::int64_t singlePrice = 0;
  std::int64_t size = 2;
  std::int64_t durationMinutes = 1'440;
  std::optional<std::int64_t> seatsPerShopper;
  std::optional<std::int64_t> seats;
  Leaving leaving = Leaving::everyone;
  static constexpr auto fields() {
    return std::tuple{
        Field{"id", &TeamCampaign::id, "Id of the campaign.", 1, 64},
        Field{"item", &TeamCampaign::item, "Id of the item.", 1, 64},
        Field{"pool", &TeamCampaign::pool, "Id of the stock pool that seats are held in.", 1, 64},
        Field{"state", &TeamCampaign::state, "Whether payments are taken."},
        Field{"opensAt", &TeamCampaign::opensAt, "First instant at which teams are started."},
        Field{"closesAt", &TeamCampaign::closesAt, "First instant at which seats are no longer taken; no deadline is later."},
        Field{"teamPrice", &TeamCampaign::teamPrice, "Price of a seat, minor units.", 1},
        Field{"singlePrice", &TeamCampaign::singlePrice, "Price without a team, minor units; at least the team price.", 1},
        Field{"size", &TeamCampaign::size, "Seats of a team.", 2, kMaxTeamSize},
        Field{"durationMinutes", &TeamCampaign::durationMinutes, "Minutes from a team's start to its deadline.", 1, kMaxTeamMinutes},
        Field{"seatsPerShopper", &TeamCampaign::seatsPerShopper, "Seats one shopper may hold in forming and formed teams; absent: any.", 1},
        Field{"seats", &TeamCampaign::seats, "Seats in all forming and formed teams; absent: as many as there is stock.", 1},
        Field{"leaving", &TeamCampaign::leaving, "Who may give a paid seat back while the team is forming."}};
  }
};

/// All rules of team purchase.
struct GroupbuyRules {
  std::vector<TeamCampaign> teamCampaigns;
};

/// Descriptions of the rules, for the description of a program that holds them.
template <class T>
constexpr auto groupbuyFields() {
  return std::tuple{
      Field<T, std::vector<TeamCampaign>>{"teamCampaigns", &GroupbuyRules::teamCampaigns, "Team-price campaigns (拼团).", 0, 1'000}};
}

/// Checks what the fields' ranges cannot: ids are ids and differ, windows open before they close, a team pays no more than a single buyer.
/// @error invalid-program with the path within the rules. O(campaigns²), at most 1,000 of them.
[[nodiscard]] Result<void> checkRules(const GroupbuyRules& rules);

/// The campaign with an id, or nothing. O(campaigns).
[[nodiscard]] const TeamCampaign* findCampaign(const GroupbuyRules& rules, std::string_view id);

}  // namespace souk
