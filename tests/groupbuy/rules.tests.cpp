// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "team_world.hpp"

namespace souk::test {

TEST_CASE("campaigns: each fault is named with its path", "[groupbuy][rules]") {
  const auto path = [](auto spoil) {
    GroupbuyRules rules;
    rules.teamCampaigns = {mugCampaign(), mugCampaign()};
    rules.teamCampaigns[0].id = "other";
    spoil(rules.teamCampaigns[1]);
    const auto checked = checkRules(rules);
    return checked ? std::string{} : checked.error().path;
  };
  CHECK(path([](auto&) {}).empty());
  CHECK(path([](auto& c) { c.id = "other"; }) == "/teamCampaigns/1/id");
  CHECK(path([](auto& c) { c.id = "a b"; }) == "/teamCampaigns/1/id");
  CHECK(path([](auto& c) { c.item = ""; }) == "/teamCampaigns/1/item");
  CHECK(path([](auto& c) { c.pool = "/"; }) == "/teamCampaigns/1/pool");
  CHECK(path([](auto& c) { c.closesAt = c.opensAt; }) == "/teamCampaigns/1/closesAt");
  CHECK(path([](auto& c) { c.teamPrice = c.singlePrice + 1; }) == "/teamCampaigns/1/teamPrice");
}

}  // namespace souk::test
