// SPDX-License-Identifier: MIT
// Rounding, shares and decimal text against exact rationals, for as many random cases as there is time for.
//
//   long_numbers [--cases N] [--seed S]     N of each of the three kinds, ten million unless told; exit 1 on the first difference
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "../core/number_oracle.hpp"

namespace {

struct Options {
  std::uint64_t cases = 10'000'000;
  std::uint64_t seed = 1;
};

bool readNumber(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

bool readOptions(int count, char** arguments, Options& options) {
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = arguments[i];
    std::uint64_t* const target = name == "--cases" ? &options.cases : name == "--seed" ? &options.seed : nullptr;
    if (target == nullptr || i + 1 == count || !readNumber(arguments[i + 1], *target)) return false;
  }
  return true;
}

bool agrees(const std::string& mismatch, std::uint64_t number) {
  if (mismatch.empty()) return true;
  std::printf("case %llu: %s\n", static_cast<unsigned long long>(number), mismatch.c_str());
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  if (!readOptions(count, arguments, options)) {
    std::fputs("usage: long_numbers [--cases N] [--seed S]\n", stderr);
    return 2;
  }
  souk::oracle::Cases cases(options.seed);
  for (std::uint64_t i = 0; i < options.cases; ++i) {
    if (!agrees(cases.mulDiv(), i) || !agrees(cases.allocation(), i) || !agrees(cases.decimal(), i)) return 1;
    if ((i + 1) % 1'000'000 == 0) std::fprintf(stderr, "%llu cases\n", static_cast<unsigned long long>(i + 1));
  }
  std::printf("numbers: %llu quotients in 8 roundings, allocations and amounts each, seed %llu: 0 differences\n",
              static_cast<unsigned long long>(options.cases), static_cast<unsigned long long>(options.seed));
  return 0;
}
