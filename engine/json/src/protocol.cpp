// SPDX-License-Identifier: MIT
// Running an operation: bytes → request → answer → bytes.
#include "souk/json/protocol.hpp"

#include <type_traits>

#include "operations.hpp"
#include "souk/json/codec.hpp"
#include "souk/json/writer.hpp"

namespace souk::json {
namespace {

template <class Request>
Result<Request> readRequest(std::span<const std::uint8_t> bytes) {
  if constexpr (std::is_same_v<Request, Raw>) return Raw{Bytes(bytes.begin(), bytes.end())};
  else {
    const auto document = parse(bytes, std::is_same_v<Request, Program> ? kProgramLimits : Limits{});
    if (!document) return std::unexpected(document.error());
    return decode<Request>(*document);
  }
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
  const auto request = readRequest<typename Operation::Request>(bytes);
  if (!request) return errorAnswer(request.error());
  const auto answer = Operation::run(engine, *request);
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

constexpr auto kRows = rowsOf(std::type_identity<operations::All>{});

}  // namespace

std::string Session::call(std::string_view op, std::span<const std::uint8_t> request) {
  for (const auto& row : kRows) {
    if (row.name == op) return row.run(engine_, request);
  }
  return errorAnswer({Code::unknownOperation, {}, "no operation has this name"});
}

Result<Program> readProgram(std::span<const std::uint8_t> bytes) { return readRequest<Program>(bytes); }

Result<Command> readCommand(std::span<const std::uint8_t> bytes) { return readRequest<Command>(bytes); }

std::string errorAnswer(const Error& error) {
  std::string out;
  Writer writer{out};
  writeError(writer, error);
  return out;
}

}  // namespace souk::json
