// SPDX-License-Identifier: MIT
// An independent model of teams, stock and invitations together: one list of payments, one of people, counted anew at every question. No streams,
// no facts, no holds. It shares the structs of commands with the engine and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crossing_world.hpp"

namespace souk::test {

struct NaivePayment {
  std::string id, team, account, why;  // why it went back; empty while it is kept
  std::int64_t amount = 0;
  bool sat = false;
};

struct NaiveTeam {
  std::string end;  // "", "formed", "failed" or "cancelled"
  std::int64_t price = 0, size = 0, deadline = 0;
  Leaving leaving = Leaving::everyone;
};

/// How a person was invited; moved whole when two persons turn out to be one.
struct NaiveInvitation {
  bool sameDevice = false, samePayment = false;
  std::string inviter, rewardOrder, fate;  // fate of the invitation: "", "rewarded", "withheld" or "reversed"
  std::int64_t invited = 0, rewardQuantity = 0, rewardPaid = 0, given = 0, got = 0, keep = 0;
};

struct NaivePerson : NaiveInvitation {
  bool hasCode = false, bought = false;
  std::int64_t points = 0, rewards = 0;
  std::optional<std::int64_t> firstInvite;  // when the first invitation of this person was accepted
};

class NaiveShop {
 public:
  explicit NaiveShop(const CrossingShop& shop) : shop_(shop) {}

  /// Carries a command out; the code of the refusal, or nothing.
  std::optional<Code> pay(bool start, const std::string& team, const std::string& account, const std::string& payment, std::int64_t amount);
  std::optional<Code> leave(const std::string& team, const std::string& account);
  std::optional<Code> stop(const std::string& team);
  std::optional<Code> due(const std::string& team);
  std::optional<Code> stock(std::int64_t onHand);
  std::optional<Code> invite(const std::string& inviter, const std::string& invitee, bool sameDevice);
  std::optional<Code> payOrder(const std::string& account, bool samePayment);
  std::optional<Code> receive(const std::string& account, const std::string& order, std::int64_t quantity, std::int64_t paid);
  std::optional<Code> refund(const std::string& account, const std::string& order, std::int64_t quantity);
  std::optional<Code> makeCode(const std::string& account);
  std::optional<Code> merge(const std::string& into, const std::string& from);
  /// Who an account is now.
  [[nodiscard]] std::string whoIs(std::string account) const;

  [[nodiscard]] std::int64_t sold() const;
  [[nodiscard]] std::int64_t free() const;  ///< Units that can be had now.
  [[nodiscard]] std::int64_t seated(const std::string& team) const;

  std::vector<NaivePayment> payments;
  std::map<std::string, NaiveTeam> teams;
  std::map<std::string, NaivePerson> people;
  std::map<std::string, std::string> gone;  ///< Ended accounts and where they went.
  std::int64_t counted = 0;                 ///< Units there and not sold.
  std::int64_t budget = 0;

 private:
  struct Order {
    std::string account;
    std::int64_t quantity, pointsEach, refunded;
  };
  bool failIfDue(const std::string& team);
  void refundAll(const std::string& team, const std::string& why);
  [[nodiscard]] std::string whyNot(bool start, const std::string& team, const std::string& account, std::int64_t amount);
  void rewardFor(NaivePerson& person, const std::string& order, std::int64_t quantity, std::int64_t paid);

  const CrossingShop& shop_;
  std::map<std::string, Order> orders_;
};

}  // namespace souk::test
