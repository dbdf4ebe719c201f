// SPDX-License-Identifier: MIT
#include "souk/groupbuy/rules.hpp"

#include <string>

#include "souk/core/id.hpp"

namespace souk {
namespace {

Result<void> checkCampaign(const TeamCampaign& campaign) {
  const auto wrong = [](std::string_view path, std::string_view message) { return fail(Code::invalidProgram, path, message); };
  if (!checkId(campaign.id)) return wrong("/id", "not an id");
  if (!checkId(campaign.item)) return wrong("/item", "not an id");
  if (!checkId(campaign.pool)) return wrong("/pool", "not an id");
  if (campaign.closesAt <= campaign.opensAt) return wrong("/closesAt", "a campaign closes after it opens");
  if (campaign.teamPrice > campaign.singlePrice) return wrong("/teamPrice", "a team pays no more than a single buyer");
  return {};
}

}  // namespace

Result<void> checkRules(const GroupbuyRules& rules) {
  const auto& campaigns = rules.teamCampaigns;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    const auto path = "/teamCampaigns/" + std::to_string(i);
    if (auto checked = checkCampaign(campaigns[i]); !checked) return std::unexpected(within(path, checked.error()));
    if (findCampaign(rules, campaigns[i].id) != &campaigns[i]) {
      return fail(Code::invalidProgram, path + "/id", "two campaigns have this id");
    }
  }
  return {};
}

const TeamCampaign* findCampaign(const GroupbuyRules& rules, std::string_view id) {
  for (const auto& campaign : rules.teamCampaigns) {
    if (campaign.id == id) return &campaign;
  }
  return nullptr;
}

}  // namespace souk
