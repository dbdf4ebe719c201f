// SPDX-License-Identifier: MIT
// Running an operation: bytes → request → answer → bytes.
#include "souk/json/protocol.hpp"

#include <algorithm>
#include <type_traits>

#include "operations.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/writer.hpp"

namespace souk::json {
namespace {

/// Reads a request of the described type into `target`. One function for all operations; the templates below stay a few instructions.
Result<void> readInto(std::span<const std::uint8_t> bytes, const TypeRow& row, void* target, const Limits& limits) {
  const auto document = parse(bytes, limits);
  if (!document) return std::unexpected(document.error());
  return decodeInto(*document, kRoot, row, target);
}

template <class Request>
Result<void> readRequest(std::span<const std::uint8_t> bytes, Request& request) {
  return readInto(bytes, *rowAt<Request>, &request, std::is_same_v<Request, Program> ? kProgramLimits : Limits{});
}

Result<void> readRequest(std::span<const std::uint8_t> bytes, Raw& request) {
  request.bytes.assign(bytes.begin(), bytes.end());
  return {};
}

std::string valueAnswer(const TypeRow& row, const void* value) {
  std::string out = R"({"ok":true,"value":)";
  Writer writer{out};
  encodeFrom(writer, row, value);
  out += '}';
  return out;
}

std::string writeAnswer(const Raw& raw) { return {raw.bytes.begin(), raw.bytes.end()}; }
std::string writeAnswer(const NormalForm& form) { return R"({"ok":true,"value":)" + form.json + '}'; }
template <Described Answer>
std::string writeAnswer(const Answer& answer) {
  return valueAnswer(typeRow<Answer>, &answer);
}

template <class Operation>
std::string runOperation(Engine& engine, std::span<const std::uint8_t> bytes) {
  typename Operation::Request request;
  if (const auto read = readRequest(bytes, request); !read) return errorAnswer(read.error());
  const auto answer = Operation::run(engine, request);
  return answer ? writeAnswer(*answer) : errorAnswer(answer.error());
}

struct Row {
  std::string_view name;
  std::string (*run)(Engine&, std::span<const std::uint8_t>);
};

template <class... Operation>
constexpr auto rowsOf(std::type_identity<std::tuple<Operation...>>) {
  return std::array{Row{Operation::kName, &runOperation<Operation>}...};
}

constexpr auto kRows = rowsOf(std::type_identity<operations::OfAccounts>{});
constexpr auto kSharedRows = rowsOf(std::type_identity<operations::OfSharedStreams>{});

const Row* find(std::span<const Row> rows, std::string_view op) {
  const auto found = std::ranges::find(rows, op, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

std::string Session::call(std::string_view op, std::span<const std::uint8_t> request) {
  const auto* row = find(kRows, op);
  if (kHoldsSharedStreams && row == nullptr) row = find(kSharedRows, op);
  if (row == nullptr) return errorAnswer({Code::unknownOperation, {}, "no operation has this name"});
  return row->run(engine_, request);
}

Result<Program> readProgram(std::span<const std::uint8_t> bytes) {
  Program program;
  if (auto read = readRequest(bytes, program); !read) return std::unexpected(read.error());
  return program;
}

Result<Command> readCommand(std::span<const std::uint8_t> bytes) {
  Command command;
  if (auto read = readRequest(bytes, command); !read) return std::unexpected(read.error());
  return command;
}

std::string errorAnswer(const Error& error) {
  std::string out;
  Writer writer{out};
  writeError(writer, error);
  return out;
}

}  // namespace souk::json
