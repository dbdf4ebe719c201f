// SPDX-License-Identifier: MIT
// Runs a file of calls through the protocol and prints, group by group, how long they took in nanoseconds.
//
// A line is GROUP ⇥ OPERATION ⇥ `text` or `hex` ⇥ request. The whole file is run three times, each time in a fresh engine, and the fastest run
// of each group counts, so that a noisy neighbour spoils one run and not the figure.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "souk/json/protocol.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Call {
  std::string group;
  std::string op;
  std::vector<std::uint8_t> request;
};

std::vector<std::uint8_t> bytesOf(std::string_view form, std::string_view payload) {
  if (form == "text") return {payload.begin(), payload.end()};
  const auto digit = [](char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < payload.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digit(payload[i]) * 16 + digit(payload[i + 1])));
  }
  return bytes;
}

std::vector<Call> readCalls(const char* path) {
  std::ifstream file{path, std::ios::binary};
  std::vector<Call> calls;
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    const auto third = line.find('\t', second + 1);
    const std::string_view text{line};
    calls.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                     bytesOf(text.substr(second + 1, third - second - 1), text.substr(third + 1))});
  }
  return calls;
}

using Times = std::map<std::string, std::vector<std::int64_t>>;

/// One run of all calls; false where one was refused by the protocol.
bool run(const std::vector<Call>& calls, Times& times) {
  souk::json::Session session;
  for (const auto& call : calls) {
    const auto start = Clock::now();
    const auto answer = session.call(call.op, call.request);
    times[call.group].push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
    if (!answer.starts_with(R"({"error")")) continue;
    std::fprintf(stderr, "%s: %s\n", call.op.c_str(), answer.c_str());
    return false;
  }
  return true;
}

std::int64_t total(const std::vector<std::int64_t>& times) {
  std::int64_t sum = 0;
  for (const auto time : times) sum += time;
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto calls = readCalls(argv[1]);
  Times best;
  for (int i = 0; i < 3; ++i) {
    Times times;
    if (!run(calls, times)) return 1;
    for (auto& [group, samples] : times) {
      if (best[group].empty() || total(samples) < total(best[group])) best[group] = std::move(samples);
    }
  }
  std::printf("{");
  const char* comma = "";
  for (auto& [group, samples] : best) {
    const auto sum = total(samples);
    std::sort(samples.begin(), samples.end());
    std::printf("%s\"%s\":{\"calls\":%zu,\"totalNs\":%lld,\"medianNs\":%lld,\"p99Ns\":%lld}", comma, group.c_str(), samples.size(),
                static_cast<long long>(sum), static_cast<long long>(samples[samples.size() / 2]),
                static_cast<long long>(samples[samples.size() * 99 / 100]));
    comma = ",";
  }
  std::printf("}\n");
  return 0;
}
