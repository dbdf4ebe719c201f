// SPDX-License-Identifier: MIT
// A stock pool: units that several shoppers want at once, in the one order of the stream `pool/ID`. Units of an item, uses of a coupon and points
// of a budget are all units.
//
//   on hand   units that are there and not sold, the held ones among them
//   held      units promised to somebody until a hold is released, committed or expires
//   sold      units whose hold was committed; they have left the pool
//   available = on hand − held, never below zero
//
// A hold is made once by its id, belongs to an owner (for a team seat: the campaign) and may expire: it counts 1 ms before its instant, not at it.
// The same id never holds twice, whatever became of it. Nobody can hold what is not available, and stock cannot be set below what is held.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "souk/core/envelope.hpp"
#include "souk/core/error.hpp"
#include "souk/core/fields.hpp"
#include "souk/core/id_index.hpp"
#include "souk/core/time.hpp"

namespace souk {

// --- State ------------------------------------------------------------------------------------------------------------------------------

/// Units promised to somebody.
struct Hold {
  std::string id;
  std::string owner;
  std::int64_t units = 0;
  std::optional<Instant> expiresAt;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &Hold::id, "Id of the hold, once ever."}, Field{"owner", &Hold::owner, "For whom or what it is held."},
                      Field{"units", &Hold::units, "Units held.", 1},
                      Field{"expiresAt", &Hold::expiresAt, "First instant at which it is over; absent: never by itself."}};
  }
};

/// What became of a hold.
enum class HoldEnd : std::uint8_t { released, committed, expired };

constexpr auto enumNames(std::type_identity<HoldEnd>) { return std::array<std::string_view, 3>{"released", "committed", "expired"}; }

/// A hold that is over: kept so that its id never holds again.
struct PastHold {
  std::string id;
  HoldEnd end = HoldEnd::released;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &PastHold::id, "Id of the hold."}, Field{"end", &PastHold::end, "released, committed or expired."}};
  }
};

/// What one owner has of the pool.
struct PoolOwner {
  std::string id;
  std::int64_t units = 0;
  static constexpr auto fields() {
    return std::tuple{Field{"id", &PoolOwner::id, "The owner."}, Field{"units", &PoolOwner::units, "Units held for it or sold to it.", 0}};
  }
};

/// The state of the stream `pool/ID`.
struct Pool {
  Instant at;
  std::int64_t onHand = 0;
  std::int64_t held = 0;
  std::int64_t sold = 0;
  std::vector<Hold> holds;     ///< Open holds, in the order of their making.
  std::vector<PastHold> past;  ///< Holds that are over, in the order in which they ended.
  std::vector<PoolOwner> owners;
  IdIndex pastIndex;            ///< Derived.
  std::optional<Instant> next;  ///< Derived: when the first open hold expires.
  static constexpr auto fields() {
    return std::tuple{Field{"at", &Pool::at, "Instant to which the holds were brought."},
                      Field{"onHand", &Pool::onHand, "Units there and not sold.", 0},
                      Field{"held", &Pool::held, "Units in open holds.", 0},
                      Field{"sold", &Pool::sold, "Units of committed holds.", 0},
                      Field{"holds", &Pool::holds, "Open holds."},
                      Field{"past", &Pool::past, "Holds that are over."},
                      Field{"owners", &Pool::owners, "What each owner has."}};
  }
};

// --- Commands ---------------------------------------------------------------------------------------------------------------------------

/// The shop counted its stock.
struct SetStock : CommandHead {
  static constexpr std::string_view kKind = "set-stock";
  static constexpr std::string_view kDoc = "The shop says how many units are there, held ones included, sold ones not.";
  std::string pool;
  std::int64_t onHand = 0;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<SetStock>(), std::tuple{Field{"pool", &SetStock::pool, "Id of the pool.", 1, 64},
                                                                      Field{"onHand", &SetStock::onHand, "Units there and not sold.", 0}});
  }
};

/// Units are to be kept for somebody.
struct HoldStock : CommandHead {
  static constexpr std::string_view kKind = "hold-stock";
  static constexpr std::string_view kDoc = "Units are kept for somebody, until they are released, committed or the hold expires.";
  std::string pool;
  std::string hold;
  std::string owner;
  std::int64_t units = 1;
  std::optional<Instant> expiresAt;
  static constexpr auto fields() {
    return std::tuple_cat(
        streamCommandFields<HoldStock>(),
        std::tuple{Field{"pool", &HoldStock::pool, "Id of the pool.", 1, 64},
                   Field{"hold", &HoldStock::hold, "Id of the hold, once ever.", 1, 64},
                   Field{"owner", &HoldStock::owner, "For whom or what.", 1, 64}, Field{"units", &HoldStock::units, "Units to hold.", 1},
                   Field{"expiresAt", &HoldStock::expiresAt, "First instant at which it is over; absent: never."}});
  }
};

/// Held units are free again.
struct ReleaseStock : CommandHead {
  static constexpr std::string_view kKind = "release-stock";
  static constexpr std::string_view kDoc = "Held units become available again.";
  std::string pool;
  std::string hold;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<ReleaseStock>(),
                          std::tuple{Field{"pool", &ReleaseStock::pool, "Id of the pool.", 1, 64},
                                     Field{"hold", &ReleaseStock::hold, "Id of an open hold.", 1, 64}});
  }
};

