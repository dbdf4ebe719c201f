// SPDX-License-Identifier: MIT
// Who may be invited, and what the first order brings.
#include <catch2/catch_test_macros.hpp>

#include "souk/core/binary.hpp"
#include "souk/referral.hpp"

namespace souk::test {
namespace {

constexpr Instant kNoon{1'000'000'000'000};

Referral inviterWithCode() {
  Referral inviter;
  inviter.code = *makeReferralCode(123'456'789);
  return inviter;
}

AcceptInvitation accepting(const Referral& inviter) {
  AcceptInvitation command;
  command.account = "bob";
  command.inviter = "ann";
  command.code = inviter.code;
  command.at = kNoon;
  return command;
}

std::optional<Code> refusal(const ReferralCommand& command, const Referral& own, const Referral* inviter, bool hasOrdered = false) {
  const auto facts = decide(command, own, inviter, hasOrdered);
  return facts ? std::nullopt : std::optional{facts.error().code};
}

void fold(Referral& referral, const std::vector<ReferralFact>& facts) {
  for (const auto& fact : facts) REQUIRE(evolve(referral, fact));
}

/// Ann has invited Bob.
struct Pair {
  Referral ann = inviterWithCode();
  Referral bob;
  ReferralRules rules{.inviterPoints = 50, .inviteePoints = 20, .orderBudget = 70, .minimumPaid = 500};

