// SPDX-License-Identifier: MIT
// Whatever the bytes are: reading them neither crashes nor hangs, gives the same verdict twice, an offset within the document, and a normal form
// that is its own normal form. What is accepted also goes through the decoder, which may refuse it but must name a place.
//
// Build: cmake -B build/fuzz -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_FLAGS=-fsanitize=fuzzer-no-link -DSOUK_SANITIZE=ON -DSOUK_FUZZ=ON &&
//        cmake --build build/fuzz --target fuzz_json_reader
// Run:   build/fuzz/tests/fuzz/fuzz_json_reader -dict=tests/fuzz/json.dict -max_total_time=60 CORPUS tests/fuzz/json_reader
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "souk/core/fields.hpp"
#include "souk/core/time.hpp"
#include "souk/core/value.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/normalize.hpp"

namespace {

struct Line {
  std::string item;
  std::int64_t quantity = 0;
  static constexpr auto fields() {
    return std::tuple{souk::Field{"item", &Line::item, "Item.", 1, 64}, souk::Field{"quantity", &Line::quantity, "Units.", 1}};
  }
};

struct Order {
  souk::Instant at;
  std::vector<Line> lines;
  std::optional<std::string> note;
  souk::Value properties;
  static constexpr auto fields() {
    return std::tuple{souk::Field{"at", &Order::at, "When."}, souk::Field{"lines", &Order::lines, "Lines.", 0, 100},
                      souk::Field{"note", &Order::note, "Note."}, souk::Field{"properties", &Order::properties, "Anything."}};
  }
};

void demand(bool condition) {
  if (!condition) std::abort();
}

std::span<const std::uint8_t> bytesOf(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

void checkDecoder(const souk::json::Document& document) {
  const auto order = souk::json::decode<Order>(document);
  if (!order) {
    demand(order.error().offset >= 0);
    return;
  }
  const auto text = souk::json::toJson(*order);
  const auto again = souk::json::normalize(bytesOf(text));
  demand(again && *again == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes{data, size};
  const auto first = souk::json::normalize(bytes);
  const auto second = souk::json::normalize(bytes);
  demand(first.has_value() == second.has_value());
  if (!first) {
    demand(first.error().code == second.error().code && first.error().path == second.error().path);
    demand(first.error().offset == second.error().offset && first.error().offset >= 0);
    demand(static_cast<std::size_t>(first.error().offset) <= size);
    return 0;
  }
  demand(*first == *second);
  const auto again = souk::json::normalize(bytesOf(*first));
  // A normal form can be longer than its document (escapes of control characters), so it may pass a limit that the document kept.
  demand(again ? *again == *first : again.error().code == souk::Code::documentTooLarge);
  checkDecoder(*souk::json::parse(bytes));
  return 0;
}
