// SPDX-License-Identifier: MIT
#include "souk/service/journal.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace souk {
namespace {

constexpr std::array<std::uint8_t, 8> kJournalMagic{'S', 'O', 'U', 'K', 'J', 'N', 'L', '1'};

Digest chained(const Digest& before, std::span<const std::uint8_t> fact) {
  Sha256 hash;
  hash.update(before.bytes);
  hash.update(fact);
  return hash.finish();
}

std::unexpected<Error> damaged(std::int64_t number, std::string_view message) {
  return fail(Code::damagedBytes, "/" + std::to_string(number), message);
}

}  // namespace

Journal::Journal() : bytes_(kJournalMagic.begin(), kJournalMagic.end()) {}

void Journal::append(const Fact& fact) {
  const auto binary = toBinary(fact);
  head_ = chained(head_, binary);
  BinaryWriter writer{bytes_};
  writer.unsignedInteger(binary.size());
  writer.raw(binary);
  writer.write(head_);
  ++facts_;
}

Result<Digest> readJournal(std::span<const std::uint8_t> bytes, const std::function<Result<void>(const Fact&)>& visit) {
  constexpr auto kMagic = kJournalMagic.size();
  if (bytes.size() < kMagic || !std::equal(kJournalMagic.begin(), kJournalMagic.end() - 1, bytes.begin())) {
    return fail(Code::damagedBytes, {}, "not a journal");
  }
  if (bytes[kMagic - 1] != kJournalMagic[kMagic - 1]) return fail(Code::unsupportedVersion, {}, "another version of journals");
  BinaryReader reader{bytes.subspan(kMagic)};
  Digest head;
  for (std::int64_t number = 0; reader.left() > 0; ++number) {
    const auto binary = reader.raw(reader.length());
    Digest recorded;
    reader.read(recorded);
    if (!reader.good()) return damaged(number, "the journal ends within a fact");
    head = chained(head, binary);
    if (head != recorded) return damaged(number, "the chain is broken at this fact");
    const auto fact = fromBinary<Fact>(binary);
    if (!fact) return damaged(number, "the fact is not in its binary form");
    if (auto visited = visit(*fact); !visited) return std::unexpected(within("/" + std::to_string(number), visited.error()));
  }
  return head;
}

}  // namespace souk