  Pair() { take(*decide(accepting(ann), bob, &ann, false)); }
  void take(const ReferralFacts& facts) {
    fold(bob, facts.own);
    fold(ann, facts.inviters);
  }
  std::string settle(std::int64_t paid, Instant at = kNoon, std::optional<std::int64_t> budget = {}) {
    const std::vector<ReferralLine> lines{{3, paid}};
    const auto facts = settleInvitation({"o1", lines, at}, &rules, budget, bob, ann);
    take(*facts);
    if (facts->own.empty()) return {};
    return std::string{
        enumNames(std::type_identity<WithheldReason>{})[static_cast<std::size_t>(std::get<InvitationSettled>(facts->own[0]).reason)]};
  }
  bool reverse(std::int64_t refunded) {
    const std::vector<std::int64_t> units{refunded};
    const auto facts = reverseInvitation("o1", units, kNoon, bob);
    take(facts);
    return !facts.own.empty();
  }
};

}  // namespace

TEST_CASE("invitation: it is accepted once, for ever", "[referral]") {
  Pair pair;
  CHECK(pair.bob.invitation->inviter == "ann");
  CHECK(pair.ann.invitees.size() == 1);
  CHECK(refusal(accepting(pair.ann), pair.bob, &pair.ann) == Code::alreadyInvited);
}

TEST_CASE("invitation: nobody invites themselves", "[referral]") {
  auto ann = inviterWithCode();
  auto command = accepting(ann);
  command.account = "ann";
  CHECK(refusal(command, ann, &ann) == Code::selfInvitation);
}

TEST_CASE("invitation: only who has not ordered when it is decided is new", "[referral]") {
  const auto ann = inviterWithCode();
  Referral bob;
  CHECK(refusal(accepting(ann), bob, &ann, true) == Code::notANewCustomer);
  PayOrder paid;
  paid.order = "o1";
  fold(bob, decide(paid, bob, nullptr, false)->own);
  CHECK(refusal(accepting(ann), bob, &ann) == Code::notANewCustomer);
}

TEST_CASE("invitation: who has invited somebody cannot be invited, so no cycle can close", "[referral]") {
  Pair pair;
  pair.bob.code = *makeReferralCode(7);
  AcceptInvitation back;
  back.account = "ann";
  back.inviter = "bob";
  back.code = pair.bob.code;
  CHECK(refusal(back, pair.ann, &pair.bob) == Code::invitationCycle);
}

TEST_CASE("invitation: the code is checked, and must be the inviter's", "[referral]") {
  const auto ann = inviterWithCode();
  auto command = accepting(ann);
  command.code[3] = command.code[3] == 'A' ? 'B' : 'A';
  CHECK(refusal(command, Referral{}, &ann) == Code::invalidCode);
  command.code = *makeReferralCode(99);
  CHECK(refusal(command, Referral{}, &ann) == Code::unknownCode);
  CHECK(refusal(accepting(ann), Referral{}, nullptr) == Code::unknownCode);
}

TEST_CASE("code: an account gets one, from what the collector drew", "[referral]") {
  MakeReferralCode command;
  command.random = 42;
  Referral own;
  fold(own, decide(command, own, nullptr, false)->own);
  CHECK(own.code == *makeReferralCode(42));
  CHECK(refusal(command, own, nullptr) == Code::duplicateCode);
  command.random = -1;
  CHECK(refusal(command, Referral{}, nullptr) == Code::outOfRange);
}

TEST_CASE("reward: the first order of the least amount rewards both, one below rewards nobody", "[referral][boundary]") {
  Pair enough;
  CHECK(enough.settle(500) == "none");
  CHECK(enough.bob.invitation->phase == InvitationPhase::rewarded);
  CHECK(enough.bob.invitation->reward->inviteePoints == 20);
  CHECK(enough.ann.invitees[0].points == 50);
  Pair less;
  CHECK(less.settle(499) == "below-minimum");
  CHECK(less.ann.invitees[0].phase == InvitationPhase::withheld);
}

TEST_CASE("reward: there is never a second one", "[referral]") {
  Pair pair;
  REQUIRE(pair.settle(499) == "below-minimum");
  CHECK(pair.settle(5'000).empty());
}

TEST_CASE("reward: it is withheld with its reason", "[referral]") {
  Pair device;
  device.bob.invitation->sameDevice = true;
  CHECK(device.settle(500) == "same-device");
  Pair noted;
  noted.bob.invitation->sameDevice = true;
  noted.rules.withholdSameDevice = false;
  CHECK(noted.settle(500) == "none");
  Pair payment;
  PayOrder paid;
  paid.order = "o1";
  paid.samePayment = true;
  fold(payment.bob, decide(paid, payment.bob, nullptr, false)->own);
  CHECK(payment.settle(500) == "same-payment");
  Pair many;
  many.rules.rewardsPerInviter = 1;
  many.ann.invitees.push_back({InvitationPhase::rewarded, 50});
  CHECK(many.settle(500) == "inviter-limit");
  Pair poor;
  CHECK(poor.settle(500, kNoon, 69) == "budget-spent");
  Pair justEnough;
  CHECK(justEnough.settle(500, kNoon, 70) == "none");
  Pair late;
  late.rules.orderWithinDays = 1;
  CHECK(late.settle(500, {kNoon.ms + kMsPerDay + 1}) == "too-late");
  Pair inTime;
  inTime.rules.orderWithinDays = 1;
  CHECK(inTime.settle(500, {kNoon.ms + kMsPerDay}) == "none");
}

TEST_CASE("reward: a refund reverses it once, when what stays paid is less than the minimum", "[referral][boundary]") {
  Pair pair;
  REQUIRE(pair.settle(1'000) == "none");  // three units: the first takes 334 with it, the others 333
  CHECK(!pair.reverse(1));                // 666 stay
  CHECK(pair.reverse(2));                 // 333 stay
  CHECK(pair.bob.invitation->phase == InvitationPhase::reversed);
  CHECK(pair.ann.invitees[0].phase == InvitationPhase::reversed);
  CHECK(!pair.reverse(3));
}

TEST_CASE("rules: what an order pays to both fits its budget", "[referral][rules]") {
  ReferralRules rules{.inviterPoints = 50, .inviteePoints = 20, .orderBudget = 70};
  CHECK(checkRules(rules));
  rules.orderBudget = 69;
  CHECK(checkRules(rules).error().path == "/orderBudget");
  rules = {.orderBudget = 10};
  CHECK(checkRules(rules).error().path == "/inviterPoints");
  rules = {.inviterPoints = 1, .orderBudget = 1, .budgetPool = "a/b"};
  CHECK(checkRules(rules).error().path == "/budgetPool");
  CHECK(kReferralDepth == 1);
}

TEST_CASE("evolve: a fact that does not fit is refused and changes no byte", "[referral][evolve]") {
  Pair pair;
  const auto refused = [&](Referral& state, const ReferralFact& fact) {
    const auto before = toBinary(state);
    const auto folded = evolve(state, fact);
    return !folded && folded.error().code == Code::invalidFact && toBinary(state) == before;
  };
  CodeMade code;
  code.code = pair.ann.code;
  CHECK(refused(pair.ann, code));
  code.code = "ABCDEFGHJKM";
  CHECK(refused(pair.bob, code));
  InvitationAccepted again;
  again.invitation = *pair.bob.invitation;
  CHECK(refused(pair.bob, again));
  CHECK(refused(pair.ann, again));
  InviteeAccepted number;
  number.number = 3;
  CHECK(refused(pair.ann, number));
  number.number = 1;
  CHECK(refused(pair.bob, number));
  InvitationSettled settled;
  settled.phase = InvitationPhase::reversed;
  CHECK(refused(pair.bob, settled));
  settled.phase = InvitationPhase::rewarded;  // with no points
  CHECK(refused(pair.bob, settled));
  InviteeSettled theirs;
  theirs.number = 2;
  CHECK(refused(pair.ann, theirs));
  theirs.number = 1, theirs.phase = InvitationPhase::withheld, theirs.points = 5;
  CHECK(refused(pair.ann, theirs));
  REQUIRE(pair.settle(500) == "none");
  theirs.phase = InvitationPhase::reversed, theirs.points = 49;
  CHECK(refused(pair.ann, theirs));
}

}  // namespace souk::test
