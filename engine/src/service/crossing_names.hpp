// SPDX-License-Identifier: MIT
// What the parts of a crossing share: the names of streams, the open states by them, and who is who.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "souk/service/crossing.hpp"

namespace souk {

[[nodiscard]] StreamName accountName(std::string_view id);
[[nodiscard]] StreamName poolName(std::string_view id);
[[nodiscard]] StreamName teamName(std::string_view id);

/// The open state of a stream, or nothing.
[[nodiscard]] const OpenState* find(std::span<const OpenState> states, StreamKind kind, std::string_view id);
[[nodiscard]] const Account* findAccount(std::span<const OpenState> states, std::string_view id);

/// The account that rewards of an invitation go to, and the invitation's number there.
struct Inviter {
  StreamName name;
  const Account* account = nullptr;  ///< Nothing where it is not open.
  std::int64_t number = 0;
};

/// Follows an invitation to the account into which its inviter was merged, if it was. Ends on any states, also on those that lead round in a ring.
/// @param way  Gets every account on the way; nothing: not wanted.
[[nodiscard]] Inviter inviterOf(std::span<const OpenState> states, const Invitation& invitation, std::vector<StreamName>* way = nullptr);

/// The open invitations that fall away when two accounts become one.
[[nodiscard]] std::vector<const Invitation*> fallenInvitations(const Referral& own, const Referral& carried);

/// What is common to the commands of a team.
struct TeamAct {
  const std::string& team;
  const CommandHead& head;
  const StartTeam* start = nullptr;
  const SeatPayment* payment = nullptr;
  bool stops = false;
  bool leaves = false;
};
[[nodiscard]] TeamAct actOf(const TeamCommand& command);

/// Id of the pool that a team's seats are held in, or of the campaign's where it is still to start; empty where there is none.
[[nodiscard]] std::string_view poolOf(const Team* team, const TeamAct& act, const GroupbuyRules& rules);

}  // namespace souk
