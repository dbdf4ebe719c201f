// SPDX-License-Identifier: MIT
// JSONTestSuite (nst/JSONTestSuite): the reader gives each file the verdict that is written in verdicts.tsv, which all hosts share.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "support.hpp"

namespace souk::json {
namespace {

const std::filesystem::path kFolder{SOUK_TESTS_FOLDER "/vectors/json-test-suite"};

std::string fileText(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator) parts.emplace_back();
    else parts.back() += c;
  }
  return parts;
}

struct Verdict {
  std::string file;
  std::string verdict;  // `accept`, or the code
  std::string result;   // normal form, or byte offset
  std::string path;     // JSON pointer of a refusal
  std::string why;
};

std::vector<Verdict> verdicts() {
  std::vector<Verdict> rows;
  for (const auto& line : split(fileText(kFolder / "verdicts.tsv"), '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, '\t');
    REQUIRE(cells.size() == 5);
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4]});
  }
  return rows;
}

TEST_CASE("JSONTestSuite: each of the 318 + 22 files has the written verdict, byte for byte", "[json][suite]") {
  const auto rows = verdicts();
  CHECK(rows.size() == 318 + 22);
  for (const auto& row : rows) {
    INFO(row.file);
    const auto result = normalize(bytesOf(fileText(kFolder / row.file)));
    if (row.verdict == "accept") {
      CHECK(refusalOf(result).code == "accepted");
      CHECK(result.value_or("") == row.result);
      CHECK(normal(row.result) == row.result);
    } else {
      CHECK(refusalOf(result) == Refusal{row.verdict, row.path, std::stoll(row.result)});
    }
  }
}

TEST_CASE("JSONTestSuite: no file is without a verdict and no verdict without a file", "[json][suite]") {
  std::set<std::string> written;
  for (const auto& row : verdicts()) CHECK(written.insert(row.file).second);
  std::set<std::string> found;
  for (const auto* folder : {"test_parsing", "test_transform"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kFolder / folder)) {
      found.insert(std::string{folder} + "/" + entry.path().filename().string());
    }
  }
  CHECK(written == found);
}

TEST_CASE("JSONTestSuite: y_ is accepted and n_ refused unless a rule is named; every i_ names its rule", "[json][suite]") {
  for (const auto& row : verdicts()) {
    INFO(row.file);
    const auto name = std::filesystem::path{row.file}.filename().string();
    const bool accepted = row.verdict == "accept";
    const bool named = row.why.starts_with("rule: ");
    if (name.starts_with("y_")) CHECK((accepted || named));
    if (name.starts_with("n_")) CHECK_FALSE(accepted);
    if (name.starts_with("i_")) CHECK(named);
  }
}

}  // namespace
}  // namespace souk::json
