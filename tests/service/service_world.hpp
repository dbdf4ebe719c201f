// SPDX-License-Identifier: MIT
// An engine with a program and one account, and commands for it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger_world.hpp"
#include "souk/core/id.hpp"
#include "souk/service.hpp"

namespace souk::test {

inline Program shopProgram() {
  Program program;
  static_cast<LoyaltyRules&>(program) = shopRules();
  program.name = "Test shop";
  program.currency = "GBP";
  program.zone = london();
  return program;
}

template <class Body>
Command commandOf(std::string id, Body body, Instant at, std::string account = "ann") {
  body.id = std::move(id);
  body.account = std::move(account);
  body.at = at;
  body.author = authorOf(LoyaltyCommand{body});
  return body;
}

inline Command received(std::string id, std::string order, std::int64_t paid, Instant at = kNewYear2011) {
  ReceiveOrder body;
  body.order = std::move(order);
  body.currency = "GBP";
  body.lines = line(1, paid);
  return commandOf(std::move(id), body, at);
}

inline Command redeemed(std::string id, std::string redemption, std::int64_t points, Instant at) {
  RedeemPoints body;
  body.redemption = std::move(redemption);
  body.points = points;
  return commandOf(std::move(id), body, at);
}

inline Instant daysOn(std::int64_t days) { return {kNewYear2011.ms + days * kDayMs}; }

/// An engine with the program open and the account `ann`.
struct World {
  World() {
    REQUIRE(engine.openProgram(shopProgram()));
    const auto opened = engine.openStream("account/ann");
    REQUIRE(opened);
    ann = opened->handle;
  }
  Submission submit(const Command& command) {
    auto answer = engine.submit(command);
    REQUIRE(answer);
    return *std::move(answer);
  }
  Digest digest() { return engine.digest(ann)->digest; }

  Engine engine;
  std::int64_t ann = 0;
};

}  // namespace souk::test
