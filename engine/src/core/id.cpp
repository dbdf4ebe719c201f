// SPDX-License-Identifier: MIT
// Ids, names of streams and ids of facts.
#include "souk/core/id.hpp"

#include <algorithm>

namespace souk {
namespace {

constexpr auto kKinds = enumNames(std::type_identity<StreamKind>{});

bool isIdCharacter(char c) {
  const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '.' || c == '_' || c == ':' || c == '-';
}

}  // namespace

Result<void> checkId(std::string_view id) {
  const bool fits = !id.empty() && id.size() <= kMaxIdSize;
  if (fits && std::ranges::all_of(id, isIdCharacter)) return {};
  return fail(Code::invalidId, {}, "an id is 1 to 64 letters, digits or one of . _ : -");
}

Result<StreamName> parseStreamName(std::string_view text) {
  const auto slash = text.find('/');
  const auto kind = std::ranges::find(kKinds, text.substr(0, slash));
  if (slash == std::string_view::npos || kind == kKinds.end()) {
    return fail(Code::invalidId, {}, "a stream is account/ID, community/ID, pool/ID or team/ID");
  }
  const auto id = text.substr(slash + 1);
  if (auto checked = checkId(id); !checked) return std::unexpected(std::move(checked).error());
  return StreamName{static_cast<StreamKind>(kind - kKinds.begin()), std::string(id)};
}

std::string formatStreamName(const StreamName& name) {
  std::string text(kKinds[static_cast<std::size_t>(name.kind)]);
  text += '/';
  text += name.id;
  return text;
}

Digest factId(std::string_view stream, std::string_view commandId, std::uint32_t n) {
  std::array<std::uint8_t, 5> tail{};
  for (std::size_t i = 0; i < 4; ++i) tail[i + 1] = static_cast<std::uint8_t>(n >> (8 * i));
  Sha256 hash;
  hash.update(stream);
  hash.update(std::span{tail}.first(1));
  hash.update(commandId);
  hash.update(tail);
  return hash.finish();
}

}  // namespace souk
