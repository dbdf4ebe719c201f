// SPDX-License-Identifier: MIT
#include "souk/json/protocol_docs.hpp"

#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "operations.hpp"
#include "souk/core/id.hpp"
#include "souk/json/schema.hpp"

namespace souk::json {
namespace {

/// Calls `visit` with a `std::type_identity` of each operation.
template <class Visit, class... Operation>
void eachOperation(Visit&& visit, std::type_identity<std::tuple<Operation...>>) {
  (visit(std::type_identity<Operation>{}), ...);
}

template <class Visit>
void eachOperation(Visit&& visit) {
  eachOperation(std::forward<Visit>(visit), std::type_identity<operations::All>{});
}

/// The TypeScript type of a request or an answer.
template <class T>
std::string wireType(TypeRegistry& registry) {
  if constexpr (std::is_same_v<T, Raw>) return "Uint8Array";
  else if constexpr (std::is_same_v<T, NormalForm>) return describe<Value>(registry);
  else return describe<T>(registry);
}

/// How a request or an answer crosses. `normalize` takes JSON of any shape, byte for byte.
template <class T>
std::string_view wireForm() {
  return std::is_same_v<T, Raw> ? "bytes" : "json";
}

TypeRegistry allTypes() {
  TypeRegistry registry;
  describe<StreamName>(registry);
  describeAs<Command>(registry, "Command");
  describeAs<Fact>(registry, "Fact");
  eachOperation([&]<class T>(std::type_identity<T>) {
    wireType<typename T::Request>(registry);
    wireType<operations::AnswerOf<T>>(registry);
  });
  return registry;
}

std::string errorCodeUnion() {
  std::string out = "/** Every code that the engine can refuse with; stable for ever. */\nexport type ErrorCode =";
  for (const auto& row : codeTable()) out.append("\n  | '").append(row.name).append("'");
  return out + ";\n";
}

std::string operationsInterface(TypeRegistry& registry) {
  std::string out = "/** Each operation's request and answer. */\nexport interface Operations {\n";
  eachOperation([&]<class T>(std::type_identity<T>) {
    out.append("  /** ").append(T::kDoc).append(" */\n  '").append(T::kName).append("': { readonly request: ");
    out.append(wireType<typename T::Request>(registry)).append("; readonly response: ");
    out.append(wireType<operations::AnswerOf<T>>(registry)).append(" };\n");
  });
  return out + "}\n";
}

std::string operationForms() {
  std::string out = "/** How each operation's request and answer cross: JSON text or raw bytes. */\nexport const operations = {\n";
  eachOperation([&]<class T>(std::type_identity<T>) {
    out.append("  '").append(T::kName).append("': { request: '").append(wireForm<typename T::Request>());
    out.append("', response: '").append(wireForm<operations::AnswerOf<T>>()).append("' },\n");
  });
  out += "} as const satisfies Record<Operation, { readonly request: 'json' | 'bytes'; readonly response: 'json' | 'bytes' }>;\n";
  return out;
}

std::string cell(std::string_view text) { return text.empty() ? std::string{"–"} : std::string{text}; }

/// The streams of each module's commands and facts, in words; the crossing ones are told apart by `streams-of`.
template <class Module>
constexpr std::string_view kStreams = "account";
template <>
constexpr std::string_view kStreams<PoolCommand> = "pool";
template <>
constexpr std::string_view kStreams<PoolFact> = "pool";
template <>
constexpr std::string_view kStreams<TeamCommand> = "team, pool, accounts";
template <>
constexpr std::string_view kStreams<TeamFact> = "team, account";
template <>
constexpr std::string_view kStreams<ReferralCommand> = "account, inviter's account";
template <>
constexpr std::string_view kStreams<AccountCommand> = "account, the ended account, inviters' accounts";

/// Calls `visit` with each alternative's type and its module's streams.
template <class Visit, class... Body>
void eachAlternative(const Visit& visit, std::string_view streams, std::type_identity<std::variant<Body...>>) {
  (visit(std::type_identity<Body>{}, streams), ...);
}
template <class Visit, class... Module>
void eachBody(const Visit& visit, std::type_identity<std::variant<Module...>>) {
  (eachAlternative(visit, kStreams<Module>, std::type_identity<Module>{}), ...);
}

std::string linkTo(std::string_view kind, std::string_view type) {
  return std::string{"| [`"}.append(kind).append("`](#").append(type).append(") | ");
}

std::string commandTable() {
  std::string out = "| command | author | streams | what it says |\n| --- | --- | --- | --- |\n";
  constexpr auto kAuthors = enumNames(std::type_identity<Author>{});
  const auto row = [&]<class T>(std::type_identity<T>, std::string_view streams) {
    out.append(linkTo(T::kKind, detail::typeName<T>())).append(kAuthors[static_cast<std::size_t>(authorOf(Command{T{}}))]);
    out.append(" | ").append(streams).append(" | ").append(T::kDoc).append(" |\n");
  };
  eachBody(row, std::type_identity<Command>{});
  return out;
}

std::string factTable() {
  std::string out = "| fact | stream | what it records |\n| --- | --- | --- |\n";
  const auto row = [&]<class T>(std::type_identity<T>, std::string_view streams) {
    out.append(linkTo(T::kKind, detail::typeName<T>())).append(streams).append(" | ").append(T::kDoc).append(" |\n");
  };
  eachBody(row, std::type_identity<Fact>{});
  return out;
}

std::string operationTable() {
  TypeRegistry registry;
  std::string out = "| operation | request | answer | what it does | refusals of its own |\n| --- | --- | --- | --- | --- |\n";
  eachOperation([&]<class T>(std::type_identity<T>) {
    out.append("| `").append(T::kName).append("` | ").append(wireType<typename T::Request>(registry)).append(" | ");
    out.append(wireType<operations::AnswerOf<T>>(registry))
        .append(" | ")
        .append(T::kDoc)
        .append(" | ")
        .append(cell(T::kErrors))
        .append(" |\n");
  });
  return out;
}

constexpr std::string_view kTypescriptHead = R"(// SPDX-License-Identifier: MIT
// Generated by `souk protocol --typescript` from the descriptions that run the engine; a test holds it to them. Change those, not this.

)";

constexpr std::string_view kMarkdownHead = R"(# The protocol

Generated by `souk protocol --markdown` from the descriptions that run the engine; a test holds it to them. Change those, not this.

One operation is one request and one answer, the same through the wasm file (`call(op, bytes) → bytes`), through `souk call` (one JSON document
a line) and in `tests/vectors`. An answer is `{"ok":true,"value":…}` or `{"error":{"code":…,"message":…,"path":…},"ok":false}`; `path` is a JSON
pointer into the request, and `offset` a byte offset where the request could not be read. `Uint8Array` stands for raw bytes: such a request is
not JSON, and such an answer begins with a magic, never with `{`.

The engine of a page holds accounts alone: it answers `unknown-operation` where the table says "not in pages", and `unknown-value` to streams, commands and
facts that no account has.

Requests are read strictly: UTF-8 without byte order mark or NUL, no duplicate keys, no unknown fields, integers within ±(2^53 − 1) written
without fraction or exponent, no `-0`, at most 32 levels, strings up to 4 KiB, 1 MiB in all (a program 4 MiB). What is wrong is named by a code
of the table in the README. Answers are in normal form: keys ascending, no white space.

A **verdict** belongs to the command's id for ever. The same id with the same body is answered by the first verdict; with another body it is the
error `command-id-reused`. The body is everything but `at`, which the deciding clock sets. An **error** means that nothing was decided; a
**refusal** (`outcome: "refused"`) was decided and is kept.

)";

}  // namespace

std::string protocolTypescript() {
  auto registry = allTypes();
  std::string out{kTypescriptHead};
  out += "/** Version of the protocol; the engine's `engine-info` tells its own. */\nexport const protocolVersion = ";
  out += std::to_string(kProtocolVersion) + ";\n\n";
  out += typescript(registry) + '\n' + errorCodeUnion() + '\n' + operationsInterface(registry);
  out += "\n/** The name of an operation. */\nexport type Operation = keyof Operations;\n\n";
  return out + operationForms();
}

std::string protocolMarkdown() {
  std::string out{kMarkdownHead};
  out += "## Operations\n\n" + operationTable();
  out += "\n## Commands\n\nBesides its own fields each carries `id`, `author` and `at`, and `account` where an account acts.\n\n" +
         commandTable();
  out += "\n## Facts\n\nBesides its own fields each carries the head that [TimePassed](#TimePassed) shows.\n\n" + factTable();
  return out + "\n## Types\n\n" + markdown(allTypes());
}

std::string codesMarkdown() {
  std::string out = "| code | what to change |\n| --- | --- |\n";
  for (const auto& row : codeTable()) out.append("| `").append(row.name).append("` | ").append(row.remedy).append(" |\n");
  return out;
}

}  // namespace souk::json
