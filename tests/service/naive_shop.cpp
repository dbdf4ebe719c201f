// SPDX-License-Identifier: MIT
#include "naive_shop.hpp"

#include <algorithm>

namespace souk::test {

std::int64_t NaiveShop::seated(const std::string& team) const {
  return std::count_if(payments.begin(), payments.end(), [&](const auto& p) { return p.team == team && p.sat && p.why.empty(); });
}

std::int64_t NaiveShop::sold() const {
  std::int64_t count = 0;
  for (const auto& [id, team] : teams) count += team.end == "formed" ? seated(id) : 0;
  return count;
}

std::int64_t NaiveShop::free() const {
  std::int64_t waiting = 0;
  for (const auto& [id, team] : teams) waiting += team.end.empty() && shop_.now.ms < team.deadline ? seated(id) : 0;
  return counted - waiting;
}

void NaiveShop::refundAll(const std::string& team, const std::string& why) {
  for (auto& p : payments) {
    if (p.team == team && p.sat && p.why.empty()) p.why = why;
  }
}

bool NaiveShop::failIfDue(const std::string& team) {
  const auto found = teams.find(team);
  if (found == teams.end() || !found->second.end.empty() || shop_.now.ms < found->second.deadline) return false;
  refundAll(team, "team-failed");
  found->second.end = "failed";
  return true;
}

std::string NaiveShop::whyNot(bool start, const std::string& team, const std::string& account, std::int64_t amount) {
  const auto found = teams.find(team);
  failIfDue(team);
  const bool exists = found != teams.end();
  if (start && exists) return "team-exists";
  if (!start && !exists) return "no-team";
  if (exists && found->second.end == "failed") return "late";
  if (exists && found->second.end == "formed") return "full";
  if (exists && found->second.end == "cancelled") return "team-cancelled";
  const auto& campaign = shop_.groupbuy.teamCampaigns[0];
  if (campaign.state != CampaignState::running) return "campaign-closed";
  if (amount != (exists ? found->second.price : campaign.teamPrice)) return "wrong-amount";
  std::int64_t here = 0, everywhere = 0, all = 0;
  for (const auto& p : payments) {
    if (!p.sat || !p.why.empty()) continue;
    here += p.team == team && p.account == account;
    everywhere += p.account == account;
    const auto& other = teams[p.team];
    all += other.end == "formed" || shop_.now.ms < other.deadline;
  }
  if (here > 0) return "already-member";
  if (campaign.seatsPerShopper && everywhere >= *campaign.seatsPerShopper) return "shopper-limit";
  if (campaign.seats && all >= *campaign.seats) return "campaign-limit";
  return free() < 1 ? "sold-out" : "";
}

std::optional<Code> NaiveShop::pay(bool start, const std::string& team, const std::string& account, const std::string& payment,
                                   std::int64_t amount) {
  if (gone.contains(account)) return Code::accountMerged;
  for (const auto& p : payments) {
    if (p.id == payment) return Code::duplicatePayment;
  }
  const auto why = whyNot(start, team, account, amount);
  payments.push_back({payment, team, account, why, amount, why.empty()});
  if (!why.empty()) return std::nullopt;
  const auto& campaign = shop_.groupbuy.teamCampaigns[0];
  if (start) {
    teams[team] = {"", campaign.teamPrice, campaign.size, shop_.now.ms + campaign.durationMinutes * 60'000, campaign.leaving};
  }
  if (seated(team) == teams[team].size) {
    teams[team].end = "formed";
    counted -= teams[team].size;
  }
  return std::nullopt;
}

std::optional<Code> NaiveShop::leave(const std::string& team, const std::string& account) {
  if (gone.contains(account)) return Code::accountMerged;
  const auto found = teams.find(team);
  if (found == teams.end()) return Code::unknownTeam;
  if (failIfDue(team)) return std::nullopt;
  if (!found->second.end.empty()) return Code::teamClosed;
  NaivePayment* own = nullptr;
  NaivePayment* first = nullptr;
  for (auto& p : payments) {
    if (p.team != team || !p.sat || !p.why.empty()) continue;
    if (first == nullptr) first = &p;
    if (p.account == account) own = &p;
  }
  if (own == nullptr) return Code::notAMember;
  const auto rule = found->second.leaving;
  if (rule == Leaving::nobody || (rule == Leaving::members && own == first)) return Code::leavingNotAllowed;
  if (rule == Leaving::dissolving && own == first) refundAll(team, "team-cancelled");
  else own->why = "left";
  if (seated(team) == 0) found->second.end = "cancelled";
  return std::nullopt;
}

std::optional<Code> NaiveShop::stop(const std::string& team) {
  const auto found = teams.find(team);
  if (found == teams.end()) return Code::unknownTeam;
  if (failIfDue(team)) return std::nullopt;
  if (!found->second.end.empty()) return Code::teamClosed;
  refundAll(team, "team-cancelled");
  found->second.end = "cancelled";
  return std::nullopt;
}

std::optional<Code> NaiveShop::due(const std::string& team) { return failIfDue(team) ? std::nullopt : std::optional{Code::nothingDue}; }

std::optional<Code> NaiveShop::stock(std::int64_t onHand) {
  if (onHand < counted - free()) return Code::stockBelowHeld;
  counted = onHand;
  return std::nullopt;
}

std::optional<Code> NaiveShop::makeCode(const std::string& account) {
  if (gone.contains(account)) return Code::accountMerged;
  if (people[account].hasCode) return Code::duplicateCode;
  people[account].hasCode = true;
  return std::nullopt;
}

std::optional<Code> NaiveShop::invite(const std::string& inviter, const std::string& invitee, bool sameDevice) {
  if (gone.contains(invitee) || gone.contains(inviter)) return Code::accountMerged;
  auto& person = people[invitee];
  if (!people[inviter].hasCode) return Code::invalidCode;
  if (inviter == invitee) return Code::selfInvitation;
  if (!person.inviter.empty()) return Code::alreadyInvited;
  const auto kept = [&](const NaivePayment& p) { return p.account == invitee && p.sat && p.why.empty(); };
  if (person.bought || std::any_of(payments.begin(), payments.end(), kept)) return Code::notANewCustomer;
  if (person.firstInvite) return Code::invitationCycle;
  if (!people[inviter].firstInvite) people[inviter].firstInvite = shop_.now.ms;
  person.inviter = inviter;
  person.invited = shop_.now.ms;
  person.sameDevice = sameDevice;
  return std::nullopt;
}

std::optional<Code> NaiveShop::payOrder(const std::string& account, bool samePayment) {
  if (gone.contains(account)) return Code::accountMerged;
  auto& person = people[account];
  person.bought = true;
  person.samePayment = person.samePayment || (samePayment && !person.inviter.empty());
  return std::nullopt;
}

void NaiveShop::rewardFor(NaivePerson& person, const std::string& order, std::int64_t quantity, std::int64_t paid) {
  if (person.inviter.empty() || !person.fate.empty()) return;
  const auto& rules = shop_.referral;
  auto& inviter = people[whoIs(person.inviter)];
  const bool late = rules.orderWithinDays && shop_.now.ms - person.invited > *rules.orderWithinDays * kDayMs;
  const bool fraud = (rules.withholdSameDevice && person.sameDevice) || (rules.withholdSamePayment && person.samePayment);
  const bool many = rules.rewardsPerInviter && inviter.rewards >= *rules.rewardsPerInviter;
  const bool poor = rules.budgetPool && budget < rules.inviterPoints + rules.inviteePoints;
  person.fate = "withheld";
  if (!shop_.rewarding || paid < rules.minimumPaid || late || fraud || many || poor) return;
  person.fate = "rewarded";
  person.rewardOrder = order, person.rewardQuantity = quantity, person.rewardPaid = paid, person.keep = rules.minimumPaid;
  person.got = rules.inviteePoints, person.given = rules.inviterPoints;
  person.points += person.got;
  inviter.points += person.given;
  ++inviter.rewards;
  if (rules.budgetPool) budget -= person.got + person.given;
}

std::optional<Code> NaiveShop::receive(const std::string& account, const std::string& order, std::int64_t quantity, std::int64_t paid) {
  if (gone.contains(account)) return Code::accountMerged;
  const auto known = orders_.find(account + order);
  if (known != orders_.end()) return Code::duplicateOrder;
  auto& person = people[account];
  orders_[account + order] = {account, quantity, paid / quantity / 100, 0};
  person.points += paid / 100;
  rewardFor(person, order, quantity, paid);
  person.bought = true;
  return std::nullopt;
}

std::optional<Code> NaiveShop::refund(const std::string& account, const std::string& order, std::int64_t quantity) {
  if (gone.contains(account)) return Code::accountMerged;
  const auto known = orders_.find(account + order);
  if (known == orders_.end()) return Code::unknownOrder;
  auto& o = known->second;
  if (quantity > o.quantity - o.refunded) return Code::refundExceedsOrder;
  o.refunded += quantity;
  auto& person = people[account];
  person.points -= quantity * o.pointsEach;
  if (person.fate != "rewarded" || person.rewardOrder != order) return std::nullopt;
  if (person.rewardPaid / person.rewardQuantity * (person.rewardQuantity - o.refunded) >= person.keep) return std::nullopt;
  person.fate = "reversed";
  person.points -= person.got;
  auto& inviter = people[whoIs(person.inviter)];
  inviter.points -= person.given;
  --inviter.rewards;
  return std::nullopt;
}

std::string NaiveShop::whoIs(std::string account) const {
  for (auto found = gone.find(account); found != gone.end(); found = gone.find(account)) account = found->second;
  return account;
}

std::optional<Code> NaiveShop::merge(const std::string& into, const std::string& from) {
  if (gone.contains(into)) return Code::accountMerged;
  if (into == from) return Code::mergeWithItself;
  if (gone.contains(from)) return Code::accountMerged;
  for (const auto& p : payments) {
    if (p.account == from && p.sat && p.why.empty() && teams[p.team].end.empty()) return Code::mergeWhileTeamOpen;
  }
  std::map<std::string, Order> moved;
  for (const auto& [key, order] : orders_) {
    if (order.account != from) continue;
    const auto id = key.substr(from.size());
    if (orders_.contains(into + id)) return Code::mergeConflict;
    moved[into + id] = {into, order.quantity, order.pointsEach, order.refunded};
  }
  std::erase_if(orders_, [&](const auto& entry) { return entry.second.account == from; });
  orders_.merge(moved);
  for (auto& p : payments) p.account = p.account == from ? into : p.account;
  auto &stays = people[into], &ends = people[from];
  // The settled one, then the first; none where the other had invited by then.
  const auto isBetter = [](const NaivePerson& a, const NaivePerson& b) {
    if (a.inviter.empty() || b.inviter.empty()) return b.inviter.empty();
    return a.fate.empty() == b.fate.empty() ? a.invited <= b.invited : !a.fate.empty();
  };
  const auto &best = isBetter(stays, ends) ? stays : ends, &other = &best == &stays ? ends : stays;
  NaiveInvitation kept = best;
  if (other.firstInvite && *other.firstInvite <= best.invited) kept = {};
  static_cast<NaiveInvitation&>(stays) = kept;
  stays.hasCode = stays.hasCode || ends.hasCode;
  stays.bought = stays.bought || ends.bought;
  stays.points += ends.points;
  stays.rewards += ends.rewards;
  if (!stays.firstInvite || (ends.firstInvite && *ends.firstInvite < *stays.firstInvite)) stays.firstInvite = ends.firstInvite;
  ends = {};
  gone[from] = into;
  return std::nullopt;
}

}  // namespace souk::test
