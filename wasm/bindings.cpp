// SPDX-License-Identifier: MIT
// The border: everything that JavaScript may call in the compiled engine. One operation is one call, and only numbers of 32 bits cross;
// requests and answers are bytes in the engine's memory (why so coarse: README.md beside this file).
//
// Who owns what:
//   - The request area belongs to this file. JavaScript writes into it between `reserve` and `call`, at most the size it reserved.
//   - The answer belongs to this file and stays until the next `reserve` or `call`. JavaScript copies it out at once.
//   - No C++ object, handle, string or 64-bit value crosses; streams are addressed by numbers inside the request's JSON.
// Growing memory moves JavaScript's views, not addresses: JavaScript reads HEAPU8 again after every call, addresses stay good.
#include <emscripten/bind.h>
#include <malloc.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "souk/json/protocol.hpp"

namespace {

/// A request area up to this size is kept for the next call; a larger one (a pack, a journal) is given back once it is read.
/// Hot calls stay far below, so they never allocate here.
constexpr std::size_t kKeptBytes = 64 * 1024;

/// The one engine of this instance, with the two areas that cross the border. Never destroyed: its memory goes with the instance.
struct Border {
  souk::json::Session session;
  std::uint8_t* request = nullptr;  ///< From `malloc`, so that exhaustion is an answer (0) and not a trap.
  std::size_t capacity = 0;         ///< Bytes at `request`.
  std::string answer;               ///< The last answer.
};

/// Made at the first call, so that loading the module runs no code of the engine.
Border& border() {
  static Border* const theBorder = new Border;
  return *theBorder;
}

/// JavaScript addresses are 32-bit numbers; anything that lives in memory has one.
std::uint32_t addressOf(const void* pointer) { return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer)); }

/// Gives a large request area back.
void releaseLargeRequest(Border& here) {
  if (here.capacity <= kKeptBytes) return;
  std::free(here.request);
  here.request = nullptr;
  here.capacity = 0;
}

/// Room for a request: the operation's name, then its body.
///
/// @param size Bytes that JavaScript will write at most, name and body together. Range [0, 2^31).
/// @return Address of the area, owned here and valid until `call`; 0 when memory is exhausted, and then nothing has changed.
std::uint32_t reserve(std::uint32_t size) {
  Border& here = border();
  if (size <= here.capacity && here.capacity > 0) return addressOf(here.request);
  if (size > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max())) return 0;
  // The old content is not needed, so this is not a `realloc`, which would copy it; 1 KiB at least ends the early regrowth.
  const std::size_t wanted = size < 1024 ? 1024 : size;
  void* const fresh = std::malloc(wanted);
  if (fresh == nullptr) return 0;
  std::free(here.request);
  here.request = static_cast<std::uint8_t*>(fresh);
  here.capacity = wanted;
  return addressOf(fresh);
}

/// Runs one operation on the bytes in the request area.
///
/// @param nameSize Bytes of the operation's name, at the start of the area.
/// @param bodySize Bytes of the request, behind the name.
/// @return Size of the answer in bytes. It lies at `result()`. Sizes beyond the area are refused as an empty name would be.
std::uint32_t call(std::uint32_t nameSize, std::uint32_t bodySize) {
  Border& here = border();
  if (std::uint64_t{nameSize} + bodySize > here.capacity) nameSize = bodySize = 0;
  const std::string_view name(reinterpret_cast<const char*>(here.request), nameSize);
  here.answer = here.session.call(name, std::span<const std::uint8_t>(here.request + nameSize, bodySize));
  releaseLargeRequest(here);
  return static_cast<std::uint32_t>(here.answer.size());
}

/// Where the last answer lies.
///
/// @return Address of as many bytes as `call` returned, owned here, valid until the next `reserve` or `call`.
std::uint32_t result() { return addressOf(border().answer.data()); }

/// Bytes that are allocated now, for the tests that prove that calls leak nothing. Memory itself grows in large steps and would hide a leak.
std::uint32_t allocatedBytes() { return static_cast<std::uint32_t>(mallinfo().uordblks); }

}  // namespace

EMSCRIPTEN_BINDINGS(souk) {
  // Parameter names go into the generated declarations; `web/src/glue.ts` fails to compile when a name or type here changes.
  emscripten::function("reserve(size)", &reserve);
  emscripten::function("call(nameSize, bodySize)", &call);
  emscripten::function("result()", &result);
  emscripten::function("allocatedBytes()", &allocatedBytes);
}
