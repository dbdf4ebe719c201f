// SPDX-License-Identifier: MIT
// The CSV reader: RFC 4180 as written, and what is not RFC 4180 named by its line.
#include "csv.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <utility>

using namespace souk::cli;

namespace {

using Row = std::vector<std::string>;

struct Record {
  std::uint64_t line = 0;
  Row fields;         // empty for a bad record
  std::string fault;  // empty for a good one
  bool operator==(const Record&) const = default;
};

// All records of a text, when the source gives so many bytes at a time.
std::vector<Record> recordsOf(std::string_view text, std::size_t step) {
  CsvReader csv([text, step](std::span<char> to) mutable {
    const auto count = std::min({text.size(), to.size(), step});
    std::copy_n(text.begin(), count, to.begin());
    text.remove_prefix(count);
    return count;
  });
  std::vector<Record> records;
  for (auto outcome = csv.next(); outcome != CsvReader::Outcome::end; outcome = csv.next()) {
    auto& record = records.emplace_back(csv.line());
    if (outcome == CsvReader::Outcome::bad) {
      record.fault = faultName(csv.fault());
    } else {
      record.fields.assign(csv.fields().begin(), csv.fields().end());
    }
  }
  return records;
}

// The records, after checking that they do not depend on how the bytes come in.
std::vector<Record> read(std::string_view text) {
  auto records = recordsOf(text, 1 << 16);
  for (const std::size_t step : {1, 2, 3, 7}) CHECK(recordsOf(text, step) == records);
  return records;
}

using Records = std::vector<Record>;

}  // namespace

TEST_CASE("csv: plain fields, with LF or CRLF, with and without a last line end", "[csv]") {
  const Records expected{{1, {"a", "b", ""}, ""}, {2, {"", " c ", "d"}, ""}};
  CHECK(read("a,b,\n, c ,d\n") == expected);
  CHECK(read("a,b,\r\n, c ,d\r\n") == expected);
  CHECK(read("a,b,\n, c ,d") == expected);
  CHECK(read("a,b,\r\n, c ,d\r") == expected);
}

TEST_CASE("csv: quoted fields hold commas, quotes and line ends, and lines are counted on", "[csv]") {
  CHECK(read("\"a,b\",\"say \"\"hi\"\"\"\n\"two\r\nlines\n\",x\nlast,1\n") ==
        Records{{1, {"a,b", "say \"hi\""}, ""}, {2, {"two\r\nlines\n", "x"}, ""}, {5, {"last", "1"}, ""}});
  CHECK(read("\"\",\"\"\"\",\"\"\"\"\"\"\n") == Records{{1, {"", "\"", "\"\""}, ""}});
  CHECK(read("\"\"\"a\",b\n\"c\"") == Records{{1, {"\"a", "b"}, ""}, {2, {"c"}, ""}});
}

TEST_CASE("csv: a byte order mark at the start is skipped, and nowhere else", "[csv]") {
  CHECK(read("\xef\xbb\xbf"
             "a,b\n") == Records{{1, {"a", "b"}, ""}});
  CHECK(read("\xef\xbb\xbf\"a\",b\n") == Records{{1, {"a", "b"}, ""}});
  CHECK(read("a\n\xef\xbb\xbf"
             "b\n") == Records{{1, {"a"}, ""},
                               {2,
                                {"\xef\xbb\xbf"
                                 "b"},
                                ""}});
  CHECK(read("\xef\xbb") == Records{{1, {"\xef\xbb"}, ""}});
}

TEST_CASE("csv: empty lines are skipped, and counted", "[csv]") {
  CHECK(read("\n\r\na,b\n\nc,d\n\n") == Records{{3, {"a", "b"}, ""}, {5, {"c", "d"}, ""}});
  CHECK(read("\"\"\n") == Records{{1, {""}, ""}});
  CHECK(read("").empty());
  CHECK(read("\xef\xbb\xbf").empty());
}

TEST_CASE("csv: a broken line is named and the next one read", "[csv][bad]") {
  CHECK(read("a\"b,c\nd,e\n") == Records{{1, {}, "quote-in-field"}, {2, {"d", "e"}, ""}});
  CHECK(read("x,y\n\"a\"b,c\nd,e\n") == Records{{1, {"x", "y"}, ""}, {2, {}, "text-after-quote"}, {3, {"d", "e"}, ""}});
  CHECK(read("a\rb,c\nd,e\n") == Records{{1, {}, "bare-carriage-return"}, {2, {"d", "e"}, ""}});
  CHECK(read("\"a\"\rb\nd,e") == Records{{1, {}, "bare-carriage-return"}, {2, {"d", "e"}, ""}});
}

TEST_CASE("csv: a quote that nobody closes spoils its own line only", "[csv][bad]") {
  CHECK(read("a,\"b\nc,d\ne,f\n") == Records{{1, {}, "unclosed-quote"}, {2, {"c", "d"}, ""}, {3, {"e", "f"}, ""}});
  CHECK(read("a,\"b\nc,\"d\"\ne,f\n") == Records{{1, {}, "text-after-quote"}, {2, {"c", "d"}, ""}, {3, {"e", "f"}, ""}});
  CHECK(read("\"") == Records{{1, {}, "unclosed-quote"}});
}

TEST_CASE("csv: a record of more than a mebibyte is refused, and the next line read", "[csv][bad][boundary]") {
  const std::string most(kMaxCsvRecord, 'a');
  CHECK(recordsOf(most + "\nb\n", 1 << 16) == Records{{1, {most}, ""}, {2, {"b"}, ""}});
  CHECK(recordsOf(most + "a\nb\n", 1 << 16) == Records{{1, {}, "record-too-long"}, {2, {"b"}, ""}});
  CHECK(recordsOf("\"" + most + most + "\"\nb\n", 1 << 16) == Records{{1, {}, "record-too-long"}, {2, {"b"}, ""}});
  CHECK(recordsOf("x,\"a\n" + most + "\nb\n", 1 << 16) == Records{{1, {}, "record-too-long"}, {2, {most}, ""}, {3, {"b"}, ""}});
}

TEST_CASE("csv: any bytes are read or refused, and every line of them told", "[csv][hostile]") {
  std::uint32_t seed = 1;
  const auto next = [&seed] { return (seed = seed * 1'664'525 + 1'013'904'223) >> 16; };
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (auto size = next() % 40; size > 0; --size) text += std::string_view("a,\"\n\r\xff\0", 7)[next() % 7];
    const auto records = read(text);
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n')) + 1;
    for (const auto& record : records) REQUIRE(record.line <= lines);
    REQUIRE(std::ranges::is_sorted(records, {}, &Record::line));
  }
}
