// SPDX-License-Identifier: MIT
#include "random_commands.hpp"

#include <algorithm>

namespace souk::test {

Zone london() {
  const auto at = [](std::int32_t year, std::int32_t month, std::int32_t day) {
    return Instant{daysFromEpoch({year, month, day}) * kDayMs + 3'600'000};
  };
  Zone zone{.name = "Europe/London", .from = Instant{1'262'304'000'000}, .until = Instant{1'420'070'400'000}};
  zone.transitions = {{zone.from, 0},        {at(2010, 3, 28), 3600}, {at(2010, 10, 31), 0}, {at(2011, 3, 27), 3600},
                      {at(2011, 10, 30), 0}, {at(2012, 3, 25), 3600}, {at(2012, 10, 28), 0}, {at(2013, 3, 31), 3600},
                      {at(2013, 10, 27), 0}, {at(2014, 3, 30), 3600}, {at(2014, 10, 26), 0}};
  return zone;
}

Zone shanghai() {
  Zone zone{.name = "Asia/Shanghai", .from = Instant{1'262'304'000'000}, .until = Instant{1'420'070'400'000}};
  zone.transitions = {{zone.from, 28'800}};
  return zone;
}

Currency pounds() { return *Currency::fromCode("GBP"); }

LoyaltyRules randomRules(Random& random) {
  LoyaltyRules rules;
  const auto fill = [&](WalletRules& wallet) {
    wallet.earn = {random.between(1, 4) * 50, random.between(0, 3)};
    if (!random.oneIn(3)) wallet.returnWindowDays = random.between(0, 6);
    if (random.oneIn(4)) return;
    if (random.oneIn(2)) wallet.expiry.days = random.between(1, 20);
    else wallet.expiry.months = random.between(1, 2);
    if (random.oneIn(3)) wallet.expiry.monthEnd = random.oneIn(2);
  };
  fill(rules.points);
  fill(rules.growth);
  rules.points.negativeBalance = random.oneIn(3) ? NegativeBalance::forgive : NegativeBalance::debt;
  rules.levels = {{"member", 0}, {"silver", random.between(1, 6)}, {"gold", random.between(7, 20)}};
  return rules;
}

std::string RandomCommands::someId(const char* prefix, std::int64_t among) {
  return prefix + std::to_string(random_.between(1, std::max<std::int64_t>(among, 1)));
}

ReceiveOrder RandomCommands::receive() {
  ReceiveOrder command;
  command.order = random_.oneIn(12) ? someId("o", orders_) : "o" + std::to_string(++orders_);
  command.currency = random_.oneIn(40) ? "USD" : "GBP";
  const auto lines = random_.oneIn(30) ? 0 : random_.between(1, 3);
  for (std::int64_t i = 0; i < lines; ++i) {
    command.lines.push_back({"item" + std::to_string(i), random_.between(1, 4), random_.between(0, 5) * 97});
  }
  return command;
}

RefundOrder RandomCommands::refund() {
  RefundOrder command;
  command.order = someId("o", orders_ + 1);
  command.refund = someId("f", 30);
  const auto lines = random_.between(1, 2);
  for (std::int64_t i = 0; i < lines; ++i) command.lines.push_back({random_.between(0, 2), random_.between(1, 3)});
  return command;
}

LoyaltyCommand RandomCommands::next() {
  // A third of the steps do not move the clock, so that several things happen at one instant.
  if (!random_.oneIn(3)) now_.ms += random_.oneIn(2) ? random_.between(0, 2) * kDayMs : random_.between(0, 5 * kDayMs);
  LoyaltyCommand command = Due{};
  switch (random_.between(1, 12)) {
    case 1:
    case 2:
    case 3:
    case 4: command = receive(); break;
    case 5:
    case 6: command = refund(); break;
    case 7:
    case 8: {
      RedeemPoints redeem;
      redeem.redemption = someId("r", 20);
      redeem.points = random_.between(1, 8);
      command = redeem;
      break;
    }
    case 9: {
      ReturnRedemption give;
      give.redemption = someId("r", 20);
      give.points = random_.between(1, 5);
      command = give;
      break;
    }
    case 10: {
      GrantPoints grant;
      grant.grant = someId("g", 12);
      grant.reason = "task";
      grant.points = random_.between(1, 6);
      if (!random_.oneIn(3)) grant.holdDays = random_.between(0, 4);
      command = grant;
      break;
    }
    case 11: {
      ReverseGrant reverse;
      reverse.grant = someId("g", 12);
      command = reverse;
      break;
    }
    default: break;
  }
  auto& head = std::visit([](CommandHead& common) -> CommandHead& { return common; }, command);
  head.at = now_;
  head.account = "a";
  head.author = authorOf(command);
  return command;
}

}  // namespace souk::test