/// Held units are sold.
struct CommitStock : CommandHead {
  static constexpr std::string_view kKind = "commit-stock";
  static constexpr std::string_view kDoc = "Held units are sold and leave the pool.";
  std::string pool;
  std::string hold;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<CommitStock>(), std::tuple{Field{"pool", &CommitStock::pool, "Id of the pool.", 1, 64},
                                                                         Field{"hold", &CommitStock::hold, "Id of an open hold.", 1, 64}});
  }
};

/// The instant that `nextDue` of a pool named has come.
struct PoolDue : CommandHead {
  static constexpr std::string_view kKind = "pool-due";
  static constexpr std::string_view kDoc = "An instant that a pool's nextDue named has come: holds expire.";
  std::string pool;
  static constexpr auto fields() {
    return std::tuple_cat(streamCommandFields<PoolDue>(), std::tuple{Field{"pool", &PoolDue::pool, "Id of the pool.", 1, 64}});
  }
};

using PoolCommand = std::variant<SetStock, HoldStock, ReleaseStock, CommitStock, PoolDue>;

/// Who may give a command.
[[nodiscard]] Author authorOf(const PoolCommand& command);

// --- Facts ------------------------------------------------------------------------------------------------------------------------------

/// The stock was counted.
struct StockSet : FactHead {
  static constexpr std::string_view kKind = "stock-set";
  static constexpr std::string_view kDoc = "The stock was counted.";
  std::int64_t onHand = 0;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<StockSet>(), std::tuple{Field{"onHand", &StockSet::onHand, "Units there and not sold.", 0}});
  }
};

/// Units were held.
struct StockHeld : FactHead {
  static constexpr std::string_view kKind = "stock-held";
  static constexpr std::string_view kDoc = "Units are kept for somebody.";
  Hold hold;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<StockHeld>(), std::tuple{Field{"hold", &StockHeld::hold, "The hold."}});
  }
};

/// A hold ended: its units are available again, or sold.
struct HoldEnded : FactHead {
  static constexpr std::string_view kKind = "hold-ended";
  static constexpr std::string_view kDoc =
      "A hold was released, so that its units are available again, or committed, so that they are sold.";
  std::string hold;
  HoldEnd end = HoldEnd::released;
  std::int64_t units = 0;
  static constexpr auto fields() {
    return std::tuple_cat(factFields<HoldEnded>(), std::tuple{Field{"hold", &HoldEnded::hold, "Id of the hold.", 1, 64},
                                                              Field{"end", &HoldEnded::end, "released or committed."},
                                                              Field{"units", &HoldEnded::units, "Units that it held.", 1}});
  }
};

/// The clock reached the end of holds; folding any fact at or after that instant ends them just so.
struct HoldsExpired : FactHead {
  static constexpr std::string_view kKind = "holds-expired";
  static constexpr std::string_view kDoc = "The clock reached the end of holds; their units are available again.";
  static constexpr auto fields() { return factFields<HoldsExpired>(); }
};

using PoolFact = std::variant<StockSet, StockHeld, HoldEnded, HoldsExpired>;

// --- Rules ------------------------------------------------------------------------------------------------------------------------------

/// Units that can be held at an instant that is not before the pool's. O(open holds).
[[nodiscard]] std::int64_t availableUnits(const Pool& pool, Instant at);

/// Units held for an owner or sold to it, at an instant that is not before the pool's. O(open holds + owners).
[[nodiscard]] std::int64_t unitsOf(const Pool& pool, std::string_view owner, Instant at);

/// The hold with this id if it is open at that instant, or nothing. The pointer is good until the pool changes. O(open holds).
[[nodiscard]] const Hold* openHold(const Pool& pool, std::string_view id, Instant at);

/// Whether a hold with this id was ever made. O(open holds + log past holds).
[[nodiscard]] bool isKnownHold(const Pool& pool, std::string_view id);

/// Decides a command on a pool; the fact's head is left to the service but for `at`.
/// @return One fact.
/// @error invalid-id, out-of-range (units below 1, an expiry that is not ahead), before-stream; stock-below-held (set-stock); duplicate-hold,
///        insufficient-stock, overflow (hold-stock); unknown-hold (release-stock, commit-stock); nothing-due (pool-due)
/// @complexity O(open holds + log past holds).
[[nodiscard]] Result<PoolFact> decide(const PoolCommand& command, const Pool& pool);

/// Folds a fact, in place after all checks: first the holds that are over by its instant, then what it says.
/// @error invalid-fact, before-stream; the pool is then unchanged
[[nodiscard]] Result<void> evolve(Pool& pool, const PoolFact& fact);

/// The next instant at which a hold expires, or nothing. O(1).
[[nodiscard]] std::optional<Instant> nextDue(const Pool& pool);

/// Recomputes what a snapshot does not hold. @error damaged-bytes where an id stands twice or a promise is broken.
[[nodiscard]] Result<void> restoreDerived(Pool& pool);

/// The first broken promise of a pool in words, or an empty text. O(holds × owners).
[[nodiscard]] std::string_view brokenPromise(const Pool& pool);

}  // namespace souk
