// SPDX-License-Identifier: MIT
// Stock: who may hold what, and what time does to holds.
#include "souk/catalog/pool.hpp"

#include <algorithm>
#include <utility>

#include "souk/core/id.hpp"
#include "souk/core/invariant.hpp"

namespace souk {
namespace {

bool isOver(const Hold& hold, Instant at) { return hold.expiresAt && *hold.expiresAt <= at; }

/// Units of holds that are still open at an instant.
std::int64_t heldAt(const Pool& pool, Instant at) {
  if (!pool.next || *pool.next > at) return pool.held;
  std::int64_t units = 0;
  for (const auto& hold : pool.holds) units += isOver(hold, at) ? 0 : hold.units;
  return units;
}

void findNext(Pool& pool) {
  pool.next.reset();
  for (const auto& hold : pool.holds) {
    if (hold.expiresAt && (!pool.next || *hold.expiresAt < *pool.next)) pool.next = hold.expiresAt;
  }
}

PoolOwner& ownerOf(Pool& pool, const std::string& id) {
  for (auto& owner : pool.owners) {
    if (owner.id == id) return owner;
  }
  return pool.owners.emplace_back(id, 0);
}

/// Ends the open hold at a position.
void end(Pool& pool, std::size_t position, HoldEnd how) {
  const auto place = pool.holds.begin() + static_cast<std::ptrdiff_t>(position);
  pool.held -= place->units;
  if (how == HoldEnd::committed) {
    pool.onHand -= place->units;
    pool.sold += place->units;
  } else {
    ownerOf(pool, place->owner).units -= place->units;
  }
  pool.past.push_back({std::move(place->id), how});
  pool.pastIndex.addLast(pool.past);
  pool.holds.erase(place);
}

void settle(Pool& pool, Instant at) {
  pool.at = at;
  if (!pool.next || *pool.next > at) return;
  for (std::size_t i = 0; i < pool.holds.size();) {
    isOver(pool.holds[i], at) ? end(pool, i, HoldEnd::expired) : void(++i);
  }
  findNext(pool);
}

Result<void> checkIdAt(std::string_view path, std::string_view id) {
  auto checked = checkId(id);
  if (!checked) return std::unexpected(within(path, std::move(checked.error())));
  return {};
}

struct Decision {
  const Pool& pool;
  Instant at;

  Result<PoolFact> operator()(const SetStock& command) const {
    if (command.onHand < 0 || command.onHand > kMaxExact) return fail(Code::outOfRange, "/onHand", "stock is not negative");
    if (command.onHand < heldAt(pool, at)) return fail(Code::stockBelowHeld, "/onHand", "more units are held");
    StockSet fact;
    fact.onHand = command.onHand;
    return fact;
  }

  Result<PoolFact> operator()(const HoldStock& command) const {
    if (auto checked = checkIdAt("/hold", command.hold); !checked) return std::unexpected(checked.error());
    if (auto checked = checkIdAt("/owner", command.owner); !checked) return std::unexpected(checked.error());
    if (isKnownHold(pool, command.hold)) return fail(Code::duplicateHold, "/hold", "made before");
    if (command.units < 1) return fail(Code::outOfRange, "/units", "at least one unit is held");
    if (command.expiresAt && *command.expiresAt <= at) return fail(Code::outOfRange, "/expiresAt", "not ahead");
    if (command.units > availableUnits(pool, at)) return fail(Code::insufficientStock, "/units", "fewer units are available");
    if (pool.sold > kMaxExact - pool.onHand) return fail(Code::overflow, "/units", "the pool has sold all that it can count");
    StockHeld fact;
    fact.hold = {command.hold, command.owner, command.units, command.expiresAt};
    return fact;
  }

  Result<PoolFact> operator()(const ReleaseStock& command) const { return ended(command.hold, HoldEnd::released); }
  Result<PoolFact> operator()(const CommitStock& command) const { return ended(command.hold, HoldEnd::committed); }

  Result<PoolFact> operator()(const PoolDue&) const {
    if (!pool.next || *pool.next > at) return fail(Code::nothingDue, "/at", "no hold expires until then");
    return HoldsExpired{};
  }

 private:
  Result<PoolFact> ended(const std::string& id, HoldEnd how) const {
    const auto* hold = openHold(pool, id, at);
    if (hold == nullptr) return fail(Code::unknownHold, "/hold", "not held");
    HoldEnded fact;
    fact.hold = id;
    fact.end = how;
    fact.units = hold->units;
    return fact;
  }
};

struct Misfit {
  const Pool& pool;
  Instant at;

