// SPDX-License-Identifier: MIT
// A team as everybody may see it.
#include <algorithm>

#include "souk/groupbuy.hpp"

namespace souk {

std::string maskName(std::string_view name) {
  if (name.empty()) return {};
  const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(name[i]) & 0xC0U) == 0x80U; };
  std::size_t end = 1;
  while (end < name.size() && end < 4 && continues(end)) ++end;
  return std::string{name.substr(0, end)} + "**";
}

Result<TeamView> viewTeam(const Team& team, Instant at, std::string_view viewer) {
  if (at < team.at) return fail(Code::beforeStream, "/at", "the state is already later than that");
  const auto& terms = team.terms;
  TeamView view{
      .at = at, .phase = team.phase, .campaign = terms.campaign, .item = terms.item, .price = terms.price, .currency = terms.currency};
  if (team.phase == TeamPhase::unstarted) return view;
  view.size = terms.size;
  view.deadline = terms.deadline;
  if (team.phase == TeamPhase::forming && at >= terms.deadline) view.phase = TeamPhase::failed;
  if (view.phase != TeamPhase::forming && view.phase != TeamPhase::formed) return view;
  for (const auto& payment : team.payments) {
    if (payment.phase == PaymentPhase::refunded) continue;
    const auto position = static_cast<std::int64_t>(view.seats.size()) + 1;
    view.seats.push_back({position, payment.name, position == 1, !viewer.empty() && payment.account == viewer});
  }
  view.seatsLeft = view.phase == TeamPhase::forming ? terms.size - static_cast<std::int64_t>(view.seats.size()) : 0;
  return view;
}

}  // namespace souk
