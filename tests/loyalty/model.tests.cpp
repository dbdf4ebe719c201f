// SPDX-License-Identifier: MIT
// The ledger against the model that keeps every point, command after command.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>

#include "naive_ledger.hpp"
#include "random_commands.hpp"
#include "souk/core/binary.hpp"
#include "souk/core/invariant.hpp"

namespace souk::test {
namespace {

constexpr int kCommandsPerHistory = 25;

/// 10^6 commands in an optimised build; a fiftieth of that where every fact is checked and every access watched.
std::int64_t commandsToRun() {
  if (const char* wanted = std::getenv("SOUK_MODEL_COMMANDS")) return std::atoll(wanted);
  return kCheckInvariants ? 20'000 : 1'000'000;
}

std::int64_t firstSeed() {
  const char* wanted = std::getenv("SOUK_MODEL_SEED");
  return wanted != nullptr ? std::atoll(wanted) : 1;
}

NaiveTotals plain(const WalletTotals& t) { return {t.earned, t.active, t.pending, t.spent, t.expired, t.clawedBack, t.debt, t.forgiven}; }

/// One history: rules, zone and commands from a seed, in both worlds. The first difference in words, or an empty text.
class History {
 public:
  explicit History(std::uint64_t seed)
      : random_(seed), rules_(randomRules(random_)), zone_(random_.oneIn(2) ? london() : shanghai()), naive_({rules_, zone_, pounds()}) {}

  std::string run() {
    RandomCommands commands{random_};
    for (int i = 0; i < kCommandsPerHistory; ++i) {
      // The merchant changes the rules now and then; what was awarded keeps its terms.
      if (random_.oneIn(8)) rules_ = randomRules(random_);
      if (auto difference = step(commands.next()); !difference.empty()) return difference + " at command " + std::to_string(i);
    }
    return {};
  }

 private:
  std::string step(const LoyaltyCommand& command) {
    const auto before = toBinary(ledger_);
    const auto facts = decide(command, {rules_, zone_, pounds()}, ledger_);
    if (toBinary(ledger_) != before) return "deciding changed the state";
    const auto expected = naive_.run(command);
    if (facts.has_value() == expected.has_value()) return "one refuses and the other does not";
    if (!facts) return facts.error().code == *expected ? std::string{} : "the refusals differ";
    for (const auto& fact : *facts) {
      if (!evolve(ledger_, fact)) return "a decided fact does not fit";
    }
    return compare();
  }

  [[nodiscard]] std::string compare() const {
    if (auto promise = brokenPromise(ledger_); !promise.empty()) return std::string{promise};
    if (plain(ledger_.points.totals) != naive_.points.totals()) return "the points differ";
    if (plain(ledger_.growth.totals) != naive_.growth.totals()) return "the growth differs";
    return ledger_.level == naive_.level() ? std::string{} : "the levels differ";
  }

  Random random_;
  LoyaltyRules rules_;
  Zone zone_;
  Ledger ledger_;
  NaiveLedger naive_;
};

}  // namespace

TEST_CASE("ledger: every total, level and refusal equals that of a model that keeps single points", "[loyalty][model]") {
  const auto histories = commandsToRun() / kCommandsPerHistory;
  const auto first = firstSeed();
  for (auto seed = first; seed < first + histories; ++seed) {
    const auto difference = History{static_cast<std::uint64_t>(seed)}.run();
    if (difference.empty()) continue;
    INFO("seed " << seed);
    FAIL(difference);
  }
  CHECK(histories > 0);
}

}  // namespace souk::test