  std::string_view operator()(const StockSet& fact) const {
    return fact.onHand < heldAt(pool, at) || fact.onHand > kMaxExact ? "the stock is below what is held" : "";
  }
  std::string_view operator()(const StockHeld& fact) const {
    const auto& hold = fact.hold;
    if (isKnownHold(pool, hold.id)) return "the hold is known";
    if (isOver(hold, at)) return "the hold would be over";
    if (hold.units < 1 || hold.units > availableUnits(pool, at)) return "the units are not available";
    return pool.sold > kMaxExact - pool.onHand ? "the pool has sold all that it can count" : "";
  }
  std::string_view operator()(const HoldEnded& fact) const {
    const auto* hold = openHold(pool, fact.hold, at);
    if (hold == nullptr) return "the hold is not open";
    return hold->units != fact.units || fact.end == HoldEnd::expired ? "the hold does not end so" : "";
  }
  std::string_view operator()(const HoldsExpired&) const { return {}; }
};

struct Apply {
  Pool& pool;

  void operator()(const StockSet& fact) const { pool.onHand = fact.onHand; }
  void operator()(const StockHeld& fact) const {
    pool.holds.push_back(fact.hold);
    pool.held += fact.hold.units;
    ownerOf(pool, fact.hold.owner).units += fact.hold.units;
    if (fact.hold.expiresAt && (!pool.next || *fact.hold.expiresAt < *pool.next)) pool.next = fact.hold.expiresAt;
  }
  void operator()(const HoldEnded& fact) const {
    const auto* hold = openHold(pool, fact.hold, pool.at);
    end(pool, static_cast<std::size_t>(hold - pool.holds.data()), fact.end);
    findNext(pool);
  }
  void operator()(const HoldsExpired&) const {}
};

struct AuthorOf {
  Author operator()(const PoolDue&) const { return Author::clock; }
  Author operator()(const CommandHead&) const { return Author::commerce; }
};

std::string_view brokenHolds(const Pool& pool) {
  std::int64_t held = 0;
  for (const auto& hold : pool.holds) {
    if (hold.units < 1 || isOver(hold, pool.at)) return "an open hold has units and time left";
    if (pool.pastIndex.find(pool.past, hold.id)) return "a hold is open or over";
    held += hold.units;
  }
  return held != pool.held ? "held is the sum of the holds" : "";
}

}  // namespace

Author authorOf(const PoolCommand& command) { return std::visit(AuthorOf{}, command); }

std::int64_t availableUnits(const Pool& pool, Instant at) { return pool.onHand - heldAt(pool, at); }

std::int64_t unitsOf(const Pool& pool, std::string_view owner, Instant at) {
  std::int64_t units = 0;
  for (const auto& known : pool.owners) units += known.id == owner ? known.units : 0;
  for (const auto& hold : pool.holds) units -= hold.owner == owner && isOver(hold, at) ? hold.units : 0;
  return units;
}

const Hold* openHold(const Pool& pool, std::string_view id, Instant at) {
  for (const auto& hold : pool.holds) {
    if (hold.id == id) return isOver(hold, at) ? nullptr : &hold;
  }
  return nullptr;
}

bool isKnownHold(const Pool& pool, std::string_view id) {
  const auto same = [&](const Hold& open) { return open.id == id; };
  return std::any_of(pool.holds.begin(), pool.holds.end(), same) || pool.pastIndex.find(pool.past, id).has_value();
}

Result<PoolFact> decide(const PoolCommand& command, const Pool& pool) {
  const Instant at = std::visit([](const CommandHead& head) { return head.at; }, command);
  if (at < pool.at) return fail(Code::beforeStream, "/at", "the command lies before the stream's last fact");
  auto fact = std::visit(Decision{pool, at}, command);
  if (fact) std::visit([&](FactHead& head) { head.at = at; }, *fact);
  return fact;
}

Result<void> evolve(Pool& pool, const PoolFact& fact) {
  const Instant at = std::visit([](const FactHead& head) { return head.at; }, fact);
  if (at < pool.at) return fail(Code::beforeStream, "/at", "the fact lies before the state");
  const auto why = std::visit(Misfit{pool, at}, fact);
  if (!why.empty()) return fail(Code::invalidFact, {}, why);
  settle(pool, at);
  std::visit(Apply{pool}, fact);
  if constexpr (kCheckInvariants) {
    if (auto promise = brokenPromise(pool); !promise.empty()) invariantBroken(promise);
  }
  return {};
}

std::optional<Instant> nextDue(const Pool& pool) { return pool.next; }

Result<void> restoreDerived(Pool& pool) {
  findNext(pool);
  IdIndex open;
  if (!pool.pastIndex.rebuild(pool.past) || !open.rebuild(pool.holds)) return fail(Code::damagedBytes, {}, "a hold stands twice");
  if (auto promise = brokenPromise(pool); !promise.empty()) return fail(Code::damagedBytes, {}, promise);
  return {};
}

std::string_view brokenPromise(const Pool& pool) {
  if (pool.held < 0 || pool.sold < 0 || pool.onHand > kMaxExact) return "no count is below zero";
  if (pool.held > pool.onHand) return "no more is held than is there";
  if (auto broken = brokenHolds(pool); !broken.empty()) return broken;
  std::int64_t owned = 0;
  for (const auto& owner : pool.owners) {
    if (owner.units < 0) return "no owner has less than nothing";
    owned += owner.units;
  }
  return owned != pool.held + pool.sold ? "what is held or sold has an owner" : "";
}

}  // namespace souk
